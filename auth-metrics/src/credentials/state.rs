//! The states of a credential and the steps between them.

use crate::taxonomy::CredentialEvent;

/// Where a credential stands in its life.
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
    /// The state's name, as messages have it.
    pub const fn label(self) -> &'static str {
        match self {
            CredentialState::Created => "created",
            CredentialState::Active => "active",
            CredentialState::Retired => "retired",
            CredentialState::Expired => "expired",
            CredentialState::Revoked => "revoked",
            CredentialState::Compromised => "compromised",
        }
    }

    /// Whether nothing but time has ended it yet.
    pub(super) const fn can_expire(self) -> bool {
        matches!(self, CredentialState::Created | CredentialState::Active | CredentialState::Retired)
    }

    /// The state after an event, if it may come now.
    pub(super) const fn after(self, event: CredentialEvent) -> Option<CredentialState> {
        use CredentialEvent as Event;
        use CredentialState::{Active, Compromised, Created, Expired, Retired, Revoked};
        match (self, event) {
            (Created, Event::Activated) | (Active | Expired | Compromised, Event::Rotated) => Some(Active),
            (Active, Event::Retired) => Some(Retired),
            (Created | Active | Retired, Event::Expired) => Some(Expired),
            (Created | Active | Retired | Compromised, Event::Revoked) => Some(Revoked),
            (Created | Active | Retired | Expired, Event::Compromised) => Some(Compromised),
            (Created | Active | Retired, Event::Expiring)
            | (Active | Expired | Compromised, Event::RotationFailed)
            | (Active, Event::RehashNeeded) => Some(self),
            _ => None,
        }
    }
}
