//! The library's own source of bodies: others have their turn between two pieces.

#[path = "../../../auth-metrics/src/exposition/serve/place.rs"]
#[expect(dead_code, reason = "a body only says that it is taken")]
mod place;
#[path = "../../../auth-metrics/src/exposition/serve/body.rs"]
mod source;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use hyper::body::{Body, Bytes};
use place::Place;
use source::Pieces;

/// How often a task was woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
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
