//! Alerts on what strangers do: surges, storms, forgeries, replays.

use super::super::query::{BY, Subject, increase_by};
use super::alert::{Alert, Sample, Severity};
use super::recording::{USUAL_REJECTIONS, events, rejections};
use auth_metrics::Reason;
use auth_metrics::families::{FAILURES, OPERATIONS};
use auth_metrics_credentials::families::TOKEN_KEYS;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let options = subject.options;
    let storms = [
        Storm {
            name: "AuthLockoutStorm",
            reasons: &[Reason::AccountLocked],
            threshold: options.lockouts,
            what: "attempts on locked accounts",
            meaning: "somebody is guessing passwords of known accounts, or locking people out on purpose.",
        },
        Storm {
            name: "AuthMfaDenialStorm",
            reasons: &[Reason::MfaDenied, Reason::MfaInvalid],
            threshold: options.mfa_denials,
            what: "denied or wrong second factors",
            meaning: "somebody may know passwords and send prompts until a user accepts one.",
        },
        Storm {
            name: "AuthTokenReplay",
            reasons: &[Reason::TokenReplayed],
            threshold: options.token_replays,
            what: "replayed tokens or codes",
            meaning: "tokens were stolen, or a client sends them twice.",
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
            meaning: "tokens have a wrong signature, algorithm or binding: an attack, or a verifier with the wrong keys.",
        },
    ];
    let mut alerts = vec![rejection_surge(subject)];
    alerts.extend(storms.iter().filter_map(|storm| storm.alert(subject)));
    alerts.push(unknown_keys(subject));
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

impl Storm {
    /// Returns `None` if no operation gives one of the reasons.
    fn alert(&self, subject: Subject<'_>) -> Option<Alert> {
        let (operation, labels) = subject.giver(self.reasons)?;
        let reason = *labels.first()?;
        let series = subject.series(&FAILURES, &format!("failure_reason=~\"{}\"", labels.join("|")));
        let samples = |values: &str| {
            let labels =
                [("service_id", "gateway"), ("operation", operation.as_str()), ("failure_reason", reason)];
            vec![Sample::of(subject, &FAILURES, &labels, values)]
        };
        let threshold = self.threshold;
        Some(Alert {
            name: self.name,
            severity: Severity::Page,
            hold: "1m",
            expr: format!("{} > {threshold}", increase_by(BY, &series, "10m")),
            summary: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: more than {threshold} {} within 10 minutes",
                self.what
            ),
            description: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {}",
                self.meaning
            ),
            fires: vec![("30m", samples(&format!("0x15 0+{}x30", threshold.ceil().max(1.0))))],
            // The first one ever counts as a rise, and is no storm.
            quiet: ("30m", samples(if threshold >= 2.0 { "0x25 1x20" } else { "0x45" })),
            found: vec![
                ("job", "auth".to_owned()),
                ("service_id", "gateway".to_owned()),
                ("operation", operation.clone()),
            ],
        })
    }
}

fn rejection_surge(subject: Subject<'_>) -> Alert {
    let (now, all, times) = (rejections(), events("5m"), subject.options.surge);
    let usual = format!("({USUAL_REJECTIONS} or quantile_over_time(0.5, {now}[1d]))");
    let samples = |rejected: &str| {
        let labels =
            |outcome| [("service_id", "gateway"), ("operation", subject.example()), ("outcome", outcome)];
        vec![
            Sample::of(subject, &OPERATIONS, &labels("rejected"), rejected),
            Sample::of(subject, &OPERATIONS, &labels("success"), "0+600x120"),
        ]
    };
    Alert {
        name: "AuthRejectionSurge",
        severity: Severity::Page,
        hold: "2m",
        expr: format!("{now} > {times} * {usual} and {now} > 0.3 * {all} and {now} > 0.5 and {all} > 1"),
        summary: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: rejections are more than {times} times the usual rate"
        ),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: rejections are more than {times} times as frequent as usual at this \
             time of the week, and more than 30 % of attempts. Without a week of history, the last day counts as usual."
        ),
        fires: vec![("80m", samples("0+6x60 360+600x60"))],
        quiet: ("80m", samples("0+600x120")),
        found: vec![
            ("job", "auth".to_owned()),
            ("service_id", "gateway".to_owned()),
            ("operation", subject.example().to_owned()),
        ],
    }
}

/// Reads the state of the key, which says more than the reason, where verifiers record it.
fn unknown_keys(subject: Subject<'_>) -> Alert {
    let threshold = subject.options.forged_tokens;
    let series = subject.series(&TOKEN_KEYS, "key_state=\"unknown\"");
    let samples = |values: &str| {
        vec![Sample::of(subject, &TOKEN_KEYS, &[("service_id", "gateway"), ("key_state", "unknown")], values)]
    };
    Alert {
        name: "AuthUnknownKeys",
        severity: Severity::Page,
        hold: "1m",
        expr: format!("{} > {threshold}", increase_by("job, service_id", &series, "10m")),
        summary: format!(
            "{{{{ $labels.service_id }}}}: more than {threshold} tokens named an unknown key within 10 minutes"
        ),
        description: "{{ $labels.service_id }}: the key is in none of its key sets. The tokens are forged or belong to another \
                      environment, or the issuer has rotated its keys and this service has not fetched them yet."
            .to_owned(),
        fires: vec![("30m", samples(&format!("0x15 0+{}x30", threshold.ceil().max(1.0))))],
        quiet: ("30m", samples(if threshold >= 2.0 { "0x25 1x20" } else { "0x45" })),
        found: vec![("job", "auth".to_owned()), ("service_id", "gateway".to_owned())],
    }
}
