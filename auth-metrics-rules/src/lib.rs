//! Prometheus rules, alerts and their unit tests, and a Grafana dashboard, made from the catalogue of a binary. Knows families, operations and reasons, so
//! that it can't name one that does not exist; knows nothing of how they are stored or scraped.
//!
//! Put this test into your binary, run it once with `AUTH_METRICS_OVERWRITE=1`, and commit the folder:
//!
//! ```no_run
//! #[test]
//! fn rules_are_up_to_date() {
//!     auth_metrics_rules::assert_up_to_date("observability/");
//! }
//! ```
//!
//! Whoever adds an operation or a reason is told by that test what changes. Options are told with
//! [`assert_up_to_date_with`], and [`generate`] gives the files as text:
//!
//! ```
//! use auth_metrics_rules::{Options, generate};
//! use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
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
//! | file | what | who reads it |
//! |---|---|---|
//! | `rules.yml` | recording rules and alerts | Prometheus (`rule_files`), or vmalert |
//! | `rules.test.yml`, `rules.days.test.yml` | for each alert what must fire it, and what must not | `promtool test rules` |
//! | `dashboard.json` | service levels, traffic, failures, latency, keys, limits, credentials, threats, health | Grafana: import it, or provision it |
//!
//! # What the rules go by
//!
//! - Bad events are attempts with the outcome `error`, good ones `success` and `rejected`; `interim` and `cancelled` are no events.
//!   Burn rates are those of the Site Reliability Workbook, chapter 5: 2 % of a month's budget in an hour, 5 % in six hours, 10 % in a
//!   day and in three, each with a short window that lets the alert end.
//! - Everything is summed over replicas, except what is true of one process only: conservation, leaks, targets.
//! - An alert that speaks of a reason is there if an operation of the catalogue can give that reason, and the handle's
//!   [`Exposure`](auth_metrics::Exposure) exports it. An operation whose reasons are
//!   [unknown](auth_metrics::catalogue::Operation::has_unknown_reasons) can give each of them. Credentials, keys and limits are in no catalogue: their alerts are always there, and
//!   silent where nothing is exported.
//! - The bound of the latency objective is matched as it is exported (`le="1"`, `le="0.00001"`) and as Prometheus 3 stores it
//!   (`1.0`, `1e-05`), so that the rules survive an upgrade.
//! - With [`Exposure::Strict`](auth_metrics::Exposure::Strict), attempts that need another step are counted as `rejected`: they are good
//!   events, and `interim` stays at zero. There are no alerts on lockouts, denied second factors or other reasons that it hides.
//! - The names begin with the handle's namespace, if it has one.

mod bound;
mod dashboard;
mod error;
mod generated_files;
// In the documentation only; the code of the page is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
#[doc = include_str!("../guide/rules.md")]
pub mod guide {}
mod options;
mod query;
mod rules;

pub use error::RulesError;
pub use generated_files::{GeneratedFiles, assert_up_to_date, assert_up_to_date_with, generate};
pub use options::Options;
