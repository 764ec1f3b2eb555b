//! The operations of the simulated services, annotated as a user would, so that the rules are made from a real catalogue.
//!
//! None of the functions is ever called: the worlds write what they would have counted.

use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use auth_metrics_rules::{Options, generate};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
    AccountLocked,
    CredentialExpired,
    MfaRequired,
    RateLimited,
    DependencyUnavailable,
    /// What a bot filter of the service's own refuses.
    #[reason(custom = "bot_detected", fault = attack)]
    Bot,
}

#[derive(Debug, FailureReason)]
enum SecondFactorError {
    MfaInvalid,
    MfaDenied,
    MfaExpired,
    DependencyUnavailable,
}

#[derive(Debug, FailureReason)]
enum RefreshError {
    TokenExpired,
    TokenReplayed,
    SessionInvalid,
    DependencyUnavailable,
}

#[derive(Debug, FailureReason)]
enum VerifyError {
    TokenExpired,
    TokenMalformed,
    TokenSignatureInvalid,
    TokenAlgorithmRejected,
    TokenKeyUnknown,
    TokenClaimMismatch,
    DependencyUnavailable,
}

#[derive(Debug, FailureReason)]
enum TokenError {
    InvalidCredentials,
    ClientRejected,
    CredentialRevoked,
    DependencyUnavailable,
}

#[derive(Debug, FailureReason)]
enum AuthorizeError {
    PermissionDenied,
    PolicyDenied,
    DependencyUnavailable,
}

/// Annotated functions that give each of their reasons by number.
macro_rules! operations {
    ($($op:literal $kind:ident $name:ident -> $error:ident [$($reason:ident)+];)+) => {$(
        #[auth_metered(op = $op, kind = $kind)]
        pub(super) fn $name(number: usize) -> Result<(), $error> {
            let reasons = [$($error::$reason),+];
            reasons.into_iter().nth(number).map_or(Ok(()), Err)
        }
    )+};
}

#[expect(
    dead_code,
    reason = "linked for its place in the catalogue; the worlds write what it would have counted"
)]
mod operations {
    use super::{
        AuthorizeError, LoginError, RefreshError, SecondFactorError, TokenError, VerifyError, auth_metered,
    };
    operations! {
        "login" authentication login -> LoginError
            [InvalidCredentials AccountLocked CredentialExpired MfaRequired RateLimited DependencyUnavailable Bot];
        "second_factor" authentication second_factor -> SecondFactorError
            [MfaInvalid MfaDenied MfaExpired DependencyUnavailable];
        "refresh" authentication refresh -> RefreshError
            [TokenExpired TokenReplayed SessionInvalid DependencyUnavailable];
        "verify_token" token verify_token -> VerifyError
            [TokenExpired TokenMalformed TokenSignatureInvalid TokenAlgorithmRejected TokenKeyUnknown TokenClaimMismatch
             DependencyUnavailable];
        "token" authentication token -> TokenError
            [InvalidCredentials ClientRejected CredentialRevoked DependencyUnavailable];
        "authorize" authorization authorize -> AuthorizeError
            [PermissionDenied PolicyDenied DependencyUnavailable];
    }
}

/// Generates the rules of these operations with the default options.
///
/// # Errors
///
/// If the generator refuses the catalogue, or writes no `rules.yml`.
pub fn rules() -> Result<String, String> {
    let metrics =
        AuthMetrics::builder().service_id("simulated").build().map_err(|error| error.to_string())?;
    let files = generate(&metrics.catalogue(), &Options::new()).map_err(|error| error.to_string())?;
    files.get("rules.yml").map(ToOwned::to_owned).ok_or_else(|| "there is no rules.yml".to_owned())
}
