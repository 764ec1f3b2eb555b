//! Users and their sessions.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use auth_metrics_adoption_stage::Dependency;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

#[derive(Clone, Debug)]
pub struct LocalUserView {
    pub name: String,
    pub password_encrypted: String,
    pub totp: Option<String>,
    pub email_verified: bool,
    pub banned: bool,
}

#[derive(Clone, Default)]
pub struct LemmyContext {
    pub database: Dependency,
    users: Arc<Mutex<HashMap<String, LocalUserView>>>,
    logged_out: Arc<Mutex<HashSet<String>>>,
}

impl LemmyContext {
    /// Hashes with the least cost, so that a test does not wait for it.
    pub fn put(&self, name: &str, password: &str) -> LocalUserView {
        let user = LocalUserView {
            name: name.to_owned(),
            password_encrypted: bcrypt::hash_with_salt(password, 4, [7; 16]).unwrap().to_string(),
            totp: None,
            email_verified: true,
            banned: false,
        };
        self.replace(user.clone());
        user
    }

    pub fn replace(&self, user: LocalUserView) {
        self.users.lock().unwrap().insert(user.name.clone(), user);
    }

    pub fn log_out(&self, token: &str) {
        self.logged_out.lock().unwrap().insert(token.to_owned());
    }

    async fn query(&self) -> Result<(), DieselError> {
        let lost = || {
            let text = Box::new("server closed the connection".to_owned());
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, text)
        };
        self.database.call(lost).await
    }

    pub async fn find_by_name(&self, name: &str) -> Result<LocalUserView, DieselError> {
        self.query().await?;
        self.users.lock().unwrap().get(name).cloned().ok_or(DieselError::NotFound)
    }

    pub async fn check_session(&self, token: &str) -> Result<(), DieselError> {
        self.query().await?;
        if self.logged_out.lock().unwrap().contains(token) { Err(DieselError::NotFound) } else { Ok(()) }
    }
}
