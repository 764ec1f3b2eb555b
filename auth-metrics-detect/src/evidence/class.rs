//! `Class`: what an attempt is to the engine.

use auth_metrics::{Fault, Outcome, Reason};

/// What an attempt is to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Success,
    /// A wrong secret for an account.
    Guess,
    /// A name without an account, or an account that can't be used.
    Probe,
    /// A token that nobody of ours issued, or a replayed one.
    Misuse(Misuse),
    /// The user refused, or ignored, a request for a second factor.
    Fatigue,
    /// A countermeasure of ours: it must not feed itself.
    Refused,
    /// The service failed.
    Fault,
    /// It says nothing.
    Nothing,
}

/// How a token was misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misuse {
    /// Its signature or algorithm is wrong: no honest client does that.
    Forged,
    /// It may as well be a rotation that is late, or a broken client.
    Doubtful,
    Replayed,
}

impl Class {
    pub(crate) fn of(outcome: Outcome) -> Class {
        let Outcome::Failure(reason) = outcome else { return Class::Success };
        match reason {
            Reason::InvalidCredentials | Reason::MfaInvalid | Reason::CredentialCompromised => Class::Guess,
            Reason::UnknownSubject
            | Reason::AccountDisabled
            | Reason::AccountUnverified
            | Reason::CredentialExpired
            | Reason::CredentialRevoked => Class::Probe,
            Reason::TokenSignatureInvalid | Reason::TokenAlgorithmRejected => Class::Misuse(Misuse::Forged),
            Reason::TokenKeyUnknown | Reason::TokenBindingFailed | Reason::TokenMalformed => {
                Class::Misuse(Misuse::Doubtful)
            }
            Reason::TokenReplayed => Class::Misuse(Misuse::Replayed),
            Reason::MfaDenied | Reason::MfaExpired => Class::Fatigue,
            Reason::RateLimited | Reason::AbuseBlocked | Reason::AccountLocked => Class::Refused,
            Reason::Custom(custom) if Reason::Custom(custom).fault() == Fault::Attack => {
                Class::Misuse(Misuse::Forged)
            }
            reason if matches!(reason.fault(), Fault::Server | Fault::Unknown) => Class::Fault,
            _ => Class::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_of_an_exchange_is_evidence_of_nothing() {
        for reason in Reason::ALL.iter().filter(|reason| reason.fault() == Fault::Neutral) {
            assert_eq!(Class::of(Outcome::Failure(*reason)), Class::Nothing, "{}", reason.label());
        }
    }
}
