//! The body of an answer, which goes to the connection piece by piece.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::place::Place;

/// The size of a piece. The worker serves others before it writes the next one.
const PIECE: usize = 64 * 1024;

pub(super) struct Pieces {
    rest: Bytes,
    place: Arc<Place>,
    /// Whether a piece went out since others were served.
    is_others_turn: bool,
}

impl Pieces {
    pub(super) fn new(whole: Bytes, place: Arc<Place>) -> Pieces {
        Pieces { rest: whole, place, is_others_turn: false }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        if std::mem::take(&mut self.is_others_turn) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.is_others_turn = true;
        self.place.takes();
        let length = PIECE.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
