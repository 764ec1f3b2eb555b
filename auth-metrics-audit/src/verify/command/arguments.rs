//! What the arguments mean.

use std::fs;
use std::path::{Path, PathBuf};

use auth_metrics::events::{Field, Pseudonyms};

use super::unusable::{Unusable, said};
use crate::error::Error;
use crate::seal::hex;
use crate::verify::show::Filter;

/// What is printed when help is asked for.
pub const HELP: &str = "\
Reads and proves the audit trail that auth-metrics-audit writes.

Usage:
  auth-metrics-audit verify DIR [--seed FILE] [--witness N|N:HASH|URL] [--from N]
  auth-metrics-audit show DIR [filters]
  auth-metrics-audit tail DIR [--follow] [--lines N]
  auth-metrics-audit seed

verify   Checks that no line of the folder was changed, removed, inserted or moved, and counts what it says.
         Exits with 0 if that is proven, 1 if not, 2 if it could not be checked. The writer may be running.
  --seed FILE       Checks each line's seal too. FILE has the seed of `Seal::ratchet`: hexadecimal digits, or bytes.
  --witness N       Checks that the chain reaches line N, so that its end was not cut off.
  --witness N:HASH  Checks also that line N has this hash, as a copy elsewhere has it.
  --witness URL     Gets N from http://HOST:PORT/metrics, or from the Prometheus at http://HOST:PORT,
                    which must not have seen it fall.
  --match LABELS    The series of this folder's process. [default: sink=\"file\"]
                    Example: --match 'sink=\"file\",instance=\"gateway-1:9090\"'
  --range TIME      How far back Prometheus looks. [default: 7d]
  --from N          Checks that the chain goes back to line N: 1 if no old file may be missing.

show     Prints lines as columns, in order. It does not check them: run verify first. All filters must match.
  --operation NAME  --reason NAME  --outcome NAME
  --subject NAME    Lines of one person, as they are spelled in the file: a pseudonym, or the name in clear.
  --session NAME    Lines of one session.
  --key-id ID --key FILE
                    Looks for the pseudonyms of NAME under this key too. FILE has the bytes of the secret;
                    use --key-hex FILE if it has hexadecimal digits.

tail     Prints the last lines as columns.
  --lines N         How many. [default: 20]
  --follow          Goes on with new lines until it is interrupted.

seed     Prints 32 random bytes as hexadecimal digits, for `Seal::ratchet_hex`.

Example: is the trail complete, as far as last week's scrapes can tell?
  auth-metrics-audit verify /var/lib/gateway/audit --seed /mnt/usb/seed --witness http://prometheus:9090
";

/// What is to be done.
#[derive(Debug)]
pub struct Arguments(pub(super) Command);

#[derive(Debug)]
pub(super) enum Command {
    Help(&'static str),
    Seed,
    Verify(PathBuf, Checks),
    Show(PathBuf, Filter),
    Tail(PathBuf, usize, bool),
}

/// What a folder is checked against.
#[derive(Debug, Default)]
pub(super) struct Checks {
    pub(super) seed: Option<PathBuf>,
    pub(super) witness: Option<String>,
    pub(super) matching: Option<String>,
    pub(super) range: String,
    pub(super) from: Option<u64>,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    ///
    /// One is wrong or missing.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Arguments, Unusable> {
        let arguments: Vec<String> = arguments.into_iter().collect();
        let mut rest = arguments.iter();
        let command = rest.next().map_or("--help", String::as_str);
        if matches!(command, "help" | "--help" | "-h")
            || arguments.iter().any(|word| word == "--help" || word == "-h")
        {
            return Ok(Arguments(Command::Help(HELP)));
        }
        let (mut words, flags): (Vec<&String>, _) = split(command, rest)?;
        let folder = |words: &mut Vec<&String>| match words.pop() {
            Some(folder) if words.is_empty() => Ok(PathBuf::from(folder)),
            _ => Err(said(format!("`{command}` takes one folder: try `auth-metrics-audit --help`"))),
        };
        Ok(Arguments(match command {
            "seed" if words.is_empty() => Command::Seed,
            "seed" => return Err(said("`seed` takes no folder")),
            "verify" => Command::Verify(folder(&mut words)?, checks(&flags)?),
            "show" => Command::Show(folder(&mut words)?, filter(&flags)?),
            _ => {
                let lines = flags.number("--lines")?.unwrap_or(20);
                let lines = usize::try_from(lines.min(1_000_000)).unwrap_or(20);
                Command::Tail(folder(&mut words)?, lines, flags.get("--follow").is_some())
            }
        }))
    }
}

/// The flags that were given, with their values.
struct Flags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Flags<'a> {
    fn get(&self, flag: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(given, _)| *given == flag).map(|(_, value)| *value)
    }

    fn owned(&self, flag: &str) -> Option<String> {
        self.get(flag).map(str::to_owned)
    }

    fn number(&self, flag: &str) -> Result<Option<u64>, Unusable> {
        let wrong = |_| said(format!("{flag} takes a number"));
        self.get(flag).map(|value| value.parse().map_err(wrong)).transpose()
    }
}

