//! The errors of tower-sessions, which stand in tower-sessions-core.

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("The reasons of errors of tower-sessions ", $version, ", a function for each type. A session that is not there is no error.")]
        pub mod $name {
            use ::$name::{session, session_store};

            use crate::reasons::{failure_reason, reasons_of};
            use crate::terms::Reason;

            /// The reason of an error of a session.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `SerdeJson` | `internal_error` |
            /// | `Store` | as [`session_store_error`](fn@session_store_error) reads it |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as tower_sessions;")]
            /// use tower_sessions::{session, session_store};
            ///
            /// let error = session::Error::Store(session_store::Error::Backend("no connection".to_owned()));
            #[doc = concat!("let reason = reasons::", stringify!($name), "::session_error;")]
            /// assert_eq!(reason(&error), Reason::DependencyUnavailable);
            /// ```
            pub fn session_error(error: &session::Error) -> Reason {
                match error {
                    session::Error::SerdeJson(_) => Reason::InternalError,
                    session::Error::Store(error) => session_store_error(error),
                }
            }

            reasons_of!(session_error: InternalError, DependencyUnavailable);
            failure_reason!(session::Error, session_error);

            /// The reason of an error of the store of sessions.
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `Encode`, `Decode` | `internal_error` |
            /// | `Backend` | `dependency_unavailable` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as tower_sessions;")]
            ///
            /// let error = tower_sessions::session_store::Error::Decode("cut".to_owned());
            #[doc = concat!("let reason = reasons::", stringify!($name), "::session_store_error;")]
            /// assert_eq!(reason(&error), Reason::InternalError);
            /// ```
            pub fn session_store_error(error: &session_store::Error) -> Reason {
                match error {
                    session_store::Error::Encode(_) | session_store::Error::Decode(_) => Reason::InternalError,
                    session_store::Error::Backend(_) => Reason::DependencyUnavailable,
                }
            }

            reasons_of!(session_store_error: InternalError, DependencyUnavailable);
            failure_reason!(session_store::Error, session_store_error);
        }
    };
}

#[cfg(feature = "tower-sessions014")]
version!(tower_sessions014, 0.14);
#[cfg(feature = "tower-sessions015")]
version!(tower_sessions015, 0.15);
