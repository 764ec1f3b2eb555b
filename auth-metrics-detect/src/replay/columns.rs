//! The columns of a log, and a record as an attempt.

use std::net::IpAddr;
use std::time::Duration;

use auth_metrics::{Outcome, Reason};

use super::csv::Record;
use super::malformed::Cause;
use crate::{Attempt, Peer};

/// Where each column is.
pub(super) struct Columns {
    time: usize,
    source: usize,
    subject: usize,
    operation: usize,
    outcome: usize,
    reason: usize,
    device: Option<usize>,
    latency: Option<usize>,
    /// How many columns the header has.
    count: usize,
}

/// A record that is an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) time: f64,
    pub(super) peer: Option<Peer<'a>>,
    pub(super) subject: Option<&'a str>,
    pub(super) operation: &'a str,
    pub(super) outcome: Outcome,
    pub(super) device: Option<&'a str>,
    pub(super) took: Option<Duration>,
}

impl Columns {
    /// Finds the columns by name; the name of one that is missing if there is one.
    pub(super) fn of(header: &Record<'_>) -> Result<Columns, &'static str> {
        let find = |name| (0..header.len()).find(|&at| header.field(at).map(str::trim) == Some(name));
        let required = |name| find(name).ok_or(name);
        Ok(Columns {
            time: required("t")?,
            source: required("source")?,
            subject: required("subject")?,
            operation: required("operation")?,
            outcome: required("outcome")?,
            reason: required("reason")?,
            device: find("device"),
            latency: find("latency_seconds"),
            count: header.len(),
        })
    }

    /// What is wrong with a record of so many columns.
    pub(super) fn too_few(&self, found: usize) -> Cause {
        Cause::TooFewColumns { found, expected: self.count }
    }

    /// Reads a record.
    pub(super) fn row<'a>(&self, record: &Record<'a>) -> Result<Row<'a>, Cause> {
        if record.len() < self.count {
            return Err(self.too_few(record.len()));
        }
        let field = |at| record.field(at).unwrap_or_default();
        let optional = |at: Option<usize>| at.map(field).filter(|text| !text.is_empty());
        let time =
            field(self.time).trim().parse().ok().filter(|time: &f64| time.is_finite()).ok_or(Cause::Time)?;
        let operation = optional(Some(self.operation)).ok_or(Cause::Operation)?;
        Ok(Row {
            time,
            peer: optional(Some(self.source)).map(peer),
            subject: optional(Some(self.subject)),
            operation,
            outcome: outcome(field(self.outcome), field(self.reason)).ok_or(Cause::Outcome)?,
            device: optional(self.device),
            took: optional(self.latency).map(latency).transpose()?,
        })
    }
}

impl<'a> Row<'a> {
    #[cfg(test)]
    pub(super) fn new(time: f64, operation: &'a str, outcome: Outcome) -> Row<'a> {
        Row { time, peer: None, subject: None, operation, outcome, device: None, took: None }
    }

    /// The attempt at a time.
    pub(super) fn attempt(&self, at: f64) -> Attempt<'a> {
        let mut attempt = Attempt::new(at, self.operation, self.outcome);
        if let Some(peer) = self.peer {
            attempt = attempt.peer(peer);
        }
        if let Some(subject) = self.subject {
            attempt = attempt.subject(subject);
        }
        if let Some(device) = self.device {
            attempt = attempt.device(device);
        }
        match self.took {
            Some(took) => attempt.took(took),
            None => attempt,
        }
    }
}

fn peer(source: &str) -> Peer<'_> {
    source.parse().map_or(Peer::Name(source), |address: IpAddr| Peer::Address(address.to_canonical()))
}

fn latency(text: &str) -> Result<Duration, Cause> {
    let seconds = text.trim().parse().map_err(|_| Cause::Latency)?;
    Duration::try_from_secs_f64(seconds).map_err(|_| Cause::Latency)
}

/// The outcome, and the reason if it fits that. A reason that is unknown here gives way to one that is evidence of nothing.
fn outcome(label: &str, reason: &str) -> Option<Outcome> {
    let neutral = match label {
        "success" => return Some(Outcome::Success),
        "rejected" => Reason::PolicyDenied,
        "error" => Reason::Unknown,
        "interim" => Reason::MfaRequired,
        "cancelled" => Reason::Cancelled,
        _ => return None,
    };
    let standard = Reason::from_label(reason).map(Outcome::Failure);
    Some(standard.filter(|outcome| outcome.label() == label).unwrap_or(Outcome::Failure(neutral)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_counts_if_it_fits_the_outcome() {
        for &reason in Reason::ALL {
            let own = Outcome::Failure(reason);
            assert_eq!(outcome(own.label(), reason.label()), Some(own));
            assert_eq!(outcome("success", reason.label()), Some(Outcome::Success));
        }
        let disagree = outcome("error", "invalid_credentials");
        assert_eq!(disagree, Some(Outcome::Failure(Reason::Unknown)));
    }

    #[test]
    fn custom_reason_keeps_its_outcome() {
        for label in ["success", "rejected", "error", "interim", "cancelled"] {
            for reason in ["", "geo_blocked", "success", "INVALID_CREDENTIALS"] {
                assert_eq!(outcome(label, reason).map(Outcome::label), Some(label));
            }
        }
        assert_eq!(outcome("Rejected", "invalid_credentials"), None);
        assert_eq!(outcome("", ""), None);
    }

    #[test]
    fn source_is_an_address_or_a_name() {
        let address = |text: &str| Peer::Address(text.parse().unwrap());
        assert_eq!(peer("10.0.0.1"), address("10.0.0.1"));
        assert_eq!(peer("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_eq!(peer("2001:db8::1"), address("2001:db8::1"));
        assert_eq!(peer("host.example"), Peer::Name("host.example"));
        assert_eq!(peer("10.0.0.1:22"), Peer::Name("10.0.0.1:22"));
    }
}
