//! Alerts on the metrics themselves: unmapped reasons, leaks, label overflow, lost events.

use super::super::query::{BY, Subject, increase_by};
use super::alert::{Alert, Firing, NUMBER, Sample, Severity};
use super::samples::{SERVICE, failures, found, of_operation, operation_found};
use auth_metrics::events::{EVENTS, OBSERVER_PANICS};
use auth_metrics::families::{FAILURES, IN_FLIGHT, INTERNAL_ERRORS, LABEL_OVERFLOW, OPERATIONS, STARTED};
use auth_metrics::{Family, Reason};

use crate::Part;

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
            "{{ $labels.job }}: label {{ $labels.label }} is over its limit, {value} values became other",
            "{{ $labels.job }}: within 15 minutes, values of the label {{ $labels.label }} found no place and were counted as other.",
        ),
        counted(
            subject,
            "AuthMetricsInternalErrors",
            &INTERNAL_ERRORS,
            ("kind", "reason_panicked"),
            &[],
            "{{ $labels.job }}: the metrics library has {value} internal errors ({{ $labels.kind }})",
            "{{ $labels.job }}: within 15 minutes, the library met a bug or a misuse of kind {{ $labels.kind }}. Some counts may be missing.",
        ),
    ]);
    if subject.has(Part::Observers) {
        alerts.extend([events_dropped(subject), observer_panics(subject)]);
    }
    alerts
}

fn on_instance(subject: Subject<'_>) -> Vec<(&'static str, String)> {
    let mut found = operation_found(subject);
    found.push(("instance", "one".to_owned()));
    found
}

fn unmapped(subject: Subject<'_>) -> Option<Alert> {
    let (operation, _) = subject.giver(&[Reason::Unknown])?;
    let label = Reason::Unknown.label();
    let series = subject.series(&FAILURES, &format!("failure_reason=\"{label}\""));
    let samples = |values: &str| failures(subject, &operation, label, "unknown", values);
    Some(Alert {
        name: "AuthUnmappedReasons",
        severity: Severity::Ticket,
        hold: "0s".to_owned(),
        expr: format!("{} > 0", increase_by("job, service_id, operation", &series, "15m")),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} failures have no reason".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: within 15 minutes, a failure was counted as unknown, because its error \
                      has no reason. It uses up the error budget."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "30", samples("0x25 30x20")).not_before("15m")],
        quiet: Vec::new(),
        found: of_operation(&operation),
        every: "15m",
    })
}

/// The minimum of half an hour is what never ends. It is a leak if it is far above that of yesterday on the average instance, and of what
/// more traffic explains. Instances change their names at each deployment, so yesterday's are averaged.
fn in_flight_leak(subject: Subject<'_>) -> Alert {
    let (series, started) = (subject.series(&IN_FLIGHT, ""), subject.series(&STARTED, ""));
    let least = format!("min by ({ONE}) (min_over_time({series}[30m]))");
    let yesterday = format!("avg by ({BY}) (min_over_time({series}[30m] offset 1d))");
    let per_instance = |offset: &str| format!("avg by ({BY}) (rate({started}[30m]{offset}))");
    let growth = format!("clamp_min({} / ({} > 0), 1)", per_instance(""), per_instance(" offset 1d"));
    let usual = format!("({yesterday} * ({growth} or 0 * {yesterday} + 1) or {} + 20)", per_instance(""));
    let samples = |in_flight: &str| {
        let labels = [SERVICE, ("operation", subject.example())];
        vec![
            Sample::of(subject, &IN_FLIGHT, &labels, in_flight),
            Sample::of(subject, &STARTED, &labels, "0+600x1700"),
        ]
    };
    Alert {
        name: "AuthInFlightLeak",
        severity: Severity::Ticket,
        hold: "10m".to_owned(),
        expr: format!("{least} > 20 and {least} > on ({BY}) group_left () 2 * {usual}"),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): {value} attempts don't end".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): at least {value} attempts were in flight at \
                      any time of the last 30 minutes, more than twice as many as yesterday at this hour."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("28h", "239", samples("30x1440 30+1x260")).not_before("24h")],
        quiet: Vec::new(),
        found: on_instance(subject),
        every: "2h",
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
        hold: "5m".to_owned(),
        expr: format!("abs({} - {} - {}) > 0.5", sum(&STARTED), sum(&OPERATIONS), sum(&IN_FLIGHT)),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): {value} attempts are lost or counted twice"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }} ({{ $labels.instance }}): started attempts are not the sum of ended \
                      attempts and those in flight. The library has a bug, or something else exports the same metrics."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "30", samples("0+1x60"))],
        quiet: vec![("30m", samples("0+2x60"))],
        found: on_instance(subject),
        every: "15m",
    }
}

fn observer_panics(subject: Subject<'_>) -> Alert {
    counted(
        subject,
        "AuthObserverPanics",
        &OBSERVER_PANICS,
        ("observer", "audit"),
        &[],
        "{{ $labels.job }}: the observer {{ $labels.observer }} panicked {value} times and loses events",
        "{{ $labels.job }}: within 15 minutes, the observer {{ $labels.observer }} panicked. Each panic loses the events of one batch for \
         this observer. Logins and other observers are not affected.",
    )
}

fn events_dropped(subject: Subject<'_>) -> Alert {
    let captured = [("event_kind", "attempt"), ("decision", "captured")];
    Alert {
        // However many are captured.
        quiet: vec![("30m", vec![Sample::of(subject, &EVENTS, &captured, "0+90x45")])],
        ..counted(
            subject,
            "AuthEventsDropped",
            &EVENTS,
            ("event_kind", "attempt"),
            &[("decision", "dropped")],
            "{{ $labels.job }}: {value} events of the kind {{ $labels.event_kind }} are lost",
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
        hold: "0s".to_owned(),
        expr: format!("{} > 0", increase_by(&format!("job, {label}"), &series, "15m")),
        labels: Vec::new(),
        summary: summary.to_owned(),
        description: description.to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "30", sample("7x25 37x20")).not_before("15m")],
        quiet: Vec::new(),
        found: found(&[(label, value)]),
        every: "15m",
    }
}
