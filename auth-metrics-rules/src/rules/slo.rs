//! Alerts on the objectives: server errors against the budget, and latency.

use super::super::bound;
use super::super::query::{BY, Subject, increase_by};
use super::alert::{Alert, Sample, Severity};
use super::recording::{error_ratio, events, slow_ratio};
use auth_metrics::families::{AUTH_LATENCY, OPERATIONS};

/// A long and a short window, and the part of the budget that is gone after the long one.
struct Burn {
    long: &'static str,
    hours: f64,
    short: &'static str,
    part: f64,
}

/// The Site Reliability Workbook, chapter 5, table 5-8.
const FAST: [Burn; 2] = [
    Burn { long: "1h", hours: 1.0, short: "5m", part: 0.02 },
    Burn { long: "6h", hours: 6.0, short: "30m", part: 0.05 },
];
const SLOW: [Burn; 2] = [
    Burn { long: "1d", hours: 24.0, short: "2h", part: 0.1 },
    Burn { long: "3d", hours: 72.0, short: "6h", part: 0.1 },
];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let fast = budget_burn(subject, "AuthErrorBudgetBurnFast", Severity::Page, "2m", &FAST, ["2h", "8h"]);
    let slow =
        budget_burn(subject, "AuthErrorBudgetBurnSlow", Severity::Ticket, "15m", &SLOW, ["26h", "76h"]);
    vec![fast, slow, latency(subject), no_success(subject)]
}

fn found(subject: Subject<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("job", "auth".to_owned()),
        ("service_id", "gateway".to_owned()),
        ("operation", subject.example().to_owned()),
    ]
}

fn outcomes(subject: Subject<'_>, values: &[(&str, &str)]) -> Vec<Sample> {
    let labels =
        |outcome| [("service_id", "gateway"), ("operation", subject.example()), ("outcome", outcome)];
    values
        .iter()
        .map(|(outcome, values)| Sample::of(subject, &OPERATIONS, &labels(outcome), values))
        .collect()
}

impl Burn {
    /// The ratio of errors that uses up that part within the long window.
    fn limit(&self, subject: Subject<'_>) -> f64 {
        rounded(self.factor(subject) * (1.0 - subject.options.slo_target))
    }

    fn factor(&self, subject: Subject<'_>) -> f64 {
        self.part * subject.options.slo_window.as_secs_f64() / 3_600.0 / self.hours
    }

    fn expr(&self, subject: Subject<'_>) -> String {
        let (limit, long, short) = (self.limit(subject), error_ratio(self.long), error_ratio(self.short));
        let enough =
            format!("{} * {} > {}", events(self.long), self.hours * 3_600.0, subject.options.min_bad_events);
        format!("({long} > {limit} and {short} > {limit} and {enough})")
    }

    /// How many days the whole budget lasts at this rate.
    fn days(&self) -> f64 {
        self.hours / self.part / 24.0
    }

    fn as_text(&self, subject: Subject<'_>) -> String {
        format!("{} over both {} and {}", percent(self.limit(subject)), self.long, self.short)
    }
}

fn budget_burn(
    subject: Subject<'_>,
    name: &'static str,
    severity: Severity,
    hold: &'static str,
    burns: &[Burn; 2],
    at: [&'static str; 2],
) -> Alert {
    let [quick, steady] = burns;
    // Between the two limits only the longer pair fires.
    let between = f64::midpoint(quick.limit(subject), steady.limit(subject)).min(1.0);
    let success = format!("0+{:.0}x4700", 30.0 / between - 30.0);
    let samples = |errors: &str, success: &str, rejected: &str| {
        outcomes(subject, &[("error", errors), ("success", success), ("rejected", rejected)])
    };
    Alert {
        name,
        severity,
        hold,
        expr: format!("{} or {}", quick.expr(subject), steady.expr(subject)),
        summary: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: at this rate, server errors use up the error budget within {:.0} days",
            steady.days()
        ),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: attempts that ended with a server error were more than {}, or more \
             than {}. The objective allows {}.",
            quick.as_text(subject),
            steady.as_text(subject),
            percent(1.0 - subject.options.slo_target)
        ),
        fires: vec![
            (at[0], samples("0+30x4700", "0+30x4700", "0+0x4700")),
            (at[1], samples("0+30x4700", &success, "0+0x4700")),
        ],
        // What strangers do wrong is no server error, however much of it comes.
        quiet: (at[0], samples("0+0x4700", "0+30x4700", "0+300x4700")),
        found: found(subject),
    }
}

fn latency(subject: Subject<'_>) -> Alert {
    let (within, target) = subject.options.latency;
    let (seconds, limit) = (within.as_secs_f64(), rounded(1.0 - target));
    let enough = format!("{} * 3600 > {}", events("1h"), subject.options.min_bad_events);
    let spellings = bound::spellings(subject.latency_bound(subject.options.latency.0));
    let samples = |bound: &str, quick: &str, all: &str| {
        let mut samples = outcomes(subject, &[("success", all)]);
        let labels = [("service_id", "gateway"), ("operation", subject.example())];
        let bucket = [labels[0], labels[1], ("le", bound)];
        samples.push(Sample::suffixed(subject, &AUTH_LATENCY, "_bucket", &bucket, quick));
        samples.push(Sample::suffixed(subject, &AUTH_LATENCY, "_count", &labels, all));
        samples
    };
    Alert {
        name: "AuthLatencyHigh",
        severity: Severity::Ticket,
        hold: "5m",
        expr: format!("{} > {limit} and {} > {limit} and {enough}", slow_ratio("1h"), slow_ratio("5m")),
        summary: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: more than {} of attempts take longer than {seconds} s",
            percent(limit)
        ),
        description: format!(
            "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: the objective is {} within {seconds} s. Attempts missed it over \
             both the last hour and the last 5 minutes.",
            percent(target)
        ),
        // Once for each way to store the bound.
        fires: spellings.iter().map(|bound| ("2h", samples(bound, "0+0x150", "0+60x150"))).collect(),
        quiet: ("2h", samples(&spellings[0], "0+60x150", "0+60x150")),
        found: found(subject),
    }
}

fn no_success(subject: Subject<'_>) -> Alert {
    let series = |outcome: &str| subject.series(&OPERATIONS, outcome);
    let failures = increase_by(BY, &series("outcome=~\"rejected|error\""), "15m");
    let success = |window| increase_by(BY, &series("outcome=\"success\""), window);
    Alert {
        name: "AuthNoSuccess",
        severity: Severity::Page,
        hold: "5m",
        expr: format!("{failures} > 20 unless {} > 0 and {} > 0", success("15m"), success("1d")),
        summary: "{{ $labels.operation }} on {{ $labels.service_id }}: every attempt has failed for 15 minutes".to_owned(),
        description: "{{ $labels.operation }} on {{ $labels.service_id }}: more than 20 attempts failed within 15 minutes and none \
                      succeeded. There were successes within the last day."
            .to_owned(),
        fires: vec![("2h", outcomes(subject, &[("rejected", "0+10x150"), ("success", "0+10x60 600+0x90")]))],
        quiet: ("2h", outcomes(subject, &[("rejected", "0+10x150"), ("success", "0+1x150")])),
        found: found(subject),
    }
}

/// Six digits behind the point, so that no product of doubles shows its last bits.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn percent(part: f64) -> String {
    format!("{} %", rounded(part * 100.0))
}
