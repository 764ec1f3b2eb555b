//! Lays the log of attackers, for example of your own honeypot, over a world without any.

use crate::address::Address;
use crate::event::{Ending, Event, LOGIN, Outcome, Truth};
use crate::hostile::Campaign;
use crate::time::{BEGIN, DAY};
use crate::world::World;

/// Attacks begin after the people have been there for so long, unless the log is longer than the world.
const FIRST: f64 = 3.0 * DAY;

/// Adds the attempts of a log. All of its sources are hostile; its times begin where the log says, counted from its first line.
///
/// # Errors
///
/// If a line has too few columns or no time.
pub fn lay(world: &mut World, log: &str) -> Result<(), String> {
    let mut lines = log.lines();
    let head = fields(lines.next().unwrap_or_default());
    let column = |name: &str| head.iter().position(|field| field == name).ok_or(format!("no column {name}"));
    let columns = ["t", "source", "subject", "outcome", "reason"].map(column);
    let [t, source, subject, outcome, reason] = columns;
    let (t, source, subject, outcome, reason) = (t?, source?, subject?, outcome?, reason?);
    let mut first = None;
    let mut hostile = Vec::new();
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let fields = fields(line);
        let field = |column: usize| fields.get(column).ok_or(format!("line {}: too few columns", at + 2));
        let time: f64 = field(t)?.parse().map_err(|_| format!("line {}: not a time", at + 2))?;
        let since = time - *first.get_or_insert(time);
        let ending = ending(field(outcome)?, field(reason)?).ok_or(format!("line {}: outcome", at + 2))?;
        let source = field(source)?;
        let address = source.parse().map_or_else(|_| Address::Name(source.clone()), Address::Ip);
        hostile.push(Event {
            t: BEGIN + since,
            source: world.names.source(address),
            subject: world.names.subject(field(subject)?),
            operation: LOGIN,
            ending,
            truth: Truth { campaign: 1, taken: false },
        });
    }
    let long = hostile.last().map_or(0.0, |event| event.t - BEGIN);
    let shift = if long + FIRST < world.days * DAY { FIRST } else { 0.0 };
    hostile.iter_mut().for_each(|event| event.t += shift);
    world.campaigns = vec![Campaign { name: "the log" }];
    world.events.extend(hostile);
    world.settle();
    Ok(())
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
    fn quoted_fields_keep_their_commas() {
        assert_eq!(fields(r#"1,"a,""b""",c"#), ["1", r#"a,"b""#, "c"]);
    }
}
