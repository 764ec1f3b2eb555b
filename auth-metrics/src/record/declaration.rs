//! Operations that are declared by hand: exported at zero before their first attempt.

use crate::handle::{AuthMetrics, InternalError};
use crate::terms::{FailureReason, OperationKind};

impl AuthMetrics {
    /// Lists an operation with every reason that `E` can give, so that all its series are exported at zero before the
    /// first attempt.
    ///
    /// Annotated functions list themselves at link time. Call it for attempts made by hand, and for an annotated function
    /// whose reasons are [unknown](crate::catalogue::Operation::has_unknown_reasons): until then that one is exported with
    /// every reason, so call it before the first scrape. An operation that is not in the binary's catalogue is taken as
    /// [`OperationKind::Authentication`]; [`declare_as`](AuthMetrics::declare_as) says otherwise.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason};
    ///
    /// #[derive(FailureReason)]
    /// enum KioskError {
    ///     InvalidCredentials,
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare::<KioskError>("kiosk_login");
    /// assert!(metrics.encode_text().contains("operation=\"kiosk_login\",failure_reason=\"invalid_credentials\"} 0\n"));
    /// # Ok(()) }
    /// ```
    pub fn declare<E: FailureReason>(&self, op: &str) {
        let (_, operation) = self.operation(op);
        operation.list(OperationKind::Authentication, E::REASONS.positions());
        operation.settle();
    }

    /// [`declare`](AuthMetrics::declare) for an operation of another kind: before its first attempt, which decides too.
    ///
    /// A kind that is known already stays; to declare another one is counted and logged as the fault `kinds_differ`.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, OperationKind, Outcome};
    ///
    /// #[derive(FailureReason)]
    /// enum BadgeError {
    ///     TokenExpired,
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare_as::<BadgeError>("badge", OperationKind::Token);
    /// metrics.attempt("badge").finish(Outcome::Success);
    /// assert_eq!(metrics.snapshot().value("jwt_token_verifications_total", &[("status", "success")]), Some(1.0));
    ///
    /// metrics.declare_as::<BadgeError>("badge", OperationKind::Authorization); // it stays a token
    /// let fault = [("kind", "kinds_differ")];
    /// assert_eq!(metrics.snapshot().value("auth_metrics_internal_errors_total", &fault), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn declare_as<E: FailureReason>(&self, op: &str, kind: OperationKind) {
        let (_, operation) = self.operation(op);
        operation.list(kind, E::REASONS.positions());
        operation.settle();
        if operation.kind() != kind {
            self.count_internal_error(InternalError::KindsDiffer);
        }
    }
}
