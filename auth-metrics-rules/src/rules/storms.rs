//! Alerts on reasons with the fault `attack`, and on unknown keys.

use super::super::query::{BY, Level, Subject};
use super::alert::{Alert, Firing, NUMBER, Sample, Severity};
use super::recording::{ATTACKS, UNKNOWN_KEYS};
use super::samples::{SERVICE, failures, found, of_operation};
use auth_metrics::Reason;
use auth_metrics_credentials::families::TOKEN_KEYS;

use crate::Part;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let named = named(subject);
    let mut alerts: Vec<Alert> = named.iter().filter_map(|storm| storm.alert(subject)).collect();
    alerts.push(attack_storm(subject, &named));
    if subject.has(Part::Keys) {
        alerts.push(unknown_keys(subject));
    }
    alerts
}

/// Too many of some reasons within ten minutes.
struct Storm {
    name: &'static str,
    reasons: &'static [Reason],
    threshold: f64,
    what: &'static str,
    meaning: &'static str,
}

fn named(subject: Subject<'_>) -> [Storm; 4] {
    let options = subject.options;
    [
        Storm {
            name: "AuthLockoutStorm",
            reasons: &[Reason::AccountLocked],
            threshold: options.lockouts,
            what: "attempts on locked accounts",
            meaning: "Somebody guesses passwords of known accounts, or locks people out on purpose.",
        },
        Storm {
            name: "AuthMfaDenialStorm",
            reasons: &[Reason::MfaDenied],
            threshold: options.mfa_denials,
            what: "denied second factors",
            meaning: "Somebody may know passwords and sends prompts until a user accepts one.",
        },
        Storm {
            name: "AuthTokenReplay",
            reasons: &[Reason::TokenReplayed],
            threshold: options.token_replays,
            what: "replayed tokens or codes",
            meaning: "Tokens were stolen, or a client sends them twice.",
        },
        Storm {
            name: "AuthForgedTokens",
            reasons: &[
                Reason::TokenSignatureInvalid,
                Reason::TokenAlgorithmRejected,
                Reason::TokenBindingFailed,
            ],
            threshold: options.forged_tokens,
            what: "forged tokens",
            meaning: "Tokens have a wrong signature, algorithm or binding: an attack, or a verifier with the wrong keys.",
        },
    ]
}

/// Over three times what is expected in ten minutes, five standard deviations of chance, and the threshold.
fn storm(now: &str, expected: &str, threshold: f64) -> String {
    format!("{now} > 3 * {expected} + 5 * sqrt({expected}) + {threshold}")
}

/// The counts of ten minutes by operation, now and expected.
fn counts(subject: Subject<'_>, matchers: &str, by: &str) -> (String, String) {
    let expected = subject.recorded(Level::Reason, ATTACKS, "expected", matchers);
    (
        format!("sum by ({by}) (avg_over_time({}[5m])) * 600", subject.attacks(matchers)),
        format!("(sum by ({by}) ({expected}) * 600)"),
    )
}

/// Samples that make a storm from minute twenty on, and what the alert says of them ten minutes later.
fn burst(threshold: f64) -> (String, String) {
    let each = threshold.ceil().max(2.0) * 2.0;
    (format!("0x20 0+{each}x40"), format!("{}", each * 10.0))
}

impl Storm {
    /// Returns `None` if no operation gives one of the reasons.
    fn alert(&self, subject: Subject<'_>) -> Option<Alert> {
        let (operation, labels) = subject.giver(self.reasons)?;
        let reason = *labels.first()?;
        let (now, expected) = counts(subject, &format!("failure_reason=~\"{}\"", labels.join("|")), BY);
        let samples = |values: &str| with_traffic(subject, &operation, reason, values);
        let (values, count) = burst(self.threshold);
        Some(Alert {
            name: self.name,
            severity: Severity::Page,
            hold: "1m".to_owned(),
            expr: storm(&now, &expected, self.threshold),
            labels: Vec::new(),
            summary: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} {} within 10 minutes, far more than usual",
                self.what
            ),
            description: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} {} within 10 minutes. {}",
                self.what, self.meaning
            ),
            value: NUMBER,
            fires: vec![Firing::new("40m", count, samples(&values))],
            quiet: quiet(&samples),
            found: of_operation(&operation),
            every: "10m",
        })
    }
}

/// One that is usual, however large it is.
fn quiet(samples: &dyn Fn(&str) -> Vec<Sample>) -> Vec<(&'static str, Vec<Sample>)> {
    vec![("60m", samples("0+500x60"))]
}

/// Any other reason with the fault `attack`, custom ones too.
fn attack_storm(subject: Subject<'_>, named: &[Storm]) -> Alert {
    let others: Vec<&str> =
        named.iter().flat_map(|storm| storm.reasons).map(|reason| reason.label()).collect();
    let by = format!("{BY}, failure_reason");
    let (now, expected) = counts(subject, &format!("failure_reason!~\"{}\"", others.join("|")), &by);
    let operation = subject.example();
    let samples = |values: &str| with_traffic(subject, operation, "stolen_device", values);
    let (values, count) = burst(subject.options.attacks);
    let mut found = of_operation(operation);
    found.push(("failure_reason", "stolen_device".to_owned()));
    Alert {
        name: "AuthAttackStorm",
        severity: Severity::Page,
        hold: "1m".to_owned(),
        expr: storm(&now, &expected, subject.options.attacks),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} failures with {{ $labels.failure_reason }} within 10 minutes, \
                  far more than usual"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} attempts failed with {{ $labels.failure_reason }} within 10 \
                      minutes. The reason has the fault attack: clients don't cause it by mistake."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("40m", count, samples(&values))],
        quiet: quiet(&samples),
        found,
        every: "10m",
    }
}

fn with_traffic(subject: Subject<'_>, operation: &str, reason: &str, values: &str) -> Vec<Sample> {
    let labels = [SERVICE, ("operation", operation), ("outcome", "success")];
    let mut samples = failures(subject, operation, reason, "attack", values);
    samples.push(Sample::of(subject, &auth_metrics::families::OPERATIONS, &labels, "0+60x60"));
    samples
}

/// Reads the state of the key, which says more than the reason, where verifiers record it.
fn unknown_keys(subject: Subject<'_>) -> Alert {
    let threshold = subject.options.forged_tokens;
    let now = format!("avg_over_time({}[5m]) * 600", subject.unknown_keys());
    let expected = format!("({} * 600)", subject.recorded(Level::Service, UNKNOWN_KEYS, "expected", ""));
    let samples =
        |values: &str| vec![Sample::of(subject, &TOKEN_KEYS, &[SERVICE, ("key_state", "unknown")], values)];
    let (values, count) = burst(threshold);
    Alert {
        name: "AuthUnknownKeys",
        severity: Severity::Page,
        hold: "1m".to_owned(),
        expr: format!(
            "{} or ({now} > {threshold} unless {expected})",
            storm(&now, &expected, threshold)
        ),
        labels: Vec::new(),
        summary: "{{ $labels.service_id }}: {value} tokens named an unknown key within 10 minutes, far more than usual".to_owned(),
        description: "{{ $labels.service_id }}: {value} tokens named a key that is in none of its key sets. They are forged or belong to another \
                      environment, or the issuer has rotated its keys and this service has not fetched them yet."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("40m", count, samples(&values))],
        quiet: quiet(&samples),
        found: found(&[SERVICE]),
        every: "10m",
    }
}
