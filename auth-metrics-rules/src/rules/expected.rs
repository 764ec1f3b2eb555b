//! What is usual at this hour of the week: the median of the last three weeks, else yesterday, else the last day. Growth scales it, since
//! an attack does not raise successes, and a campaign does.

use super::super::query::{BY, Level, Subject};
use super::recording::{
    ATTACKS, CANCELLED, ENDED, EVENTS, FAILED, LATENCY, REJECTIONS, SUCCESSES, UNKNOWN_KEYS, recording,
};
use super::written::Rule;

use crate::Part;

/// Growth beyond this is no growth.
const MOST_GROWTH: u32 = 8;

/// The share of attempts that attacks and rejections are expected to be while nothing was recorded yet.
const UNKNOWN_ATTACKS: f64 = 0.01;
const UNKNOWN_REJECTIONS: f64 = 0.3;

/// Rejections that a surge has beyond what is expected, at least, and how many more for a service of a size: a scanner that walks past a
/// large service leaves more of them. The size is the square root of the successes of half an hour, over the last day.
pub(super) const LEAST_EXCESS: f64 = 50.0;
const EXCESS_BY_SIZE: f64 = 2.5;

impl Subject<'_> {
    /// What is expected of a rate of an operation.
    pub(super) fn expected(&self, what: &str) -> String {
        self.recorded(Level::Operation, what, "expected", "")
    }

    /// The least excess of rejections, as a count.
    pub(super) fn least_excess(&self) -> String {
        let least = self.recorded(Level::Operation, REJECTIONS, "least_excess", "");
        format!("({least} or 0 * {} + {LEAST_EXCESS})", self.expected(REJECTIONS))
    }

    /// How many times its expected rate the rejections of an operation usually reach: 1, or more where they spread more, or where
    /// nothing was recorded yet.
    pub(super) fn noise(&self) -> String {
        let noise = self.recorded(Level::Operation, REJECTIONS, "noise", "");
        format!("({noise} or 0 * {} + 1)", self.expected(REJECTIONS))
    }
}

pub(super) fn rules(subject: Subject<'_>) -> Vec<Rule> {
    let of = |what: &str, how: &str| subject.record(Level::Operation, what, how);
    let operation = |what: &str, how: &str| subject.recorded(Level::Operation, what, how, "");
    let mut rules = vec![
        recording(of(SUCCESSES, "expected"), habit(BY, &subject.rate(SUCCESSES))),
        recording(of(SUCCESSES, "lower"), format!("0.1 * {}", least(subject))),
        recording(of(SUCCESSES, "fell10m"), fell(subject, 10, 0.2)),
        recording(of(SUCCESSES, "fell30m"), fell(subject, 30, 0.1)),
        recording(of(CANCELLED, "expected"), grown(subject, BY, &subject.rate(CANCELLED))),
        recording(of(REJECTIONS, "expected"), rejections(subject)),
        recording(of(REJECTIONS, "upper"), upper(subject)),
        recording(of(SHARE, "expected"), share(subject)),
        recording(of(LATENCY, "expected_p95"), habit(BY, &operation(LATENCY, "p95_30m"))),
        recording(subject.record(Level::Reason, ATTACKS, "expected"), attacks(subject)),
        recording(subject.record(Level::Instance, FAILED, "expected"), like_the_others(subject)),
    ];
    if subject.has(Part::Keys) {
        let unknown = subject.unknown_keys();
        rules.push(recording(
            subject.record(Level::Service, UNKNOWN_KEYS, "expected"),
            habit("job, service_id", &unknown),
        ));
    }
    rules
}

/// What a week tells of an operation.
pub(super) fn week(subject: Subject<'_>) -> Vec<Rule> {
    let of = |what: &str, how: &str| subject.record(Level::Operation, what, how);
    let week = |what: &str| format!("avg_over_time({}[1w:1h] offset 30m)", subject.rate(what));
    let day = format!("avg_over_time({}[1d:10m])", subject.rate(SUCCESSES));
    vec![
        recording(of(REJECTIONS, "per_success"), format!("{} / ({} > 0)", week(REJECTIONS), week(SUCCESSES))),
        recording(
            of(REJECTIONS, "least_excess"),
            format!("{LEAST_EXCESS} + {EXCESS_BY_SIZE} * sqrt(1800 * {day})"),
        ),
        recording(of(REJECTIONS, "noise"), noise(subject)),
        recording(of(SHARE, "noise"), share_noise(subject)),
    ]
}

pub(super) const SHARE: &str = "auth_rejection_share";

/// The median over three weeks of what a function of the offset gives. The offsets are `ahead` half hours short of whole weeks, so that
/// a window around the same time of the week ends there.
fn weekly(by: &str, ahead: u32, of: impl Fn(&str) -> String) -> String {
    let each = (1..=3).map(|week| {
        let minutes = week * 168 * 60 - ahead * 30;
        let offset = match minutes % 60 {
            0 => format!("{}h", minutes / 60),
            rest => format!("{}h{rest}m", minutes / 60),
        };
        format!("label_replace({}, \"week\", \"{week}\", \"\", \"\")", of(&offset))
    });
    format!("quantile by ({by}) (0.5, {})", each.collect::<Vec<_>>().join(" or "))
}

