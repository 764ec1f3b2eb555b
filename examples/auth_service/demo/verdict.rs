//! The last lines: whether all counts add up.

use super::figures::number;
use super::operation::Operation;
use super::paint::{Hue, Paint};
use super::scrape::Scrape;
use super::table::{Seen, put};
use super::tally::Tally;
use super::watch::UnderLoad;

/// One line for each promise, marked as kept or broken.
pub(super) fn lines(page: &mut String, seen: &Seen<'_>, operations: &[Operation], paint: Paint) {
    let Seen { scrape, tally, load, .. } = *seen;
    conservation(page, operations, load, paint);
    agreement(page, operations, tally, paint);
    challenges(page, scrape, tally, paint);
    events(page, scrape, paint);
    record(page, scrape, paint);
    rotation(page, scrape, load, paint);
}

/// Whether the counts add up by themselves.
fn conservation(page: &mut String, operations: &[Operation], load: &UnderLoad, paint: Paint) {
    let broken: Vec<_> = operations.iter().filter(|operation| !operation.is_conserved()).collect();
    for operation in &broken {
        let (started, ended, left) = (operation.started, operation.ended(), operation.in_flight);
        let text = format!("{}: {started} started, {ended} ended, {left} in flight", operation.name);
        mark(page, false, &text, paint);
    }
    if broken.is_empty() {
        let sum =
            |part: fn(&Operation) -> f64| number(operations.iter().fold(0.0, |sum, each| sum + part(each)));
        let (started, ended) = (sum(|operation| operation.started), sum(Operation::ended));
        let left = sum(|operation| operation.in_flight);
        let text = format!("{started} started = {ended} ended + {left} in flight, for every operation");
        mark(page, true, &text, paint);
    }
    let (scrapes, most) = (load.scrapes, number(load.most_in_flight));
    let text = match load.broken {
        0 => format!("the same was true in {scrapes} scrapes under load, with up to {most} in flight"),
        broken => format!("this was false in {broken} of {scrapes} scrapes under load"),
    };
    mark(page, load.broken == 0, &text, paint);
}

/// Whether they are what was sent.
fn agreement(page: &mut String, operations: &[Operation], tally: &Tally, paint: Paint) {
    let disagreements = tally.disagreements(operations);
    for disagreement in &disagreements {
        mark(page, false, disagreement, paint);
    }
    if disagreements.is_empty() {
        mark(page, true, "the crowd's own count agrees: every request was counted as one attempt", paint);
    }
}

/// Whether the login counted the challenges that the crowd got.
fn challenges(page: &mut String, scrape: &Scrape, tally: &Tally, paint: Paint) {
    let (counted, got) = (number(scrape.challenges()), tally.defence().challenged());
    let good = tally.is_every_challenge_counted(scrape);
    let text = if good {
        format!("{counted} challenges counted by the login: as many as the crowd got")
    } else {
        format!("{counted} challenges counted by the login, but the crowd got {got}")
    };
    mark(page, good, &text, paint);
}

/// Whether the observer gets every attempt that ended.
fn events(page: &mut String, scrape: &Scrape, paint: Paint) {
    let (captured, ended) =
        (number(scrape.events("captured")), number(scrape.sum("auth_operations_total", &[])));
    let good = scrape.is_every_attempt_an_event();
    let text = if good {
        format!("{captured} events captured = {ended} attempts ended: the observer missed none")
    } else {
        let [skipped, dropped] = ["skipped", "dropped"].map(|decision| number(scrape.events(decision)));
        format!(
            "{ended} attempts ended, but events are {captured} captured, {skipped} skipped, {dropped} dropped"
        )
    };
    mark(page, good, &text, paint);
}

/// Whether the audit trail has every attempt that ended.
fn record(page: &mut String, scrape: &Scrape, paint: Paint) {
    let [captured, skipped, overflow] =
        ["captured", "skipped", "overflow"].map(|decision| number(scrape.on_the_record(decision)));
    let ended = number(scrape.sum("auth_operations_total", &[]));
    let text =
        format!("{captured} attempts on the record + {skipped} skipped + {overflow} lost = {ended} ended");
    mark(page, scrape.is_every_attempt_on_the_record(), &text, paint);
}

/// Whether the signing key was rotated while tokens were verified.
fn rotation(page: &mut String, scrape: &Scrape, load: &UnderLoad, paint: Paint) {
    let at: Vec<_> = load.rotations.iter().map(|at| format!("{:.1} s", at.as_secs_f64())).collect();
    let previous = number(scrape.sum("auth_token_keys_total", &[("key_state", "previous")]));
    let text = match at.as_slice() {
        [] => "the signing key was not rotated".to_owned(),
        at => format!(
            "the signing key was rotated at {}; {previous} tokens still used the previous key",
            at.join(", ")
        ),
    };
    mark(page, !at.is_empty(), &text, paint);
}

fn mark(page: &mut String, good: bool, text: &str, paint: Paint) {
    let (sign, hue) = if good { ("✓", Hue::Green) } else { ("✗", Hue::Red) };
    put(page, format_args!("  {}\n", paint.text(hue, &format!("{sign} {text}"))));
}
