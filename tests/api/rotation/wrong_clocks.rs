//! Ends under clocks that are wrong.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use auth_metrics_credentials::rotation::{Rotated, Rotator};
use tokio::time::sleep;

use crate::fixture::{Calls, DAY, HOUR, MINUTE, metrics};
use crate::time_of_day::{Wall, jwt};

#[tokio::test(start_paused = true)]
async fn no_wrong_clock_leads_past_the_end() {
    for what in ["back ten days", "back a year", "stopped", "1970"] {
        let (metrics, calls, wall) = (metrics(), Calls::default(), Wall::new());
        let key = wall.declare(&metrics, jwt().with_not_after(wall.now() + 30 * DAY));
        let handle = wall.rotator(&calls, key, 30 * DAY).before_expiry(7 * DAY).spawn().unwrap();
        sleep(DAY).await;
        match what {
            "back ten days" => wall.set(-10),
            "back a year" => wall.set(-365),
            "stopped" => wall.stop(wall.now()),
            _ => wall.stop(SystemTime::UNIX_EPOCH),
        }
        sleep(22 * DAY + HOUR).await;
        assert_eq!(calls.count(), 1, "{what}");
        sleep(69 * DAY).await;
        assert_eq!(calls.count(), 4, "{what}");
        handle.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn clock_that_goes_to_and_fro_brings_at_most_one_rotation_forward() {
    let (metrics, calls, wall) = (metrics(), Calls::default(), Wall::new());
    let key = wall.declare(&metrics, jwt().with_not_after(wall.now() + 2 * DAY));
    let handle = wall.rotator(&calls, key, 2 * DAY).before_expiry(DAY).spawn().unwrap();
    sleep(2 * HOUR).await;
    for minute in 0..7 * 24 * 60 {
        wall.set(30 * (minute % 2));
        sleep(MINUTE).await;
    }
    assert!((7..=14).contains(&calls.count()), "{} in a week", calls.count());
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn clock_that_stays_ahead_brings_one_rotation_forward() {
    let (metrics, calls, wall) = (metrics(), Calls::default(), Wall::new());
    let key = wall.declare(&metrics, jwt().with_not_after(wall.now() + 10 * DAY));
    let handle = wall.rotator(&calls, key, 10 * DAY).spawn().unwrap();
    sleep(HOUR).await;
    wall.set(30);
    sleep(5 * DAY).await;
    assert_eq!(calls.count(), 1);
    handle.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn machine_that_sleeps_every_night_rotates_before_the_end() {
    let (metrics, calls, wall) = (metrics(), Calls::default(), Wall::new());
    let end = Arc::new(Mutex::new(wall.now() + 10 * DAY));
    let key = wall.declare(&metrics, jwt().with_not_after(wall.now() + 10 * DAY));
    let (recorded, written) = (calls.clone(), Arc::clone(&end));
    let rotator = Rotator::new(key, move |context| {
        recorded.note(&context);
        let end = context.now() + 10 * DAY;
        *written.lock().unwrap() = end;
        async move { Ok::<_, io::Error>(Rotated::until(end)) }
    });
    let handle = rotator.before_expiry(3 * DAY).spawn().unwrap();
    for day in 1..100 {
        sleep(12 * HOUR).await;
        wall.off.store(day * 43_200, Ordering::Relaxed);
        sleep(2 * MINUTE).await;
        assert!(*end.lock().unwrap() > wall.now() + 2 * DAY, "day {day}");
    }
    assert!((12..=16).contains(&calls.count()), "{}", calls.count());
    handle.shutdown().await;
}
