//! Alerts on attempts that are not on the record: those that were dropped, and those that nobody can account for.

use super::super::super::query::Subject;
use super::super::alert::{Alert, Firing, Sample, Severity};
use super::replica::{FILE, OF_SINK, REPLICA, SINK, WHO, base, of_file, risen};
use auth_metrics::Family;
use auth_metrics::families::OPERATIONS;
use auth_metrics_audit::families::{ATTEMPTS, EVENTS, QUEUE, STEPS};

/// How many seconds an attempt may be under way to the trail: as many as a detector may be late.
const UNDER_WAY: u32 = 5;

const CAPTURED: (&str, &str) = ("decision", "captured");
const WRITTEN: (&str, &str) = ("result", "written");
const FAILED: (&str, &str) = ("result", "dropped_failed");

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![
        overflow(subject),
        dropped(subject, ("attempts", &EVENTS), "attempts"),
        dropped(subject, ("steps", &STEPS), "steps of credentials and decisions"),
        not_in_trail(subject),
        not_in_sink(subject),
    ]
}

/// Attempts that never reached the trail, so that no sink has them.
fn overflow(subject: Subject<'_>) -> Alert {
    let labels = [("decision", "overflow")];
    let series = subject.series(&ATTEMPTS, "decision=\"overflow\"");
    Alert {
        expr: format!("sum by ({REPLICA}) {} > 0", risen(&series, &subject.short())),
        labels: vec![("cause", "overflow".to_owned())],
        summary: format!("{WHO}: {{value}} attempts never reached the audit trail"),
        description: format!(
            "{WHO}: within {}, attempts ended faster than observers take them, and their events were lost. No sink has them. Logins are not \
             affected.",
            subject.short()
        ),
        ..lost(subject, &ATTEMPTS, &labels, &[])
    }
}

fn dropped(subject: Subject<'_>, (cause, family): (&str, &Family), what: &str) -> Alert {
    let series = subject.series(family, "result=~\"dropped_.+\"");
    Alert {
        expr: format!("sum by ({OF_SINK}, result) {} > 0", risen(&series, &subject.short())),
        labels: vec![("cause", cause.to_owned())],
        summary: format!("{WHO}: the audit sink {SINK} lost {{value}} {what} ({{{{ $labels.result }}}})"),
        description: format!(
            "{WHO}: within {}, the audit sink {SINK} did not take {what} that were captured: {{{{ $labels.result }}}}. They are not on the \
             record of this sink. Logins are not affected.",
            subject.short()
        ),
        ..lost(subject, family, &[FILE, FAILED], &[FILE, FAILED])
    }
}

