//! The store in a database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use auth_metrics::{FailureReason, reasons};
use auth_metrics_adoption_stage::Dependency;

use crate::storage::{Code, RepositoryError, User, UserRepository};

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum DatabaseError {
    #[error(transparent)]
    #[reason(with = reasons::sqlx08)]
    Driver(#[from] sqlx::Error),
    #[error("inconsistent data in {table}")]
    #[reason(internal_error)]
    Inconsistent { table: &'static str },
}

#[derive(Clone, Default)]
pub struct PgRepository {
    pub database: Dependency,
    users: Arc<Mutex<HashMap<String, User>>>,
    codes: Arc<Mutex<HashMap<String, Code>>>,
}

impl PgRepository {
    pub fn put(&self, user: User) {
        self.users.lock().unwrap().insert(user.name.clone(), user);
    }

    pub fn put_code(&self, code: &str, verifier: &str, is_expired: bool) {
        let entry = Code { verifier: verifier.to_owned(), is_fulfilled: false, is_expired };
        self.codes.lock().unwrap().insert(code.to_owned(), entry);
    }

    async fn query(&self) -> Result<(), RepositoryError> {
        let lost = || RepositoryError::from_error(DatabaseError::from(sqlx::Error::WorkerCrashed));
        self.database.call(lost).await
    }
}

impl UserRepository for PgRepository {
    type Error = RepositoryError;

    async fn find_by_username(&self, name: &str) -> Result<Option<User>, Self::Error> {
        self.query().await?;
        Ok(self.users.lock().unwrap().get(name).cloned())
    }

    async fn add(&self, user: User) -> Result<(), Self::Error> {
        self.query().await?;
        self.put(user);
        Ok(())
    }

    async fn use_code(&self, code: &str) -> Result<Option<Code>, Self::Error> {
        self.query().await?;
        let mut codes = self.codes.lock().unwrap();
        let Some(found) = codes.get_mut(code) else { return Ok(None) };
        let before = found.clone();
        found.is_fulfilled = true;
        Ok(Some(before))
    }
}
