//! The words and numbers that the two schemas have for ours. Knows nothing of lines.

use auth_metrics::{Fault, OperationKind, Outcome, Reason};

use crate::record::Kind;

/// The label of a kind.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Attempt(kind) => kind.label(),
        Kind::Credential => "credential",
        Kind::Decision => "decision",
    }
}

/// ECS' `event.category`.
pub(super) fn ecs_category(kind: Kind) -> &'static str {
    match kind {
        Kind::Attempt(
            OperationKind::Authorization
            | OperationKind::Registration
            | OperationKind::CredentialChange
            | OperationKind::Enrolment,
        )
        | Kind::Credential
        | Kind::Decision => "iam",
        Kind::Attempt(OperationKind::Session) => "session",
        Kind::Attempt(_) => "authentication",
    }
}

/// ECS' `event.type`, of those that the category has.
pub(super) fn ecs_type(kind: Kind, operation: &str, outcome: Outcome) -> &'static str {
    match (kind, outcome) {
        (Kind::Attempt(OperationKind::Authentication), Outcome::Success) => "start",
        (Kind::Attempt(OperationKind::Registration), Outcome::Success) => "creation",
        (Kind::Attempt(OperationKind::CredentialChange | OperationKind::Enrolment), Outcome::Success) => {
            "change"
        }
        (Kind::Credential, Outcome::Success) => match operation {
            "created" => "creation",
            "expired" | "revoked" => "deletion",
            _ => "change",
        },
        _ => "info",
    }
}

/// ECS' `event.outcome`. Whether an attempt that stopped on its way would have succeeded, nobody knows.
pub(super) fn ecs_outcome(outcome: Outcome) -> &'static str {
    match outcome.label() {
        "success" => "success",
        "rejected" | "error" => "failure",
        _ => "unknown",
    }
}

/// OCSF's `status_id`: success, failure, other.
pub(super) fn ocsf_status(outcome: Outcome) -> u64 {
    match ecs_outcome(outcome) {
        "success" => 1,
        "failure" => 2,
        _ => OTHER,
    }
}

/// OCSF's number for what it has no number for.
pub(super) const OTHER: u64 = 99;

/// OCSF's `severity_id`: informational, low, medium, high.
pub(super) fn ocsf_severity(outcome: Outcome) -> u64 {
    match outcome.reason().map(Reason::fault) {
        None | Some(Fault::Neutral) => 1,
        Some(Fault::Client) => 2,
        Some(Fault::Server) => 4,
        // An attack, a reason that is not mapped, and what a later version adds.
        Some(_) => 3,
    }
}

/// OCSF's word for a reason, where it has one.
pub(super) fn ocsf_reason(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::InvalidCredentials => "INVALID_CREDENTIALS",
        Reason::UnknownSubject => "USER_DOES_NOT_EXIST",
        Reason::CredentialExpired => "PASSWORD_EXPIRED",
        Reason::AccountLocked => "ACCOUNT_LOCKED_OUT",
        Reason::AccountDisabled => "ACCOUNT_DISABLED",
        _ => return None,
    })
}

/// OCSF's `factor_type_id` of a method.
pub(super) fn ocsf_factor(method: &str) -> Option<u64> {
    Some(match method {
        "sms" => 1,
        "push" => 5,
        "otp" | "totp" | "hotp" => 7,
        "passkey" | "webauthn" => 10,
        "password" => 11,
        _ => return None,
    })
}

/// OCSF's `auth_protocol_id` of a method.
pub(super) fn ocsf_protocol(method: &str) -> Option<u64> {
    Some(match method {
        "kerberos" => 2,
        "oidc" => 4,
        "saml" => 5,
        "oauth" | "oauth2" => 6,
        "ldap" => 12,
        _ => return None,
    })
}

/// The activity of OCSF's class 3004, Entity Management, that a step of a credential is.
pub(super) fn ocsf_step(step: &str) -> u64 {
    match step {
        "created" => 1,
        "rotated" => 3,
        "revoked" => 9,
        "activated" => 10,
        "retired" => 11,
        _ => OTHER,
    }
}

/// OCSF's `action_id`: unknown, allowed, denied.
pub(super) fn ocsf_action(outcome: Outcome) -> u64 {
    match outcome.label() {
        "success" => 1,
        "rejected" => 2,
        _ => 0,
    }
}
