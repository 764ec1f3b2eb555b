//! Alerts on server errors against the error budget.

use super::super::query::{Subject, window};
use super::alert::{Alert, Firing, PERCENT, Severity};
use super::recording::{ERROR_RATIO, ERRORS, count_over};
use super::samples::{operation_found, outcomes};
use super::spelled::{percentage, rounded, time};

/// A long and a short window in minutes, for an objective over 30 days, the part of the budget that is gone after the long one, and for
/// how long both have to be over the limit.
struct Burn {
    long: u64,
    short: u64,
    part: f64,
    hold: &'static str,
    /// When its test looks, after how many minutes that is, and how often it evaluates.
    at: (&'static str, u64, &'static str),
}

/// The Site Reliability Workbook, chapter 5, table 5-8, with a time to hold for each pair as kubernetes-mixin has it, scaled to ours.
const FAST: [Burn; 2] = [
    Burn { long: 60, short: 5, part: 0.02, hold: "2m", at: ("2h", 120, "20m") },
    Burn { long: 360, short: 30, part: 0.05, hold: "15m", at: ("8h", 480, "1h") },
];
const SLOW: [Burn; 2] = [
    Burn { long: 1_440, short: 120, part: 0.1, hold: "1h", at: ("27h", 1620, "3h") },
    Burn { long: 4_320, short: 360, part: 0.1, hold: "3h", at: ("78h", 4680, "6h") },
];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let fast = pair(subject, "AuthErrorBudgetBurnFast", Severity::Page, &FAST);
    fast.into_iter().chain(pair(subject, "AuthErrorBudgetBurnSlow", Severity::Ticket, &SLOW)).collect()
}

/// Two arms of one alert. What fires the quick one fires the steady one too.
fn pair(
    subject: Subject<'_>,
    name: &'static str,
    severity: Severity,
    [quick, steady]: &[Burn; 2],
) -> Vec<Alert> {
    let between = f64::midpoint(quick.limit(subject).min(1.0), steady.limit(subject));
    let beyond = f64::midpoint(quick.limit(subject), 1.0);
    let mut alerts = Vec::new();
    // A limit of one or more is never exceeded: the objective is too low for that arm.
    if quick.limit(subject) < 1.0 {
        let mut alert = quick.alert(subject, name, severity, beyond);
        for firing in &mut alert.fires {
            firing.beside = vec![(steady.alert(subject, name, severity, beyond), firing.value.clone())];
        }
        alerts.push(alert);
    }
    if steady.limit(subject) < 1.0 {
        alerts.push(steady.alert(subject, name, severity, between));
    }
    alerts
}

impl Burn {
    /// How many times faster than allowed the budget is used up.
    fn factor(&self) -> f64 {
        self.part * 30.0 * 24.0 * 60.0 / self.long as f64
    }

    /// The ratio of errors that uses up that part within the long window.
    fn limit(&self, subject: Subject<'_>) -> f64 {
        rounded(self.factor() * (1.0 - subject.options.slo_target))
    }

    /// The alert, tested with this share of errors.
    fn alert(&self, subject: Subject<'_>, name: &'static str, severity: Severity, share: f64) -> Alert {
        let [long, short] = [self.long, self.short].map(|minutes| subject.scaled(minutes));
        let limit = self.limit(subject);
        let ratio = |minutes| subject.rate_over(ERROR_RATIO, minutes);
        let bad = count_over(subject, ERRORS, long);
        // The whole budget lasts this long at the limit.
        let lasts = subject.options.slo_window.as_secs_f64() / self.factor();
        let (at, minutes, every) = self.at;
        let samples = |errors: &str, success: &str, rejected: &str| {
            outcomes(subject, &[("error", errors), ("success", success), ("rejected", rejected)])
        };
        let successes = (300.0 / share - 300.0).round();
        let mut quiet = vec![(at, samples("0x5000", "0+30x5000", "0+300x5000"))];
        let few = 4.0_f64.min(subject.options.min_bad_events - 1.0);
        if few > 0.0 && minutes < 1_440 {
            quiet.push((
                at,
                samples(&format!("0x{} 0+1x{few:.0} {few:.0}x400", minutes - 20), "0+1x5000", "0x5000"),
            ));
        }
        Alert {
            name,
            severity,
            hold: self.hold,
            expr: format!(
                "{} > {limit} and {} > {limit} and {bad} >= {}",
                ratio(long),
                ratio(short),
                subject.options.min_bad_events
            ),
            labels: vec![("long", window(long)), ("short", window(short))],
            summary: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} server errors over {}, the error budget is gone in \
                 {} or less",
                window(long),
                time(lasts)
            ),
            description: format!(
                "{{{{ $labels.operation }}}} on {{{{ $labels.service_id }}}}: {{value}} of the attempts of the last {} failed by the \
                 service's own fault, and more than {} of those of the last {}. The objective allows {} over {}. Refused strangers don't \
                 count.",
                window(long),
                percentage(limit),
                window(short),
                percentage(rounded(1.0 - subject.options.slo_target)),
                window(subject.budget_minutes())
            ),
            value: PERCENT,
            fires: vec![Firing::new(
                at,
                percentage(300.0 / (300.0 + successes)),
                samples("0+300x5000", &format!("0+{successes}x5000"), "0x5000"),
            )],
            // What strangers do wrong is no server error, however much of it comes. A few errors in a quiet night are few.
            quiet,
            found: operation_found(subject),
            every,
        }
    }
}
