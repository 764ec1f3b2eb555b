//! Tokens, and whom they belong to.

use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::auth_metered;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::error::{LemmyErrorExt as _, LemmyErrorType, LemmyResult};
use crate::store::{LemmyContext, LocalUserView};

const SECRET: &[u8] = b"secret";

#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub exp: u64,
}

impl Claims {
    /// To a client every failure is "not logged in"; the cause stays in the error.
    #[auth_metered(op = "validate_claims", kind = token)]
    pub async fn validate(jwt: &str, context: &LemmyContext) -> LemmyResult<Claims> {
        let mut validation = Validation::default();
        validation.leeway = 0;
        let key = DecodingKey::from_secret(SECRET);
        let decoded =
            decode::<Claims>(jwt, &key, &validation).with_lemmy_type(LemmyErrorType::NotLoggedIn)?;
        context.check_session(jwt).await.with_lemmy_type(LemmyErrorType::NotLoggedIn)?;
        Ok(decoded.claims)
    }

    pub fn generate(name: &str, seconds: i64, secret: Option<&[u8]>) -> LemmyResult<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = Claims { sub: name.to_owned(), exp: now.saturating_add_signed(seconds) };
        Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.unwrap_or(SECRET)))?)
    }
}

#[auth_metered(op = "user_of_token", kind = session, subject = jwt.len())]
pub async fn local_user_view_from_jwt(jwt: &str, context: &LemmyContext) -> LemmyResult<LocalUserView> {
    let claims = Claims::validate(jwt, context).await?;
    let user = context.find_by_name(&claims.sub).await?;
    if user.banned {
        Err(LemmyErrorType::SiteBan)?;
    }
    Ok(user)
}
