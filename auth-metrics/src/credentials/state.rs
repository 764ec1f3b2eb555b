//! The states of a credential and the steps between them.

use std::fmt;

use crate::terms::CredentialEvent;

/// Where a credential stands in its life.
///
/// ```
/// use auth_metrics::credentials::CredentialState;
///
/// assert!(CredentialState::Expired.has_ended() && !CredentialState::Retired.has_ended());
/// assert_eq!(CredentialState::Active.to_string(), "active");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialState {
    /// It is there and not yet in use.
    Created,
    /// It is in use.
    Active,
    /// It is no longer handed out, but still accepted.
    Retired,
    /// Its time is over.
    Expired,
    /// It was withdrawn.
    Revoked,
    /// Somebody else has it.
    Compromised,
}

impl CredentialState {
    /// Whether it is accepted no longer.
    pub const fn has_ended(self) -> bool {
        matches!(self, CredentialState::Expired | CredentialState::Revoked | CredentialState::Compromised)
    }

    /// Whether its expiry is nothing to wake somebody for.
    pub(super) const fn is_out_of_use(self) -> bool {
        matches!(self, CredentialState::Retired | CredentialState::Revoked | CredentialState::Compromised)
    }

    /// Whether a rotator may put a successor in its place: it is in use, or was until it expired or somebody else had it. One
    /// that was retired or revoked is to have none.
    #[cfg(feature = "rotation")]
    pub(super) const fn can_be_replaced(self) -> bool {
        matches!(self, CredentialState::Active | CredentialState::Expired | CredentialState::Compromised)
    }

    /// The state after a step; none where the step is not allowed.
    pub(super) fn after(self, step: CredentialEvent) -> Option<CredentialState> {
        use CredentialState as State;
        match (self, step) {
            (State::Created, CredentialEvent::Activated) => Some(State::Active),
            (State::Active, CredentialEvent::Rotated | CredentialEvent::RotationFailed)
            | (State::Expired | State::Compromised, CredentialEvent::RotationFailed) => Some(self),
            (State::Active, CredentialEvent::Retired) => Some(State::Retired),
            (State::Created | State::Active | State::Retired, CredentialEvent::Expired) => {
                Some(State::Expired)
            }
            (State::Created | State::Active | State::Retired, CredentialEvent::Revoked) => {
                Some(State::Revoked)
            }
            (State::Created | State::Active | State::Retired, CredentialEvent::Compromised) => {
                Some(State::Compromised)
            }
            _ => None,
        }
    }

    /// What whoever took a step too many can do.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            CredentialState::Created => "activate it first",
            CredentialState::Active => "it is in use already",
            CredentialState::Retired => "declare its successor under another slug, or forget this one first",
            CredentialState::Expired | CredentialState::Revoked | CredentialState::Compromised => {
                "its life is over: declare its successor, the slug is free for it"
            }
        }
    }
}

impl fmt::Display for CredentialState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            CredentialState::Created => "created",
            CredentialState::Active => "active",
            CredentialState::Retired => "retired",
            CredentialState::Expired => "expired",
            CredentialState::Revoked => "revoked",
            CredentialState::Compromised => "compromised",
        })
    }
}
