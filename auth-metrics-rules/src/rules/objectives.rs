//! Alerts on server errors against the error budget.

use super::super::burn::{Burn, FAST, Hold, SLOW, budget};
use super::super::query::{Subject, window};
use super::alert::{Alert, Firing, PERCENT, Sample, Severity};
use super::recording::{ERROR_RATIO, ERRORS, EVENTS, count_over, over};
use super::samples::{operation_found, outcomes};
use super::spelled::{percentage, time};

/// A share of errors in the shortest window that no failover of seconds reaches.
const MOST: f64 = 0.3;

/// When the test of an arm looks, after how many minutes that is, and how often it evaluates.
type Look = (&'static str, u32, &'static str);

const AT_FAST: [Look; 2] = [("2h", 120, "10m"), ("310m", 310, "10m")];
const AT_SLOW: [Look; 2] = [("27h", 1_620, "3h"), ("80h", 4_800, "2h")];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let fast = pair(subject, ("AuthErrorBudgetBurnFast", Severity::Page), &FAST, AT_FAST);
    let slow = pair(subject, ("AuthErrorBudgetBurnSlow", Severity::Ticket), &SLOW, AT_SLOW);
    fast.into_iter().chain(slow).collect()
}

/// Two arms of one alert. What fires the quick one fires the steady one too.
fn pair(
    subject: Subject<'_>,
    named: (&'static str, Severity),
    [quick, steady]: &[Burn; 2],
    [at_quick, at_steady]: [Look; 2],
) -> Vec<Alert> {
    // Windows of hours read what is recorded every few minutes; the tests have to record it then.
    let fitting = |burn: &Burn, (at, minutes, every): Look| {
        let [long, _] = burn.windows(subject);
        (
            at,
            minutes,
            if long <= 720 {
                "10m"
            } else if burn.limit(subject) > 0.05 {
                "1h"
            } else {
                every
            },
        )
    };
    let (at_quick, at_steady) = (fitting(quick, at_quick), fitting(steady, at_steady));
    let between = 0.9 * quick.limit(subject).min(1.0) + 0.1 * steady.limit(subject);
    let beyond = f64::midpoint(quick.limit(subject), 1.0);
    let mut alerts = Vec::new();
    // A limit of one or more is never exceeded: the objective is too low for that arm.
    if quick.limit(subject) < 1.0 {
        let mut fires = alert(subject, quick, named);
        let (firing, value) = errors(subject, at_quick, beyond);
        let beside = vec![(alert(subject, steady, named), value)];
        fires.tested(at_quick, Firing { beside, ..firing }, subject);
        alerts.push(fires);
    }
    if steady.limit(subject) < 1.0 {
        let mut fires = alert(subject, steady, named);
        fires.tested(at_steady, errors(subject, at_steady, between).0, subject);
        alerts.push(fires);
    }
    alerts
}

fn samples(subject: Subject<'_>, errors: &str, success: &str, rejected: &str) -> Vec<Sample> {
    outcomes(subject, &[("error", errors), ("success", success), ("rejected", rejected)])
}

/// This share of errors all the time, and how the alert writes it.
fn errors(subject: Subject<'_>, (at, ..): Look, share: f64) -> (Firing, String) {
    let successes = (300.0 / share - 300.0).round();
    let value = percentage(300.0 / (300.0 + successes));
    let samples = samples(subject, "0+300x5000", &format!("0+{successes}x5000"), "0x5000");
    (Firing::new(at, value.clone(), samples), value)
}

impl Alert {
    fn tested(&mut self, (at, minutes, every): Look, firing: Firing, subject: Subject<'_>) {
        self.every = every;
        self.fires = vec![firing];
        if minutes > 120 {
            return;
        }
        // What strangers do wrong is no server error, however much of it comes.
        self.quiet = vec![(at, samples(subject, "0x5000", "0+30x5000", "0+300x5000"))];
        let few = 4.0_f64.min(subject.options.min_bad_events - 1.0);
        if few > 0.0 {
            // A few errors in a quiet night are few.
            let errors = format!("0x{} 0+1x{few:.0} {few:.0}x400", minutes - 20);
            self.quiet.push((at, samples(subject, &errors, "0+1x5000", "0x5000")));
        }
    }
}

/// Errors that come and go within seconds stay in the shortest window for its whole length, and no longer.
fn lasting(subject: Subject<'_>, short: u64, limit: f64) -> String {
    let ratio = subject.rate_over(ERROR_RATIO, short);
    format!(" and ({ratio} offset {} > {limit} or {ratio} > {MOST})", window(short - 1))
}

/// The bad events are counted too: a window that is only partly recorded, at the start or after a gap, is not extrapolated.
fn alert(subject: Subject<'_>, burn: &Burn, (name, severity): (&'static str, Severity)) -> Alert {
    let [long, short] = burn.windows(subject);
    let limit = burn.limit(subject);
    let ratio = |minutes| subject.rate_over(ERROR_RATIO, minutes);
    let bad = count_over(subject, ERRORS, long);
    let lasts = if burn.hold == Hold::Lasting { lasting(subject, short, limit) } else { String::new() };
    let who = "{{ $labels.operation }} on {{ $labels.service_id }}";
    Alert {
        name,
        severity,
        hold: burn.hold(subject),
        expr: format!(
            "{} > {limit} and {} > {limit}{lasts} and {bad} >= {} and {bad} > {limit} * {} * {}",
            ratio(long),
            ratio(short),
            subject.options.min_bad_events,
            over(subject, EVENTS, long),
            long * 60
        ),
        labels: vec![("long", window(long)), ("short", window(short))],
        summary: format!(
            "{who}: {{value}} server errors over {}, the error budget is gone in {} or less",
            window(long),
            time(burn.lasts(subject))
        ),
        description: format!(
            "{who}: {{value}} of the attempts of the last {} failed by the service's own fault, and more than {} of those of the last \
             {}. The objective allows {} over {}. Refused strangers don't count.",
            window(long),
            percentage(limit),
            window(short),
            percentage(budget(subject)),
            window(subject.budget_minutes())
        ),
        value: PERCENT,
        fires: Vec::new(),
        quiet: Vec::new(),
        found: operation_found(subject),
        every: "10m",
    }
}