/// Fires when a counter has risen, and when it is born above zero.
fn lost(
    subject: Subject<'_>,
    family: &Family,
    labels: &[(&str, &str)],
    found: &[(&'static str, &str)],
) -> Alert {
    let sample = |values: &str| vec![Sample::of(subject, family, labels, values)];
    // However many are on the record.
    let written = vec![
        Sample::of(subject, &EVENTS, &[FILE, WRITTEN], "0+90x60"),
        Sample::of(subject, &STEPS, &[FILE, WRITTEN], "0+90x60"),
        Sample::of(subject, &ATTEMPTS, &[CAPTURED], "0+90x60"),
    ];
    Alert {
        fires: vec![
            Firing::new("30m", "30", sample("7x27 37x60")).not_before("25m"),
            Firing::new("30m", "7", sample("_x27 7x60")).not_before("25m"),
        ],
        quiet: vec![("1h", sample("7x27 37x60")), ("30m", sample("7x60")), ("30m", written)],
        ..base("AuthAuditDropped", Severity::Page, found)
    }
}

/// Each attempt that ended is captured, skipped or lost in the overflow. Those under way between the two counts are no more than what a few
/// seconds end, and attempts that are missing add up, so one in a thousand is found.
fn not_in_trail(subject: Subject<'_>) -> Alert {
    // The trail knows no services and operations, so all of them count.
    let ended = subject.of_everything(&OPERATIONS, "");
    let missing = format!(
        "(sum by ({REPLICA}) ({ended}) - sum by ({REPLICA}) ({}))",
        subject.of_everything(&ATTEMPTS, "")
    );
    let samples = |ended: &str, captured: &str| {
        let labels = [("service_id", "gateway"), ("operation", subject.example()), ("outcome", "success")];
        vec![
            Sample::of(subject, &OPERATIONS, &labels, ended),
            Sample::of(subject, &ATTEMPTS, &[CAPTURED], captured),
        ]
    };
    Alert {
        expr: format!(
            "{missing} > 0.5 + {UNDER_WAY} * sum by ({REPLICA}) (rate({ended}[{}])) or {missing} < -0.5",
            subject.short()
        ),
        labels: vec![("cause", "attempts".to_owned())],
        summary: format!("{WHO}: the metrics and the audit trail differ by {{value}} attempts"),
        description: format!(
            "{WHO}: as many attempts must end as the audit trail captures, skips or loses in the overflow. For more than five minutes there \
             are {{value}} more, or less if negative. Attempts are missing in the trail, or reach it more than {UNDER_WAY} s late."
        ),
        fires: vec![
            Firing::new("3h", "180", samples("0+1000x200", "0+999x200")).not_before("1h"),
            Firing::new("30m", "1", samples("0+10x9 100x60", "0+10x9 99x60")),
            Firing::new("30m", "-10", samples("0+10x60", "10+10x60")),
        ],
        quiet: vec![
            ("3h", samples("80+1000x200", "0+1000x200")),
            ("15m", samples("0x14 9000x60", "0x15 9000x60")),
            ("1h", samples("0+1000x20 0+1000x60", "0+1000x20 0+1000x60")),
        ],
        ..incomplete(&[])
    }
}

/// Each captured attempt has a result at each sink, or waits for it.
fn not_in_sink(subject: Subject<'_>) -> Alert {
    let captured = subject.series(&ATTEMPTS, "decision=\"captured\"");
    let sum = |family| format!("sum by ({OF_SINK}) ({})", subject.series(family, ""));
    let missing = format!(
        "(sum by ({REPLICA}) ({captured}) - on ({REPLICA}) group_right () ({} + {}))",
        sum(&EVENTS),
        sum(&QUEUE)
    );
    let samples = |captured: &str, written: &str, waiting: &str| {
        vec![
            Sample::of(subject, &ATTEMPTS, &[CAPTURED], captured),
            Sample::of(subject, &EVENTS, &[FILE, WRITTEN], written),
            Sample::of(subject, &EVENTS, &[FILE, FAILED], "0x200"),
            of_file(subject, &QUEUE, waiting),
        ]
    };
    Alert {
        expr: format!(
            "{missing} > on ({REPLICA}) group_left () (0.5 + {UNDER_WAY} * sum by ({REPLICA}) (rate({captured}[{}]))) or {missing} < -0.5",
            subject.short()
        ),
        labels: vec![("cause", "sink".to_owned())],
        summary: format!("{WHO}: {{value}} captured attempts have no result at the audit sink {SINK}"),
        description: format!(
            "{WHO}: each captured attempt must be written, handed over or dropped by the audit sink {SINK}, or wait in its queue. For more \
             than five minutes, {{value}} are neither. The library has a bug, or something else exports the same metrics."
        ),
        fires: vec![
            Firing::new("3h", "180", samples("0+1000x200", "0+999x200", "0x200")).not_before("1h"),
            Firing::new("30m", "1", samples("0+10x9 100x60", "0+10x9 97x60", "2x60")),
            Firing::new("30m", "-10", samples("0+10x60", "10+10x60", "0x60")),
        ],
        quiet: vec![
            ("3h", samples("80+1000x200", "0+1000x200", "0x200")),
            ("15m", samples("0x14 9000x60", "0x15 9000x60", "0x60")),
            ("1h", samples("0+1000x60", "0+900x60", "0+100x60")),
            ("1h", samples("0+1000x20 0+1000x60", "0+1000x20 0+1000x60", "0x100")),
        ],
        ..incomplete(&[FILE])
    }
}

fn incomplete(labels: &[(&'static str, &str)]) -> Alert {
    Alert { hold: "5m".to_owned(), ..base("AuthAuditIncomplete", Severity::Ticket, labels) }
}
