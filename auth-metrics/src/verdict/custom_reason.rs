//! `custom_reason!`: a custom reason as a constant.

/// Declares a custom reason as a constant, for code that names reasons itself: `classify`, `with = path`, attempts and
/// records by hand. [`#[reason(custom = "…", fault = …)]`](derive@crate::FailureReason) needs none.
///
/// It is in the metrics at zero, collected at link time, as those are that a derive declares. The label and the fault
/// are checked by the compiler; the fault is `client`, `attack`, `server`, `neutral` or `unknown`.
///
/// ```
/// use auth_metrics::{AuthMetrics, Outcome, Reason, custom_reason};
///
/// custom_reason! {
///     /// The domain of the address belongs to an identity provider: a password is not taken.
///     pub const SSO_DOMAIN_BLOCKED = "sso_domain_blocked", fault = client;
/// }
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// metrics.attempt("login").finish(Outcome::Failure(SSO_DOMAIN_BLOCKED));
///
/// let failures = metrics.snapshot().value("auth_operation_failures_total", &[("failure_reason", "sso_domain_blocked")]);
/// assert_eq!(failures, Some(1.0));
/// # Ok(()) }
/// ```
#[macro_export]
macro_rules! custom_reason {
    ($($(#[$attribute:meta])* $visibility:vis const $name:ident = $label:literal, fault = $fault:ident;)+) => {$(
        $(#[$attribute])*
        $visibility const $name: $crate::Reason = {
            const ROW: &$crate::__private::Row =
                $crate::__private::custom_reason_row!($crate::__private, $label, $fault);
            $crate::__private::inventory::submit! { ROW.declared(::core::file!(), ::core::line!()) }
            ROW.reason()
        };
    )+};
}
