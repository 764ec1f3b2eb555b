//! What the placeholders of the templates mean: the numbers of this pack.

use std::time::Duration;

use crate::Options;
use crate::query::{Subject, window};

/// A number that an option sets, as text.
pub(super) type Number = (&'static str, fn(&Options) -> String);

/// Every option with a number, by its method.
pub(super) const NUMBERS: &[Number] = &[
    ("slo_target", |options| percent(options.slo_target)),
    ("slo_window", |options| spelled(options.slo_window)),
    ("latency", |options| format!("{} within {}", percent(options.latency.1), spelled(options.latency.0))),
    ("min_bad_events", |options| options.min_bad_events.to_string()),
    ("surge", |options| options.surge.to_string()),
    ("lockouts", |options| options.lockouts.to_string()),
    ("mfa_denials", |options| options.mfa_denials.to_string()),
    ("token_replays", |options| options.token_replays.to_string()),
    ("forged_tokens", |options| options.forged_tokens.to_string()),
    ("attacks", |options| options.attacks.to_string()),
    ("expiry_warning", |options| spelled(options.expiry_warning)),
    ("key_age", |options| spelled(options.key_age)),
    ("scrape_interval", |options| spelled(options.scrape_interval)),
];

/// A pair of windows for an objective over 30 days: minutes, how many times the allowed rate of errors is too fast, and for how
/// long it has to be.
struct Burn {
    long: u64,
    short: u64,
    factor: f64,
    hold: &'static str,
}

const FAST: [Burn; 2] = [
    Burn { long: 60, short: 5, factor: 14.4, hold: "2m" },
    Burn { long: 360, short: 30, factor: 6.0, hold: "15m" },
];
const SLOW: [Burn; 2] = [
    Burn { long: 1_440, short: 120, factor: 3.0, hold: "1h" },
    Burn { long: 4_320, short: 360, factor: 1.0, hold: "3h" },
];

/// Replaces `{placeholder}`. One that does not exist stays, which the tests notice.
pub(super) fn filled(subject: Subject<'_>, prose: &str) -> String {
    let mut out = String::new();
    let mut rest = prose;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| Some((value(subject, name)?, after)));
        rest = if let Some((value, after)) = found {
            out.push_str(&value);
            after
        } else {
            out.push('{');
            after
        };
    }
    out + rest
}

fn value(subject: Subject<'_>, placeholder: &str) -> Option<String> {
    let options = subject.options;
    let number = |name: &str| NUMBERS.iter().find(|(option, _)| *option == name);
    match placeholder.split_once(':') {
        Some(("tune", option)) => number(option).map(|number| tuned(options, number)),
        Some(("burn", "fast")) => Some(burns(subject, &FAST)),
        Some(("burn", "slow")) => Some(burns(subject, &SLOW)),
        Some(_) => None,
        None => match placeholder {
            "error_allowed" => Some(percent(1.0 - options.slo_target)),
            "latency_within" => Some(spelled(options.latency.0)),
            option => number(option).map(|(_, of)| of(options)),
        },
    }
}

/// The option, what it is here, and its default.
fn tuned(options: &Options, (option, of): &Number) -> String {
    let (here, default) = (of(options), of(&Options::default()));
    if here == default {
        format!("`Options::{option}` ({here}, the default)")
    } else {
        format!("`Options::{option}` ({here} here; the default is {default})")
    }
}

/// The table of a burn alert.
fn burns(subject: Subject<'_>, burns: &[Burn]) -> String {
    let target = subject.options.slo_target;
    let days = subject.options.slo_window.as_secs_f64() / 86_400.0;
    let rows = burns.iter().map(|burn| {
        let (long, short) = (window(scaled(subject, burn.long)), window(scaled(subject, burn.short)));
        let limit = percent(burn.factor * (1.0 - target));
        let gone = rounded(days / burn.factor, 10.0);
        format!("\n| {long} | {short} | {} | {limit} | {} | {gone} days |", burn.hold, burn.factor)
    });
    let head = "| `long` | `short` | fires after | errors are over | times the allowed rate | all of the budget is gone in |\n|---|---|---|---|---|---|";
    std::iter::once(head.to_owned()).chain(rows).collect()
}

/// The window for this objective, in minutes, of one for an objective over 30 days.
fn scaled(subject: Subject<'_>, minutes: u64) -> u64 {
    let scaled = subject.options.slo_window.as_secs() * minutes / (30 * 86_400);
    scaled.max(subject.short_minutes())
}

fn percent(part: f64) -> String {
    format!("{} %", rounded(part * 100.0, 1e6))
}

fn rounded(value: f64, places: f64) -> f64 {
    (value * places).round() / places
}

/// Spells a time in the largest unit that divides it.
fn spelled(time: Duration) -> String {
    let seconds = time.as_secs();
    if time.subsec_nanos() > 0 {
        return format!("{} ms", rounded(time.as_secs_f64() * 1_000.0, 1e6));
    }
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (unit, name) =
        units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit)).unwrap_or((1, "second"));
    let number = seconds / unit;
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}
