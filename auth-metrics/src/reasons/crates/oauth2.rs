//! The errors of oauth2, and the error codes that all of OAuth 2.0 shares.

/// The reasons of errors of OAuth 2.0, a function for each type.
pub mod oauth2 {
    use std::error::Error;
    use std::fmt::Display;

    use ::oauth2::{ConfigurationError, ErrorResponseType, RequestTokenError, StandardErrorResponse};

    use crate::reasons::crates::chain::timed_out;
    use crate::reasons::{failure_reason, reasons_of};
    use crate::taxonomy::Reason;

    /// The reason of an error code that I answer with as an authorization server: any of RFC 6749, 6750, 7009, 8628,
    /// 9449 and 9470 and of `OpenID` Connect, as text or as a type of oauth2 5 such as `BasicErrorResponseType`.
    ///
    /// | code | reason |
    /// |---|---|
    /// | `invalid_grant`, `invalid_token` | `invalid_credentials` |
    /// | `invalid_client`, `unauthorized_client`, `invalid_redirect_uri` | `client_rejected` |
    /// | `invalid_request`, `invalid_scope`, `unsupported_grant_type`, `unsupported_response_type`, `unsupported_token_type`, `invalid_request_uri`, `invalid_request_object`, `request_not_supported`, `request_uri_not_supported`, `registration_not_supported`, `invalid_client_metadata` | `malformed_request` |
    /// | `access_denied`, `consent_required`, `insufficient_scope` | `permission_denied` |
    /// | `login_required`, `interaction_required`, `account_selection_required` | `missing_credentials` |
    /// | `authorization_pending`, `insufficient_user_authentication` | `mfa_required` |
    /// | `slow_down` | `rate_limited` |
    /// | `expired_token` | `token_expired` |
    /// | `invalid_dpop_proof` | `token_binding_failed` |
    /// | `temporarily_unavailable` | `overloaded` |
    /// | `server_error` | `internal_error` |
    /// | any other | `unknown` |
    ///
    /// For the answer of a server that I called there is [`dependency`](fn@error_code::dependency).
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use oauth2::basic::BasicErrorResponseType;
    ///
    /// assert_eq!(reasons::oauth2::error_code(&BasicErrorResponseType::InvalidClient), Reason::ClientRejected);
    /// assert_eq!(reasons::oauth2::error_code("slow_down"), Reason::RateLimited);
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
            "authorization_pending" | "insufficient_user_authentication" => Reason::MfaRequired,
            "slow_down" => Reason::RateLimited,
            "expired_token" => Reason::TokenExpired,
            "invalid_dpop_proof" => Reason::TokenBindingFailed,
            _ => Reason::Unknown,
        }
    }

    /// The other role, and the reasons that [`error_code`](fn@error_code) can give.
    pub mod error_code {
        use crate::taxonomy::{Reason, ReasonSet};

        /// What speaks of the user and his grant.
        const IN_BOTH_ROLES: ReasonSet = ReasonSet::of(&[
            Reason::InvalidCredentials,
            Reason::PermissionDenied,
            Reason::MissingCredentials,
            Reason::MfaRequired,
            Reason::RateLimited,
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
        /// use auth_metrics::{Reason, reasons};
        ///
        /// assert_eq!(reasons::oauth2::error_code::dependency("invalid_client"), Reason::ConfigurationError);
        /// assert_eq!(reasons::oauth2::error_code::dependency("invalid_grant"), Reason::InvalidCredentials);
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
            use crate::taxonomy::{Reason, ReasonSet};

            /// Every one of them.
            pub const REASONS: ReasonSet = super::IN_BOTH_ROLES
                .union(ReasonSet::of(&[Reason::ConfigurationError, Reason::DependencyUnavailable]));
        }
    }

    /// The reason why oauth2 5 got no token from a server.
    ///
    /// | variant | reason |
    /// |---|---|
    /// | `ServerResponse` | as [`error_code::dependency`](fn@error_code::dependency) reads its code |
    /// | `Request` that timed out | `timeout` |
    /// | `Request`, `Parse`, `Other` | `dependency_unavailable` |
    ///
    /// `BasicRequestTokenError` and its like for devices and revocation are this type. A timeout is found where
    /// `std::io::Error` tells of it, or, with the features `reqwest` and `tokio`, an error of those versions.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicRequestTokenError};
    ///
    /// let refusal = BasicErrorResponse::new(BasicErrorResponseType::InvalidGrant, None, None);
    /// let error: BasicRequestTokenError<std::io::Error> = BasicRequestTokenError::ServerResponse(refusal);
    /// assert_eq!(reasons::oauth2::request_token_error(&error), Reason::InvalidCredentials);
    /// ```
    pub fn request_token_error<RE, T>(error: &RequestTokenError<RE, StandardErrorResponse<T>>) -> Reason
    where
        RE: Error + 'static,
        T: ErrorResponseType + AsRef<str> + Display + 'static,
    {
        match error {
            RequestTokenError::ServerResponse(response) => error_code::dependency(response.error()),
            RequestTokenError::Request(error) if timed_out(error) => Reason::Timeout,
            RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Reason::DependencyUnavailable
            }
        }
    }

    /// The reasons that [`request_token_error`](fn@request_token_error) can give.
    pub mod request_token_error {
        use crate::taxonomy::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet =
            super::error_code::dependency::REASONS.union(ReasonSet::of(&[Reason::Timeout]));
    }

    failure_reason!(
        RequestTokenError<RE, StandardErrorResponse<T>>,
        request_token_error where RE: Error + 'static, T: ErrorResponseType + AsRef<str> + Display + 'static
    );

    /// The reason why oauth2 5 did not even make a request: `configuration_error`.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    ///
    /// let error = oauth2::ConfigurationError::InsecureUrl("revocation");
    /// assert_eq!(reasons::oauth2::configuration_error(&error), Reason::ConfigurationError);
    /// ```
    pub fn configuration_error(_error: &ConfigurationError) -> Reason {
        Reason::ConfigurationError
    }

    reasons_of!(configuration_error: ConfigurationError);
    failure_reason!(ConfigurationError, configuration_error);
}
