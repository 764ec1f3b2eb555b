//! Thirty days, with failures of every kind.

use std::io;
use std::sync::{Arc, Mutex};

use auth_metrics_credentials::rotation::{Rotated, Rotator};
use tokio::time::sleep;

use crate::fixture::{DAY, FIRST, HOUR, MINUTE, SECOND, event, key, metrics, tries};

#[tokio::test(start_paused = true)]
async fn thirty_days_with_failures_are_counted_to_the_unit() {
    let metrics = metrics();
    let keys = Arc::new(Mutex::new(vec![FIRST.to_owned()]));
    let made = Arc::new(Mutex::new(0));
    let (added, removed) = (Arc::clone(&keys), Arc::clone(&keys));
    let rotator = Rotator::new(key(&metrics, Some(DAY), Some(40 * DAY)), move |context| {
        let (added, made) = (Arc::clone(&added), Arc::clone(&made));
        async move {
            let day = *made.lock().unwrap() + 1;
            match (day, context.attempt()) {
                (11, 1) => std::future::pending().await,
                (7 | 14 | 21 | 28, 1) => panic!("day {day}"),
                (5 | 10 | 15 | 20 | 25 | 30, 1 | 2) => return Err(io::Error::other("refused")),
                (13, 1) => return Ok(Rotated::until(context.now() - SECOND)),
                _ => *made.lock().unwrap() = day,
            }
            added.lock().unwrap().push(context.id().to_owned());
            Ok(Rotated::until(context.now() + 40 * DAY))
        }
    });
    let rotator = rotator.id(FIRST).timeout(30 * SECOND).backoff(SECOND, MINUTE).overlap(HOUR);
    let rotator = rotator.retire(move |old| {
        let removed = Arc::clone(&removed);
        async move {
            removed.lock().unwrap().retain(|key| *key != old.id());
            Ok::<_, io::Error>(())
        }
    });
    let handle = rotator.spawn().unwrap();
    sleep(30 * DAY + 59 * MINUTE).await;

    // The thirtieth came a little later than on the thirtieth day: the ones before were late too.
    assert_eq!(keys.lock().unwrap().len(), 2, "the one in use, and the one before it");
    assert_eq!(tries(&metrics), [30.0, 13.0, 4.0, 1.0, 0.0]);
    let events = ["created", "activated", "rotated", "retired", "rotation_failed", "expiring", "expired"];
    // The one that had ended before it began was retired too.
    assert_eq!(events.map(|name| event(&metrics, name)), [1.0, 1.0, 30.0, 30.0, 18.0, 0.0, 0.0]);
    let kind = [("credential_kind", "signing_key")];
    let snapshot = metrics.snapshot();
    assert_eq!(snapshot.value("auth_credential_rotation_duration_seconds_count", &kind), Some(48.0));
    let seconds = snapshot.value("auth_credential_rotation_duration_seconds_sum", &kind).unwrap();
    assert!((30.0..30.1).contains(&seconds), "all but the one that hung took no time: {seconds}");

    handle.shutdown().await;
    assert_eq!(tries(&metrics), [30.0, 13.0, 4.0, 1.0, 0.0], "an idle rotator has nothing to cancel");
}
