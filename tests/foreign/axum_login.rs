//! `axum_login::Error`, around the error of a backend.

use std::fmt;

use ::axum_login018::tower_sessions::session;
use ::axum_login018::{AuthUser, AuthnBackend};
use ::tower_sessions014::session_store;
use auth_metrics::{FailureReason, Reason, ReasonSet, reasons};
use auth_metrics_foreign_tests::{assert_complete, assert_reasons, cases, variants};

#[derive(Debug, FailureReason)]
enum Trouble {
    AccountLocked,
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("trouble")
    }
}

impl std::error::Error for Trouble {}

#[derive(Debug, Clone)]
struct User;

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        1
    }

    fn session_auth_hash(&self) -> &[u8] {
        b""
    }
}

#[derive(Debug, Clone)]
struct Backend;

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = ();
    type Error = Trouble;

    async fn authenticate(&self, (): ()) -> Result<Option<User>, Trouble> {
        Ok(None)
    }

    async fn get_user(&self, _: &u64) -> Result<Option<User>, Trouble> {
        Ok(None)
    }
}

type Error = ::axum_login018::Error<Backend>;

#[test]
fn every_variant_has_its_reason() {
    let table = cases!(Error {
        Session(session::Error::Store(session_store::Error::Backend("text".to_owned()))) => DependencyUnavailable;
        Session(session::Error::Store(session_store::Error::Encode("text".to_owned()))) => InternalError;
        Backend(Trouble::AccountLocked) => AccountLocked;
    });
    assert_complete(&variants(&["axum_login018"], "session.rs", "Error"), &table, &[]);
    assert_reasons(&table, reasons::axum_login018, <Error as FailureReason>::REASONS, &[]);
    assert_eq!(table[2].1.failure_reason(), Reason::AccountLocked);
    assert_eq!(reasons::axum_login018::REASONS, ReasonSet::ALL, "the function does not know the backend");
}
