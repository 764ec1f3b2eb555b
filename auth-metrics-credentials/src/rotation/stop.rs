//! The shutdown of a rotator, and the deadlines that it sets.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::deadline::after;

/// How long after the deadline the rotator has to end what it cut off and to give its lease back.
const PATIENCE: Duration = Duration::from_secs(1);

/// When the stop was asked for; none while it was not.
pub(super) type Asked = Option<Instant>;

#[derive(Clone)]
pub(super) struct Stop {
    asked: watch::Receiver<Asked>,
    grace: Duration,
}

impl Stop {
    pub(super) fn new(asked: watch::Receiver<Asked>, grace: Duration) -> Stop {
        Stop { asked, grace }
    }

    pub(super) fn is_asked(&self) -> bool {
        self.asked.borrow().is_some()
    }

    /// Comes back when the stop is asked for, with the time of that. No sender is a stop too.
    pub(super) async fn asked(&mut self) -> Instant {
        let asked = self.asked.wait_for(Option::is_some).await.ok().and_then(|asked| *asked);
        asked.unwrap_or_else(Instant::now)
    }

    /// Comes back when the grace is over: what still runs is cut off.
    pub(super) async fn over(&mut self) {
        let asked = self.asked().await;
        sleep_until(after(asked, self.grace)).await;
    }

    /// Comes back when nothing is waited for any more.
    pub(super) async fn ended(&mut self) {
        let asked = self.asked().await;
        sleep_until(after(asked, self.grace.saturating_add(PATIENCE))).await;
    }
}
