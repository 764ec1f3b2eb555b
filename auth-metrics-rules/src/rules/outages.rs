//! Alerts on outages that no error tells: nobody gets in, callers give up, nobody comes, one replica fails where the others don't, or
//! clients are told that an error is their own fault.

use super::super::query::{BY, Level, Subject};
use super::alert::{Alert, Firing, NUMBER, PERCENT, Sample, Severity};
use super::recording::{CANCELLED, ENDED, ERRORS, EVENTS, FAILED, REJECTIONS, SUCCESSES, over};
use super::samples::{SERVICE, operation_found, outcomes, outcomes_on};
use auth_metrics::families::{OPERATIONS, SWALLOWED};

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![no_success(subject), hang(subject), traffic_drop(subject), replica_sick(subject), swallowed(subject)]
}

/// A tenth of the usual successes per second at this hour.
fn lower(subject: Subject<'_>) -> String {
    subject.recorded(Level::Operation, SUCCESSES, "lower", "")
}

/// Attempts that do not end well, where enough end well at this hour of other weeks, or did in the hour before.
fn no_success(subject: Subject<'_>) -> Alert {
    let arm = |minutes: u64| {
        let seconds = minutes * 60;
        let sum = [REJECTIONS, ERRORS, CANCELLED].map(|what| subject.average(what, minutes)).join(" + ");
        let none = format!("{} == 0", subject.average(SUCCESSES, minutes));
        let usual = format!("({} * {} > 15)", lower(subject), 10 * seconds);
        let before = format!(
            "(avg_over_time({}[1h] offset {minutes}m) * {seconds} > 15 unless on ({BY}) {})",
            subject.rate(SUCCESSES),
            lower(subject)
        );
        format!("(({sum}) * {seconds} > 20 and {none} and ({usual} or {before}))")
    };
    let samples = |success: &str| {
        outcomes(
            subject,
            &[("rejected", "0+10x150"), ("error", "0x150"), ("cancelled", "0x150"), ("success", success)],
        )
    };
    Alert {
        name: "AuthNoSuccess",
        severity: Severity::Page,
        hold: "3m".to_owned(),
        expr: format!("{} or {}", arm(15), arm(60)),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} attempts and none succeeded".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} attempts were rejected, failed or given up, and none \
                      succeeded, where successes are usual at this hour."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("105m", "150", samples("0+10x60 600x90"))],
        quiet: vec![
            ("105m", samples("0+1x150")),
            // A scanner where nobody is awake.
            ("105m", samples("0x150")),
        ],
        found: operation_found(subject),
        every: "15m",
    }
}

/// Callers give up: `cancelled` is no event, so no budget burns.
fn hang(subject: Subject<'_>) -> Alert {
    let expected = subject.expected(CANCELLED);
    let arm = |minutes: u64, seconds: u64| {
        let (given_up, ended) = (subject.average(CANCELLED, minutes), over(subject, EVENTS, minutes));
        format!(
            "({given_up} / ({given_up} + {ended} > 0) > 0.2 and {given_up} * {seconds} > 3 * {expected} * {seconds} + 5 * sqrt({expected} * \
             {seconds}) + 20)"
        )
    };
    let samples = |cancelled: &str| outcomes(subject, &[("cancelled", cancelled), ("success", "0+30x120")]);
    Alert {
        name: "AuthHang",
        severity: Severity::Page,
        hold: "2m".to_owned(),
        expr: format!("{} or {}", arm(5, 600), arm(30, 1_800)),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: callers give up on {value} of the attempts".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} of the attempts were cancelled before they ended, far more \
                      than usual. Something that the operation waits for hangs."
            .to_owned(),
        value: PERCENT,
        fires: vec![Firing::new("80m", "50%", samples("0x60 0+30x60"))],
        // As many callers give up as always.
        quiet: vec![("80m", samples("0+10x120"))],
        found: operation_found(subject),
        every: "10m",
    }
}

/// Under a tenth of the least that is usual around this hour, after a fall. Where people go home early, traffic ebbs; on a holiday it never
/// came.
fn traffic_drop(subject: Subject<'_>) -> Alert {
    let lower = lower(subject);
    // Thirty are expected in that time. Successes of a service that is gone are none.
    let gone = format!("({lower} unless {})", subject.rate(SUCCESSES));
    let arm = |minutes: u64| {
        let fell = subject.recorded(Level::Operation, SUCCESSES, &format!("fell{minutes}m"), "");
        format!(
            "({} or 0 * {lower}) < {lower} and {lower} * {} > 30 and (count_over_time({fell}[6h]) or {gone})",
            subject.average(SUCCESSES, minutes),
            minutes * 600
        )
    };
    let samples = |success: &str| outcomes(subject, &[("success", success)]);
    let day = "0+2.5x1500";
    Alert {
        name: "AuthTrafficDrop",
        severity: Severity::Page,
        hold: "3m".to_owned(),
        expr: format!("({}) or ({} and {lower} * 6000 <= 30)", arm(10), arm(30)),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: almost nobody succeeds any more, {value} per second".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: successes fell under a tenth of what is usual at this hour. Clients \
                      can't reach the service, or it no longer answers."
            .to_owned(),
        value: "{{ printf \"%.3g\" $value }}",
        fires: vec![
            Firing::new("1590m", "0", samples(&format!("{day} 3750x300"))).not_before("25h"),
        ],
        quiet: Vec::new(),
        found: operation_found(subject),
        every: "30m",
    }
}

