//! Alerts on credentials and keys: expiry, rotation, key sets that are no longer fetched.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, Sample, Severity};
use auth_metrics_credentials::families::{
    KEY_FETCHES, KEY_LAST_SUCCESS, LAST_ROTATED, NOT_AFTER, ROTATION_INTERVAL, ROTATIONS, TOKEN_KEYS,
};

const EACH: &str = "job, service_id, credential_kind, credential";
const CREDENTIAL: [(&str, &str); 3] =
    [("service_id", "gateway"), ("credential_kind", "certificate"), ("credential", "gateway.mtls")];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![
        expires_soon(subject),
        expired(subject),
        rotation_overdue(subject),
        rotation_failing(subject),
        keys_stale(subject),
        key_fetches_failing(subject),
        retired_key_used(subject),
    ]
}

fn found(labels: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let job = std::iter::once(("job", "auth"));
    job.chain(labels.iter().copied()).map(|(key, value)| (key, value.to_owned())).collect()
}

fn in_service(labels: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut all = found(&[("service_id", "gateway")]);
    all.extend(labels.iter().map(|(key, value)| (*key, (*value).to_owned())));
    all
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
        hold: "5m",
        expr: format!(
            "{ends} - time() < {warning} and {ends} - time() > 0 unless on ({EACH}) {ends} - time() > 0.25 * ({ends} - {made})"
        ),
        summary: format!(
            "{{{{ $labels.credential_kind }}}} {{{{ $labels.credential }}}} on {{{{ $labels.service_id }}}} expires within {}",
            spelled(warning)
        ),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: nothing has replaced it yet. Once it \
                      expires, whatever needs it fails."
            .to_owned(),
        fires: vec![("1h", vec![sample(&NOT_AFTER, 3_600 + warning / 2)])],
        // A short life, most of which is left.
        quiet: ("1h", vec![sample(&NOT_AFTER, 3_600 + warning / 2), sample(&LAST_ROTATED, 3_000)]),
        found: found(&CREDENTIAL),
    }
}

fn expired(subject: Subject<'_>) -> Alert {
    let ends = format!("min by ({EACH}) ({})", subject.series(&NOT_AFTER, ""));
    let sample = |value: u64| vec![Sample::of(subject, &NOT_AFTER, &CREDENTIAL, &format!("{value}x90"))];
    Alert {
        name: "AuthCredentialExpired",
        severity: Severity::Page,
        hold: "1m",
        expr: format!("{ends} - time() <= 0"),
        summary: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }} has expired"
            .to_owned(),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: at least one replica still uses it past \
                      its end."
            .to_owned(),
        fires: vec![("1h", sample(1_800))],
        quiet: ("1h", sample(86_400)),
        found: found(&CREDENTIAL),
    }
}

/// A last rotation that is more than this many seconds in the future comes from a wrong clock. Clocks of replicas differ by less.
const AHEAD: u64 = 600;

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
        hold: "5m",
        expr: format!(
            "time() - {first} > 1.25 * {interval} or ({last} - time() > {AHEAD} and on ({EACH}) {interval})"
        ),
        summary: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }} is overdue for rotation"
            .to_owned(),
        description: "{{ $labels.credential_kind }} {{ $labels.credential }} on {{ $labels.service_id }}: the last rotation is more than 1.25 \
                      rotation intervals ago. Or it is in the future, because a clock is wrong."
            .to_owned(),
        // Never rotated; rotated by a clock that is an hour ahead.
        fires: vec![("1h", samples(0, 1_800)), ("1h", samples(7_200, 86_400))],
        // Rotated in time, by a clock that is a little ahead.
        quiet: ("1h", samples(3_900, 86_400)),
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
        hold: "1m",
        expr: format!("{} >= 2", increase_by("job, service_id, credential_kind", &failed, "1h")),
        summary: "{{ $labels.credential_kind }} on {{ $labels.service_id }}: rotation keeps failing".to_owned(),
        description: "{{ $labels.credential_kind }} on {{ $labels.service_id }}: rotation failed more than once within an hour. The old \
                      credential stays in use until it expires."
            .to_owned(),
        fires: vec![("90m", sample("0x40 1x15 2x15 3x60"))],
        quiet: ("90m", sample("0x40 1x90")),
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
        hold: "5m",
        expr: format!("time() - {last} > {age}"),
        summary: format!(
            "{{{{ $labels.service_id }}}}: a replica has not fetched its key set for more than {}",
            spelled(age)
        ),
        description: "{{ $labels.service_id }}: the replica refuses tokens that the issuer signs with newer keys, and accepts keys that \
                      were withdrawn since."
            .to_owned(),
        fires: vec![("75h", sample(&format!("{}x4600", 75_u64 * 3_600 - (age + 3_600).min(75 * 3_600))))],
        quiet: ("75h", sample(&format!("{}x4600", 75 * 3_600))),
        found: in_service(&[]),
    }
}

fn key_fetches_failing(subject: Subject<'_>) -> Alert {
    let fetches = |result: &str| {
        increase_by("job, service_id", &subject.series(&KEY_FETCHES, &format!("result=\"{result}\"")), "30m")
    };
    let samples = |success: &str| {
        let of = |result, values| {
            Sample::of(subject, &KEY_FETCHES, &[("service_id", "gateway"), ("result", result)], values)
        };
        vec![of("error", "0x20 0+1x100"), of("success", success)]
    };
    Alert {
        name: "AuthKeyFetchesFailing",
        severity: Severity::Page,
        hold: "5m",
        expr: format!("{} > 2 unless {} > 0", fetches("error"), fetches("success")),
        summary: "{{ $labels.service_id }}: every key set fetch has failed for 30 minutes".to_owned(),
        description: "{{ $labels.service_id }}: tokens with known keys still verify. Once the issuer rotates, tokens with its new key are \
                      refused."
            .to_owned(),
        fires: vec![("90m", samples("5x120"))],
        quiet: ("90m", samples("0+1x120")),
        found: in_service(&[]),
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
        hold: "0s",
        expr: format!("{} > 0", increase_by("job, service_id", &series, "15m")),
        summary: "{{ $labels.service_id }}: a token names a retired key".to_owned(),
        description: "{{ $labels.service_id }}: within 15 minutes, a token named a retired key. A client kept the key too long, or somebody \
                      stole it."
            .to_owned(),
        fires: vec![("30m", sample("0x25 1x20"))],
        quiet: ("30m", sample("1x45")),
        found: in_service(&[]),
    }
}

/// Spells seconds in the largest unit that divides them.
fn spelled(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (unit, name) =
        units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit)).unwrap_or((1, "second"));
    let number = seconds / unit;
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}
