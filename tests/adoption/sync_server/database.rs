//! The store: a trait, so that there may be several, and an error that holds whatever they say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use auth_metrics_adoption_stage::Dependency;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("not found")]
    NotFound,
    #[error(transparent)]
    Other(#[from] eyre::Report),
}

pub type DbResult<T> = Result<T, DbError>;

#[derive(Clone, Debug)]
pub struct User {
    pub username: String,
    pub password: String,
}

pub trait Database: Clone + Send + Sync + 'static {
    fn get_session_user(&self, token: &str) -> impl Future<Output = DbResult<User>> + Send;
    fn get_user(&self, username: &str) -> impl Future<Output = DbResult<User>> + Send;
    fn save_user(&self, user: User) -> impl Future<Output = DbResult<()>> + Send;
}

#[derive(Clone, Default)]
pub struct Memory {
    pub server: Dependency,
    users: Arc<Mutex<HashMap<String, User>>>,
}

impl Memory {
    async fn query(&self) -> DbResult<()> {
        self.server.call(|| DbError::Other(eyre::eyre!("connection refused"))).await
    }
}

impl Database for Memory {
    async fn get_session_user(&self, token: &str) -> DbResult<User> {
        self.get_user(token.strip_prefix("session-of-").unwrap_or_default()).await
    }

    async fn get_user(&self, username: &str) -> DbResult<User> {
        self.query().await?;
        self.users.lock().unwrap().get(username).cloned().ok_or(DbError::NotFound)
    }

    async fn save_user(&self, user: User) -> DbResult<()> {
        self.query().await?;
        self.users.lock().unwrap().insert(user.username.clone(), user);
        Ok(())
    }
}
