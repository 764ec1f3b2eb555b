//! Extractors, as axum 0.7 wants them. A request without a token is let in as somebody new, or refused.

use std::collections::HashMap;

use async_trait::async_trait;
use auth_metrics::{FailureReason, auth_metered};
use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::NodeState;
use crate::validators::{TokenValidationError, TokenValidator as _};

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum AuthorizationRejection {
    #[error("the header can't be read")]
    #[reason(malformed_request)]
    Header,
    #[error(transparent)]
    #[reason(transparent)]
    Custom(#[from] TokenValidationError),
    #[error("a token is required")]
    #[reason(missing_credentials)]
    Required,
}

impl IntoResponse for AuthorizationRejection {
    fn into_response(self) -> Response {
        match self {
            AuthorizationRejection::Header => (StatusCode::BAD_REQUEST, "bad header"),
            AuthorizationRejection::Custom(_) => (StatusCode::UNAUTHORIZED, "invalid token"),
            AuthorizationRejection::Required => (StatusCode::UNAUTHORIZED, "token required"),
        }
        .into_response()
    }
}

/// Somebody with a token, or anybody.
pub struct SpacetimeAuth {
    pub identity: Option<String>,
}

#[async_trait]
#[auth_metered(kind = session)]
impl FromRequestParts<NodeState> for SpacetimeAuth {
    type Rejection = AuthorizationRejection;

    #[op("authenticate_request")]
    async fn from_request_parts(parts: &mut Parts, state: &NodeState) -> Result<Self, Self::Rejection> {
        let Some(token) = token_of(parts)? else { return Ok(SpacetimeAuth { identity: None }) };
        let claims = state.validator.validate_token(&token).await?;
        Ok(SpacetimeAuth { identity: Some(claims.sub) })
    }
}

/// Somebody with a token.
pub struct SpacetimeAuthRequired(pub SpacetimeAuth);

#[auth_metered(kind = session)]
#[async_trait]
impl FromRequestParts<NodeState> for SpacetimeAuthRequired {
    type Rejection = AuthorizationRejection;

    #[op("require_authentication")]
    async fn from_request_parts(parts: &mut Parts, state: &NodeState) -> Result<Self, Self::Rejection> {
        let auth = SpacetimeAuth::from_request_parts(parts, state).await?;
        if auth.identity.is_none() {
            return Err(AuthorizationRejection::Required);
        }
        Ok(SpacetimeAuthRequired(auth))
    }
}

/// The token in the header, or in the query: a browser can't set a header for a web socket.
fn token_of(parts: &Parts) -> Result<Option<String>, AuthorizationRejection> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let header = header.to_str().map_err(|_| AuthorizationRejection::Header)?;
        let token = header.strip_prefix("Bearer ").ok_or(AuthorizationRejection::Header)?;
        return Ok(Some(token.to_owned()));
    }
    let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri);
    let mut query = query.map_err(|_| AuthorizationRejection::Header)?;
    Ok(query.0.remove("token"))
}
