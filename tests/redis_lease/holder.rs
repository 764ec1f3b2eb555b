//! One replica of a service, for the tests of `RedisLease` that kill it: `lease_holder URL hang|succeed`.

use std::future::pending;
use std::time::Duration;

use auth_metrics::credentials::{Credential, CredentialTracker};
use auth_metrics::rotation::{RedisLease, Rotator};
use auth_metrics::{AuthMetrics, CredentialKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("the first argument is the URL")?;
    let hangs = arguments.next().as_deref() == Some("hang");

    let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    let tracker = CredentialTracker::new(&metrics);
    // It is due from the beginning.
    let interval = Duration::from_secs(3_600);
    let key = Credential::new(CredentialKind::SigningKey, "access_tokens").rotation_interval(interval);
    let long_ago = std::time::SystemTime::now() - 2 * interval;
    let key = tracker.declare(key.last_rotated(long_ago))?;

    let rotate = move || async move {
        println!("rotating");
        if hangs {
            pending::<()>().await;
        }
        Ok::<_, std::fmt::Error>(None)
    };
    let lease = RedisLease::open(&url, "test")?;
    let ttl = Duration::from_millis(1_500);
    let rotation = Rotator::new(key.clone(), rotate).jitter(0.0).lease(lease, ttl).spawn();
    while key.last_rotated() == Some(long_ago) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    rotation.shutdown().await;
    let tries = |outcome| {
        let labels = [("outcome", outcome)];
        metrics.snapshot().value("auth_credential_rotations_total", &labels).unwrap_or_default()
    };
    match tries("success") {
        0.0 => println!("adopted"),
        successes => println!("success {successes}, cancelled {}", tries("cancelled")),
    }
    Ok(())
}
