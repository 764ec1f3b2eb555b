//! Alerts on credentials and keys: expiry, rotation, key sets that are no longer fetched.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, DURATION, Firing, NUMBER, Sample, Severity};
use super::samples::{SERVICE, found};
use super::spelled::{exact_time, humanized};
use auth_metrics_credentials::families::{
    CREDENTIAL_EVENTS, KEY_FETCHES, KEY_LAST_SUCCESS, LAST_ROTATED, NOT_AFTER, ROTATION_INTERVAL, ROTATIONS,
    TOKEN_KEYS,
};

use crate::Part;

const EACH: &str = "job, service_id, credential_kind, credential";
const CREDENTIAL: [(&str, &str); 3] =
    [("service_id", "gateway"), ("credential_kind", "certificate"), ("credential", "gateway.mtls")];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let credentials: [fn(Subject<'_>) -> Alert; 5] =
        [expires_soon, expired, compromised, rotation_overdue, rotation_failing];
    let keys: [fn(Subject<'_>) -> Alert; 3] = [keys_stale, key_fetches_failing, retired_key_used];
    let mut alerts = Vec::new();
    if subject.has(Part::Credentials) {
        alerts.extend(credentials.map(|alert| alert(subject)));
    }
    if subject.has(Part::Keys) {
        alerts.extend(keys.map(|alert| alert(subject)));
    }
    alerts
}

/// The replica whose credential ends first decides. A credential that lives shorter than the warning is due when a quarter of its life is
/// left.
fn expires_soon(subject: Subject<'_>) -> Alert {
    let ends = format!("min by ({EACH}) ({})", subject.series(&NOT_AFTER, ""));
    let made = format!("max by ({EACH}) ({})", subject.series(&LAST_ROTATED, ""));
    let warning = subject.options.expiry_warning.as_secs();
    let sample = |family, value: u64| Sample::of(subject, family, &CREDENTIAL, &format!("{value}x90"));
    Alert {
        name: "AuthCredentialExpiresSoon",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: format!(
            "{ends} - time() < {warning} and {ends} - time() > 0 unless on ({EACH}) {ends} - time() > 0.25 * ({ends} - {made})"
        ),
        labels: Vec::new(),
        summary: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }} expires in {value}".to_owned(),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: nothing has replaced it yet. Once it \
                      expires, whatever needs it fails."
            .to_owned(),
        value: DURATION,
        fires: vec![Firing::new("1h", humanized(warning / 2), vec![sample(&NOT_AFTER, 3_600 + warning / 2)])],
        // A short life, most of which is left.
        quiet: vec![("1h", vec![sample(&NOT_AFTER, 3_600 + warning / 2), sample(&LAST_ROTATED, 3_000)])],
        every: "15m",
        found: found(&CREDENTIAL),
    }
}

fn expired(subject: Subject<'_>) -> Alert {
    let ends = format!("min by ({EACH}) ({})", subject.series(&NOT_AFTER, ""));
    let sample = |value: u64| vec![Sample::of(subject, &NOT_AFTER, &CREDENTIAL, &format!("{value}x90"))];
    Alert {
        name: "AuthCredentialExpired",
        severity: Severity::Page,
        hold: "1m".to_owned(),
        expr: format!("{ends} - time() <= 0"),
        labels: Vec::new(),
        summary: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }} has expired"
            .to_owned(),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: at least one replica still uses it past \
                      its end."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("1h", "", sample(1_800))],
        quiet: vec![("1h", sample(86_400))],
        every: "15m",
        found: found(&CREDENTIAL),
    }
}

/// A last rotation that is more than this many seconds in the future comes from a wrong clock. Clocks of replicas differ by less.
const AHEAD: u64 = 600;

/// Somebody recorded that a credential is in other hands.
fn compromised(subject: Subject<'_>) -> Alert {
    let series = subject.series(&CREDENTIAL_EVENTS, "event=\"compromised\"");
    let labels = [SERVICE, ("credential_kind", "api_key")];
    let sample = |values: &str| {
        vec![Sample::of(
            subject,
            &CREDENTIAL_EVENTS,
            &[labels[0], labels[1], ("event", "compromised")],
            values,
        )]
    };
    Alert {
        name: "AuthCredentialCompromised",
        severity: Severity::Page,
        hold: "0s".to_owned(),
        expr: format!("{} > 0", increase_by("job, service_id, credential_kind", &series, "15m")),
        labels: Vec::new(),
        summary: "{{ $labels.credential_kind }} on {{ $labels.service_id }} was reported as compromised".to_owned(),
        description: "{{ $labels.credential_kind }} on {{ $labels.service_id }}: within 15 minutes, a credential was marked as compromised. \
                      Somebody else may use it until it is revoked everywhere."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "", sample("1x25 2x20")).not_before("15m")],
        quiet: Vec::new(),
        every: "15m",
        found: found(&labels),
    }
}

