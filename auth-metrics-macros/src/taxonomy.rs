//! The standard failure reasons: the one table that the derive, the runtime's `Reason`, the docs and the tests read.
//! It stands here because a macro can read only its own crate; the runtime takes it through `reason_table!`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::name;

/// One standard reason. `fault` and `class` name variants of the runtime's enums.
pub(crate) struct Row {
    pub(crate) label: &'static str,
    class: &'static str,
    fault: &'static str,
    /// The HTTP status that a service answers with for this reason.
    status: u16,
    /// Whether telling this reason apart reveals that an account exists: it is given for one that was found, or for none.
    reveals_account: bool,
    meaning: &'static str,
}

impl Row {
    /// The variant of the runtime's `Reason` that stands for this row.
    pub(crate) fn variant(&self) -> Ident {
        format_ident!("{}", name::upper_camel(self.label))
    }
}

/// `class { label fault status "meaning" }`, one line a reason, `revealing` where the label tells that an account exists.
macro_rules! rows {
    ($($class:ident { $($label:ident $fault:ident $status:literal $($reveals:ident)? : $meaning:literal;)* })*) => {
        &[$($(Row {
            label: stringify!($label),
            class: stringify!($class),
            fault: stringify!($fault),
            status: $status,
            reveals_account: rows!(@reveals $($reveals)?),
            meaning: $meaning,
        },)*)*]
    };
    (@reveals) => { false };
    (@reveals revealing) => { true };
}

/// Every standard reason, grouped by class. Names are stable for ever; the order is not part of the contract.
pub(crate) const REASONS: &[Row] = rows! {
    Credentials {
        invalid_credentials Client 401: "The secret presented is wrong.";
        unknown_subject Client 401 revealing: "No such user, key or client.";
        missing_credentials Client 401: "No credentials were presented.";
        credential_expired Client 401 revealing: "The password, key or certificate has expired or must be changed.";
        credential_revoked Attack 401 revealing: "The API key or certificate was revoked.";
        credential_compromised Attack 401 revealing: "The secret is known to be breached, or the authenticator cloned.";
    }
    Account {
        account_locked Attack 423 revealing: "The account is locked for a time after failures.";
        account_disabled Client 403 revealing: "The account is disabled, expired or deleted.";
        account_unverified Client 403 revealing: "The account's e-mail, phone or onboarding is not confirmed.";
    }
    Token {
        token_malformed Client 401: "The token can't be parsed, or is of the wrong type.";
        token_signature_invalid Attack 401: "The token's signature or MAC does not verify.";
        token_key_unknown Attack 401: "The token names a key that is not in our set: rotation lag or forgery.";
        token_algorithm_rejected Attack 401: "The token's algorithm is not allowed (RFC 8725).";
        token_expired Client 401: "The token or code has expired.";
        token_not_yet_valid Client 401: "The token is not valid yet: its nbf or iat lies in the future.";
        token_revoked Client 401: "The token was revoked or logged out.";
        token_replayed Attack 401: "A single-use token, code, nonce or OTP was used again.";
        token_claim_mismatch Client 401: "A claim (issuer, audience, subject, nonce or a required one) is wrong.";
        token_binding_failed Attack 401: "The proof that binds the token to its holder fails (PKCE, DPoP, mTLS, device).";
    }
    Mfa {
        mfa_required Neutral 401 revealing: "The first factor is right and another one is needed.";
        mfa_invalid Client 401 revealing: "The one-time password or assertion is wrong.";
        mfa_expired Client 401 revealing: "The challenge timed out.";
        mfa_denied Attack 401 revealing: "The user refused the request: a sign of MFA fatigue.";
    }
    Authorization {
        permission_denied Client 403 revealing: "The subject is known and not allowed.";
        policy_denied Client 403: "Policy refuses the context: time, network, device, place, risk or session limit.";
    }
    Abuse {
        rate_limited Client 429: "The request was throttled.";
        abuse_blocked Attack 403: "The caller is banned, a bot, or on a deny list.";
    }
    Protocol {
        malformed_request Client 400: "A parameter or method is bad or unsupported.";
        client_rejected Client 401: "The relying party is unknown, or its redirect is not registered.";
        csrf_rejected Attack 403: "The state, nonce or origin does not match.";
        challenge_issued Neutral 401: "A first step went well, and the client must answer a challenge (OPAQUE, SCRAM, WebAuthn).";
        authorization_pending Neutral 400: "The user has not approved the device yet, and it polls on (RFC 8628).";
        slow_down Neutral 400: "As authorization_pending, and the device must poll less often (RFC 8628).";
    }
    Session {
        session_invalid Client 401: "The session is unknown or revoked.";
        session_expired Client 401: "The session reached its idle or absolute timeout.";
    }
    Server {
        dependency_unavailable Server 503: "A dependency (database, directory, identity provider, mail) is unreachable or failing.";
        overloaded Server 503: "A pool, threads or memory are exhausted, or load was shed.";
        configuration_error Server 500: "A key is missing, a setting is wrong, or our own credential was rejected.";
        internal_error Server 500: "A bug, or a corrupt record.";
    }
    Lifecycle {
        timeout Server 504: "A deadline passed, ours or a dependency's.";
        cancelled Neutral 499: "The future was dropped before it ended; counted by the attempt's guard, and where a task or call says so of itself.";
        panicked Server 500: "The function unwound; counted by the attempt's guard, and where a task says so of itself.";
        unknown Unknown 500: "Not mapped: a mapping to mend.";
    }
};

/// The faults that a custom reason can have, by their labels; in camel case they are variants of the runtime's `Fault`.
pub(crate) const FAULTS: [&str; 5] = ["client", "attack", "server", "neutral", "unknown"];

/// Input: the path of a macro. Output: a call of it with every row, from which the runtime makes `Reason`.
pub(crate) fn reason_table(callback: &TokenStream) -> TokenStream {
    let rows = REASONS.iter().map(|row| {
        let Row { label, status, reveals_account, meaning, .. } = row;
        let (variant, class, fault) =
            (row.variant(), format_ident!("{}", row.class), format_ident!("{}", row.fault));
        quote!(#variant #label #class #fault #status #reveals_account #meaning;)
    });
    quote!(#callback! { #(#rows)* })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_reasons_can_have_the_faults_of_the_standard_ones() {
        for row in REASONS {
            assert!(FAULTS.contains(&row.fault.to_lowercase().as_str()), "{}", row.fault);
        }
    }
}
