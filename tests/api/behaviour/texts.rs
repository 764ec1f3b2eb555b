//! Errors that say why in words, codes and numbers: `reason_chain!` as an item, with the list of what it gives.

use std::error::Error;
use std::fmt;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered, custom_reason, reason_chain, reasons};

/// One struct for the whole program, made by a macro, with the reason as a text.
#[derive(Debug)]
pub struct ApiError {
    message: String,
    status: u16,
}

impl fmt::Display for ApiError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for ApiError {}

fn api(message: &str, status: u16) -> ApiError {
    ApiError { message: message.to_owned(), status }
}

custom_reason! {
    const INVITE_ONLY = "invite_only", fault = client;
}

reason_chain! {
    /// By the words of this program, else by the status.
    fn by_text(error: &ApiError) {
        match &error.message {
            "Token has expired" | "Session has expired" => token_expired,
            "Invalid claim: ".. => token_claim_mismatch,
            "Registration is by invitation" => INVITE_ONLY,
        }
        match error.status {
            401 => invalid_credentials,
            429..=430 => rate_limited,
            _ => internal_error,
        }
    }
}

reason_chain! {
    fn of_any(error: &Box<dyn Error>) -> Reason {
        Locked,
        std::io::Error => reasons::io,
        std::num::ParseIntError => malformed_request,
        error: ApiError => match error.message.clone() {
            "Token has expired" => token_expired,
        },
        error: ApiError => match error.status {
            503 => overloaded,
        },
    }

    fn of_closure(error: &(dyn Error + 'static)) {
        std::fmt::Error => |_| Reason::InternalError,
        _ => policy_denied,
    }
}

#[derive(Debug, FailureReason)]
#[reason(account_locked)]
struct Locked;

impl fmt::Display for Locked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("locked")
    }
}

impl Error for Locked {}

/// An enum with a text in one variant.
#[derive(Debug, FailureReason)]
pub enum DomainError {
    #[reason(with = words::of_authentication)]
    AuthenticationError(String),
    #[expect(dead_code, reason = "that it is listed is the point")]
    DependencyUnavailable,
}

mod words {
    auth_metrics::reason_chain! {
        pub(super) fn of_authentication(text: &str) {
            match text {
                "Invalid password" => invalid_credentials,
                "No such user: ".. => unknown_subject,
                _ => unknown,
            }
        }
    }
}

#[auth_metered(op = "by_text", reason = by_text)]
fn login(message: &str, status: u16) -> Result<(), ApiError> {
    Err(api(message, status))
}

#[auth_metered(op = "by_words")]
fn bind(text: &str) -> Result<(), DomainError> {
    Err(DomainError::AuthenticationError(text.to_owned()))
}

#[auth_metered(op = "by_chain", reason = of_any)]
fn load(number: &str) -> Result<u8, Box<dyn Error>> {
    Ok(number.parse()?)
}

fn of(message: &str, status: u16) -> Reason {
    by_text(&api(message, status))
}

#[test]
fn texts_are_compared_whole_or_from_their_start() {
    assert_eq!(of("Token has expired", 401), Reason::TokenExpired);
    assert_eq!(of("Session has expired", 0), Reason::TokenExpired);
    assert_eq!(of("Invalid claim: iss", 401), Reason::TokenClaimMismatch);
    assert_eq!(of("Registration is by invitation", 403), INVITE_ONLY);
}

#[test]
fn text_that_contains_a_listed_one_is_not_it() {
    for message in ["the Token has expired", "Token has expired.", "token has expired", "Invalid claim", ""] {
        assert_eq!(of(message, 401), Reason::InvalidCredentials, "{message}");
        assert_eq!(of(message, 430), Reason::RateLimited, "{message}");
        assert_eq!(of(message, 500), Reason::InternalError, "{message}");
    }
}

#[test]
fn chain_finds_types_and_reads_what_it_found() {
    let io = std::io::Error::from(std::io::ErrorKind::TimedOut);
    let number = || "x".parse::<u8>().unwrap_err();
    assert_eq!(of_any(&Locked.into()), Reason::AccountLocked);
    assert_eq!(of_any(&io.into()), Reason::Timeout);
    assert_eq!(of_any(&number().into()), Reason::MalformedRequest);
    assert_eq!(of_any(&api("Token has expired", 503).into()), Reason::TokenExpired);
    assert_eq!(of_any(&api("busy", 503).into()), Reason::Overloaded);
    assert_eq!(of_any(&api("busy", 200).into()), Reason::Unknown);
    assert_eq!(of_closure(&std::fmt::Error), Reason::InternalError);
    assert_eq!(of_closure(&number()), Reason::PolicyDenied);
}

fn listed(op: &str) -> Option<ReasonSet> {
    Scope::new().metrics().catalogue().get(op).unwrap().functions()[0].reasons()
}

#[test]
fn list_of_a_chain_is_known_before_the_first_call() {
    let text = ReasonSet::of(&[
        Reason::TokenExpired,
        Reason::TokenClaimMismatch,
        INVITE_ONLY,
        Reason::InvalidCredentials,
        Reason::RateLimited,
        Reason::InternalError,
    ]);
    assert_eq!(listed("by_text"), Some(text));
    let words =
        [Reason::InvalidCredentials, Reason::UnknownSubject, Reason::Unknown, Reason::DependencyUnavailable];
    assert_eq!(listed("by_words"), Some(ReasonSet::of(&words)));
    let more = [
        Reason::AccountLocked,
        Reason::MalformedRequest,
        Reason::TokenExpired,
        Reason::Overloaded,
        Reason::Unknown,
    ];
    assert_eq!(listed("by_chain"), Some(reasons::io::REASONS.union(ReasonSet::of(&more))));
}

#[test]
fn list_of_a_chain_inside_a_function_is_not_seen() {
    reason_chain! {
        fn local(error: &ApiError) {
            match error.message { "a" => timeout, _ => overloaded }
        }
    }

    #[auth_metered(op = "by_local_chain", reason = local)]
    fn in_a_function() -> Result<(), ApiError> {
        Err(api("a", 0))
    }

    assert_eq!(listed("by_local_chain"), None, "the attribute looks for it in the module");
    assert!(in_a_function().is_err());
}

#[test]
fn every_reason_that_comes_was_at_zero() {
    let scope = Scope::new();
    let count = |op: &str, reason: &str| {
        scope
            .snapshot()
            .value("auth_operation_failures_total", &[("operation", op), ("failure_reason", reason)])
    };
    assert_eq!(count("by_text", "token_claim_mismatch"), Some(0.0));
    assert_eq!(count("by_text", "account_locked"), None);
    scope.metrics().in_scope(|| {
        assert!(login("Invalid claim: sub", 401).is_err());
        assert!(bind("No such user: user-001").is_err());
        assert!(load("x").is_err());
    });
    assert_eq!(count("by_text", "token_claim_mismatch"), Some(1.0));
    assert_eq!(count("by_words", "unknown_subject"), Some(1.0));
    assert_eq!(count("by_chain", "malformed_request"), Some(1.0));
}
