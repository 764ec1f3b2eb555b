//! The traits of the store, and the error that hides whose it is.

use auth_metrics::{FailureReason, reason_chain};

use crate::pg::DatabaseError;

#[derive(Clone)]
pub struct User {
    pub name: String,
    pub hash: String,
    pub locked: bool,
}

/// Transparent: its causes are those of the error in the box, which itself is in no chain. So it is read here.
#[derive(Debug, thiserror::Error, FailureReason)]
#[error(transparent)]
pub struct RepositoryError {
    #[reason(with = erased)]
    source: Box<dyn std::error::Error + Send + Sync + 'static>,
}

impl RepositoryError {
    pub fn from_error<E: std::error::Error + Send + Sync + 'static>(value: E) -> RepositoryError {
        RepositoryError { source: Box::new(value) }
    }
}

reason_chain! {
    fn erased(error: &Box<dyn std::error::Error + Send + Sync + 'static>) {
        DatabaseError,
        _ => internal_error,
    }
}

/// What every repository has.
pub trait UserRepository: Send + Sync {
    type Error: Send;

    fn find_by_username(&self, name: &str) -> impl Future<Output = Result<Option<User>, Self::Error>> + Send;
    fn add(&self, user: User) -> impl Future<Output = Result<(), Self::Error>> + Send;
    fn use_code(&self, code: &str) -> impl Future<Output = Result<Option<Code>, Self::Error>> + Send;
}

/// A code that is given for a token, once.
#[derive(Clone)]
pub struct Code {
    pub verifier: String,
    pub is_fulfilled: bool,
    pub is_expired: bool,
}
