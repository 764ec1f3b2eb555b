//! What every layer knows: the error of the domain, and the traits of its handlers. Knows no protocol.

use async_trait::async_trait;
use auth_metrics::{FailureReason, Source, reason_chain};

use crate::opaque::{self, login, registration};

pub type Result<T> = std::result::Result<T, DomainError>;

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum DomainError {
    #[error("Authentication error: `{0}`")]
    #[reason(with = refused)]
    AuthenticationError(String),
    #[error("Database error: `{0}`")]
    #[reason(transparent)]
    DatabaseError(#[from] sea_orm::DbErr),
    #[error("Authentication protocol error for `{0}`")]
    #[reason(transparent)]
    AuthenticationProtocolError(#[from] opaque::AuthenticationError),
    #[error("Entity not found: `{0}`")]
    #[reason(unknown_subject)]
    EntityNotFound(String),
    #[error("Internal error: `{0}`")]
    InternalError(String),
}

reason_chain! {
    /// The texts of `AuthenticationError`, which are written in `sql.rs`.
    fn refused(text: &str) {
        match text {
            " for user '".. => invalid_credentials,
            "Refresh token expired" => token_expired,
        }
    }
}

/// Where a bind comes from.
#[derive(Clone, Copy, Source)]
pub enum Protocol {
    Ldap,
    Http,
}

#[derive(Clone)]
pub struct BindRequest {
    pub name: String,
    pub password: String,
}

#[async_trait]
pub trait LoginHandler: Clone + Send + Sync {
    async fn bind(&self, request: BindRequest) -> Result<()>;
}

#[async_trait]
pub trait OpaqueHandler: Clone + Send + Sync {
    async fn login_start(
        &self,
        request: login::ClientLoginStartRequest,
    ) -> Result<login::ServerLoginStartResponse>;
    async fn login_finish(&self, request: login::ClientLoginFinishRequest) -> Result<String>;
    async fn registration_finish(&self, request: registration::ClientRegistrationFinishRequest)
    -> Result<()>;
}

#[async_trait]
pub trait UserHandler: Clone + Send + Sync {
    async fn create_user(&self, name: &str) -> Result<()>;
    async fn is_admin(&self, name: &str) -> Result<bool>;
    async fn list_users(&self) -> Result<Vec<String>>;
}
