//! Recording by hand, for code that the attribute can't reach: callbacks, foreign traits, generated code. Prints the text of a scrape,
//! without a registry.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, Error, FailureReason, Outcome, Reason, ReasonSet};

/// An error and its reasons, implemented by hand instead of by the derive.
enum BindError {
    WrongPassword,
    DirectoryDown,
}

impl FailureReason for BindError {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::InvalidCredentials, Reason::DependencyUnavailable]);

    fn failure_reason(&self) -> Reason {
        match self {
            Self::WrongPassword => Reason::InvalidCredentials,
            Self::DirectoryDown => Reason::DependencyUnavailable,
        }
    }
}

/// Stands for a call into another library.
fn bind(password: &str) -> Result<(), BindError> {
    match password {
        "right" => Ok(()),
        "" => Err(BindError::DirectoryDown),
        _ => Err(BindError::WrongPassword),
    }
}

/// Records attempts with the guard that the attribute uses. They feed every family, and started = ended + in flight always holds.
fn attempts(metrics: &AuthMetrics) {
    // Exports the series of the operation at zero now. Otherwise they would only appear with the first attempt.
    metrics.declare::<BindError>("ldap_bind");
    for password in ["right", "wrong", "", "right"] {
        let attempt = metrics.attempt("ldap_bind");
        let result = bind(password);
        attempt.finish(Outcome::from_result(&result, BindError::failure_reason));
    }
    drop(metrics.attempt("ldap_bind")); // Never finished: counted as cancelled.
}

/// Records single numbers, as the Python module did. They feed only the families of that module.
fn numbers(metrics: &AuthMetrics) {
    let started = Instant::now();
    metrics.record_successful_auth("orders");
    metrics.record_failed_auth("orders", Reason::AccountLocked);
    metrics.record_auth_latency("orders", "login", started.elapsed() + Duration::from_millis(3));
    metrics.record_successful_token_verification("orders");
    metrics.record_failed_token_verification("orders", Reason::TokenExpired);
    metrics.record_rate_limit_exceeded("orders");
    metrics.update_rate_limit_usage("orders", [("per_minute", 42.0), ("per_hour", 310.0)]);
}

fn scrape() -> Result<String, Error> {
    let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    attempts(&metrics);
    numbers(&metrics);
    let _orders = metrics.register_service("orders"); // `auth_active_services` falls again when this drops.
    Ok(metrics.encode_text())
}

fn main() -> ExitCode {
    match scrape() {
        Ok(text) => {
            let printed = std::io::stdout().write_all(text.as_bytes());
            if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("without_macros: {error}");
            ExitCode::FAILURE
        }
    }
}
