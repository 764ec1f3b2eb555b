//! Operations that tell whether an account exists although the exposure hides the reason.

use std::fmt;

use super::{Catalogue, Operation};
use crate::terms::{OperationKind, Reason};

impl Catalogue {
    /// Finds the operations that tell whether an account exists although the handle's exposure hides `unknown_subject`.
    ///
    /// They export it as `invalid_credentials`, and no wrong secret of an account that exists is exported so. A stranger's
    /// refusal that a scrape counts is then an account that does not exist, or one in a rare state. Meter the whole login as
    /// one operation, which gives `invalid_credentials` for a wrong secret: then the two can't be told apart. In
    /// [`Exposure::Strict`](crate::Exposure::Strict) `mfa_invalid` is a wrong secret too, since it is exported in the same
    /// way. With [`Exposure::Full`](crate::Exposure::Full) there are none, since nothing is hidden. An operation of
    /// [`OperationKind::Authorization`] is none either: its callers are known already.
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
    /// Whether `unknown_subject` is hidden and no wrong secret looks like it.
    fn is_oracle(&self) -> bool {
        let is_hidden = |reason| self.reasons.contains(reason) && !self.exported.contains(reason);
        self.kind != OperationKind::Authorization
            && is_hidden(Reason::UnknownSubject)
            && !self.reasons.contains(Reason::InvalidCredentials)
            && !is_hidden(Reason::MfaInvalid)
    }

    pub(super) fn write_oracle(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} tells which accounts exist: it gives `unknown_subject`, ", self.name())?;
        write!(out, "which is exported as `invalid_credentials`, and no wrong secret is. ")?;
        write!(
            out,
            "Meter the check of the secret in the same operation, so that a wrong one counts there too. "
        )?;
        write!(out, "If its callers are known already, write `kind = authorization`. ")?;
        write!(out, "If only operators can read the metrics, build the handle with `Exposure::Full`")
    }
}
