//! Alerts on the metrics themselves: unmapped reasons, label overflow, leaks, lost events, silent targets.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, Sample, Severity};
use auth_metrics::events::{EVENTS, OBSERVER_PANICS};
use auth_metrics::families::{
    BUILD_INFO, FAILURES, IN_FLIGHT, INTERNAL_ERRORS, LABEL_OVERFLOW, OPERATIONS, STARTED,
};
use auth_metrics::{Family, Reason};

const ONE: &str = "job, instance, service_id, operation";

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = unmapped(subject).into_iter().collect();
    alerts.extend([
        in_flight_leak(subject),
        conservation_broken(subject),
        counted(
            subject,
            "AuthLabelOverflow",
            &LABEL_OVERFLOW,
            ("label", "service_id"),
            &[],
            "{{ $labels.job }}: label {{ $labels.label }} is over its limit",
            "{{ $labels.job }}: within 15 minutes, values of the label {{ $labels.label }} found no place and were counted as other.",
        ),
        counted(
            subject,
            "AuthMetricsInternalErrors",
            &INTERNAL_ERRORS,
            ("kind", "reason_panicked"),
            &[],
            "{{ $labels.job }}: the metrics library has internal errors ({{ $labels.kind }})",
            "{{ $labels.job }}: within 15 minutes, the library met a bug or a misuse of kind {{ $labels.kind }}. Some counts may be missing.",
        ),
        events_dropped(subject),
        counted(
            subject,
            "AuthObserverPanics",
            &OBSERVER_PANICS,
            ("observer", "audit"),
            &[],
            "{{ $labels.job }}: the observer {{ $labels.observer }} panics and loses events",
            "{{ $labels.job }}: within 15 minutes, the observer {{ $labels.observer }} panicked. Each panic loses the events of one batch for \
             this observer. Logins and other observers are not affected.",
        ),
        target_down(subject),
        target_silent(subject),
        absent(subject),
    ]);
    alerts
}

fn target(more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut all = vec![("job", "auth".to_owned()), ("instance", "one".to_owned())];
    all.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
    all
}

fn unmapped(subject: Subject<'_>) -> Option<Alert> {
    let (operation, _) = subject.giver(&[Reason::Unknown])?;
    let label = Reason::Unknown.label();
    let series = subject.series(&FAILURES, &format!("failure_reason=\"{label}\""));
    let sample = |values: &str| {
        let labels =
            [("service_id", "gateway"), ("operation", operation.as_str()), ("failure_reason", label)];
        vec![Sample::of(subject, &FAILURES, &labels, values)]
    };
    Some(Alert {
        name: "AuthUnmappedReasons",
        severity: Severity::Ticket,
        hold: "0s",
        expr: format!("{} > 0", increase_by("job, service_id, operation", &series, "15m")),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: failures have no reason".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: within 15 minutes, a failure was counted as unknown, because its error \
                      has no reason. It uses up the error budget."
            .to_owned(),
        fires: vec![("30m", sample("0x25 1x20"))],
        quiet: ("30m", sample("7x45")),
        found: vec![
            ("job", "auth".to_owned()),
            ("service_id", "gateway".to_owned()),
            ("operation", operation.clone()),
        ],
    })
}

/// The minimum of half an hour is what never ends. It is a leak if the minimum was lower in the half hour before.
fn in_flight_leak(subject: Subject<'_>) -> Alert {
    let series = subject.series(&IN_FLIGHT, "");
    let sample = |values: &str| {
        let labels = [("service_id", "gateway"), ("operation", subject.example())];
        vec![Sample::of(subject, &IN_FLIGHT, &labels, values)]
    };
    Alert {
        name: "AuthInFlightLeak",
        severity: Severity::Ticket,
        hold: "10m",
        expr: format!(
            "min_over_time({series}[30m]) > 10 and min_over_time({series}[30m]) > 1.2 * min_over_time({series}[30m] offset 30m)"
        ),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): attempts start and never end"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): more than 10 attempts have been in flight \
                      for 30 minutes, and their number is rising."
            .to_owned(),
        fires: vec![("2h", sample("0+1x150"))],
        quiet: ("2h", sample("50x150")),
        found: target(&[("service_id", "gateway"), ("operation", subject.example())]),
    }
}

fn conservation_broken(subject: Subject<'_>) -> Alert {
    let sum = |family| format!("sum by ({ONE}) ({})", subject.series(family, ""));
    let samples = |ended: &str| {
        let operation = [("service_id", "gateway"), ("operation", subject.example())];
        vec![
            Sample::of(subject, &STARTED, &operation, "0+2x60"),
            Sample::of(subject, &OPERATIONS, &[operation[0], operation[1], ("outcome", "success")], ended),
            Sample::of(subject, &IN_FLIGHT, &operation, "0x60"),
        ]
    };
    Alert {
        name: "AuthConservationBroken",
        severity: Severity::Ticket,
        hold: "5m",
        expr: format!("abs({} - {} - {}) > 0.5", sum(&STARTED), sum(&OPERATIONS), sum(&IN_FLIGHT)),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): attempts are lost or counted twice"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): started attempts are not the sum of ended \
                      attempts and those in flight. The library has a bug, or something else exports the same metrics."
            .to_owned(),
        fires: vec![("30m", samples("0+1x60"))],
        quiet: ("30m", samples("0+2x60")),
        found: target(&[("service_id", "gateway"), ("operation", subject.example())]),
    }
}

