//! `RulesError`: why nothing was generated or written.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why no files were made, or written. Nothing is half-written then.
#[derive(Debug)]
#[non_exhaustive]
pub enum RulesError {
    /// The catalogue has no operation.
    EmptyCatalogue,
    /// An operation is excluded that does not exist.
    UnknownOperation {
        /// Its name.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// Every operation is excluded.
    AllExcluded,
    /// The base of the runbooks is no `http` or `https` URL.
    RunbookUrl(String),
    /// A target is not between 0 and 1.
    Target {
        /// The option.
        option: &'static str,
        /// What it was given.
        value: f64,
    },
    /// The latency target is no bound of a bucket.
    LatencyBound {
        /// What was given, in seconds.
        seconds: f64,
        /// The bounds that the handle has, in seconds.
        bounds: Vec<f64>,
    },
    /// A duration can't be used.
    Duration {
        /// The option.
        option: &'static str,
        /// What it has to be.
        needs: &'static str,
    },
    /// A label of the team has a name that is no label's, or one that the rules use.
    TeamLabel(String),
    /// A file could not be made.
    Encode {
        /// Its name.
        file: &'static str,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file or folder could not be written.
    Write {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RulesError::EmptyCatalogue => out.write_str(
                "the catalogue has no operation: call this in the binary or test that has the annotated functions",
            ),
            RulesError::UnknownOperation { name, known } => {
                write!(out, "there is no operation {name:?} to exclude; there are: {}", known.join(", "))
            }
            RulesError::AllExcluded => out.write_str("every operation is excluded: leave one at least"),
            RulesError::RunbookUrl(url) => write!(
                out,
                "{url:?} is no URL of runbooks: write http:// or https://, a host, and a path without # or spaces"
            ),
            RulesError::Target { option, value } => {
                write!(out, "{option} is {value}: it has to be over 0 and under 1, such as 0.999")
            }
            RulesError::LatencyBound { seconds, bounds } => {
                let bounds: Vec<String> = bounds.iter().map(ToString::to_string).collect();
                write!(out, "no bucket ends at {seconds} s: choose one of {}", bounds.join(", "))
            }
            RulesError::Duration { option, needs } => write!(out, "{option} has to be {needs}"),
            RulesError::TeamLabel(name) => write!(
                out,
                "{name:?} can't be a label of the team: it is no label's name, or the rules set it themselves"
            ),
            RulesError::Encode { file, .. } => write!(out, "{file} could not be encoded"),
            RulesError::Write { path, .. } => {
                write!(out, "{} could not be written: is the folder there, and yours to write?", path.display())
            }
        }
    }
}

impl std::error::Error for RulesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RulesError::Encode { source, .. } => Some(&**source),
            RulesError::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}