/// The hour around this time of the week; without weeks that of yesterday, and without yesterday the time since the start.
fn habit(by: &str, series: &str) -> String {
    let hour = |offset: &str| format!("avg_over_time({series}[1h] offset {offset})");
    format!("{} or {} or avg_over_time({series}[1d:10m] offset 30m)", weekly(by, 1, hour), hour("23h30m"))
}

/// What is usual, and more if there is more traffic than usual.
fn grown(subject: Subject<'_>, by: &str, series: &str) -> String {
    let (successes, usual) = (subject.average(SUCCESSES, 5), subject.expected(SUCCESSES));
    let growth = format!("clamp({successes} / ({usual} > 0), 1, {MOST_GROWTH})");
    format!(
        "({}) * on ({BY}) group_left () ({growth} or 0 * {} + 1)",
        habit(by, series),
        subject.rate(EVENTS)
    )
}

/// The higher of two, or the one that there is. A label keeps them apart.
fn higher(by: &str, one: &str, other: &str) -> String {
    format!("max by ({by}) (label_replace({one}, \"of\", \"week\", \"\", \"\") or {other})")
}

/// The least half hour around this time. Where people leave an hour earlier than in other weeks, nothing has dropped; where they come in
/// batches, a pause is usual.
fn least(subject: Subject<'_>) -> String {
    let half_hours = subject.average(SUCCESSES, 30);
    let least = |offset: &str| format!("min_over_time({half_hours}[150m:10m] offset {offset})");
    format!("({} or {})", weekly(BY, 3, least), least("22h30m"))
}

/// Where successes fell to less than this part from one time to the next, of thirty or more.
fn fell(subject: Subject<'_>, minutes: u64, part: f64) -> String {
    let (now, before) = (
        subject.average(SUCCESSES, minutes),
        format!("avg_over_time({}[{minutes}m] offset {minutes}m)", subject.rate(SUCCESSES)),
    );
    format!("{now} / ({before} > 0) < {part} and {before} * {} > 30", minutes * 60)
}

/// At least as many as successes usually come with: that holds where the hour shifts, on a holiday, and in the first days.
fn rejections(subject: Subject<'_>) -> String {
    let per_success = subject.recorded(Level::Operation, REJECTIONS, "per_success", "");
    let in_proportion = format!("{} * {per_success}", subject.average(SUCCESSES, 5));
    let grown = grown(subject, BY, &subject.rate(REJECTIONS));
    format!("{} or {UNKNOWN_REJECTIONS} * {}", higher(BY, &grown, &in_proportion), subject.rate(EVENTS))
}

/// Four half hours in five of the last week had no more rejections than this, compared with what was expected of them.
fn noise(subject: Subject<'_>) -> String {
    let ratio = format!("{} / ({} > 0)", subject.average(REJECTIONS, 30), subject.expected(REJECTIONS));
    format!("clamp_min(quantile_over_time(0.8, ({ratio})[1w:30m] offset 1h), 1)")
}

/// Where a surge begins.
fn upper(subject: Subject<'_>) -> String {
    let expected = subject.expected(REJECTIONS);
    let times = format!("{} * {} * {expected}", subject.options.surge, subject.noise());
    let least = format!("{expected} + {} / 1800", subject.least_excess());
    higher(BY, &times, &least)
}

/// The share of rejections in the same six hours of the last weeks. A day is no week: there is none without weeks.
fn share(subject: Subject<'_>) -> String {
    let (rejections, events) = (subject.rate_over(REJECTIONS, 360), subject.rate_over(EVENTS, 360));
    weekly(BY, 0, |offset| format!("{rejections} offset {offset} / ({events} offset {offset} > 0)"))
}

/// How far that share went beyond what was expected of it in the last week.
fn share_noise(subject: Subject<'_>) -> String {
    let [rejections, events] = [REJECTIONS, EVENTS].map(|what| subject.rate_over(what, 360));
    let usual = subject.recorded(Level::Operation, SHARE, "expected", "");
    format!(
        "clamp_min(quantile_over_time(0.95, ({rejections} / ({events} > 0) / ({usual} > 0))[1w:1h] offset 6h), 1)"
    )
}

fn attacks(subject: Subject<'_>) -> String {
    let (series, by) = (subject.attacks(""), format!("{BY}, failure_reason"));
    let known = grown(subject, &by, &series);
    let events = subject.rate(EVENTS);
    format!("{known} or 0 * {series} + on ({BY}) group_left () ({UNKNOWN_ATTACKS} * {events})")
}

/// What an instance would fail if it did as the others do. They need fifty attempts in ten minutes to be compared with.
fn like_the_others(subject: Subject<'_>) -> String {
    let [failed, ended] = [FAILED, ENDED].map(|what| subject.rate_on_instances(what));
    let rest = |series: &str| format!("(sum by ({BY}) ({series}) - on ({BY}) group_right () {series})");
    format!("{ended} * {} / ({} > 50 / 600)", rest(&failed), rest(&ended))
}
