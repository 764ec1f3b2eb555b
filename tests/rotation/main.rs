//! Rotation under tokio's paused clock: days pass in milliseconds, and every count is exact.

mod failures;
mod leases;
mod schedule;

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use auth_metrics::credentials::{Credential, CredentialTracker, TrackedCredential};
use auth_metrics::rotation::Rotator;
use auth_metrics::{AuthMetrics, CredentialKind};
use tokio::time::{Instant, sleep};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// One replica: a handle, a credential, and the clock that it goes by.
struct Replica {
    metrics: AuthMetrics,
    key: TrackedCredential,
    calls: Arc<AtomicU64>,
}

/// The wall clock of every replica: tokio's.
fn clock(origin: Instant) -> impl Fn() -> SystemTime + Send + Sync + 'static {
    move || SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + origin.elapsed()
}

impl Replica {
    fn new(make: impl FnOnce(Credential, SystemTime) -> Credential) -> Replica {
        Replica::at(Instant::now(), make)
    }

    fn at(origin: Instant, make: impl FnOnce(Credential, SystemTime) -> Credential) -> Replica {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        let tracker = CredentialTracker::new(&metrics).with_clock(clock(origin));
        let key = make(Credential::new(CredentialKind::SigningKey, "access_tokens"), clock(origin)());
        let key = tracker.declare(key).unwrap();
        Replica { metrics, key, calls: Arc::default() }
    }

    /// A rotator without chance in it, whose call does what `work` says of the call's number.
    fn rotator(&self, work: fn(u64) -> Work) -> Rotator {
        let calls = Arc::clone(&self.calls);
        let rotate = move || {
            let work = work(calls.fetch_add(1, Ordering::Relaxed) + 1);
            async move {
                match work {
                    Work::Succeed => Ok(None),
                    Work::Take(time) => {
                        sleep(time).await;
                        Ok(None)
                    }
                    Work::Fail => Err(io::Error::other("the key service is away")),
                    Work::Panic => panic!("on purpose"),
                    Work::Hang => pending().await,
                }
            }
        };
        Rotator::new(self.key.clone(), rotate).jitter(0.0)
    }

    fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Tries by outcome: success, error, panicked, timeout, cancelled.
    fn tries(&self) -> [f64; 5] {
        let snapshot = self.metrics.snapshot();
        ["success", "error", "panicked", "timeout", "cancelled"].map(|outcome| {
            let labels = [("credential_kind", "signing_key"), ("outcome", outcome)];
            snapshot.value("auth_credential_rotations_total", &labels).unwrap()
        })
    }

    fn events(&self, event: &str) -> f64 {
        self.metrics.snapshot().value("auth_credential_events_total", &[("event", event)]).unwrap()
    }
}

/// What a call to rotate does.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Succeed,
    Take(Duration),
    Fail,
    Panic,
    Hang,
}

fn succeeds(_: u64) -> Work {
    Work::Succeed
}
