//! What the command line says.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::calendar::Minute;

pub const USAGE: &str = "\
Simulates weeks of services with incidents, runs Prometheus rules over them, and prints what the alerts found and what they cost.
Fails if the rules miss the bar. Needs prometheus and promtool.

  --seed N          the world; N-M runs several [1]
  --weeks N         how long it lives, at least 1 [5]
  --rules FILE      judges these rules, not those of the generator
  --picture FILE    draws a week of the first world as SVG
  --week N          which one [the one with most incidents]
  --markdown        prints the tables for a document
  --keep FOLDER     keeps what Prometheus had there, to look into";

/// What to do.
#[derive(Clone, Debug)]
pub struct Arguments {
    pub seeds: RangeInclusive<u64>,
    pub weeks: Minute,
    pub rules: Option<PathBuf>,
    pub picture: Option<PathBuf>,
    pub week: Option<Minute>,
    pub markdown: bool,
    pub keep: Option<PathBuf>,
}

impl Arguments {
    /// Reads arguments. Nothing if help is asked for.
    ///
    /// # Errors
    ///
    /// If an argument is unknown, or its value is none.
    pub fn read(mut given: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
        let mut arguments = Arguments {
            seeds: 1..=1,
            weeks: 5,
            rules: None,
            picture: None,
            week: None,
            markdown: false,
            keep: None,
        };
        while let Some(name) = given.next() {
            let mut value = || given.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--seed" => arguments.seeds = seeds(&value()?)?,
                "--weeks" => arguments.weeks = number(&value()?)?.max(1),
                "--rules" => arguments.rules = Some(value()?.into()),
                "--picture" => arguments.picture = Some(value()?.into()),
                "--week" => arguments.week = Some(number(&value()?)?),
                "--keep" => arguments.keep = Some(value()?.into()),
                "--markdown" => arguments.markdown = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown argument {name}\n\n{USAGE}")),
            }
        }
        Ok(Some(arguments))
    }

    /// Where a world's Prometheus keeps its data.
    pub fn folder(&self, seed: u64) -> PathBuf {
        let name = format!("seed-{seed}");
        match &self.keep {
            Some(folder) => folder.join(name),
            None => {
                std::env::temp_dir().join(format!("auth-metrics-simulation-{}-{name}", std::process::id()))
            }
        }
    }
}

fn number(text: &str) -> Result<Minute, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let one = |text: &str| text.parse::<u64>().map_err(|_| format!("not a seed: {text}"));
    match text.split_once('-') {
        Some((first, last)) => Ok(one(first)?..=one(last)?),
        None => Ok(one(text)?..=one(text)?),
    }
}
