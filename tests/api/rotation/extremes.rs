//! Durations and points in time without end: each is either refused or works.

use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::RotationOutcome::Success;
use auth_metrics_credentials::rotation::{Lead, LocalLease, Rotated, Rotator, RotatorError};
use auth_metrics_credentials::{Credential, CredentialTracker};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert_eq, proptest};
use proptest::{option, prop_oneof};
use tokio::time::sleep;

use crate::fixture::{DAY, HOUR, SECOND, metrics, paused, tries};

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::from_nanos(1)),
        Just(Duration::from_millis(100)),
        Just(HOUR),
        Just(DAY),
        Just(Duration::from_secs(u64::from(u32::MAX))),
        Just(Duration::from_secs(i64::MAX.unsigned_abs())),
        Just(Duration::MAX),
    ]
}

fn leads() -> impl Strategy<Value = Lead> {
    let fractions = prop_oneof![Just(f64::MIN_POSITIVE), Just(0.5), Just(1.0 - f64::EPSILON / 2.0)];
    prop_oneof![durations().prop_map(Lead::Fixed), fractions.prop_map(Lead::Fraction)]
}

/// The last second that the system's clock can show.
fn end_of_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(i64::MAX.unsigned_abs())
}

/// When the credential and its successors end.
fn ends() -> impl Strategy<Value = Option<SystemTime>> {
    let soon = SystemTime::now() + 3 * DAY;
    option::of(prop_oneof![Just(soon), Just(end_of_time()), Just(end_of_time() - SECOND)])
}

#[derive(Clone, Debug)]
struct Extremes {
    waits: [Duration; 6],
    lead: Lead,
    jitter: f64,
    interval: Option<Duration>,
    ends: [Option<SystemTime>; 2],
    leased: bool,
}

fn extremes() -> impl Strategy<Value = Extremes> {
    let jitter = prop_oneof![Just(0.0), Just(1.0 - f64::EPSILON / 2.0)];
    let ends = [ends(), ends()];
    (
        proptest::array::uniform6(durations()),
        leads(),
        jitter,
        option::of(durations()),
        ends,
        proptest::bool::ANY,
    )
        .prop_map(|(waits, lead, jitter, interval, ends, leased)| Extremes {
            waits,
            lead,
            jitter,
            interval: interval.filter(|interval| !interval.is_zero()),
            ends,
            leased,
        })
}

fn rotator(metrics: &AuthMetrics, extremes: &Extremes) -> Rotator {
    let mut key = Credential::new(CredentialKind::SigningKey, "jwt");
    if let Some(interval) = extremes.interval {
        key = key.with_rotation_interval(interval);
    }
    if let Some(end) = extremes.ends[0] {
        key = key.with_not_after(end);
    }
    let key = CredentialTracker::new(metrics).declare(key).unwrap();
    key.activate().unwrap();
    let successor = extremes.ends[1].map_or_else(Rotated::without_end, Rotated::until);
    let [overlap, timeout, grace, initial, cap, ttl] = extremes.waits;
    let rotate = move |_| {
        let successor = successor.clone();
        async { Ok::<_, std::io::Error>(successor) }
    };
    let rotator = Rotator::new(key, rotate)
        .before_expiry(extremes.lead)
        .jitter(extremes.jitter)
        .overlap(overlap)
        .timeout(timeout)
        .grace(grace)
        .backoff(initial, cap);
    if extremes.leased { rotator.lease(LocalLease::new()).lease_ttl(ttl) } else { rotator }
}

/// Two rotations, and some seconds between them.
async fn rotates(extremes: Extremes) {
    let metrics = metrics();
    let handle = match rotator(&metrics, &extremes).spawn() {
        Ok(handle) => handle,
        Err(refused) => return assert!(is_right(refused, &extremes), "{refused}"),
    };
    for _ in 0..2 {
        assert_eq!(handle.rotate_now().await, Ok(Success));
        sleep(5 * SECOND).await;
        assert!(handle.is_running());
    }
    assert!(tries(&metrics)[0] >= 2.0);
    handle.shutdown().await;
}

/// Whether what was refused makes no sense.
fn is_right(refused: RotatorError, extremes: &Extremes) -> bool {
    let [_, timeout, _, initial, cap, ttl] = extremes.waits;
    match refused {
        RotatorError::NothingToGoBy => extremes.interval.is_none() && extremes.ends[0].is_none(),
        RotatorError::InvalidTimeout => timeout.is_zero(),
        RotatorError::InvalidBackoff => initial < Duration::from_millis(10) || cap < initial,
        RotatorError::InvalidLeaseTtl => ttl < Duration::from_millis(100) || ttl > DAY,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_duration_is_refused_or_works(extremes in extremes()) {
        paused(rotates(extremes));
    }

    #[test]
    fn a_lease_of_any_length_is_taken(ttl in durations()) {
        let taken = paused(async {
            use auth_metrics_credentials::rotation::Lease;
            let lease = LocalLease::new();
            let held = lease.try_acquire("jwt", ttl).await.unwrap().unwrap();
            lease.renew(&held, ttl).await.unwrap()
        });
        prop_assert_eq!(taken, !ttl.is_zero());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_end_never_comes() {
    let metrics = metrics();
    let extremes = Extremes {
        waits: [Duration::MAX, Duration::MAX, Duration::MAX, Duration::MAX, Duration::MAX, DAY],
        lead: Lead::Fixed(Duration::ZERO),
        jitter: 0.0,
        interval: Some(Duration::MAX),
        ends: [None, None],
        leased: true,
    };
    let handle = rotator(&metrics, &extremes).spawn().unwrap();
    sleep(60 * DAY).await;
    assert_eq!(tries(&metrics), [0.0; 5]);
    assert_eq!(handle.rotate_now().await, Ok(Success));
    sleep(60 * DAY).await;
    assert_eq!(tries(&metrics), [1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(crate::fixture::event(&metrics, "retired"), 0.0);
    handle.shutdown().await;
}
