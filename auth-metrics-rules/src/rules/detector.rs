//! Alerts on the detector itself: one that has stopped, and one that does not see everything.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, Firing, Sample, Severity};
use super::replica::{REPLICA, WHO, base};
use auth_metrics::Family;
use auth_metrics_detect::families::{ERRORS, EVENTS_DROPPED, EVICTIONS, LAG, UP};

/// How many seconds after its end an attempt may be judged.
const MOST_LAG: u32 = 5;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![
        down(subject),
        dropped(subject),
        evicted(subject),
        lagging(subject),
        proxied(subject),
        troubled(subject),
    ]
}

fn down(subject: Subject<'_>) -> Alert {
    let sample = |values: &str| vec![Sample::of(subject, &UP, &[], values)];
    Alert {
        name: "AuthDetectorDown",
        hold: "5m".to_owned(),
        expr: format!("max by ({REPLICA}) ({}) == 0", subject.series(&UP, "")),
        labels: Vec::new(),
        summary: format!("{WHO}: the detection of attacks has stopped"),
        description: format!(
            "{WHO}: the engine panicked again and again, or its thread ended. Logins go on, and nothing is detected on this replica until it \
             restarts."
        ),
        fires: vec![Firing::new("45m", "", sample("1x20 0x40"))],
        quiet: vec![("45m", sample("1x60"))],
        ..ticket(&[])
    }
}

fn dropped(subject: Subject<'_>) -> Alert {
    blind(
        subject,
        ("events_dropped", &EVENTS_DROPPED, &[]),
        "the detector never saw {value} attempts",
        "Within 15 minutes, attempts came faster than the detector takes them. What it finds is late, or incomplete.",
    )
}

fn evicted(subject: Subject<'_>) -> Alert {
    blind(
        subject,
        ("evictions", &EVICTIONS, &[("evidence", "strong")]),
        "the detector forgot {value} suspects, its tables are full",
        "Within 15 minutes, sources, networks or accounts with much evidence lost their place to others with more. Give the engine more memory.",
    )
}

/// Without the client's address nothing can be said of a source.
fn proxied(subject: Subject<'_>) -> Alert {
    blind(
        subject,
        ("proxy", &ERRORS, &[("kind", "peer_looks_like_proxy")]),
        "the detector sees a proxy in place of the clients",
        "Nearly all attempts come from one address, so no source is convicted. Configure which proxies are trusted.",
    )
}

fn troubled(subject: Subject<'_>) -> Alert {
    let series = subject.series(&ERRORS, "kind!=\"peer_looks_like_proxy\"");
    let kind = ("kind", "engine_panicked");
    let sample = |values: &str| vec![Sample::of(subject, &ERRORS, &[kind], values)];
    Alert {
        expr: format!("{} > 0", increase_by(&format!("{REPLICA}, kind"), &series, "15m")),
        labels: vec![("cause", "errors".to_owned())],
        summary: format!("{WHO}: the detector has {{value}} errors ({{{{ $labels.kind }}}})"),
        description: format!(
            "{WHO}: within 15 minutes, the detector met a trouble of the kind {{{{ $labels.kind }}}}. It goes on with what it has."
        ),
        fires: vec![Firing::new("30m", "30", sample("7x25 37x20")).not_before("15m")],
        ..ticket(&[kind])
    }
}

fn lagging(subject: Subject<'_>) -> Alert {
    let sample = |values: &str| vec![Sample::of(subject, &LAG, &[], values)];
    Alert {
        hold: "5m".to_owned(),
        expr: format!("max by ({REPLICA}) ({}) > {MOST_LAG}", subject.series(&LAG, "")),
        labels: vec![("cause", "lag".to_owned())],
        summary: format!("{WHO}: the detector is {{value}} s behind"),
        description: format!(
            "{WHO}: attempts are judged more than {MOST_LAG} s after they ended, for minutes. An observer is slow, or the processor is busy."
        ),
        fires: vec![Firing::new("45m", "9", sample("0x20 9x40"))],
        quiet: vec![("45m", sample("4x60"))],
        ..ticket(&[])
    }
}

/// Fires when a counter of a replica rises that never should.
fn blind(
    subject: Subject<'_>,
    (cause, family, chosen): (&'static str, &Family, &[(&'static str, &'static str)]),
    summary: &str,
    description: &str,
) -> Alert {
    let matchers: Vec<String> = chosen.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
    let series = subject.series(family, &matchers.join(","));
    let sample = |values: &str| vec![Sample::of(subject, family, chosen, values)];
    Alert {
        expr: format!("{} > 0", increase_by(REPLICA, &series, "15m")),
        labels: vec![("cause", cause.to_owned())],
        summary: format!("{WHO}: {summary}"),
        description: format!("{WHO}: {description}"),
        fires: vec![Firing::new("30m", "30", sample("7x25 37x20")).not_before("15m")],
        quiet: vec![("30m", sample("7x60"))],
        ..ticket(&[])
    }
}

/// What the alerts on the detector have in common.
fn ticket(labels: &[(&'static str, &str)]) -> Alert {
    Alert { every: "15m", ..base("AuthDetectorBlind", Severity::Ticket, labels) }
}
