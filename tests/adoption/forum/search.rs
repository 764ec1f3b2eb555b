//! The search engine's way: an extractor with a policy as a type, and keys or tokens of tenants behind one header.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use auth_metrics::{AuthMethod, FailureReason, auth_metered};

use crate::claims::Claims;

#[derive(Debug, FailureReason)]
pub enum AuthenticationError {
    #[reason(missing_credentials)]
    MissingAuthorizationHeader,
    #[reason(invalid_credentials)]
    InvalidToken,
    #[reason(internal_error)]
    IrretrievableState,
    #[reason(configuration_error)]
    MissingMasterKey,
}

impl std::fmt::Display for AuthenticationError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self:?}")
    }
}

impl ResponseError for AuthenticationError {
    fn status_code(&self) -> StatusCode {
        match self {
            AuthenticationError::MissingAuthorizationHeader => StatusCode::UNAUTHORIZED,
            AuthenticationError::InvalidToken => StatusCode::FORBIDDEN,
            AuthenticationError::IrretrievableState | AuthenticationError::MissingMasterKey => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

/// Which indexes somebody may see.
pub struct AuthFilter {
    pub indexes: Vec<String>,
}

pub trait Policy {
    fn authenticate(token: &str) -> Option<AuthFilter>;
}

/// Keys with the action of this policy, and tokens of tenants that are made with such a key.
pub struct ActionPolicy<const ACTION: u8>;

pub const LIST_INDEXES: u8 = 1;

impl<const ACTION: u8> Policy for ActionPolicy<ACTION> {
    #[auth_metered(op = "authenticate_key", source = AuthMethod::ApiKey, none_is = invalid_credentials)]
    fn authenticate(token: &str) -> Option<AuthFilter> {
        if token == "key-of-search" && ACTION == LIST_INDEXES {
            return Some(AuthFilter { indexes: vec!["movies".to_owned()] });
        }
        let claims = decode_tenant_token(token)?;
        Some(AuthFilter { indexes: vec![claims.sub] })
    }
}

/// A token is none, or is not good: both are `None`.
fn decode_tenant_token(token: &str) -> Option<Claims> {
    use jsonwebtoken::{DecodingKey, Validation, decode};
    decode::<Claims>(token, &DecodingKey::from_secret(b"key-of-search"), &Validation::default())
        .ok()
        .map(|decoded| decoded.claims)
}

pub struct GuardedData<P> {
    pub filter: AuthFilter,
    policy: PhantomData<P>,
}

/// What the extractor does. It is a function, because what runs before a future is made is not inside of its attempt.
#[auth_metered(op = "guard", source = AuthMethod::ApiKey)]
fn guard<P: Policy>(request: &HttpRequest) -> Result<AuthFilter, AuthenticationError> {
    let header = request.headers().get("authorization").and_then(|header| header.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer "));
    let token = token.ok_or(AuthenticationError::MissingAuthorizationHeader)?;
    P::authenticate(token).ok_or(AuthenticationError::InvalidToken)
}

impl<P: Policy> FromRequest for GuardedData<P> {
    type Error = AuthenticationError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(guard::<P>(request).map(|filter| GuardedData { filter, policy: PhantomData }))
    }
}

pub async fn list_indexes(guarded: GuardedData<ActionPolicy<LIST_INDEXES>>) -> HttpResponse {
    HttpResponse::Ok().body(guarded.filter.indexes.join(","))
}
