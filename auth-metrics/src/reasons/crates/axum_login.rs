//! `axum_login::Error`.

use ::axum_login018::{AuthnBackend, Error};

use super::tower_sessions014::session_error;
use crate::terms::{FailureReason, Reason, ReasonSet};

/// The reason of an error of axum-login 0.18: of the session or of the backend, whose error knows its own.
///
/// | variant | reason |
/// |---|---|
/// | `Session` | as [`session_error`](fn@session_error) reads it |
/// | `Backend` | its own |
///
/// Wrong credentials are no error there: `AuthSession::authenticate` gives `Ok(None)`, and a function that returns it says
/// `none_is = invalid_credentials`. Prefer `#[reason(transparent)]` to `with` for a variant around this error: what the
/// backend can give is known to the type only, so `with` lists every reason.
///
/// ```
/// use auth_metrics::{FailureReason, Reason, reasons};
/// # use axum_login018 as axum_login;
/// # use axum_login::{AuthUser, AuthnBackend};
///
/// #[derive(Debug, FailureReason)]
/// #[reason(dependency_unavailable)]
/// struct NoDatabase;
/// # impl std::fmt::Display for NoDatabase {
/// #     fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) }
/// # }
/// # impl std::error::Error for NoDatabase {}
/// # #[derive(Debug, Clone)]
/// # struct User;
/// # impl AuthUser for User {
/// #     type Id = u64;
/// #     fn id(&self) -> u64 { 1 }
/// #     fn session_auth_hash(&self) -> &[u8] { b"" }
/// # }
/// # #[derive(Debug, Clone)]
/// # struct Backend;
/// # impl AuthnBackend for Backend {
/// #     type User = User;
/// #     type Credentials = ();
/// #     type Error = NoDatabase;
/// #     async fn authenticate(&self, _: ()) -> Result<Option<User>, NoDatabase> { Ok(None) }
/// #     async fn get_user(&self, _: &u64) -> Result<Option<User>, NoDatabase> { Ok(None) }
/// # }
///
/// let error: axum_login::Error<Backend> = axum_login::Error::Backend(NoDatabase);
/// assert_eq!(reasons::axum_login018(&error), Reason::DependencyUnavailable);
/// ```
pub fn axum_login018<B: AuthnBackend>(error: &Error<B>) -> Reason
where
    B::Error: FailureReason,
{
    match error {
        Error::Session(error) => session_error(error),
        Error::Backend(error) => error.failure_reason(),
    }
}

/// The reasons that [`axum_login018`](fn@axum_login018) can give.
pub mod axum_login018 {
    use crate::terms::ReasonSet;

    /// Every one there is: those of a backend are its own.
    pub const REASONS: ReasonSet = ReasonSet::ALL;
}

impl<B: AuthnBackend> FailureReason for Error<B>
where
    B::Error: FailureReason,
{
    const REASONS: ReasonSet = session_error::REASONS.union(B::Error::REASONS);

    fn failure_reason(&self) -> Reason {
        axum_login018(self)
    }
}
