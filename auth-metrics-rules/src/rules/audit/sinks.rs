//! Alerts on sinks that lose nothing yet: those that have stopped, those that hang, and those that are too slow.

use super::super::super::query::Subject;
use super::super::alert::{Alert, Firing, PERCENT, Sample, Severity};
use super::replica::{FILE, OF_SINK, SINK, WHO, base, of_file, two_scrapes};
use auth_metrics_audit::families::{LAST_SUCCESS, QUEUE, QUEUE_CAPACITY, UP};

/// How many seconds a sink may take nothing while attempts wait for it.
const MOST_SILENCE: u32 = 60;

/// How far ahead a queue is predicted, in seconds.
const AHEAD: u32 = 1_800;

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![stopped(subject), hanging(subject), filling(subject)]
}

fn stopped(subject: Subject<'_>) -> Alert {
    let sample = |values: &str| vec![of_file(subject, &UP, values)];
    Alert {
        expr: format!("max by ({OF_SINK}) ({}) == 0", subject.series(&UP, "")),
        labels: vec![("cause", "stopped".to_owned())],
        summary: format!("{WHO}: the audit sink {SINK} has stopped and writes nothing"),
        description: format!(
            "{WHO}: the thread of the audit sink {SINK} has died. This replica puts no attempt on its record until it restarts. Logins go on."
        ),
        fires: vec![Firing::new("30m", "", sample("1x20 0x40")).not_before("20m")],
        quiet: vec![("30m", sample("1x60"))],
        ..stalled(subject)
    }
}

/// A sink that has never taken anything took the last in 1970, or has no series.
fn hanging(subject: Subject<'_>) -> Alert {
    let highest = |family| format!("max by ({OF_SINK}) ({})", subject.series(family, ""));
    let samples = |waiting: &str, last: &str| {
        let last = (!last.is_empty()).then(|| of_file(subject, &LAST_SUCCESS, last));
        let up = of_file(subject, &UP, "1x60");
        last.into_iter().chain([of_file(subject, &QUEUE, waiting), up]).collect::<Vec<Sample>>()
    };
    Alert {
        expr: format!(
            "{} > 0 unless on ({OF_SINK}) time() - {} <= {MOST_SILENCE}",
            highest(&QUEUE),
            highest(&LAST_SUCCESS)
        ),
        labels: vec![("cause", "hanging".to_owned())],
        summary: format!("{WHO}: the audit sink {SINK} hangs, {{value}} attempts wait for it"),
        description: format!(
            "{WHO}: the audit sink {SINK} has taken nothing for more than {MOST_SILENCE} s, and {{value}} attempts wait. They are lost once \
             its queue is full, or if the replica restarts."
        ),
        fires: vec![
            // The times of the tests begin in 1970.
            Firing::new("40m", "7", samples("0x20 7x40", "0+60x20 1200x40")).not_before("20m"),
            Firing::new("40m", "7", samples("7x60", "0x60")),
            Firing::new("40m", "7", samples("7x60", "")),
        ],
        quiet: vec![
            // One that works, and one that has nothing to do.
            ("40m", samples("7x60", "-30+60x60")),
            ("40m", samples("0x60", "0+60x20 1200x40")),
        ],
        ..stalled(subject)
    }
}

fn stalled(subject: Subject<'_>) -> Alert {
    Alert { hold: two_scrapes(subject), ..base("AuthAuditStalled", Severity::Page, &[FILE]) }
}

/// A queue over its half that will be full soon, or one that nearly is.
fn filling(subject: Subject<'_>) -> Alert {
    let highest = |series: &str| format!("max by ({OF_SINK}) ({series})");
    let (queue, capacity) = (subject.series(&QUEUE, ""), highest(&subject.series(&QUEUE_CAPACITY, "")));
    let part = format!("{} / ({capacity} > 0)", highest(&queue));
    let soon = highest(&format!("predict_linear({queue}[15m], {AHEAD})"));
    let samples =
        |waiting: &str| vec![of_file(subject, &QUEUE, waiting), of_file(subject, &QUEUE_CAPACITY, "1000x60")];
    Alert {
        hold: two_scrapes(subject),
        expr: format!("{part} > 0.5 and {soon} > {capacity} or {part} > 0.9"),
        summary: format!("{WHO}: the queue of the audit sink {SINK} is {{value}} full"),
        description: format!(
            "{WHO}: the audit sink {SINK} takes attempts more slowly than they end. Its queue is {{value}} full; once it is full, attempts \
             are lost."
        ),
        value: PERCENT,
        fires: vec![
            Firing::new("35m", "84%", samples("0+24x60")).not_before("20m"),
            Firing::new("35m", "95%", samples("950x60")),
        ],
        quiet: vec![("50m", samples("0+10x60")), ("50m", samples("600x60"))],
        ..base("AuthAuditQueueFilling", Severity::Ticket, &[FILE])
    }
}
