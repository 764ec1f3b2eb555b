//! A scrape allocates no more for more series. A target of its own, since counting takes the place of the allocator.

use std::convert::Infallible;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Method, Outcome, Reason, auth_metered};

#[auth_metered(op = "sourced", metrics = metrics, service = service, source = Method::Passkey)]
fn sourced(metrics: &AuthMetrics, service: &str) -> Result<(), Infallible> {
    Ok(())
}

/// A handle with this many services, each with this many operations, and with something in every family.
fn handle(services: usize, operations: usize) -> AuthMetrics {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    for service in 0..services {
        let service = format!("service-{service}");
        for op in 0..operations {
            let op = format!("operation_{op}");
            metrics.attempt_for(&service, &op).finish(Outcome::Success);
            metrics.attempt_for(&service, &op).finish(Outcome::Failure(Reason::Timeout)); // not a reason it had
            metrics.record_auth_latency(&service, &op, Duration::from_millis(3));
            metrics.update_rate_limit_usage(&service, [(op, 1.5)]);
        }
        metrics.record_failed_auth(&service, Reason::AccountLocked);
        metrics.record_rate_limit_exceeded(&service);
        assert!(sourced(&metrics, &service).is_ok());
    }
    metrics
}

/// How often the second scrape of a handle allocates, and how many lines it has.
fn scraped(metrics: &AuthMetrics) -> (u64, usize) {
    let lines = metrics.encode_text().lines().count();
    let allocated = allocation_counter::measure(|| drop(metrics.encode_text()));
    (allocated.count_total, lines)
}

#[test]
fn scrape_allocates_nothing_for_a_series_or_a_service() {
    let (few, lines_of_few) = scraped(&handle(4, 4));
    let (many, lines_of_many) = scraped(&handle(128, 15));
    assert!(lines_of_many > 25 * lines_of_few, "{lines_of_few} lines and {lines_of_many} lines");
    // A handful of buffers double a few times more until everything is in them.
    assert!(many <= few + 40, "{few} allocations for {lines_of_few} lines, {many} for {lines_of_many}");
}
