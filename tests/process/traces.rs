//! Calls of annotated functions leave their traces. A target of its own, since they record into the handle of the process.

use auth_metrics::events::TraceContext;
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};

#[derive(FailureReason)]
enum LoginError {
    InvalidCredentials,
}

#[auth_metered(op = "plain", kind = authorization)]
fn plain(name: &str) -> Result<usize, LoginError> {
    if name.is_empty() { Err(LoginError::InvalidCredentials) } else { Ok(name.len()) }
}

/// By the machine's clock, the process's handle and a thread with cells of its own: the short way of a call.
#[test]
fn calls_that_take_the_short_way_leave_their_traces() {
    let trace = TraceContext::new([6; 16], [7; 8], true);
    let builder = AuthMetrics::builder().service_id("gateway").buckets([3_600.0]);
    let metrics = builder.trace_context(move || trace).build().unwrap();
    metrics.install().unwrap();
    for name in ["ann", "", "bob", ""].into_iter().cycle().take(2_000) {
        let _ = plain(name);
    }
    let ids = format!("# {{trace_id=\"{}\",span_id=\"{}\"}}", "06".repeat(16), "07".repeat(8));
    let text = metrics.encode_openmetrics();
    for line in [
        "auth_operation_failures_total{service_id=\"gateway\",operation=\"plain\",failure_reason=\"invalid_credentials\"} 1000",
        "service_auth_latency_seconds_bucket{service_id=\"gateway\",operation=\"plain\",le=\"3600.0\"} 2000",
    ] {
        assert!(text.contains(&format!("{line} {ids} ")), "{line}");
    }
    let successes = [("operation", "plain"), ("outcome", "success")];
    assert_eq!(metrics.snapshot().value("auth_operations_total", &successes), Some(1_000.0));
}
