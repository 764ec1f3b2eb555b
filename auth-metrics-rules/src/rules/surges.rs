//! Alerts on rejections: more than this hour of the week usually has, scaled by the growth of successes and by how much they spread.

use super::super::query::{Level, Subject};
use super::alert::{Alert, Firing, NUMBER, PERCENT, Severity};
use super::expected::{LEAST_EXCESS, SHARE};
use super::recording::{EVENTS, REJECTIONS};
use super::samples::{operation_found, outcomes};

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    vec![surge(subject), elevated(subject), share_rising(subject)]
}

/// Rejections of ten minutes or half an hour, and what is expected of them.
struct Compared {
    now: String,
    expected: String,
    noise: String,
    least: String,
}

impl Compared {
    fn new(subject: Subject<'_>) -> Compared {
        Compared {
            now: subject.average(REJECTIONS, 5),
            expected: subject.expected(REJECTIONS),
            noise: subject.noise(),
            least: subject.least_excess(),
        }
    }

    /// So many that no scanner leaves them in ten minutes.
    fn at_once(&self, times: f64) -> String {
        let Compared { now, expected, noise, least } = self;
        format!(
            "({now} * 600 > {times} * {noise} * {expected} * 600 and ({now} - {expected}) * 600 > 2 * {least} and ({now} - {expected}) * 600 > 5 \
             * sqrt({expected} * 600))"
        )
    }

    /// Many now, many a quarter of an hour ago, and enough in half an hour.
    fn lasting(&self, subject: Subject<'_>, times: f64) -> String {
        let Compared { now, expected, noise, least } = self;
        let half_hour = subject.average(REJECTIONS, 30);
        let before = format!("avg_over_time({}[5m] offset 15m)", subject.rate(REJECTIONS));
        let limit = format!("{times} * {noise} * {expected}");
        format!(
            "({half_hour} * 1800 > {limit} * 1800 and {now} > {limit} and {before} > {limit} and ({half_hour} - {expected}) * 1800 > {least} and \
             ({half_hour} - {expected}) * 1800 > 5 * sqrt({expected} * 1800))"
        )
    }
}

fn surge(subject: Subject<'_>) -> Alert {
    let (times, compared) = (subject.options.surge, Compared::new(subject));
    let samples = |rejected: &str| outcomes(subject, &[("rejected", rejected), ("success", "0+600x150")]);
    Alert {
        name: "AuthRejectionSurge",
        severity: Severity::Page,
        hold: "2m".to_owned(),
        expr: format!("{} or {}", compared.at_once(times), compared.lasting(subject, times)),
        labels: Vec::new(),
        summary: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} rejections, more than {times} times as many as usual"
        ),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} rejections within 10 or 30 minutes, more than {times} \
             times what is usual at this hour of the week, growth of successes taken out. Without weeks of history, yesterday or the last day \
             counts as usual."
        ),
        value: NUMBER,
        fires: vec![Firing::new("80m", "6000", samples("0+6x60 360+600x90")).not_before("1h")],
        quiet: vec![
            // Twice as many, which is a ticket, and a scanner that walks past.
            ("80m", samples(&format!("0+60x60 3600+{:.0}x90", 60.0 * (times - 1.0).max(1.0)))),
            ("80m", samples("0x62 0+8x10 80x80")),
        ],
        found: operation_found(subject),
        every: "10m",
    }
}

fn elevated(subject: Subject<'_>) -> Alert {
    let samples = |rejected: &str| outcomes(subject, &[("rejected", rejected), ("success", "0+600x250")]);
    Alert {
        name: "AuthRejectionsElevated",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: Compared::new(subject).lasting(subject, 1.5),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} rejections in half an hour at this rate, half as many again as usual or more"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} rejections within 30 minutes, more than 1.5 times what is \
                      usual at this hour of the week, growth of successes taken out."
            .to_owned(),
        value: NUMBER,
        fires: vec![Firing::new("3h", "3600", samples("0+60x120 7200+120x130"))],
        quiet: vec![("3h", samples("0+60x120 7200+75x130"))],
        found: operation_found(subject),
        every: "15m",
    }
}

/// A tenth over the same six hours of the last weeks: spraying and slow guessing move no short window.
fn share_rising(subject: Subject<'_>) -> Alert {
    let [rejections, events] = [REJECTIONS, EVENTS].map(|what| subject.rate_over(what, 360));
    let usual = subject.recorded(Level::Operation, SHARE, "expected", "");
    let usually = format!("{usual} * {events} * 21600");
    let samples = |rejected: &str| outcomes(subject, &[("rejected", rejected), ("success", "0+540x12000")]);
    Alert {
        name: "AuthRejectionShareRising",
        severity: Severity::Ticket,
        hold: "1h".to_owned(),
        expr: format!(
            "{rejections} / ({events} > 0) > 1.1 * {usual} * {} and {rejections} * 21600 > {usually} + 6 * sqrt({usually}) + \
             {LEAST_EXCESS}",
            subject.recorded(Level::Operation, SHARE, "noise", "")
        ),
        labels: Vec::new(),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} of the attempts of six hours were rejected, more than in other weeks"
            .to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: {value} of the attempts of the last six hours were rejected. The same \
                      hours of the last weeks had a share that is at least a tenth lower. Somebody may try a few passwords on many accounts."
            .to_owned(),
        value: PERCENT,
        fires: vec![
            Firing::new("192h", "18.18%", samples("0+60x10920 655200+120x800")).not_before("180h"),
        ],
        quiet: Vec::new(),
        found: operation_found(subject),
        every: "6h",
    }
}