fn events_dropped(subject: Subject<'_>) -> Alert {
    let captured = [("event_kind", "attempt"), ("decision", "captured")];
    Alert {
        // However many are captured.
        quiet: ("30m", vec![Sample::of(subject, &EVENTS, &captured, "0+90x45")]),
        ..counted(
            subject,
            "AuthEventsDropped",
            &EVENTS,
            ("event_kind", "attempt"),
            &[("decision", "dropped")],
            "{{ $labels.job }}: events of the kind {{ $labels.event_kind }} are lost",
            "{{ $labels.job }}: within 15 minutes, the buffers were full, and events of the kind {{ $labels.event_kind }} reached no observer. \
             Logins are not affected; an audit log or a detector has gaps.",
        )
    }
}

/// Fires when a counter rises that never should. `chosen` are the labels of the series that never should.
fn counted(
    subject: Subject<'_>,
    name: &'static str,
    family: &Family,
    (label, value): (&'static str, &'static str),
    chosen: &[(&'static str, &'static str)],
    summary: &str,
    description: &str,
) -> Alert {
    let matchers: Vec<String> = chosen.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
    let series = subject.series(family, &matchers.join(","));
    let labels: Vec<_> = std::iter::once((label, value)).chain(chosen.iter().copied()).collect();
    let sample = |values: &str| vec![Sample::of(subject, family, &labels, values)];
    Alert {
        name,
        severity: Severity::Ticket,
        hold: "0s",
        expr: format!("{} > 0", increase_by(&format!("job, {label}"), &series, "15m")),
        summary: summary.to_owned(),
        description: description.to_owned(),
        fires: vec![("30m", sample("0x25 1x20"))],
        quiet: ("30m", sample("3x45")),
        found: vec![("job", "auth".to_owned()), (label, value.to_owned())],
    }
}

/// Knows targets by what they exported within the last day.
fn target_down(subject: Subject<'_>) -> Alert {
    let seen = subject.series(&BUILD_INFO, "");
    Alert {
        name: "AuthTargetDown",
        severity: Severity::Page,
        hold: "2m",
        expr: format!("up == 0 and on (job, instance) last_over_time({seen}[1d])"),
        summary: "{{ $labels.instance }} of {{ $labels.job }} can't be scraped".to_owned(),
        description: "{{ $labels.instance }} of {{ $labels.job }}: it exported authentication metrics within the last day, and is now down \
                      or out of reach."
            .to_owned(),
        fires: vec![("30m", vec![
            Sample::named("up", &[], "1x10 0x30"),
            Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x10"),
        ])],
        // A target that never exported these metrics.
        quiet: ("30m", vec![Sample::named("up", &[], "1x10 0x30")]),
        found: target(&[]),
    }
}

fn target_silent(subject: Subject<'_>) -> Alert {
    let seen = subject.series(&BUILD_INFO, "");
    Alert {
        name: "AuthTargetSilent",
        severity: Severity::Page,
        hold: "2m",
        expr: format!(
            "(up == 1 unless on (job, instance) {seen}) and on (job, instance) last_over_time({seen}[1d])"
        ),
        summary: "{{ $labels.instance }} of {{ $labels.job }} no longer exports authentication metrics".to_owned(),
        description: "{{ $labels.instance }} of {{ $labels.job }}: it is up, and exported them within the last day. No alert sees this \
                      instance until they are back."
            .to_owned(),
        fires: vec![("30m", vec![
            Sample::named("up", &[], "1x60"),
            Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x10"),
        ])],
        quiet: ("30m", vec![
            Sample::named("up", &[], "1x60"),
            Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x60"),
        ]),
        found: target(&[]),
    }
}

fn absent(subject: Subject<'_>) -> Alert {
    let seen = subject.series(&BUILD_INFO, "");
    Alert {
        name: "AuthMetricsAbsent",
        severity: Severity::Page,
        hold: "5m",
        expr: format!("absent({seen})"),
        summary: "No target exports authentication metrics".to_owned(),
        description: "All services are down, or Prometheus no longer scrapes them. No other alert on authentication works until then."
            .to_owned(),
        fires: vec![("30m", vec![Sample::named("up", &[], "1x60")])],
        quiet: ("30m", vec![Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x60")]),
        found: Vec::new(),
    }
}