/// Uses Prometheus' clock, since that of the process may be wrong. Until a time in the future has passed, it would hide that nothing is
/// rotated.
fn rotation_overdue(subject: Subject<'_>) -> Alert {
    let by_replica = |best: &str| format!("{best} by ({EACH}) ({})", subject.series(&LAST_ROTATED, ""));
    let (first, last) = (by_replica("min"), by_replica("max"));
    let interval = format!("max by ({EACH}) ({})", subject.series(&ROTATION_INTERVAL, ""));
    let samples = |last: u64, interval: u64| {
        vec![
            Sample::of(subject, &LAST_ROTATED, &CREDENTIAL, &format!("{last}x90")),
            Sample::of(subject, &ROTATION_INTERVAL, &CREDENTIAL, &format!("{interval}x90")),
        ]
    };
    Alert {
        name: "AuthCredentialRotationOverdue",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: format!(
            "time() - {first} > 1.25 * {interval} or ({last} - time() > {AHEAD} and on ({EACH}) {interval})"
        ),
        labels: Vec::new(),
        summary: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }} is overdue for rotation"
            .to_owned(),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: the last rotation is more than 1.25 \
                      rotation intervals ago. Or it is in the future, because a clock is wrong."
            .to_owned(),
        // Never rotated; rotated by a clock that is an hour ahead.
        value: NUMBER,
        fires: vec![Firing::new("1h", "", samples(0, 1_800)), Firing::new("1h", "", samples(7_200, 86_400))],
        // Rotated in time, by a clock that is a little ahead.
        quiet: vec![("1h", samples(3_900, 86_400))],
        every: "15m",
        found: found(&CREDENTIAL),
    }
}

fn rotation_failing(subject: Subject<'_>) -> Alert {
    let kind = [("service_id", "gateway"), ("credential_kind", "signing_key")];
    let failed = subject.series(&ROTATIONS, "outcome=~\"error|panicked|timeout\"");
    let sample = |values: &str| {
        let labels = [kind[0], kind[1], ("outcome", "error")];
        vec![Sample::of(subject, &ROTATIONS, &labels, values)]
    };
    Alert {
        name: "AuthCredentialRotationFailing",
        severity: Severity::Ticket,
        hold: "1m".to_owned(),
        expr: format!("{} >= 2", increase_by("job, service_id, credential_kind", &failed, "1h")),
        labels: Vec::new(),
        summary: "{{ $labels.credential_kind }} on {{ $labels.service_id }}: rotation failed {value} times within an hour".to_owned(),
        description: "{{ $labels.credential_kind }} on {{ $labels.service_id }}: rotation failed more than once within an hour. The old \
                      credential stays in use until it expires."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("90m", "3", sample("0x40 1x15 2x15 3x60"))],
        quiet: vec![("90m", sample("0x40 1x90"))],
        every: "15m",
        found: found(&kind),
    }
}

fn keys_stale(subject: Subject<'_>) -> Alert {
    let last = format!("min by (job, service_id) ({})", subject.series(&KEY_LAST_SUCCESS, ""));
    let age = subject.options.key_age.as_secs();
    let sample =
        |values: &str| vec![Sample::of(subject, &KEY_LAST_SUCCESS, &[("service_id", "gateway")], values)];
    Alert {
        name: "AuthKeysStale",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: format!("time() - {last} > {age}"),
        labels: Vec::new(),
        summary: format!(
            "{{{{ $labels.service_id }}}}: a replica has not fetched its key set for more than {}",
            exact_time(age)
        ),
        description: "{{ $labels.service_id }}: the replica refuses tokens that the issuer signs with newer keys, and accepts keys that \
                      were withdrawn since."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("75h", "", sample(&format!("{}x4600", 75_u64 * 3_600 - (age + 6 * 3_600).min(75 * 3_600))))],
        quiet: Vec::new(),
        every: "5h",
        found: found(&[SERVICE]),
    }
}

fn key_fetches_failing(subject: Subject<'_>) -> Alert {
    let fetches = |result: &str, window: &str| {
        increase_by("job, service_id", &subject.series(&KEY_FETCHES, &format!("result=\"{result}\"")), window)
    };
    // Key sets are fetched every few minutes, or every few hours: three fetches in a row.
    let arms = ["30m", "1h", "3h", "12h"].map(|window| {
        format!("({} > 2 unless {} > 0)", fetches("error", window), fetches("success", window))
    });
    let samples = |success: &str| {
        let of = |result, values| {
            Sample::of(subject, &KEY_FETCHES, &[("service_id", "gateway"), ("result", result)], values)
        };
        vec![of("error", "0x20 0+1x100"), of("success", success)]
    };
    Alert {
        name: "AuthKeyFetchesFailing",
        severity: Severity::Page,
        hold: "5m".to_owned(),
        expr: arms.join(" or "),
        labels: Vec::new(),
        summary: "{{ $labels.service_id }}: {value} fetches of key sets in a row have failed".to_owned(),
        description: "{{ $labels.service_id }}: tokens with known keys still verify. Once the issuer rotates, tokens with its new key are \
                      refused."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("50m", "29", samples("5x120"))],
        quiet: vec![("50m", samples("0+1x120"))],
        every: "10m",
        found: found(&[SERVICE]),
    }
}

fn retired_key_used(subject: Subject<'_>) -> Alert {
    let series = subject.series(&TOKEN_KEYS, "key_state=\"retired\"");
    let sample = |values: &str| {
        vec![Sample::of(subject, &TOKEN_KEYS, &[("service_id", "gateway"), ("key_state", "retired")], values)]
    };
    Alert {
        name: "AuthRetiredKeyUsed",
        severity: Severity::Ticket,
        hold: "0s".to_owned(),
        expr: format!("{} > 0", increase_by("job, service_id", &series, "15m")),
        labels: Vec::new(),
        summary: "{{ $labels.service_id }}: {value} tokens named a retired key".to_owned(),
        description: "{{ $labels.service_id }}: within 15 minutes, a token named a retired key. A client kept the key too long, or somebody \
                      stole it."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "30", sample("9x25 39x20")).not_before("15m")],
        quiet: Vec::new(),
        every: "15m",
        found: found(&[SERVICE]),
    }
}