/// One replica fails, refuses or hangs twice as often as the others do, and has fewer successes: a client with a bad key that stays on one
/// replica takes none away.
fn replica_sick(subject: Subject<'_>) -> Alert {
    let [failed, ended] =
        [FAILED, ENDED].map(|what| format!("avg_over_time({}[5m])", subject.rate_on_instances(what)));
    let expected = subject.recorded(Level::Instance, FAILED, "expected", "");
    let samples = |success: &str, sick: &str| {
        let well = |instance| outcomes_on(subject, instance, &[("success", "0+60x60"), ("error", "0+1x60")]);
        let mut samples = [well("two"), well("three")].concat();
        samples.extend(outcomes(subject, &[("success", success), ("error", sick)]));
        samples
    };
    let mut found = operation_found(subject);
    found.push(("instance", "one".to_owned()));
    Alert {
        name: "AuthReplicaSick",
        severity: Severity::Page,
        hold: "5m".to_owned(),
        expr: format!(
            "{failed} / ({ended} > 0) > 0.1 and {failed} > 2 * {expected} and {failed} * 600 > {expected} * 600 + 5 * sqrt({expected} * 600) + \
             20 and {ended} - {failed} < on ({BY}) group_left () 0.9 * avg by ({BY}) ({ended} - {failed})"
        ),
        labels: Vec::new(),
        summary: "{{ $labels.instance }} of {{ $labels.job }}: {value} of its {{ $labels.operation }} attempts fail, the other replicas are well"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: on {{ $labels.instance }}, {value} of the attempts were rejected, \
                      failed or given up, more than twice the share of the other replicas."
            .to_owned(),
        value: PERCENT,
        fires: vec![Firing::new("40m", "50%", samples("0+60x20 1200+30x40", "0x20 0+30x40")).not_before("20m")],
        // A client with a bad key on one replica.
        quiet: vec![("40m", samples("0+60x60", "0x20 0+60x40"))],
        found,
        every: "10m",
    }
}

/// An attempt that swallows a failure succeeds, takes another step, or is rejected. A retry and a fallback that work are among the first two.
/// So those that exceed them were rejected, and only an error is worse than that. A tenth is left for scrapes that lie apart.
fn swallowed(subject: Subject<'_>) -> Alert {
    let on_replica = |series: &str| format!("sum by (instance, {BY}) (increase({series}[10m]))");
    let well = subject.series(&OPERATIONS, "outcome=~\"success|interim\"");
    let least = subject.options.min_bad_events;
    Alert {
        name: "AuthFailuresSwallowed",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: format!(
            "sum by ({BY}) ({} - 1.1 * {} > 0) >= {least}",
            on_replica(&subject.series(&SWALLOWED, "")),
            on_replica(&well)
        ),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: server errors are shown to at least {value} clients as their own mistake"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: within 10 minutes, at least {value} attempts were rejected, such as for \
                      a wrong password, although an attempt inside of them had failed by the service's own fault. No alert on errors of this \
                      operation sees it."
            .to_owned(),
        value: NUMBER,
        fires: vec![
            Firing::new("60m", "100", hiding(subject, "0+10x30 300x60", "0x30 0+10x60", "0x30 0+10x60")).not_before("30m"),
            // Some retries help.
            Firing::new("60m", "40", hiding(subject, "0+10x90", "0+6x90", "0+15x90")),
        ],
        quiet: harmless(subject),
        found: operation_found(subject),
        every: "5m",
    }
}

/// What hides failures and does no harm, or does so too rarely.
fn harmless(subject: Subject<'_>) -> Vec<(&'static str, Vec<Sample>)> {
    let mut quiet = vec![
        // A retry that helped each time, and a fallback that did not always.
        ("60m", hiding(subject, "0+10x90", "0+1x90", "0+10x90")),
        ("60m", hiding(subject, "0+10x90", "0+10x90", "0+5x90")),
        // Rejections that no error is inside of.
        ("60m", hiding(subject, "0x90", "0+10x90", "0x90")),
    ];
    let few = 4.0_f64.min(subject.options.min_bad_events - 1.0);
    if few > 0.0 {
        quiet.push(("60m", hiding(subject, "0x90", "0+1x90", &format!("0x52 {few:.0}x90"))));
    }
    quiet
}

/// How the attempts of the example ended, and how many of them ended better than one inside.
fn hiding(subject: Subject<'_>, success: &str, rejected: &str, swallowed: &str) -> Vec<Sample> {
    let labels = [SERVICE, ("operation", subject.example())];
    let mut samples = outcomes(subject, &[("success", success), ("rejected", rejected)]);
    samples.push(Sample::of(subject, &SWALLOWED, &labels, swallowed));
    samples
}
