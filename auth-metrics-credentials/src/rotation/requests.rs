//! Wishes for a rotation now. All that come until one has ended are for that one.

use tokio::sync::{mpsc, oneshot};

use super::NotRotated;
use crate::terms::RotationOutcome;

type Answer = Result<RotationOutcome, NotRotated>;

/// A wish; whoever has it is told the outcome. One that is dropped was for a rotator that has ended.
pub(super) type Request = oneshot::Sender<Answer>;

pub(super) struct Requests {
    come: mpsc::UnboundedReceiver<Request>,
    first: Option<Request>,
}

impl Requests {
    pub(super) fn new(come: mpsc::UnboundedReceiver<Request>) -> Requests {
        Requests { come, first: None }
    }

    /// Comes back when there is one. It stays here until it is [answered](Requests::answer).
    pub(super) async fn some(&mut self) {
        if self.first.is_none() {
            self.first = self.come.recv().await;
        }
        if self.first.is_none() {
            // Nobody is left to wish.
            std::future::pending::<()>().await;
        }
    }

    /// Tells all who wished until now. It may be that nobody waits any more.
    pub(super) fn answer(&mut self, answer: Answer) {
        let others: Vec<Request> = std::iter::from_fn(|| self.come.try_recv().ok()).collect();
        for request in self.first.take().into_iter().chain(others) {
            let _ = request.send(answer);
        }
    }
}
