//! Rules and alerts made from a catalogue.

mod alertmanager;
mod catalogue;
mod dashboard;
mod files;
mod kubernetes;
mod looks;
mod options;
mod refusals;
mod rules;
mod runbooks;
mod yaml;

use auth_metrics::events::{CONTEXT_MALFORMED, EVENTS, OBSERVER_PANICS};
use auth_metrics::{FAMILIES, Family};

/// Every family that a rule, a panel or a runbook can ask for: those of the core, of events, of credentials, of detection and of the
/// audit trail.
fn families() -> impl Iterator<Item = &'static Family> {
    let of_events: [&Family; 3] = [&EVENTS, &OBSERVER_PANICS, &CONTEXT_MALFORMED];
    let of_satellites = [
        auth_metrics_credentials::families::FAMILIES,
        auth_metrics_detect::families::FAMILIES,
        auth_metrics_audit::families::FAMILIES,
        auth_metrics_otlp::families::FAMILIES,
    ];
    FAMILIES.iter().chain(of_satellites.into_iter().flatten()).copied().chain(of_events)
}
