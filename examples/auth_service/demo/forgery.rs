//! Access tokens that nobody should accept. Everything a forger needs is public: a token of his own, and our key set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// One token of every kind, made from a genuine one and from the public key `x` with its id.
pub(super) fn all(genuine: &str, key_id: &str, x: &str) -> Vec<String> {
    let mut parts = genuine.split('.');
    let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let signature = parts.next().unwrap_or_default();
    let somebody_else = coded(&with_subject(payload, "user-001"));
    let unsigned = coded(&json!({ "alg": "none", "kid": key_id }));
    let unknown_key = coded(&json!({ "alg": "EdDSA", "kid": "a-key-of-ours" }));
    let mut forged = vec![
        format!("{header}.{somebody_else}.{signature}"),
        format!("{unsigned}.{somebody_else}."),
        format!("{unknown_key}.{payload}.{signature}"),
        "this is no token".to_owned(),
    ];
    forged.extend(confused(key_id, x, payload));
    forged
}

/// Algorithm confusion: an HMAC whose secret is our public key.
fn confused(key_id: &str, x: &str, payload: &str) -> Option<String> {
    let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
    let public_key = URL_SAFE_NO_PAD.decode(x).ok()?;
    let claims = with_subject(payload, "user-001");
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&public_key)).ok()
}

fn with_subject(payload: &str, subject: &str) -> Value {
    let decoded = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    let mut claims = serde_json::from_slice(&decoded).unwrap_or_else(|_| json!({}));
    if let Some(sub) = claims.get_mut("sub") {
        *sub = json!(subject);
    }
    claims
}

fn coded(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
