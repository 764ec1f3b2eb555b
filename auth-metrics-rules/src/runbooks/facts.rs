//! What the placeholders of the templates mean: the numbers of this pack.

use std::time::Duration;

use crate::Options;
use crate::burn::{Burn, FAST, SLOW};
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
    ("guessing_sources", |options| options.guessing_sources.to_string()),
    ("correlations", |options| options.correlations.to_string()),
    ("expiry_warning", |options| spelled(options.expiry_warning)),
    ("key_age", |options| spelled(options.key_age)),
    ("scrape_interval", |options| spelled(options.scrape_interval)),
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
            "latencies" => Some(latencies(options)),
            "latency_within" => Some(spelled(options.latency.0)),
            option => number(option).map(|(_, of)| of(options)),
        },
    }
}

/// The objectives that operations have of their own.
fn latencies(options: &Options) -> String {
    let own = options.operation_latency.iter();
    let each = own
        .map(|(name, (within, target))| format!("`{name}` {} within {}", percent(*target), spelled(*within)));
    let each: Vec<String> = each.collect();
    if each.is_empty() { "none has one here".to_owned() } else { each.join(", ") }
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
    let rows = burns.iter().map(|burn| {
        let [long, short] = burn.windows(subject).map(window);
        let (hold, limit, factor) = (burn.hold(subject), percent(burn.limit(subject)), burn.factor());
        let gone = rounded(burn.lasts(subject) / 86_400.0, 10.0);
        format!("\n| {long} | {short} | {hold} | {limit} | {} | {gone} days |", rounded(factor, 10.0))
    });
    let head = "| `long` | `short` | fires after | errors are over | times the allowed rate | all of the budget is gone in |\n|---|---|---|---|---|---|";
    std::iter::once(head.to_owned()).chain(rows).collect()
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
