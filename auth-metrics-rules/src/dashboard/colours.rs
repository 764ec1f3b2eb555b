//! Colours that tell things apart: a value has the same colour in every panel, and no two values of a panel share one.

use serde_json::{Value, json};

use super::super::query::Subject;
use auth_metrics_credentials::KeyState;
use auth_metrics_detect::Detector;

/// What the lines of a panel are told apart by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Operation,
    Outcome,
    Fault,
    KeyState,
    /// What a policy that is not enforced would have decided.
    Shadow,
    /// What became of an event for observers.
    Capture,
    /// What the audit trail decided on an attempt.
    Decision,
    /// What was detected.
    Detector,
    /// Whether a token was accepted.
    Verdict,
    /// What is, what is usual, and from where an alert fires.
    Habit(&'static str),
    /// Anything else: Grafana's palette.
    Other,
}

/// One shade for each operation, in the order of the catalogue. Alerts and thresholds keep the reds.
const SHADES: [&str; 16] = [
    "blue",
    "orange",
    "purple",
    "green",
    "semi-dark-yellow",
    "light-blue",
    "dark-green",
    "light-purple",
    "dark-orange",
    "dark-blue",
    "light-green",
    "light-orange",
    "dark-purple",
    "light-yellow",
    "super-light-blue",
    "super-light-purple",
];

impl Told {
    /// Returns every value that it can have, with its colour. Empty if the palette decides.
    fn colours(self, subject: Subject<'_>) -> Vec<(String, &'static str)> {
        let fixed = |colours: &[(&str, &'static str)]| {
            colours.iter().map(|(name, colour)| ((*name).to_owned(), *colour)).collect()
        };
        match self {
            Told::Operation => operations(subject),
            Told::Outcome => fixed(&[
                ("success", "green"),
                ("rejected", "yellow"),
                ("error", "red"),
                ("interim", "blue"),
                ("cancelled", "purple"),
            ]),
            Told::Fault => fixed(&[
                ("client", "yellow"),
                ("attack", "orange"),
                ("server", "red"),
                ("neutral", "blue"),
                ("unknown", "super-light-red"),
            ]),
            Told::KeyState => {
                KeyState::ALL.iter().map(|state| (state.label().to_owned(), of_key(*state))).collect()
            }
            Told::Shadow => fixed(&[("same", "green"), ("would_deny", "orange"), ("would_allow", "red")]),
            Told::Capture => fixed(&[("captured", "green"), ("skipped", "blue"), ("dropped", "red")]),
            Told::Decision => fixed(&[("captured", "green"), ("skipped", "blue"), ("overflow", "red")]),
            Told::Detector => {
                Detector::ALL.iter().map(|one| (one.label().to_owned(), of_detector(*one))).collect()
            }
            Told::Verdict => fixed(&[("accepted", "green"), ("refused", "yellow")]),
            Told::Habit(now) => fixed(&[("now", now), ("usual", "blue"), ("alert", "red")]),
            Told::Other => Vec::new(),
        }
    }

    pub(super) fn overrides(self, subject: Subject<'_>) -> Vec<Value> {
        let each = |(name, colour): (String, &str)| {
            json!({
                "matcher": { "id": "byName", "options": name },
                "properties": [{ "id": "color", "value": { "mode": "fixed", "fixedColor": colour } }],
            })
        };
        self.colours(subject).into_iter().map(each).collect()
    }
}

fn of_key(state: KeyState) -> &'static str {
    match state {
        KeyState::Current => "green",
        KeyState::Previous => "blue",
        KeyState::Retired => "orange",
        _ => "red",
    }
}

/// Red for somebody who got in, warm colours for attacks, cold ones for notices.
fn of_detector(detector: Detector) -> &'static str {
    match detector {
        Detector::CompromiseSuspected => "red",
        Detector::Campaign => "orange",
        Detector::SourceGuessing => "yellow",
        Detector::NetGuessing => "super-light-yellow",
        Detector::AccountGuessing => "dark-orange",
        Detector::Enumeration => "light-orange",
        Detector::MfaFatigue => "purple",
        Detector::OtpGuessing => "light-purple",
        Detector::TokenForgery => "dark-purple",
        Detector::TokenReplay => "super-light-purple",
        Detector::ImpossibleTravel => "dark-yellow",
        Detector::RegressionSuspected => "blue",
        Detector::TimingOracle => "light-blue",
        Detector::ExhaustionPredicted => "dark-blue",
        Detector::MixDrift => "super-light-blue",
        Detector::StuckClient => "green",
        Detector::SourceBurst => "light-green",
        Detector::NewSource => "dark-green",
        _ => "text",
    }
}

/// None if there are more operations than shades: a palette that repeats is better than one that lies for some.
fn operations(subject: Subject<'_>) -> Vec<(String, &'static str)> {
    let names = subject.catalogue.iter().map(|operation| operation.name().to_owned());
    let names: Vec<String> = names.filter(|name| !subject.is_excluded(name)).collect();
    if names.len() > SHADES.len() { Vec::new() } else { names.into_iter().zip(SHADES).collect() }
}
