//! Lays the log of attackers, for example of your own honeypot, over a world without any.

use crate::address::Address;
use crate::event::{Ending, Event, LOGIN, Outcome, Truth};
use crate::hostile::Campaign;
use crate::time::{BEGIN, DAY};
use crate::world::{Kind, World};

/// Attacks begin after the people have been there for so long.
const FIRST: f64 = 3.0;
/// The honest attempts of a world: if it is longer, fewer people live there.
const PERSON_DAYS: f64 = 280_000.0;

/// An attempt of the log.
struct Line {
    since: f64,
    source: String,
    subject: String,
    ending: Ending,
}

/// Makes the benign world around a log of attempts that are all hostile. It begins three days before the log, and is at least 14 days long.
///
/// # Errors
///
/// If a line has too few columns, no time, or an outcome that is none.
pub fn world(seed: u64, log: &str) -> Result<World, String> {
    let lines = read(log)?;
    let last = lines.iter().map(|line| line.since).fold(0.0, f64::max);
    let days = (FIRST + last / DAY).ceil().max(14.0);
    let mut world = World::sized(Kind::Over, seed, days, (PERSON_DAYS / days) as usize);
    world.campaigns = vec![Campaign { name: "the log" }];
    for line in lines {
        let address = line.source.parse().map_or_else(|_| Address::Name(line.source.clone()), Address::Ip);
        let event = Event {
            t: BEGIN + FIRST * DAY + line.since,
            source: world.names.source(address),
            subject: world.names.subject(&line.subject),
            operation: LOGIN,
            ending: line.ending,
            truth: Truth { campaign: 1, taken: false },
        };
        world.events.push(event);
    }
    world.settle();
    Ok(world)
}

fn read(log: &str) -> Result<Vec<Line>, String> {
    let mut lines = log.lines();
    let head = fields(lines.next().unwrap_or_default());
    let column = |name: &str| head.iter().position(|field| field == name).ok_or(format!("no column {name}"));
    let columns =
        [column("t")?, column("source")?, column("subject")?, column("outcome")?, column("reason")?];
    let mut first = None;
    let mut all = Vec::new();
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let fields = fields(line);
        let wrong = |what: &str| format!("line {}: {what}", at + 2);
        let Some(values) = columns.iter().map(|&column| fields.get(column)).collect::<Option<Vec<_>>>()
        else {
            return Err(wrong("too few columns"));
        };
        let t: f64 = values[0].parse().map_err(|_| wrong("no time"))?;
        all.push(Line {
            since: t - *first.get_or_insert(t),
            source: values[1].clone(),
            subject: values[2].clone(),
            ending: ending(values[3], values[4]).ok_or_else(|| wrong("no outcome"))?,
        });
    }
    Ok(all)
}

fn ending(outcome: &str, reason: &str) -> Option<Ending> {
    let outcome = Outcome::ALL.into_iter().find(|known| known.label() == outcome)?;
    // There are few different reasons, and they are needed until the program ends.
    let known = [Ending::WRONG.reason, Ending::UNKNOWN.reason, ""].into_iter().find(|known| *known == reason);
    Some(Ending { outcome, reason: known.unwrap_or_else(|| String::leak(reason.to_owned())) })
}

/// The fields of a line of CSV. A quoted field can't contain a line break.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.trim_end_matches('\r').chars().peekable();
    while let Some(character) = characters.next() {
        let Some(field) = fields.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_log_is_hostile_and_begins_on_the_fourth_day() {
        let log = "t,source,subject,operation,outcome,reason\n\
            7,203.0.113.5,root,ssh,rejected,unknown_subject\n\
            9,worm,admin,ssh,rejected,custom_reason\n";
        let world = world(1, log).expect("a log");
        let hostile: Vec<_> = world.events.iter().filter(|event| event.is_hostile()).collect();
        assert_eq!(hostile.len(), 2);
        assert!((hostile[0].t - BEGIN - 3.0 * DAY).abs() < 1e-6);
        assert_eq!(hostile[1].ending.reason, "custom_reason");
        assert!(read("t,source\n").is_err() && read(&log.replace("rejected", "maybe")).is_err());
    }

    #[test]
    fn quoted_fields_keep_their_commas() {
        assert_eq!(fields(r#"1,"a,""b""",c"#), ["1", r#"a,"b""#, "c"]);
    }
}
