//! Alerts on pushes of the metrics: those that have ended, those that no server takes, and points that are lost. Logins don't notice any of
//! this, and the replica that tells it is scraped.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, Firing, Sample, Severity};
use super::replica::{WHO, base, risen};
use auth_metrics_otlp::families::{LAST_SUCCESS, POINTS, PUSHES, UP};

const OF_PUSH: &str = "job, instance, push";
const PUSH: &str = "{{ $labels.push }}";
const ONE: (&str, &str) = ("push", "otlp");

/// What is no success, as a regular expression.
const FAILED: &str = "refused|unavailable|unknown";

/// How many seconds a push may try nothing. Hardly any pushes less often.
const MOST_SILENCE: u32 = 3_600;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![down(subject), not_taken(subject), hanging(subject), lost(subject)]
}

/// A program that shuts down ends its pushes first, and has a few minutes to end itself.
fn down(subject: Subject<'_>) -> Alert {
    let sample = |values: &str| vec![Sample::of(subject, &UP, &[ONE], values)];
    Alert {
        hold: "5m".to_owned(),
        expr: format!("max by ({OF_PUSH}) ({}) == 0", subject.series(&UP, "")),
        summary: format!(
            "{WHO}: the metrics push {PUSH} has stopped, its server gets nothing from this replica"
        ),
        description: format!(
            "{WHO}: the thread of the metrics push {PUSH} has ended or died. Logins go on. Until the replica restarts, dashboards and alerts \
             on the server of this push don't see it."
        ),
        fires: vec![Firing::new("45m", "", sample("1x20 0x40")).not_before("20m")],
        quiet: vec![("45m", sample("1x60")), ("45m", sample("1x20 0x2 _x40"))],
        ..base("AuthPushDown", Severity::Ticket, &[ONE])
    }
}

/// Counted rather than timed: how often it pushes is not known here, and a clock may be wrong.
fn not_taken(subject: Subject<'_>) -> Alert {
    let tried = |results: &str| {
        increase_by(OF_PUSH, &subject.series(&PUSHES, &format!("result{results}\"{FAILED}\"")), "15m")
    };
    let samples = |accepted: &str, (result, failed): (&str, &str)| {
        vec![
            Sample::of(subject, &PUSHES, &[ONE, ("result", "accepted")], accepted),
            Sample::of(subject, &PUSHES, &[ONE, ("result", result)], failed),
        ]
    };
    Alert {
        hold: "5m".to_owned(),
        expr: format!("{} >= 2 unless on ({OF_PUSH}) {} > 0", tried("=~"), tried("!~")),
        labels: vec![("cause", "not_taken".to_owned())],
        summary: format!(
            "{WHO}: no server takes the metrics push {PUSH}, {{value}} tries in 15 minutes failed"
        ),
        description: format!(
            "{WHO}: the metrics push {PUSH} fails again and again: its server is away or refuses it. Logins go on. Dashboards and alerts on \
             that server don't see this replica."
        ),
        fires: vec![
            Firing::new("45m", "15", samples("0+4x20 80x60", ("refused", "0x20 0+1x60"))).not_before("30m"),
            Firing::new("45m", "15", samples("0x60", ("unavailable", "0+1x60"))),
        ],
        quiet: vec![
            // Some fail, one does, and none is tried.
            ("45m", samples("0+4x60", ("unknown", "0+1x60"))),
            ("45m", samples("0x60", ("refused", "0x35 1x40"))),
            ("45m", samples("80x60", ("refused", "7x60"))),
        ],
        ..failing(&[ONE])
    }
}

/// A thread that works and tries nothing, as in a look-up of a name that never ends. One that pushes less often than it is looked at took
/// something within that time.
fn hanging(subject: Subject<'_>) -> Alert {
    let highest = |family| format!("max by ({OF_PUSH}) ({})", subject.series(family, ""));
    let tried = increase_by(OF_PUSH, &subject.series(&PUSHES, ""), "1h");
    let samples = |up: &str, tried: &str, last: &str| {
        let accepted = [ONE, ("result", "accepted")];
        let mut samples = vec![Sample::of(subject, &UP, &[ONE], up)];
        samples.extend((!tried.is_empty()).then(|| Sample::of(subject, &PUSHES, &accepted, tried)));
        samples.extend((!last.is_empty()).then(|| Sample::of(subject, &LAST_SUCCESS, &[ONE], last)));
        samples
    };
    Alert {
        hold: "15m".to_owned(),
        expr: format!(
            "{} == 1 unless on ({OF_PUSH}) {tried} > 0 unless on ({OF_PUSH}) time() - {} <= {MOST_SILENCE}",
            highest(&UP),
            highest(&LAST_SUCCESS)
        ),
        labels: vec![("cause", "hanging".to_owned())],
        summary: format!("{WHO}: the metrics push {PUSH} hangs, its server gets nothing from this replica"),
        description: format!(
            "{WHO}: the metrics push {PUSH} has tried nothing for an hour, or since the replica started, and its thread has not ended. Logins \
             go on. Dashboards and alerts on its server don't see this replica."
        ),
        fires: vec![
            // The times of the tests begin in 1970.
            Firing::new("125m", "", samples("1x200", "0+4x30 120x200", "0+60x30 1800x200")).not_before("90m"),
            Firing::new("30m", "", samples("1x60", "", "")).not_before("10m"),
        ],
        quiet: vec![
            ("125m", samples("1x200", "0+4x200", "")),
            ("125m", samples("0x200", "120x200", "1800x200")),
            // Twice in an hour, and once in it: the first was before the first scrape.
            ("50m", samples("1x60", "1x29 2x40", "0x29 1740x40")),
            ("50m", samples("1x60", "1x60", "0x60")),
        ],
        ..failing(&[ONE])
    }
}

/// Points that no later push has.
fn lost(subject: Subject<'_>) -> Alert {
    let series = subject.series(&POINTS, "result!=\"accepted\"");
    let dropped = ("result", "dropped");
    let sample =
        |result, values: &str| vec![Sample::of(subject, &POINTS, &[ONE, ("result", result)], values)];
    Alert {
        expr: format!("sum by ({OF_PUSH}, result) {} > 0", risen(&series, "15m")),
        labels: vec![("cause", "points".to_owned())],
        summary: format!("{WHO}: the metrics push {PUSH} lost {{value}} points ({{{{ $labels.result }}}})"),
        description: format!(
            "{WHO}: within 15 minutes, points of the metrics push {PUSH} were {{{{ $labels.result }}}}, and no later push has them. Logins go \
             on. Numbers on its server are too low."
        ),
        fires: vec![
            Firing::new("35m", "30", sample("dropped", "7x27 37x60")).not_before("25m"),
            Firing::new("35m", "7", sample("dropped", "_x27 7x60")).not_before("25m"),
        ],
        quiet: vec![("1h", sample("dropped", "7x27 37x60")), ("35m", sample("accepted", "0+90x60"))],
        ..failing(&[ONE, dropped])
    }
}

/// What the alerts on a push that works on have in common.
fn failing(labels: &[(&'static str, &str)]) -> Alert {
    base("AuthPushFailing", Severity::Ticket, labels)
}
