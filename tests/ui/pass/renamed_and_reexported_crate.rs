//! The crate renamed, and re-exported from a module of one's own, for both macros.
#![deny(warnings, unused_qualifications)]
#![forbid(unsafe_code)]

extern crate auth_metrics as renamed;

mod facade {
    /// Only what the expansions need, and nothing by the crate's own name.
    pub mod observability {
        pub use renamed::{
            FailureReason, OperationKind, Outcome, Reason, ReasonSet, auth_metered, __private, reasons, testing,
        };
    }
}

use facade::observability::{self as metrics, FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
#[reason(crate = crate::facade::observability)]
enum LoginError {
    Timeout,
    #[reason(with = facade::observability::reasons::io)]
    Disk(std::io::Error),
    #[reason(transparent)]
    Token(TokenError),
    #[reason(custom = "sso_domain_blocked", fault = client)]
    Blocked,
}

#[derive(Debug, FailureReason)]
#[reason(crate = renamed, token_expired)]
struct TokenError;

#[auth_metered(op = "login", crate = crate::facade::observability, service = "facade", subject = tries, context = about)]
fn login(tries: u8) -> Result<u8, LoginError> {
    match tries {
        0 => Ok(0),
        1 => Err(LoginError::Timeout),
        2 => Err(LoginError::Blocked),
        3 => Err(LoginError::Disk(std::io::ErrorKind::TimedOut.into())),
        _ => Err(LoginError::Token(TokenError)),
    }
}

fn about<R>(_: &R, about: &mut renamed::events::About) {
    about.session("about");
}

#[auth_metered(op = "check", crate = metrics, kind = token, false_is = token_revoked)]
async fn check(answer: bool) -> Result<bool, TokenError> {
    Ok(answer)
}

#[auth_metered(op = "status", crate = ::renamed_again, classify = by_status)]
fn status() -> u16 {
    200
}

macro_rules! in_a_macro {
    ($classify:path) => {
        #[auth_metered(op = "in_a_macro", classify = $classify, crate = $crate::facade::observability)]
        fn in_a_macro() -> u16 {
            200
        }
    };
}

in_a_macro!(by_status);

extern crate auth_metrics as renamed_again;

#[auth_metered(crate = renamed)]
impl TokenError {
    #[op("method", none_is = success)]
    fn method(&self) -> Option<u8> {
        None
    }
}

fn by_status(_: &u16) -> metrics::Outcome {
    metrics::Outcome::Success
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = metrics::testing::Scope::new();
    scope
        .metrics().scope(async {
            for tries in 0..5 {
                assert_eq!(login(tries).is_ok(), tries == 0);
            }
            assert!(!check(false).await.unwrap());
            assert_eq!((status(), in_a_macro(), TokenError.method()), (200, 200, None));
        })
        .await;
    let labels = [("service_id", "facade"), ("operation", "login"), ("failure_reason", "timeout")];
    assert_eq!(scope.snapshot().value("auth_operation_failures_total", &labels), Some(2.0));
}
