//! The error codes that all of OAuth 2.0 shares; every version of oauth2 has them.

use crate::terms::Reason;

/// The reason of an error code that I answer with as an authorization server: any of RFC 6749, 6750, 7009, 8628,
/// 9449 and 9470 and of `OpenID` Connect, as text or as a type of oauth2 such as `BasicErrorResponseType`.
///
/// | code | reason |
/// |---|---|
/// | `invalid_grant`, `invalid_token` | `invalid_credentials` |
/// | `invalid_client`, `unauthorized_client`, `invalid_redirect_uri` | `client_rejected` |
/// | `invalid_request`, `invalid_scope`, `unsupported_grant_type`, `unsupported_response_type`, `unsupported_token_type`, `invalid_request_uri`, `invalid_request_object`, `request_not_supported`, `request_uri_not_supported`, `registration_not_supported`, `invalid_client_metadata` | `malformed_request` |
/// | `access_denied`, `consent_required`, `insufficient_scope` | `permission_denied` |
/// | `login_required`, `interaction_required`, `account_selection_required` | `missing_credentials` |
/// | `insufficient_user_authentication` | `mfa_required` |
/// | `authorization_pending` | `authorization_pending` |
/// | `slow_down` | `slow_down` |
/// | `expired_token` | `token_expired` |
/// | `invalid_dpop_proof` | `token_binding_failed` |
/// | `temporarily_unavailable` | `overloaded` |
/// | `server_error` | `internal_error` |
/// | any other | `unknown` |
///
/// For the answer of a server that I called there is [`dependency`](fn@error_code::dependency).
///
/// ```
/// use auth_metrics::Reason;
/// # #[cfg(feature = "oauth2_5")]
/// use auth_metrics::reasons::oauth2_5::error_code;
/// # #[cfg(not(feature = "oauth2_5"))]
/// # use auth_metrics::reasons::oauth2_4::error_code;
///
/// assert_eq!(error_code("invalid_client"), Reason::ClientRejected);
/// assert_eq!(error_code("slow_down"), Reason::SlowDown);
/// ```
pub fn error_code<C: AsRef<str> + ?Sized>(code: &C) -> Reason {
    match code.as_ref() {
        "invalid_client" | "unauthorized_client" | "invalid_redirect_uri" => Reason::ClientRejected,
        "temporarily_unavailable" => Reason::Overloaded,
        "server_error" => Reason::InternalError,
        code if about_the_request(code) => Reason::MalformedRequest,
        code => in_both_roles(code),
    }
}

/// Whether it says that the request is wrong in its form.
fn about_the_request(code: &str) -> bool {
    matches!(
        code,
        "invalid_request"
            | "invalid_scope"
            | "unsupported_grant_type"
            | "unsupported_response_type"
            | "unsupported_token_type"
            | "invalid_request_uri"
            | "invalid_request_object"
            | "request_not_supported"
            | "request_uri_not_supported"
            | "registration_not_supported"
            | "invalid_client_metadata"
    )
}

/// What speaks of the user and his grant is the same whoever says it.
fn in_both_roles(code: &str) -> Reason {
    match code {
        "invalid_grant" | "invalid_token" => Reason::InvalidCredentials,
        "access_denied" | "consent_required" | "insufficient_scope" => Reason::PermissionDenied,
        "login_required" | "interaction_required" | "account_selection_required" => {
            Reason::MissingCredentials
        }
        "insufficient_user_authentication" => Reason::MfaRequired,
        "authorization_pending" => Reason::AuthorizationPending,
        "slow_down" => Reason::SlowDown,
        "expired_token" => Reason::TokenExpired,
        "invalid_dpop_proof" => Reason::TokenBindingFailed,
        _ => Reason::Unknown,
    }
}

/// The other role, and the reasons that [`error_code`](fn@error_code) can give.
pub mod error_code {
    use crate::terms::{Reason, ReasonSet};

    /// What speaks of the user and his grant.
    const IN_BOTH_ROLES: ReasonSet = ReasonSet::of(&[
        Reason::InvalidCredentials,
        Reason::PermissionDenied,
        Reason::MissingCredentials,
        Reason::MfaRequired,
        Reason::AuthorizationPending,
        Reason::SlowDown,
        Reason::TokenExpired,
        Reason::TokenBindingFailed,
        Reason::Unknown,
    ]);

    /// Every one of them.
    pub const REASONS: ReasonSet = IN_BOTH_ROLES.union(ReasonSet::of(&[
        Reason::ClientRejected,
        Reason::Overloaded,
        Reason::InternalError,
        Reason::MalformedRequest,
    ]));

    /// The reason of an error code that a server which I called answers with.
    ///
    /// As [`error_code`](fn@super::error_code), but for what it says of me, its client, and of itself:
    ///
    /// | code | reason |
    /// |---|---|
    /// | those that are `client_rejected` or `malformed_request` there | `configuration_error` |
    /// | `temporarily_unavailable`, `server_error` | `dependency_unavailable` |
    ///
    /// ```
    /// use auth_metrics::Reason;
    /// # #[cfg(feature = "oauth2_5")]
    /// use auth_metrics::reasons::oauth2_5::error_code;
    /// # #[cfg(not(feature = "oauth2_5"))]
    /// # use auth_metrics::reasons::oauth2_4::error_code;
    ///
    /// assert_eq!(error_code::dependency("invalid_client"), Reason::ConfigurationError);
    /// assert_eq!(error_code::dependency("invalid_grant"), Reason::InvalidCredentials);
    /// ```
    pub fn dependency<C: AsRef<str> + ?Sized>(code: &C) -> Reason {
        match super::error_code(code) {
            Reason::ClientRejected | Reason::MalformedRequest => Reason::ConfigurationError,
            Reason::Overloaded | Reason::InternalError => Reason::DependencyUnavailable,
            same => same,
        }
    }

    /// The reasons that [`dependency`](fn@dependency) can give.
    pub mod dependency {
        use crate::terms::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = super::IN_BOTH_ROLES
            .union(ReasonSet::of(&[Reason::ConfigurationError, Reason::DependencyUnavailable]));
    }
}
