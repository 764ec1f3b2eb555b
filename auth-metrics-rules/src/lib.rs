//! Generates Prometheus rules, alerts with their unit tests, their routes, and a Grafana dashboard from the catalogue of a binary. It knows families,
//! operations and reasons, so it can't name one that does not exist. It does not know how they are stored or scraped.
//!
//! Put this test into your program, run it once with `AUTH_METRICS_OVERWRITE=1`, and commit the folder:
//!
//! ```no_run
//! #[test]
//! fn rules_are_up_to_date() {
//!     auth_metrics_rules::assert_up_to_date("observability/");
//! }
//! ```
//!
//! From then on the test fails, with a diff, if your code needs other rules. The [`guide`] lists the files, the alerts and the
//! thresholds. To set thresholds, use [`assert_up_to_date_with`]; [`generate`] returns the files as text:
//!
//! ```
//! use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
//! use auth_metrics_rules::{Options, generate};
//!
//! #[derive(FailureReason)]
//! enum LoginError {
//!     InvalidCredentials,
//!     AccountLocked,
//! }
//!
//! #[auth_metered(op = "login")]
//! async fn login(password: &str) -> Result<(), LoginError> {
//!     if password == "correct horse" { Ok(()) } else { Err(LoginError::InvalidCredentials) }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let options = Options::new().slo_target(0.999).team_label("team", "identity");
//! let files = generate(&metrics.catalogue(), &options)?;
//! assert!(files.get("rules.yml").is_some_and(|rules| rules.contains("AuthLockoutStorm")));
//! # Ok(()) }
//! ```
//!
//! # How the rules decide
//!
//! - Attempts with the outcome `error` are bad events, `success` and `rejected` are good ones. `interim` and `cancelled` are no events.
//!   Burn rates are those of the Site Reliability Workbook, chapter 5: 2 % of a month's budget in an hour, 5 % in six hours, 10 % in a
//!   day and in three, each with a short window that lets the alert end.
//! - Rates are summed over replicas. Conservation, leaks and targets are judged replica by replica.
//! - An alert on a reason exists if an operation of the catalogue can give that reason, and if the handle's
//!   [`Exposure`](auth_metrics::Exposure) exports it. An operation whose reasons are
//!   [unknown](auth_metrics::catalogue::Operation::has_unknown_reasons) can give each of them.
//! - Credentials, keys, limits, policies and observers of events are in no catalogue. Their alerts exist unless you leave the
//!   [`Part`] out, and are silent if nothing is exported.
//! - Refusals and attacks are compared with what is usual at this hour of the week, scaled by the growth of successes. The [`guide`] says how.
//! - Latency objectives compare a quantile with the bound, and name no bucket. So they hold for each way to spell bounds, and where
//!   Prometheus 3 converts histograms to native ones.
//! - With [`Exposure::Strict`](auth_metrics::Exposure::Strict), attempts that need another step count as `rejected`. They are good
//!   events, and `interim` stays at zero. There are no alerts on lockouts, denied second factors or other reasons that it hides.
//! - The names begin with the handle's namespace, if it has one.

mod alertmanager;
mod bound;
mod burn;
mod dashboard;
mod document;
mod error;
mod generated_files;
// In the documentation only; the code of the pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide {
    #![doc = include_str!("../guide/rules.md")]

    pub mod deploying {
        #![doc = include_str!("../guide/deploying.md")]
    }
}
mod kubernetes;
mod matcher;
mod mixin;
mod options;
mod query;
mod rules;
mod runbooks;

pub use error::RulesError;
pub use generated_files::{GeneratedFiles, assert_up_to_date, assert_up_to_date_with, generate};
pub use kubernetes::{Kubernetes, Monitor};
pub use options::{Options, Part};
