//! The library's own source of how long a client keeps its place while somebody waits for one.

#[path = "../../../auth-metrics/src/exposition/serve/place.rs"]
mod source;

use std::time::Duration;

use source::Place;
use tokio::time::{Instant, advance};

/// In how many milliseconds it has to make room.
fn left(place: &Place) -> i64 {
    let (until, now) = (place.until(), Instant::now());
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap();
    millis(until.saturating_duration_since(now)) - millis(now.saturating_duration_since(until))
}

#[tokio::test(start_paused = true)]
async fn client_that_sends_bit_by_bit_keeps_its_place_no_longer() {
    let place = Place::new();
    assert_eq!(left(&place), 250);
    advance(Duration::from_millis(300)).await;
    assert_eq!(left(&place), -50);
}

#[tokio::test(start_paused = true)]
async fn client_that_waits_for_the_listener_keeps_its_place() {
    let place = Place::new();
    place.waits();
    advance(Duration::from_secs(10)).await;
    assert_eq!(left(&place), 250);
}

#[tokio::test(start_paused = true)]
async fn client_that_takes_its_answer_keeps_its_place_for_two_seconds() {
    let place = Place::new();
    place.waits();
    advance(Duration::from_secs(10)).await;
    let mut left_each = Vec::new();
    for _ in 0..12 {
        place.takes();
        left_each.push(left(&place));
        advance(Duration::from_millis(200)).await;
    }
    assert_eq!(left_each, [250, 250, 250, 250, 250, 250, 250, 250, 250, 200, 0, -200]);
}

#[tokio::test(start_paused = true)]
async fn client_that_stops_taking_its_answer_makes_room() {
    let place = Place::new();
    place.waits();
    place.takes();
    advance(Duration::from_millis(251)).await;
    assert_eq!(left(&place), -1);
}
