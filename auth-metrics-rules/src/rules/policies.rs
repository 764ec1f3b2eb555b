//! Alerts on people who are let in unasked.

use super::super::query::{Subject, increase_by};
use super::alert::{Alert, Firing, NUMBER, Sample, Severity};
use super::samples::{SERVICE, found};
use auth_metrics::families::FAIL_OPEN;

const BY: &str = "job, service_id, policy";

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![sustained(subject), fail_open(subject)]
}

fn samples(subject: Subject<'_>, values: &str) -> Vec<Sample> {
    vec![Sample::of(subject, &FAIL_OPEN, &[SERVICE, ("policy", "risk")], values)]
}

fn sustained(subject: Subject<'_>) -> Alert {
    let series = subject.series(&FAIL_OPEN, "");
    Alert {
        name: "AuthFailOpenSustained",
        severity: Severity::Page,
        // A failover of the policy's store fills one window, and no more.
        hold: "6m".to_owned(),
        expr: format!("{} > 0", increase_by(BY, &series, &subject.short())),
        labels: Vec::new(),
        summary: "{{ $labels.service_id }} lets everybody past the policy {{ $labels.policy }}: {value} in the last minutes".to_owned(),
        description: "{{ $labels.service_id }}: the policy {{ $labels.policy }} can't be evaluated, and requests are let through without it. \
                      This has lasted for minutes."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("40m", "50", samples(subject, "0x20 0+10x40"))],
        quiet: vec![("40m", samples(subject, "0x30 30x40"))],
        found: found(&[SERVICE, ("policy", "risk")]),
        every: "5m",
    }
}

fn fail_open(subject: Subject<'_>) -> Alert {
    let series = subject.series(&FAIL_OPEN, "");
    Alert {
        name: "AuthFailOpen",
        severity: Severity::Ticket,
        hold: "0s".to_owned(),
        expr: format!("{} > 0", increase_by(BY, &series, "15m")),
        labels: Vec::new(),
        summary: "{{ $labels.service_id }} let {value} requests past the policy {{ $labels.policy }}".to_owned(),
        description: "{{ $labels.service_id }}: within 15 minutes, the policy {{ $labels.policy }} could not be evaluated, and requests were let \
                      through without it."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("30m", "30", samples(subject, "7x25 37x20")).not_before("15m")],
        quiet: Vec::new(),
        found: found(&[SERVICE, ("policy", "risk")]),
        every: "15m",
    }
}
