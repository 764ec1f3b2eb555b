//! What the command line says.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::judge::replay::Setup;
use crate::table::Form;
use crate::timing;
use crate::world::Kind;

const USAGE: &str = "\
Makes worlds of honest people and attackers, runs the replay program over them, and prints what it found and what it cost.

  --replay PATH     the program auth-metrics-replay; without it only the baseline is judged
  --world NAME      a world, see below; can be repeated [normal, harsh, benign,
                    timing]; `all` is each of them
  --seed N          the seed; N-M pools several [1], and each has to hold the bar
  --without PART    passed on: a part of the engine that is switched off; can be repeated
  --memory BYTES    passed on: what the engine may hold
  --drop PERCENT    drops this share of the events before the program sees them
  --over FILE       lays a log over a world without attacks; all of its sources are hostile
  --keep FOLDER     writes the events and the truth of each world, what was said wrongly, and whom it missed
  --picture FILE    draws the score of the first world as SVG
  --markdown        prints tables for a document
  --details         prints detectors, campaigns and the reliability of probabilities, too
  --hold            fails if a measure is not what it must be
  --report FILE     judges all worlds and all ablations, and writes the document

Worlds:
";

/// What to do.
#[derive(Clone, Debug)]
pub struct Arguments {
    pub setup: Setup,
    pub worlds: Vec<Kind>,
    /// Whether logs with latencies are judged.
    pub timing: bool,
    pub seeds: RangeInclusive<u64>,
    pub over: Option<PathBuf>,
    pub keep: Option<PathBuf>,
    pub picture: Option<PathBuf>,
    pub report: Option<PathBuf>,
    pub form: Form,
    pub details: bool,
    pub hold: bool,
}

/// The text of `--help`.
pub fn usage() -> String {
    let worlds = Kind::ALL.iter().map(|kind| (kind.name(), kind.about()));
    let mut text = USAGE.to_owned();
    for (name, about) in worlds.chain([(timing::WORLD, timing::ABOUT)]) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {name:<17} {about}");
    }
    text
}

impl Default for Arguments {
    fn default() -> Arguments {
        Arguments {
            setup: Setup::default(),
            worlds: Vec::new(),
            timing: false,
            seeds: 1..=1,
            over: None,
            keep: None,
            picture: None,
            report: None,
            form: Form::Plain,
            details: false,
            hold: false,
        }
    }
}

impl Arguments {
    /// Reads arguments. Nothing if help is asked for.
    ///
    /// # Errors
    ///
    /// If an argument is unknown, or its value is none.
    pub fn read(mut given: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
        let mut arguments = Arguments::default();
        while let Some(name) = given.next() {
            match name.as_str() {
                "--help" | "-h" => return Ok(None),
                "--markdown" => arguments.form = Form::Markdown,
                "--details" => arguments.details = true,
                "--hold" => arguments.hold = true,
                _ => {
                    let value = given.next().ok_or_else(|| format!("{name} is unknown or needs a value"))?;
                    arguments.set(&name, value)?;
                }
            }
        }
        if arguments.over.is_some() {
            arguments.worlds = vec![Kind::Over];
        } else if arguments.worlds.is_empty() && !arguments.timing {
            arguments.worlds = vec![Kind::Normal, Kind::Harsh, Kind::Benign];
            // The baseline has tests of its own.
            arguments.timing = !arguments.setup.program.as_os_str().is_empty();
        }
        Ok(Some(arguments))
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "--replay" => self.setup.program = value.into(),
            "--without" => self.setup.without.push(value),
            "--memory" => self.setup.memory = Some(number(&value)?),
            "--drop" => self.setup.drop = number::<f64>(&value)? / 100.0,
            "--world" if value == "all" => {
                self.worlds.extend(Kind::ALL.iter().filter(|kind| **kind != Kind::Over));
                self.timing = true;
            }
            "--world" if value == timing::WORLD => self.timing = true,
            "--world" => {
                self.worlds.push(Kind::find(&value).ok_or_else(|| format!("no such world: {value}"))?);
            }
            "--seed" => self.seeds = seeds(&value)?,
            "--over" => self.over = Some(value.into()),
            "--keep" => self.keep = Some(value.into()),
            "--picture" => self.picture = Some(value.into()),
            "--report" => self.report = Some(value.into()),
            _ => return Err(format!("unknown argument {name}\n\n{}", usage())),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    match text.split_once('-') {
        Some((first, last)) => Ok(number(first)?..=number(last)?),
        None => Ok(number(text)?..=number(text)?),
    }
}
