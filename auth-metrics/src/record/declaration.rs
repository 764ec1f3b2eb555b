//! Operations that are declared by hand, and so are exported at zero before their first attempt.

use crate::handle::{AuthMetrics, InternalError, Operation};
use crate::terms::{FailureReason, OperationKind};

impl AuthMetrics {
    /// Declares an operation with every reason that `E` can give, so that all its series are exported at zero before the
    /// first attempt.
    ///
    /// Annotated functions are listed at link time. Call this for attempts by hand, and for an annotated function with
    /// [unknown reasons](crate::catalogue::Operation::has_unknown_reasons). Such a function is exported with every reason until
    /// then, so call this before the first scrape. An operation that is not in the binary's catalogue becomes
    /// [`OperationKind::Authentication`]. For another kind, use [`declare_as`](AuthMetrics::declare_as).
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

    /// Declares an operation of another kind than [`declare`](AuthMetrics::declare) does. Call it before the first attempt, which also
    /// sets the kind.
    ///
    /// A kind that is already known stays. Declaring another one is counted and logged as the internal error `kinds_differ`.
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
        self.check_kind(operation, kind);
    }

    /// Counts an internal error if an operation is of another kind.
    pub(crate) fn check_kind(&self, operation: &Operation, kind: OperationKind) {
        if operation.kind() != kind {
            self.count_internal_error(InternalError::KindsDiffer);
        }
    }
}
