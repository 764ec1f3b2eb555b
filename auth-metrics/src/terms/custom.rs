//! Custom reasons: those that a team declares beside the standard ones, collected at link time, and where each is counted.

use super::row::Row;

/// How many of them a binary can have.
pub(super) const MAX_CUSTOM: usize = 21;

/// A reason that a team declared itself; the payload of [`Reason::Custom`](crate::Reason::Custom).
///
/// Declare one with [`#[reason(custom = "…", fault = …)]`](derive@crate::FailureReason) or
/// [`custom_reason!`](crate::custom_reason), and read it through [`Reason`](crate::Reason). Two with the same label and fault are equal.
///
/// ```
/// use auth_metrics::{FailureReason, Fault, Reason};
///
/// #[derive(FailureReason)]
/// #[reason(custom = "sso_domain_blocked", fault = client)]
/// struct DomainBlocked;
///
/// let reason = DomainBlocked.failure_reason();
/// assert!(matches!(reason, Reason::Custom(_)));
/// assert_eq!((reason.label(), reason.fault()), ("sso_domain_blocked", Fault::Client));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomReason(pub(super) &'static Row);

impl CustomReason {
    pub(super) const fn row(self) -> &'static Row {
        self.0
    }

    pub(super) const fn label(self) -> &'static str {
        self.0.label
    }
}

impl std::fmt::Debug for CustomReason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.label())
    }
}
