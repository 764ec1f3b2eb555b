//! `Complaints`: what is logged of a server that does not take pushes.

use std::time::Duration;

use crate::transport::Answer;
use crate::unwinding::unwinding_stops;

/// When something was last logged.
#[derive(Default)]
pub(super) struct Complaints {
    last: Option<Duration>,
}

const PAUSE: Duration = Duration::from_secs(60);

impl Complaints {
    /// Says once a minute at most what is wrong. It names no server, and nothing of what the server said.
    pub(super) fn about(&mut self, push: &str, answer: &Answer, now: Duration) {
        let Some(text) = complaint(answer) else { return };
        if self.last.is_some_and(|last| now.saturating_sub(last) < PAUSE) {
            return;
        }
        self.last = Some(now);
        // A logger that panics is not the affair of the push.
        unwinding_stops(|| log::warn!("auth-metrics-otlp: push {push}: {text}"));
    }
}

/// What is wrong, if anything is.
fn complaint(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Accepted { rejected: 0, is_readable: true } => None,
        Answer::Accepted { rejected: 0, .. } => {
            Some("the server takes pushes, but its answer can't be read".to_owned())
        }
        Answer::Accepted { rejected, .. } => Some(format!("the server rejected {rejected} points of a push")),
        Answer::Refused(why) => Some(format!("the server refuses a push: {why}")),
        Answer::Unavailable { why, .. } => Some(format!("the server takes no pushes: {why}")),
        Answer::Unknown(why) => Some(format!("the server perhaps took a push: {why}")),
    }
}
