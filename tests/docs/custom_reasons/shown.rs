use auth_metrics::{FailureReason, custom_reason};

#[derive(Debug, FailureReason)]
pub enum SsoError {
    InvalidCredentials,
    #[reason(custom = "sso_domain_blocked", fault = client)]
    DomainBlocked,
}

custom_reason! {
    /// For `classify`, `with = path` and records by hand: an `auth_metrics::Reason`.
    pub const BADGE_LEFT_AT_HOME = "badge_left_at_home", fault = client;
}
