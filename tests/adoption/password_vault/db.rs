//! The store. Its look-ups give an `Option`, and its connection is a guard of requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use auth_metrics::auth_metered;
use auth_metrics_adoption_stage::Dependency;
use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error as DieselErr};
use rocket::Request;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};

use crate::error::Error;

#[derive(Clone, Debug)]
pub struct User {
    pub email: String,
    pub password: String,
    pub totp: Option<String>,
    pub enabled: bool,
}

impl User {
    pub fn new(email: &str, password: &str) -> User {
        User { email: email.to_owned(), password: password.to_owned(), totp: None, enabled: true }
    }

    pub fn check_valid_password(&self, password: &str) -> bool {
        self.password == password
    }

    /// Somebody who is not there, and a database that is not there.
    pub async fn find_by_mail(mail: &str, conn: &DbConn) -> Option<User> {
        User::first(mail, conn).await.ok()
    }

    /// The same for a login, with the error that `find_by_mail` swallows. Elsewhere it would be a login by itself.
    #[auth_metered(op = "find_account", none_is = success)]
    pub async fn find_to_log_in(mail: &str, conn: &DbConn) -> Result<Option<User>, DieselErr> {
        match User::first(mail, conn).await {
            Ok(user) => Ok(Some(user)),
            Err(DieselErr::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn first(mail: &str, conn: &DbConn) -> Result<User, DieselErr> {
        conn.query().await?;
        conn.0.users.lock().unwrap().get(mail).cloned().ok_or(DieselErr::NotFound)
    }

    pub async fn save(self, conn: &DbConn) -> Result<(), Error> {
        conn.query().await?;
        conn.0.users.lock().unwrap().insert(self.email.clone(), self);
        Ok(())
    }
}

#[derive(Clone, Default)]
pub struct DbPool {
    pub pool: Dependency,
    pub database: Dependency,
    users: Arc<Mutex<HashMap<String, User>>>,
}

impl DbPool {
    pub fn with_user(self, user: User) -> DbPool {
        self.users.lock().unwrap().insert(user.email.clone(), user);
        self
    }
}

pub struct DbConn(DbPool);

impl DbConn {
    async fn query(&self) -> Result<(), DieselErr> {
        let lost = || {
            DieselErr::DatabaseError(
                DatabaseErrorKind::ClosedConnection,
                Box::new("server closed the connection".to_owned()),
            )
        };
        self.0.database.call(lost).await
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for DbConn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<DbConn, ()> {
        let Some(pool) = request.rocket().state::<DbPool>() else {
            return Outcome::Error((Status::InternalServerError, ()));
        };
        let refused = || ConnectionError::BadConnection("connection refused".to_owned());
        match pool.pool.call(refused).await {
            Ok(()) => Outcome::Success(DbConn(pool.clone())),
            Err(_) => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}
