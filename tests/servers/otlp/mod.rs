//! Pushes by OTLP to a real `VictoriaMetrics`: what it has is what a scrape shows.

mod cumulative;
mod deltas;
mod names;
mod stored;

use std::net::SocketAddr;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics_otlp::{Push, PushBuilder};

use crate::stack::{Running, folder, victoria_storage_of};

/// A `VictoriaMetrics` that takes OTLP.
fn storage(name: &str, flags: &[&str]) -> (Running, SocketAddr) {
    let program = std::env::var("VICTORIA_OTLP").expect(
        "VICTORIA_OTLP must be the path of a VictoriaMetrics of 1.112 or later, which Debian 12 has not: run ./check otlp",
    );
    // Samples of an hour ago are as good as those of now.
    let mut all = vec!["-retentionPeriod=100y".to_owned(), "-dedup.minScrapeInterval=0".to_owned()];
    all.extend(flags.iter().map(|flag| (*flag).to_owned()));
    victoria_storage_of(&program, &folder(name), &all)
}

/// A push that waits for a flush, to the path under which it takes OTLP.
fn push(api: SocketAddr) -> PushBuilder {
    Push::builder(format!("http://{api}/opentelemetry"))
        .resource("service.instance.id", "one")
        .every(Duration::from_secs(86_400))
}

/// Pushes what a handle has now.
#[track_caller]
fn flush(push: &Push) {
    push.flush(crate::stack::DEADLINE).unwrap();
}

/// How often the push was accepted, as its own families say it.
fn accepted(metrics: &AuthMetrics) -> f64 {
    let labels = [("push", "otlp"), ("result", "accepted")];
    metrics.snapshot().value("auth_otlp_pushes_total", &labels).unwrap()
}
