//! `RulesError`: why nothing was generated or written.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why the files could not be generated or written. No file is left half-written.
#[derive(Debug)]
#[non_exhaustive]
pub enum RulesError {
    /// The catalogue has no operations.
    EmptyCatalogue,
    /// The options name an operation that does not exist.
    UnknownOperation {
        /// The name in the options.
        name: String,
        /// The operations that exist.
        known: Vec<String>,
    },
    /// The options exclude every operation.
    AllExcluded,
    /// The base URL of the runbooks is not an `http` or `https` URL.
    RunbookUrl(String),
    /// The base URL of the dashboard is not an `http` or `https` URL.
    DashboardUrl(String),
    /// A selector has a label that is not one, or that another has too, an empty value, or a pattern that is not one.
    Selector(String),
    /// A number is out of range.
    Number {
        /// The option.
        option: &'static str,
        /// The value it was set to.
        value: f64,
        /// The least that it can be.
        least: f64,
        /// The most that it can be.
        most: f64,
    },
    /// A target is not above 0, or is above 0.99999.
    Target {
        /// The option.
        option: &'static str,
        /// The value it was set to.
        value: f64,
    },
    /// The latency objective is not the bound of a bucket.
    LatencyBound {
        /// The time in the options, in seconds.
        seconds: f64,
        /// The handle's bucket bounds, in seconds.
        bounds: Vec<f64>,
    },
    /// A duration is out of range.
    Duration {
        /// The option.
        option: &'static str,
        /// The range that it must be in.
        needs: &'static str,
    },
    /// A team label has an invalid name, or one that the rules use themselves.
    TeamLabel(String),
    /// A name, label, port or path is not one that Kubernetes accepts.
    Kubernetes {
        /// The option.
        option: &'static str,
        /// The value it was set to.
        value: String,
        /// What it must be.
        needs: &'static str,
    },
    /// The dashboard does not fit into a `ConfigMap`.
    ConfigMapSize {
        /// The size of the object.
        bytes: usize,
        /// The size that an object may have.
        most: usize,
    },
    /// A file could not be encoded.
    Encode {
        /// The name of the file.
        file: &'static str,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file or folder could not be written.
    Write {
        /// The path of the file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RulesError::EmptyCatalogue => out.write_str(
                "the catalogue has no operations: call this in the binary or test that links the annotated functions",
            ),
            RulesError::UnknownOperation { name, known } => {
                write!(out, "no operation is named {name:?}: the operations are {}", known.join(", "))
            }
            RulesError::AllExcluded => out.write_str("every operation is excluded: keep at least one"),
            RulesError::RunbookUrl(url) => write!(
                out,
                "{url:?} is not a runbook URL: write http:// or https://, a host, and a path without # or spaces"
            ),
            RulesError::DashboardUrl(url) => write!(
                out,
                "{url:?} is not the URL of a Grafana: write http:// or https://, a host, and a path without # or spaces"
            ),
            RulesError::Selector(label) => {
                write!(
                    out,
                    "can't select by {label:?}: write a label such as job, once, with a value or a pattern that is not empty"
                )
            }
            RulesError::Number { option, value, least, most } => {
                write!(out, "{option} is {value}: choose a value from {least} to {most}")
            }
            RulesError::Target { option, value } => {
                write!(out, "{option} is {value}: choose a value above 0 and up to 0.99999, such as 0.999")
            }
            RulesError::LatencyBound { seconds, bounds } => {
                let bounds: Vec<String> = bounds.iter().map(ToString::to_string).collect();
                write!(out, "the latency objective needs a bucket that ends at {seconds} s: choose one of {}", bounds.join(", "))
            }
            RulesError::Duration { option, needs } => write!(out, "{option} must be {needs}"),
            RulesError::TeamLabel(name) => write!(
                out,
                "{name:?} can't be a team label: it is not a valid label name, the rules set it themselves, or its value is empty or a template"
            ),
            RulesError::Kubernetes { option, value, needs } => {
                write!(out, "{value:?} can't be the {option} of Kubernetes objects: write {needs}")
            }
            RulesError::ConfigMapSize { bytes, most } => write!(
                out,
                "the dashboard takes {bytes} bytes as a ConfigMap, which holds {most}: leave out parts that the binary does not have"
            ),
            RulesError::Encode { file, .. } => write!(out, "{file} could not be encoded"),
            RulesError::Write { path, .. } => {
                write!(out, "{} could not be written: check that the folder exists and that you may write to it", path.display())
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
