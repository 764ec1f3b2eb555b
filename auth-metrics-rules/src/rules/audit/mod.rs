//! Alerts on the audit trail: lines that are lost, sinks that hang, chains that were tampered with, and what the trail itself found.

mod chain;
mod correlations;
mod losses;
mod replica;
mod sinks;

use super::super::query::Subject;
use super::alert::Alert;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let groups =
        [losses::alerts, sinks::alerts, chain::alerts, correlations::alerts].map(|alerts| alerts(subject));
    groups.into_iter().flatten().collect()
}
