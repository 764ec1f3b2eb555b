//! The administrator's login: a token, whose hash is in the configuration.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordVerifier as _, Version};
use auth_metrics::{AuthMethod, auth_metered};
use rocket::form::{Form, FromForm};
use rocket::http::Status;
use rocket::post;

/// What is in the configuration: a hash with the least memory and time, so that a test does not wait for it.
static ADMIN_TOKEN: LazyLock<String> = LazyLock::new(|| {
    let params = Params::new(8, 1, 1, None).unwrap();
    let salt = SaltString::encode_b64(b"salt of a test").unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(b"open sesame", &salt).unwrap().to_string()
});

#[derive(FromForm)]
pub struct LoginForm {
    token: String,
}

#[post("/", data = "<data>")]
pub fn post_admin_login(data: Form<LoginForm>) -> Result<&'static str, Status> {
    if validate_token(&data.token) { Ok("welcome") } else { Err(Status::Unauthorized) }
}

#[auth_metered(op = "admin_login", source = AuthMethod::ApiKey, false_is = invalid_credentials)]
fn validate_token(token: &str) -> bool {
    let Ok(hash) = PasswordHash::new(&ADMIN_TOKEN) else { return false };
    Argon2::default().verify_password(token.trim().as_bytes(), &hash).is_ok()
}