/// Splits arguments into words and flags. A value is the next word, or follows `=`.
fn split<'a>(
    command: &str,
    mut rest: impl Iterator<Item = &'a String>,
) -> Result<(Vec<&'a String>, Flags<'a>), Unusable> {
    let known: &[&str] = match command {
        "verify" => &["--seed", "--witness", "--match", "--range", "--from"],
        "show" => &[
            "--operation",
            "--reason",
            "--outcome",
            "--subject",
            "--session",
            "--key-id",
            "--key",
            "--key-hex",
        ],
        "tail" => &["--lines", "--follow"],
        "seed" => &[],
        _ => return Err(said(format!("there is no command `{command}`: try `auth-metrics-audit --help`"))),
    };
    let (mut words, mut flags) = (Vec::new(), Vec::new());
    while let Some(word) = rest.next() {
        if !word.starts_with("--") {
            words.push(word);
            continue;
        }
        let (flag, value) =
            word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        if !known.contains(&flag) {
            return Err(said(format!("`{command}` has no {flag}: try `auth-metrics-audit --help`")));
        }
        let value = match value {
            _ if flag == "--follow" => "",
            Some(value) => value,
            None => rest.next().ok_or_else(|| said(format!("{flag} needs a value")))?,
        };
        flags.push((flag, value));
    }
    Ok((words, Flags(flags)))
}

fn checks(flags: &Flags<'_>) -> Result<Checks, Unusable> {
    Ok(Checks {
        seed: flags.get("--seed").map(PathBuf::from),
        witness: flags.owned("--witness"),
        matching: flags.owned("--match"),
        range: flags.owned("--range").unwrap_or_else(|| "7d".to_owned()),
        from: flags.number("--from")?,
    })
}

fn filter(flags: &Flags<'_>) -> Result<Filter, Unusable> {
    let key = key(flags)?;
    let names = |flag, field| {
        let name = flags.get(flag);
        let pseudonym = name.zip(key.as_ref()).map(|(name, key)| key.of(field, cut(name)).to_string());
        name.map(str::to_owned).into_iter().chain(pseudonym).collect()
    };
    Ok(Filter {
        operation: flags.owned("--operation"),
        reason: flags.owned("--reason"),
        outcome: flags.owned("--outcome"),
        subjects: names("--subject", Field::Subject),
        sessions: names("--session", Field::Session),
    })
}

fn key(flags: &Flags<'_>) -> Result<Option<Pseudonyms>, Unusable> {
    let read = |file: &str| {
        let path = Path::new(file).to_owned();
        fs::read(file).map_err(|error| Unusable::from(Error::Read { path, error }))
    };
    let secret = match (flags.get("--key"), flags.get("--key-hex")) {
        (Some(file), None) => read(file)?,
        (None, Some(file)) => {
            let digits = String::from_utf8(read(file)?).ok();
            let secret = digits.and_then(|digits| hex::bytes(digits.trim()));
            secret
                .ok_or_else(|| said(format!("{file} has no hexadecimal digits: use --key if it has bytes")))?
        }
        (None, None) if flags.get("--key-id").is_none() => return Ok(None),
        _ => return Err(said("--key-id needs either --key or --key-hex")),
    };
    let id = flags
        .get("--key-id")
        .ok_or_else(|| said("--key needs --key-id: the part of a pseudonym before the colon"))?;
    Pseudonyms::with_key(id, &secret).map(Some).map_err(|error| said(error.to_string()))
}

/// Cuts a name as an event does.
fn cut(name: &str) -> &str {
    let end = (0..=256.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned)).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_are_read_in_any_order() {
        let Ok(Arguments(Command::Verify(folder, checks))) =
            parse("verify --seed s --witness=http://p:9090 dir --from 1")
        else {
            panic!("it is no verify");
        };
        assert_eq!(folder, Path::new("dir"));
        assert_eq!(checks.seed.as_deref(), Some(Path::new("s")));
        assert_eq!(
            (checks.witness.as_deref(), checks.from, &*checks.range),
            (Some("http://p:9090"), Some(1), "7d")
        );
        let Ok(Arguments(Command::Tail(_, 5, true))) = parse("tail dir --follow --lines 5") else {
            panic!("it is no tail")
        };
    }

    #[test]
    fn wrong_arguments_are_explained() {
        for (line, part) in [
            ("prove dir", "no command `prove`"),
            ("verify", "takes one folder"),
            ("verify a b", "takes one folder"),
            ("verify a --sed x", "has no --sed"),
            ("verify a --seed", "needs a value"),
            ("verify a --from x", "takes a number"),
            ("show a --key-id k1", "--key"),
            ("seed dir", "no folder"),
        ] {
            assert!(parse(line).is_err_and(|error| error.contains(part)), "{line}");
        }
        for line in ["", "help", "--help", "verify --help", "show dir -h"] {
            assert!(matches!(parse(line), Ok(Arguments(Command::Help(_)))), "{line}");
        }
    }

    #[test]
    fn long_names_are_cut_as_in_events() {
        assert_eq!(cut(&"ä".repeat(200)), "ä".repeat(128));
        assert_eq!(cut(&format!("a{}", "ä".repeat(200))).len(), 255);
        assert_eq!(cut("short"), "short");
    }
}
