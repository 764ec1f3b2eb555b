//! What the crowd counted on its own side of the wire, to compare the scrape with.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::defence::{Camp, Defence, Ended};
use super::operation::Operation;
use super::scrape::Scrape;

/// The crowd's own counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sent: Mutex<BTreeMap<&'static str, Sent>>,
    defence: Mutex<Defence>,
    surprises: AtomicU64,
}

/// Requests that lead to one operation.
#[derive(Debug, Default, Clone, Copy)]
struct Sent {
    answered: f64,
    /// These may have ended before the operation began.
    hung_up: f64,
}

impl Tally {
    /// A request was sent whose answer is awaited.
    pub(super) fn sent(&self, path: &str) {
        self.with(path, |sent| sent.answered += 1.0);
    }

    /// A request was sent and given up.
    pub(super) fn hung_up(&self, path: &str) {
        self.with(path, |sent| sent.hung_up += 1.0);
    }

    /// A login of somebody ended.
    pub(super) fn met(&self, camp: Camp, ended: Ended) {
        self.defence.lock().unwrap_or_else(PoisonError::into_inner).count(camp, ended);
    }

    /// What the login's defence did.
    pub(super) fn defence(&self) -> Defence {
        *self.defence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer was not what the story expects, or there was none.
    pub(super) fn surprise(&self) {
        self.surprises.fetch_add(1, Ordering::Relaxed);
    }

    /// How many of those there were.
    pub(super) fn surprises(&self) -> u64 {
        self.surprises.load(Ordering::Relaxed)
    }

    /// All requests, those given up included.
    pub(super) fn requests(&self) -> f64 {
        self.sum(|sent| sent.answered + sent.hung_up)
    }

    /// Those given up.
    pub(super) fn hang_ups(&self) -> f64 {
        self.sum(|sent| sent.hung_up)
    }

    /// The operations whose attempts are not the requests that were sent for them.
    pub(super) fn disagreements(&self, operations: &[Operation]) -> Vec<String> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = sent.iter().filter(|(name, _)| **name != NOT_METERED);
        let wrong = counted.filter_map(|(name, sent)| {
            let operation = operations.iter().find(|operation| operation.name == *name);
            let started = operation.map_or(0.0, |operation| operation.started);
            let agrees = started >= sent.answered && started <= sent.answered + sent.hung_up;
            (!agrees).then(|| {
                format!(
                    "{name}: {} requests answered, {} disconnected, but {started} attempts started",
                    sent.answered, sent.hung_up
                )
            })
        });
        wrong.collect()
    }

    /// Whether the login counted each challenge that somebody got. Nobody knows what those who gave up would have got.
    pub(super) fn is_every_challenge_counted(&self, scrape: &Scrape) -> bool {
        let counted = scrape.challenges();
        let challenged = f64::from(u32::try_from(self.defence().challenged()).unwrap_or(u32::MAX));
        (challenged..=challenged + self.hang_ups()).contains(&counted)
    }

    fn with(&self, path: &str, change: impl FnOnce(&mut Sent)) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        change(sent.entry(operation(path)).or_default());
    }

    fn sum(&self, part: fn(&Sent) -> f64) -> f64 {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.values().fold(0.0, |sum, sent| sum + part(sent))
    }
}

const NOT_METERED: &str = "not metered";

/// The operation that every request for this path begins with.
fn operation(path: &str) -> &'static str {
    match path {
        "/accounts" => "sign_up",
        "/login" => "login",
        "/login/second-factor" => "second_factor",
        "/login/partner" => "partner_login",
        "/refresh" => "refresh",
        "/machine" => "machine_login",
        "/me" | "/logout" => "verify_token",
        path if path.ends_with("/disable") => "verify_token",
        _ => NOT_METERED,
    }
}
