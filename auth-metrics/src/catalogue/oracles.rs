//! Operations that reveal whether an account exists although the exposure hides the reason.

use std::fmt;

use super::{Catalogue, Operation};
use crate::terms::{OperationKind, Reason};

impl Catalogue {
    /// Finds the operations that reveal whether an account exists although the handle's exposure hides `unknown_subject`.
    ///
    /// Such an operation exports `unknown_subject` as `invalid_credentials`, but gives `invalid_credentials` for no wrong
    /// secret. So a refusal in a scrape means that the account does not exist, or that it is in a rare state. To fix that,
    /// meter the whole login as one operation that gives `invalid_credentials` for a wrong secret too. Then the two can't be
    /// told apart.
    ///
    /// With [`Exposure::Strict`](crate::Exposure::Strict), `mfa_invalid` counts as a wrong secret too, since it is exported in
    /// the same way. With [`Exposure::Full`](crate::Exposure::Full) nothing is hidden, so this finds nothing. Operations of
    /// [`OperationKind::Authorization`] are left out, since their callers are already known.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// #[derive(auth_metrics::FailureReason)]
    /// enum LookupError {
    ///     UnknownSubject,
    /// }
    ///
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare::<LookupError>("look_up_account");
    /// assert!(metrics.catalogue().account_oracles().any(|operation| operation.name() == "look_up_account"));
    /// # Ok(()) }
    /// ```
    pub fn account_oracles(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.is_oracle())
    }
}

impl Operation {
    /// Returns whether `unknown_subject` is hidden and no wrong secret looks like it.
    fn is_oracle(&self) -> bool {
        let is_hidden = |reason| self.reasons.contains(reason) && !self.exported.contains(reason);
        !matches!(self.kind, OperationKind::Authorization | OperationKind::Enrolment)
            && is_hidden(Reason::UnknownSubject)
            && !self.reasons.contains(Reason::InvalidCredentials)
            && !is_hidden(Reason::MfaInvalid)
    }

    pub(super) fn write_oracle(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} reveals which accounts exist: it gives `unknown_subject`, ", self.name())?;
        write!(out, "which is exported as `invalid_credentials`, but gives that for no wrong secret. ")?;
        write!(out, "Check the secret in the same operation, so that a wrong secret counts there too. ")?;
        write!(out, "If its callers are already known, write `kind = authorization`. ")?;
        write!(out, "If only operators can read the metrics, build the handle with `Exposure::Full`")
    }
}
