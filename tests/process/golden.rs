//! A scrape to the byte, in both formats: what changes a line changes the series of somebody. A process of its own, whose binary annotates
//! nothing.

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use auth_metrics::events::TraceContext;
use auth_metrics::{AuthMetrics, AuthMetricsBuilder, Clock, FailureReason, Outcome, Reason, ReasonSet};
use auth_metrics_credentials::{CredentialKind, RecordCredentials, RotationOutcome};
use auth_metrics_tests_scrape::without_exemplars;

struct LoginError;

impl FailureReason for LoginError {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::InvalidCredentials, Reason::UnknownSubject]);

    fn failure_reason(&self) -> Reason {
        Reason::InvalidCredentials
    }
}

fn builder() -> AuthMetricsBuilder {
    AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::ZERO))
}

fn handle(builder: AuthMetricsBuilder) -> AuthMetrics {
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
    let metrics = handle(builder());
    assert_golden("text.txt", &metrics.encode_text());
    assert_golden("openmetrics.txt", &metrics.encode_openmetrics());
}

/// The family of headers that could not be read is there only where traces are read.
fn without_headers(text: &str) -> String {
    let lines: Vec<&str> =
        text.split_inclusive('\n').filter(|line| !line.contains("auth_context_malformed")).collect();
    assert_eq!(text.split_inclusive('\n').count() - lines.len(), 4, "a family of two counters");
    lines.concat()
}

#[test]
fn traces_change_no_byte_of_the_text_and_add_exemplars_to_openmetrics() {
    let trace = TraceContext::new([1; 16], [2; 8], true);
    let (plain, metrics) = (handle(builder()), handle(builder().trace_context(move || trace)));
    assert_eq!(without_headers(&metrics.encode_text()), plain.encode_text());
    let openmetrics = metrics.encode_openmetrics();
    // One for each of the two buckets, and for the reason in each of its two families.
    assert_eq!(openmetrics.matches(" # {trace_id=").count(), 4, "{openmetrics}");
    assert_eq!(without_headers(&without_exemplars(&openmetrics)), plain.encode_openmetrics());
}
