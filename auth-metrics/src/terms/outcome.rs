//! `Outcome`, its label, and the kind of an operation.

use super::{FailureReason, Fault, Reason, ReasonSet};

/// What an operation does, which decides the families that it feeds: [`metrics`](crate::guide::metrics#kinds) has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OperationKind {
    /// Proves who somebody is. Feeds `service_auth_successful_total` and `service_auth_failed_total`.
    #[default]
    Authentication,
    /// Verifies a token. Feeds `jwt_token_verifications_total`.
    Token,
    /// Decides what a known subject may do. Feeds the `auth_operation*` families only, as do all kinds below.
    Authorization,
    /// Loads, refreshes or ends a session.
    Session,
    /// Makes an account.
    Registration,
    /// Changes or resets a credential: a password, an API key.
    CredentialChange,
    /// Adds a factor to an account: a passkey, an authenticator app.
    Enrolment,
}

impl OperationKind {
    /// All of them.
    pub const ALL: &'static [OperationKind] = &[
        OperationKind::Authentication,
        OperationKind::Token,
        OperationKind::Authorization,
        OperationKind::Session,
        OperationKind::Registration,
        OperationKind::CredentialChange,
        OperationKind::Enrolment,
    ];

    /// Returns its word in `kind = …`.
    ///
    /// ```
    /// assert_eq!(auth_metrics::OperationKind::Token.label(), "token");
    /// ```
    pub const fn label(self) -> &'static str {
        match self {
            OperationKind::Authentication => "authentication",
            OperationKind::Token => "token",
            OperationKind::Authorization => "authorization",
            OperationKind::Session => "session",
            OperationKind::Registration => "registration",
            OperationKind::CredentialChange => "credential_change",
            OperationKind::Enrolment => "enrolment",
        }
    }
}

/// How an attempt ended, according to the function itself.
///
/// The attempt's guard finds dropped futures and panics, so you don't report them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "an attempt ends well or for a reason: what is new is a reason")]
pub enum Outcome {
    /// The attempt succeeded.
    Success,
    /// The attempt failed for this reason.
    Failure(Reason),
}

impl Outcome {
    /// Returns the outcome of a `Result`, with the function `reason` for its error.
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason};
    ///
    /// let parsed: Result<u8, _> = "x".parse::<u8>();
    /// let outcome = Outcome::from_result(&parsed, |_| Reason::MalformedRequest);
    /// assert_eq!(outcome, Outcome::Failure(Reason::MalformedRequest));
    /// ```
    pub fn from_result<T, E>(result: &Result<T, E>, reason: impl FnOnce(&E) -> Reason) -> Outcome {
        match result {
            Ok(_) => Outcome::Success,
            Err(error) => Outcome::Failure(reason(error)),
        }
    }

    /// Returns the value of the label `outcome`: `success`, `rejected`, `error`, `interim` or `cancelled`.
    pub const fn label(self) -> &'static str {
        OUTCOME_LABELS[OutcomeLabel::of(self) as usize]
    }

    /// Returns the reason of a failure, or `None` for a success.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Outcome::Success => None,
            Outcome::Failure(reason) => Some(reason),
        }
    }
}

impl<T, E: FailureReason> From<&Result<T, E>> for Outcome {
    fn from(result: &Result<T, E>) -> Outcome {
        Outcome::from_result(result, E::failure_reason)
    }
}

/// How an attempt is counted: as a success, or at the position of a reason.
#[derive(Clone, Copy)]
pub(crate) struct Ended(u8);

impl Ended {
    #[expect(clippy::cast_possible_truncation, reason = "positions are below 64")]
    pub(crate) const SUCCESS: Ended = Ended(ReasonSet::CAPACITY as u8);

    /// The number of ends.
    pub(crate) const COUNT: usize = ReasonSet::CAPACITY + 1;

    #[inline]
    pub(crate) fn with(outcome: Outcome) -> Ended {
        match outcome {
            Outcome::Success => Ended::SUCCESS,
            Outcome::Failure(reason) => Ended::failed(reason),
        }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "positions are below 64")]
    pub(crate) fn failed(reason: Reason) -> Ended {
        Ended(reason.position() as u8)
    }

    /// The end at an [`index`](Ended::index).
    pub(crate) fn at(index: usize) -> Ended {
        u8::try_from(index).map_or(Ended::SUCCESS, |index| Ended(index.min(Ended::SUCCESS.0)))
    }

    /// Returns the position of the reason, or the last one for a success.
    #[inline]
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    pub(crate) fn outcome(self) -> Outcome {
        if self.0 == Ended::SUCCESS.0 { Outcome::Success } else { Outcome::Failure(Reason::at(self.index())) }
    }

    pub(crate) fn label(self) -> OutcomeLabel {
        OutcomeLabel::of(self.outcome())
    }
}

/// The five values of the `outcome` label, in the order of [`OUTCOME_LABELS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutcomeLabel {
    Success,
    Rejected,
    Error,
    Interim,
    Cancelled,
}

pub(crate) const OUTCOME_LABELS: [&str; 5] = ["success", "rejected", "error", "interim", "cancelled"];

impl OutcomeLabel {
    /// Derives the outcome from the reason's fault, so that the two can't disagree.
    pub(crate) const fn of(outcome: Outcome) -> OutcomeLabel {
        match outcome {
            Outcome::Success => OutcomeLabel::Success,
            Outcome::Failure(Reason::Cancelled) => OutcomeLabel::Cancelled,
            Outcome::Failure(reason) => match reason.fault() {
                Fault::Client | Fault::Attack => OutcomeLabel::Rejected,
                Fault::Server | Fault::Unknown => OutcomeLabel::Error,
                Fault::Neutral => OutcomeLabel::Interim,
            },
        }
    }
}
