//! What can go wrong while a handle is built, installed or registered. Recording has no errors.

use std::fmt;

use crate::terms::ReasonSet;

/// Why a handle can't be built, installed or registered.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The service id is empty, longer than 128 bytes, has control characters or invisible ones, or is `other`.
    InvalidServiceId,
    /// `max_services` is zero or over 65,536.
    InvalidMaxServices,
    /// There are no bucket bounds or more than 250, or one is not finite, not positive, or not a nanosecond above the one before.
    InvalidBuckets,
    /// The namespace is not `[a-zA-Z_][a-zA-Z0-9_]*`.
    InvalidNamespace(String),
    /// A constant label is not `[a-zA-Z_][a-zA-Z0-9_]*`, starts with `__`, is given twice, or is a label of this library.
    InvalidConstLabel(String),
    /// The binary declares more custom reasons than [`ReasonSet::MAX_CUSTOM`](crate::ReasonSet::MAX_CUSTOM), or gives one
    /// of them two faults.
    CustomReasons {
        /// The labels beyond the limit.
        left_out: Vec<&'static str>,
        /// The labels with two faults.
        faults_differ: Vec<&'static str>,
    },
    /// The name of an observer is not `[a-z][a-z0-9_]*` of at most 64 bytes, another one has it, or there are more than 64 observers.
    InvalidObserver(&'static str),
    /// The capacity for events is zero or over 1,048,576.
    InvalidEventCapacity,
    /// The system gave no thread to deliver events.
    EventsThread(std::io::Error),
    /// Another handle is already installed in this process.
    AlreadyInstalled,
    /// The handle could not be registered. `?` converts a [`RegisterError`] into this.
    #[cfg(feature = "prometheus")]
    Register(RegisterError),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidServiceId => {
                out.write_str(
                    "the service id must have 1 to 128 bytes, no control characters and no invisible ones such as \
                     zero-width spaces or bidirectional marks, and must not be `other`, which counts the ids that \
                     don't fit",
                )
            }
            Error::InvalidMaxServices => {
                out.write_str("max_services must be between 1 (the handle's own service) and 65536")
            }
            Error::InvalidBuckets => out
                .write_str("the buckets must be 1 to 250 finite, positive bounds in seconds that rise by at least a nanosecond"),
            Error::InvalidNamespace(namespace) => {
                write!(
                    out,
                    "the namespace {namespace:?} must consist of letters, digits and _, and must not start with a digit"
                )
            }
            Error::InvalidConstLabel(label) => write!(
                out,
                "the constant label {label:?} must consist of letters, digits and _, must not start with a digit or __, \
                 must be given once, and must not be a label of this library"
            ),
            Error::CustomReasons { left_out, faults_differ } => write_custom(out, left_out, faults_differ),
            Error::InvalidObserver(name) => write!(
                out,
                "the observer {name:?} must have a name of its own, of lowercase letters, digits and _, that starts with a letter \
                 and has at most 64 bytes; a handle has at most 64 observers"
            ),
            Error::InvalidEventCapacity => out.write_str("event_capacity must be between 1 and 1048576"),
            Error::EventsThread(error) => write!(
                out,
                "the system gave no thread to deliver events ({error}): deliver them yourself with `poll_events`"
            ),
            Error::AlreadyInstalled => out.write_str(
                "another handle is already installed: install yours before the first recording, \
                 or pass it with `metrics = …`",
            ),
            #[cfg(feature = "prometheus")]
            Error::Register(error) => error.fmt(out),
        }
    }
}

fn write_custom(
    out: &mut fmt::Formatter<'_>,
    left_out: &[&'static str],
    faults_differ: &[&'static str],
) -> fmt::Result {
    let mut before = "";
    if !left_out.is_empty() {
        let (most, labels) = (ReasonSet::MAX_CUSTOM, left_out.join(", "));
        write!(out, "a binary has at most {most} custom reasons, and these are too many: {labels}")?;
        before = "; ";
    }
    if !faults_differ.is_empty() {
        let labels = faults_differ.join(", ");
        write!(out, "{before}give each custom reason the same fault everywhere; these have two: {labels}")?;
    }
    Ok(())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            #[cfg(feature = "prometheus")]
            Error::Register(error) => error.source(),
            _ => None,
        }
    }
}

/// Why a registry refused a handle. Nothing is registered in this case.
#[cfg(feature = "prometheus")]
#[derive(Debug)]
#[non_exhaustive]
pub enum RegisterError {
    /// The registry already has a metric of this name, from other code or from a handle with the same constant labels.
    Clash {
        /// The full name of the metric.
        metric: String,
        /// The error of the registry.
        source: prometheus::Error,
    },
    /// The registry refused the collector for another reason.
    Refused(prometheus::Error),
}

#[cfg(feature = "prometheus")]
impl fmt::Display for RegisterError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegisterError::Clash { metric, source } => write!(
                out,
                "the registry already has a metric {metric}: give this handle a namespace of its own, or give \
                 all handles the same constant labels with different values ({source})"
            ),
            RegisterError::Refused(source) => write!(out, "the registry refused the metrics: {source}"),
        }
    }
}

#[cfg(feature = "prometheus")]
impl std::error::Error for RegisterError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RegisterError::Clash { source, .. } | RegisterError::Refused(source) => Some(source),
        }
    }
}

#[cfg(feature = "prometheus")]
impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Error {
        Error::Register(error)
    }
}
