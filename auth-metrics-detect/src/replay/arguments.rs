//! The arguments of the program.

use std::fmt;
use std::time::Duration;

use super::Options;
use crate::Part;

/// What `--help` prints.
pub const HELP: &str = "\
Runs the detection of auth-metrics over a log and prints what it finds, one JSON object a line.

Usage: auth-metrics-replay [OPTIONS] FILE

FILE is CSV with a header; `-` reads standard input. Columns, in any order, others are ignored:
  t                seconds, Unix time or from any origin, ascending
  source           the client's address, or a name; may be empty
  subject          the account; may be empty
  operation        such as login
  outcome          success, rejected, error, interim or cancelled
  reason           a label such as invalid_credentials; empty with success
  device           optional: a cookie of an earlier success
  latency_seconds  optional; may be empty

Options:
  --assess             print the risk of each attempt before it is fed
  --half-life HOURS    how fast evidence fades [30]
  --memory BYTES       the size of all tables, from 262144 to 67108864 [524288]
  --conservative       use a fixed threshold, whatever the share of bad strangers
  --without PART       leave a part out, to see what it is worth; may be repeated:
                       familiar   pairs of an account and a source that succeeded before
                       credit     what known users speak for their source
                       take_back  failures that a later success explains
                       prior      the share of bad strangers
                       net        networks
                       subject    accounts
                       fleet      the operation as a whole
                       guard      the guard of what is learned
                       pacing     the weight of repeats by their pace
  --help               print this text

Lines that can't be read are named on standard error and skipped.

Exit status: 0, or 1 if more than 1 % of the lines were skipped, or 2 if nothing could be done.
";

/// What the arguments ask for.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "the program does one or the other")]
#[expect(clippy::large_enum_variant, reason = "there is one, at the start")]
pub enum Arguments {
    /// Print [`HELP`].
    Help,
    /// Replay this file, or standard input for `-`.
    Replay(String, Options),
}

/// What is wrong with the arguments, and what to write instead.
#[derive(Debug, PartialEq)]
pub struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}; see `auth-metrics-replay --help`", self.0)
    }
}

impl std::error::Error for UsageError {}

impl Arguments {
    /// Reads the arguments behind the program's name. A value may follow its option as the next argument or behind `=`.
    ///
    /// # Errors
    ///
    /// [`UsageError`] names the argument that is wrong.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Arguments, UsageError> {
        let mut arguments = arguments.into_iter();
        let (mut options, mut file) = (Options::default(), None);
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            match name {
                "--help" | "-h" => return Ok(Arguments::Help),
                "--assess" | "--conservative" if value.is_some() => {
                    return error(&format!("`{name}` takes no value"));
                }
                "--assess" => options.assess = true,
                "--conservative" => options.engine = options.engine.conservative(),
                "--half-life" | "--memory" | "--without" => {
                    let value = value.or_else(|| arguments.next());
                    let value = value.ok_or_else(|| UsageError(format!("`{name}` needs a value")))?;
                    options = with(options, name, &value)?;
                }
                _ if name.starts_with('-') && name != "-" => {
                    return error(&format!("unknown option `{name}`"));
                }
                _ if file.is_some() => return error("more than one file"),
                _ => file = Some(argument),
            }
        }
        match file {
            Some(file) => Ok(Arguments::Replay(file, options)),
            None => error("no file: name one, or write `-` for standard input"),
        }
    }
}

fn with(mut options: Options, name: &str, value: &str) -> Result<Options, UsageError> {
    let engine = options.engine;
    options.engine = match name {
        "--half-life" => {
            let hours: Option<f64> = value.parse().ok();
            let half_life = hours.and_then(|hours| Duration::try_from_secs_f64(hours * 3600.0).ok());
            let Some(half_life) = half_life else { return error("`--half-life` needs a number of hours") };
            engine.half_life(half_life)
        }
        "--memory" => {
            let Ok(bytes) = value.parse() else { return error("`--memory` needs a number of bytes") };
            engine.memory(bytes)
        }
        _ => {
            let Some(&part) = Part::ALL.iter().find(|part| part.label() == value) else {
                let parts: Vec<_> = Part::ALL.iter().map(|part| part.label()).collect();
                return error(&format!("`--without` needs one of {}", parts.join(", ")));
            };
            engine.without(part)
        }
    };
    Ok(options)
}

fn error<T>(text: &str) -> Result<T, UsageError> {
    Err(UsageError(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(arguments.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_taken_in_any_order() {
        let arguments = "--assess log.csv --half-life 12.5 --memory=1048576 --without net --without=take_back --conservative";
        let Ok(Arguments::Replay(file, options)) = parse(arguments) else { panic!() };
        assert_eq!((file.as_str(), options.assess), ("log.csv", true));
        let engine = format!("{:?}", options.engine);
        for set in ["45000.0", "1048576", "[Net, TakeBack]", "is_conservative: true"] {
            assert!(engine.contains(set), "{set} {engine}");
        }
        assert!(matches!(parse("-"), Ok(Arguments::Replay(file, _)) if file == "-"));
        assert!(parse("--what=1 --help").is_err() && parse("a b --help").is_err());
        assert!(matches!(parse("log.csv --help"), Ok(Arguments::Help)));
    }

    #[test]
    fn wrong_arguments_are_named() {
        for (arguments, named) in [
            ("", "no file"),
            ("a.csv b.csv", "more than one file"),
            ("--fast a.csv", "unknown option `--fast`"),
            ("-x a.csv", "unknown option `-x`"),
            ("a.csv --memory", "`--memory` needs a value"),
            ("a.csv --memory many", "`--memory` needs a number"),
            ("a.csv --memory -5", "`--memory` needs a number"),
            ("a.csv --half-life -1", "`--half-life` needs a number"),
            ("a.csv --half-life nan", "`--half-life` needs a number"),
            ("a.csv --without all", "`--without` needs one of familiar, credit,"),
            ("a.csv --assess=yes", "`--assess` takes no value"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(named) && error.contains("--help"), "{arguments}: {error}");
        }
    }

    #[test]
    fn help_names_every_part() {
        assert!(Part::ALL.iter().all(|part| HELP.contains(&format!(" {} ", part.label()))));
    }
}
