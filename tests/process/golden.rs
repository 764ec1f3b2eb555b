//! A scrape to the byte, in both formats: what changes a line changes the series of somebody. A process of its own, whose binary annotates
//! nothing.

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use auth_metrics::{AuthMetrics, Clock, FailureReason, Outcome, Reason, ReasonSet};
use auth_metrics_credentials::{CredentialKind, RecordCredentials, RotationOutcome};

struct LoginError;

impl FailureReason for LoginError {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::InvalidCredentials, Reason::UnknownSubject]);

    fn failure_reason(&self) -> Reason {
        Reason::InvalidCredentials
    }
}

fn handle() -> AuthMetrics {
    let clock = Clock::from_fn(|| Duration::ZERO);
    let builder = AuthMetrics::builder().service_id("gateway").clock(clock);
    let metrics = builder.const_labels([("region", "eu \"west\"\\\nü")]).build().unwrap();
    metrics.declare::<LoginError>("login");
    metrics.attempt("login").finish(Outcome::Success);
    metrics.attempt_for("orders", "login").finish(Outcome::Failure(Reason::UnknownSubject));
    metrics.record_auth_latency("orders", "login", Duration::from_micros(2_250_033));
    metrics.record_auth_latency("orders", "login", Duration::from_secs(60));
    metrics.update_rate_limit_usage("orders", [("per_minute", 42.5)]);
    let half = Duration::from_millis(500);
    metrics.record_credential_rotation("gateway", CredentialKind::SigningKey, RotationOutcome::Success, half);
    metrics
}

#[track_caller]
fn assert_golden(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    let text = text.replace(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), "version=\"…\"");
    if env::var_os("AUTH_METRICS_OVERWRITE").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let golden = fs::read_to_string(&file).unwrap();
    for (line, expected) in text.lines().zip(golden.lines()) {
        assert_eq!(line, expected, "{name} differs: if it must, run this with AUTH_METRICS_OVERWRITE=1");
    }
    assert_eq!(text.len(), golden.len(), "{name} has more lines, or fewer");
}

#[test]
fn scrape_is_the_same_to_the_byte() {
    let metrics = handle();
    assert_golden("text.txt", &metrics.encode_text());
    assert_golden("openmetrics.txt", &metrics.encode_openmetrics());
}
