//! Rules and alerts made from a catalogue.

mod bounds;
mod catalogue;
mod dashboard;
mod files;
mod refusals;
mod rules;
mod runbooks;

use auth_metrics::{FAMILIES, Family};

/// Every family that a rule, a panel or a runbook can ask for: those of the core and those of credentials.
fn families() -> impl Iterator<Item = &'static Family> {
    FAMILIES.iter().chain(auth_metrics_credentials::families::FAMILIES).copied()
}
