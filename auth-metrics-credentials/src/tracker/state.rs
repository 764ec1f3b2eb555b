//! The states of a credential and the steps between them. Knows no time and no handle.

use std::fmt;

use crate::terms::CredentialEvent;

/// The state of a credential. The [module](crate#states) has a table of the steps between them.
///
/// ```
/// use auth_metrics_credentials::CredentialState;
///
/// assert!(CredentialState::Expired.has_ended() && !CredentialState::Retired.has_ended());
/// assert_eq!(CredentialState::Active.to_string(), "active");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialState {
    /// It exists and is not in use yet.
    Created,
    /// It is in use.
    Active,
    /// It is no longer issued, but still accepted.
    Retired,
    /// It has expired and is no longer accepted.
    Expired,
    /// It was withdrawn and is no longer accepted.
    Revoked,
    /// Somebody else has it, so it is no longer accepted.
    Compromised,
}

impl CredentialState {
    /// Returns whether a credential in this state is no longer accepted.
    pub const fn has_ended(self) -> bool {
        matches!(self, CredentialState::Expired | CredentialState::Revoked | CredentialState::Compromised)
    }

    /// Returns whether nobody needs to be woken for its expiry.
    pub(super) const fn is_out_of_use(self) -> bool {
        matches!(self, CredentialState::Retired | CredentialState::Revoked | CredentialState::Compromised)
    }

    /// Returns whether a rotator may put a successor in its place: it is in use, or was until it expired or was compromised. A
    /// retired or revoked credential gets no successor.
    #[cfg(feature = "rotation")]
    pub(super) const fn can_be_replaced(self) -> bool {
        matches!(self, CredentialState::Active | CredentialState::Expired | CredentialState::Compromised)
    }

    /// Returns the state after a step, or `None` if the step is not allowed.
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

    /// Says what to do after a step that this state does not allow.
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
