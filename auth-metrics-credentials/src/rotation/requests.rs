//! Requests for a rotation now. All requests that come until a rotation has ended share its outcome.

use tokio::sync::{mpsc, oneshot};

use super::NotRotated;
use crate::terms::RotationOutcome;

type Answer = Result<RotationOutcome, NotRotated>;

/// A request, which is answered with the outcome. If it is dropped, the rotator has ended.
pub(super) type Request = oneshot::Sender<Answer>;

pub(super) struct Requests {
    come: mpsc::UnboundedReceiver<Request>,
    first: Option<Request>,
}

impl Requests {
    pub(super) fn new(come: mpsc::UnboundedReceiver<Request>) -> Requests {
        Requests { come, first: None }
    }

    /// Returns when there is a request, which stays here until it is [answered](Requests::answer).
    pub(super) async fn some(&mut self) {
        if self.first.is_none() {
            self.first = self.come.recv().await;
        }
        if self.first.is_none() {
            // Nobody is left to ask.
            std::future::pending::<()>().await;
        }
    }

    /// Answers all requests until now. Some may have nobody left who waits.
    pub(super) fn answer(&mut self, answer: Answer) {
        let others: Vec<Request> = std::iter::from_fn(|| self.come.try_recv().ok()).collect();
        for request in self.first.take().into_iter().chain(others) {
            let _ = request.send(answer);
        }
    }
}
