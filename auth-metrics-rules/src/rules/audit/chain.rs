//! Alerts on the file and its chain: exchanged, torn, or shorter than it was.

use super::super::super::query::Subject;
use super::super::alert::{Alert, Firing, Sample, Severity};
use super::replica::{FILE, OF_SINK, REPLICA, SINK, WHO, base, of_file, risen, two_scrapes};
use auth_metrics_audit::families::{ATTEMPTS, FAULTS, SEQUENCE};

const REPLACED: (&str, &str) = ("kind", "replaced");
const TORN: (&str, &str) = ("kind", "torn_tail");

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![replaced(subject), torn(subject), fell(subject)]
}

fn faults(subject: Subject<'_>, kind: (&str, &str), values: &str) -> Sample {
    Sample::of(subject, &FAULTS, &[FILE, kind], values)
}

fn replaced(subject: Subject<'_>) -> Alert {
    let series = subject.series(&FAULTS, "kind=\"replaced\"");
    let samples = |values: &str| vec![faults(subject, REPLACED, values)];
    Alert {
        expr: format!("sum by ({OF_SINK}) {} > 0", risen(&series, "15m")),
        summary: format!("{WHO}: somebody moved, deleted or exchanged the file of the audit sink {SINK}"),
        description: format!(
            "{WHO}: within 15 minutes, the audit sink {SINK} found another file, or none, in the place of the one that it wrote (found: \
             {{value}}). It writes a new file now, and the chain goes on. Lines of the old file may be gone."
        ),
        fires: vec![
            Firing::new("30m", "1", samples("0x25 1x60")).not_before("25m"),
            Firing::new("30m", "1", samples("_x26 1x60")).not_before("25m"),
        ],
        quiet: vec![
            ("1h", samples("0x25 1x60")),
            ("30m", samples("1x60")),
            ("30m", vec![faults(subject, TORN, "0x25 1x60")]),
        ],
        ..base("AuthAuditFileReplaced", Severity::Page, &[FILE])
    }
}

/// It is counted when a process starts, so it often is one all along. Within an hour of that start, counters have fallen or are new.
fn torn(subject: Subject<'_>) -> Alert {
    let series = subject.series(&FAULTS, "kind=\"torn_tail\"");
    let highest = |offset: &str| format!("max by ({OF_SINK}) ({series}{offset}) > 0");
    let restarts = format!("sum by ({REPLICA}) (resets({}[1h])) > 0", subject.series(&ATTEMPTS, ""));
    let captured = |values: &str| Sample::of(subject, &ATTEMPTS, &[("decision", "captured")], values);
    let samples = |torn: &str, attempts: &str| vec![faults(subject, TORN, torn), captured(attempts)];
    Alert {
        expr: format!(
            "{} unless on ({OF_SINK}) ({} unless on ({REPLICA}) {restarts})",
            highest(""),
            highest(" offset 1h")
        ),
        summary: format!("{WHO}: a crash cut the last line of the audit sink {SINK}"),
        description: format!(
            "{WHO}: when this replica started, the file of the audit sink {SINK} ended within a line. The torn bytes are beside it, and the \
             chain goes on. The last attempts before the crash may not be on the record."
        ),
        fires: vec![
            Firing::new("30m", "1", samples("0x25 1x60", "0+5x25 0+5x60")).not_before("25m"),
            Firing::new("30m", "1", samples("_x25 1x60", "_x25 0+5x60")),
            // The run before ended in a crash too.
            Firing::new("110m", "1", samples("1x200", "0+5x99 0+5x99")).not_before("95m"),
        ],
        quiet: vec![
            ("2h", samples("0x25 1x100", "0+5x25 0+5x100")),
            ("1h", samples("0x60", "0+5x25 0+5x60")),
            ("30m", vec![faults(subject, REPLACED, "0x25 1x60")]),
        ],
        ..base("AuthAuditTornTail", Severity::Ticket, &[FILE])
    }
}

/// The chain of the file goes on over restarts. Copies keep none and begin at 1 each time, so they are left out. A replica with a new name
/// has a series of its own and is compared with nothing.
fn fell(subject: Subject<'_>) -> Alert {
    let series = subject.series(&SEQUENCE, "sink=\"file\"");
    let samples = |values: &str| vec![of_file(subject, &SEQUENCE, values)];
    let of = |label: (&str, &str), values: &str| Sample::of(subject, &SEQUENCE, &[label], values);
    let renamed = |instance| Sample::of(subject, &SEQUENCE, &[FILE, ("instance", instance)], "_x20 0+5x40");
    Alert {
        hold: two_scrapes(subject),
        expr: format!("max by ({OF_SINK}) (max_over_time({series}[1d]) - {series}) > 0"),
        summary: format!(
            "{WHO}: the audit trail has lost its end, at least {{value}} lines were cut or exchanged"
        ),
        description: format!(
            "{WHO}: the last line of the audit sink {SINK} has a lower number than within the last day, by {{value}}. A chain never goes \
             back: somebody cut its end, restored an older one, or exchanged the folder."
        ),
        fires: vec![
            Firing::new("40m", "190", samples("0+10x29 100x60")).not_before("25m"),
            Firing::new("40m", "190", samples("0+10x20 _x9 10x60")).not_before("25m"),
        ],
        quiet: vec![
            // A restart, a copy that begins anew, and replicas that are renamed.
            ("40m", samples("0+10x20 _x5 201+10x60")),
            ("40m", vec![of(("sink", "tracing"), "0+10x29 1+10x60")]),
            ("40m", [samples("0+10x20"), vec![renamed("two")]].concat()),
            ("40m", samples("0x60")),
        ],
        ..base("AuthAuditSequenceFell", Severity::Page, &[FILE])
    }
}
