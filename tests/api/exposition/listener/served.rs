//! The library's own source of what a client holds while it is served: its place, and a body that goes out piece by piece.

#[path = "../../../../auth-metrics/src/serve/body.rs"]
mod body;
#[path = "../../../../auth-metrics/src/serve/place.rs"]
mod place;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use body::Pieces;
use hyper::body::{Body, Bytes};
use place::Place;
use tokio::time::{Instant, advance};

/// How often a task was woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

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

#[tokio::test(start_paused = true)]
async fn body_goes_out_in_pieces_of_64_kib_with_a_turn_for_others_between_them() {
    let whole = Bytes::from((0..200_000_u32).map(|at| (at % 251) as u8).collect::<Vec<u8>>());
    let mut body = Pieces::new(whole.clone(), Arc::new(Place::new()));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let (mut lengths, mut sent) = (Vec::new(), Vec::new());
    loop {
        assert_eq!(body.size_hint().exact(), Some((whole.len() - sent.len()) as u64));
        match Pin::new(&mut body).poll_frame(&mut Context::from_waker(&waker)) {
            Poll::Ready(None) => break,
            Poll::Ready(Some(frame)) => {
                let piece = frame.unwrap().into_data().unwrap();
                lengths.push(piece.len());
                sent.extend_from_slice(&piece);
            }
            Poll::Pending => lengths.push(0),
        }
    }
    assert_eq!(lengths, [65_536, 0, 65_536, 0, 65_536, 0, 3_392]);
    assert_eq!(woken.0.load(Ordering::SeqCst), 3, "it asks for its next turn itself");
    assert!(sent == whole && body.is_end_stream());
}
