//! Alerts on the targets of the scrape: those that are down, silent, or gone.

use super::super::query::{Level, Subject, window};
use super::alert::{Alert, Firing, NUMBER, PERCENT, Sample, Severity};
use super::recording::TARGETS;
use super::samples::found;
use auth_metrics::families::BUILD_INFO;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![
        many_down(subject),
        down(subject),
        silent(subject),
        missing(subject),
        job_gone(subject),
        absent(subject),
    ]
}

/// At least this many minutes, and long enough for two scrapes to fail.
fn scrapes(subject: Subject<'_>, minutes: u64) -> String {
    window((2 * subject.options.scrape_interval.as_secs()).div_ceil(60).max(minutes))
}

/// Targets that can't be scraped and exported these metrics within the last day.
fn ours_down(subject: Subject<'_>) -> String {
    format!("{} == 0 and on (job, instance) {}", subject.up(), seen(subject))
}

fn seen(subject: Subject<'_>) -> String {
    format!("last_over_time({}[1d])", subject.series(&BUILD_INFO, ""))
}

fn target(subject: Subject<'_>, instance: &str, up: &str, exports: &str) -> Vec<Sample> {
    vec![
        Sample::named(subject, "up", &[("instance", instance)], up),
        Sample::of(subject, &BUILD_INFO, &[("instance", instance), ("version", "1")], exports),
    ]
}

fn many_down(subject: Subject<'_>) -> Alert {
    let all = format!("count by (job) ({} and on (job, instance) {})", subject.up(), seen(subject));
    let [well, ill] = [("1x40", "1x40"), ("1x10 0x30", "1x10")];
    let three = |second: (&str, &str)| {
        [
            target(subject, "one", ill.0, ill.1),
            target(subject, "two", second.0, second.1),
            target(subject, "three", well.0, well.1),
        ]
        .concat()
    };
    Alert {
        name: "AuthTargetsDown",
        severity: Severity::Page,
        hold: scrapes(subject, 3),
        expr: format!("count by (job) ({}) / {all} > 0.34", ours_down(subject)),
        labels: Vec::new(),
        summary: "{{ $labels.job }}: {value} of the replicas can't be scraped".to_owned(),
        description: "{{ $labels.job }}: {value} of the replicas that exported authentication metrics within the last day are down or out of \
                      reach."
            .to_owned(),
        value: PERCENT,
        fires: vec![Firing::new("20m", "66.67%", three(ill))],
        quiet: vec![("20m", three(well))],
        found: found(&[]),
        every: "5m",
    }
}

fn down(subject: Subject<'_>) -> Alert {
    Alert {
        name: "AuthTargetDown",
        severity: Severity::Ticket,
        hold: scrapes(subject, 4),
        expr: format!("max by (job, instance) ({})", ours_down(subject)),
        labels: Vec::new(),
        summary: "{{ $labels.instance }} of {{ $labels.job }} can't be scraped".to_owned(),
        description: "{{ $labels.instance }} of {{ $labels.job }}: it exported authentication metrics within the last day, and is now down \
                      or out of reach."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("20m", "", target(subject, "one", "1x10 0x30", "1x10"))],
        quiet: vec![
            // A target that never exported these metrics; a deployment that loses a scrape.
            ("20m", vec![Sample::named(subject, "up", &[], "1x10 0x30")]),
            ("20m", target(subject, "one", "1x14 0 1x20", "1x40")),
        ],
        found: found(&[("instance", "one")]),
        every: "5m",
    }
}

fn silent(subject: Subject<'_>) -> Alert {
    let exports = subject.series(&BUILD_INFO, "");
    Alert {
        name: "AuthTargetSilent",
        severity: Severity::Ticket,
        hold: scrapes(subject, 4),
        expr: format!(
            "max by (job, instance) (({} == 1 unless on (job, instance) {exports}) and on (job, instance) {})",
            subject.up(),
            seen(subject)
        ),
        labels: Vec::new(),
        summary: "{{ $labels.instance }} of {{ $labels.job }} no longer exports authentication metrics".to_owned(),
        description: "{{ $labels.instance }} of {{ $labels.job }}: it is up, and exported them within the last day. No alert sees this \
                      instance until they are back."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "", target(subject, "one", "1x40", "1x10")).not_before("10m")],
        quiet: Vec::new(),
        found: found(&[("instance", "one")]),
        every: "5m",
    }
}

/// Fewer replicas than in all but an hour of the last day. Where their number follows the traffic, the fewest of a day are fewest for hours.
fn missing(subject: Subject<'_>) -> Alert {
    let count = subject.recorded(Level::Job, TARGETS, "count", "");
    let least = format!("quantile_over_time(0.05, {count}[1d:5m] offset 1h)");
    let two = |second: &str| {
        let of = |instance, values| {
            Sample::of(subject, &BUILD_INFO, &[("instance", instance), ("version", "1")], values)
        };
        vec![of("one", "1x300"), of("two", second)]
    };
    Alert {
        name: "AuthReplicaMissing",
        severity: Severity::Ticket,
        hold: "15m".to_owned(),
        expr: format!("{count} < {least}"),
        labels: Vec::new(),
        summary: "{{ $labels.job }}: {value} replicas are scraped, fewer than at any time of the last day".to_owned(),
        description: "{{ $labels.job }}: {value} replicas are left. A replica is gone from service discovery, or was not started again."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("4h", "1", two("1x180")).not_before("3h")],
        quiet: Vec::new(),
        found: found(&[]),
        every: "20m",
    }
}

/// Nothing is down where service discovery no longer lists it.
fn job_gone(subject: Subject<'_>) -> Alert {
    let count = subject.recorded(Level::Job, TARGETS, "count", "");
    let here = format!("count by (job) ({})", subject.series(&BUILD_INFO, ""));
    Alert {
        name: "AuthJobGone",
        severity: Severity::Page,
        hold: scrapes(subject, 5),
        expr: format!("last_over_time({count}[6h]) unless on (job) {here} unless on (job) ({})", ours_down(subject)),
        labels: Vec::new(),
        summary: "{{ $labels.job }} is gone: none of its {value} replicas is scraped any more".to_owned(),
        description: "{{ $labels.job }}: it exported authentication metrics within the last six hours. Now service discovery lists no target of it, or \
                      none exports them."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "1", vec![Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x10 _x30")]).not_before("10m")],
        quiet: Vec::new(),
        found: found(&[]),
        every: "5m",
    }
}

fn absent(subject: Subject<'_>) -> Alert {
    let exports = subject.series(&BUILD_INFO, "");
    let whose = subject.selected().map_or_else(String::new, |matchers| format!(" with {matchers}"));
    Alert {
        name: "AuthMetricsAbsent",
        severity: Severity::Page,
        hold: scrapes(subject, 5),
        expr: format!("absent({exports})"),
        labels: Vec::new(),
        summary: format!("No target{whose} exports authentication metrics"),
        description: "All of its services are down, or Prometheus no longer scrapes them. No other alert of these rules works until then."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "", vec![Sample::named(subject, "up", &[], "1x60")])],
        quiet: vec![("30m", vec![Sample::of(subject, &BUILD_INFO, &[("version", "1")], "1x60")])],
        found: Vec::new(),
        every: "5m",
    }
}
