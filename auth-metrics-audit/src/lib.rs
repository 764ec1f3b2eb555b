//! Writes every authentication attempt on the record, and proves that nothing is missing and nothing was changed.
//!
//! | part | what |
//! |---|---|
//! | [`Audit`] | observes a handle and writes its attempts; [`AuditBuilder`] has its options |
//! | [`FileSink`] | a folder of files: rotation, sync, full disks, recovery after a crash |
//! | [`Sink`] | where else lines go: a type of yours, or a `LogSink` for `tracing`, OpenTelemetry or syslog |
//! | [`Policy`] | what is on the record |
//! | [`Show`], [`ShowPeer`] | what a line shows of people |
//! | [`Format`] | Elastic Common Schema, or OCSF |
//! | [`Seal`], [`verify`] | how lines are protected, and how a folder is proven |
//! | [`families`] | what it exports |
//! | `auth-metrics-audit` | a program that verifies and reads a folder |
//!
//! The [`guide`] begins with [auditing](guide::auditing), and goes on with [identities](guide::identities), [sinks](guide::sinks),
//! [verifying](guide::verifying), [correlating](guide::correlating), [pipelines](guide::pipelines) and [records](guide::records).
//!
//! ```
//! use std::time::Duration;
//!
//! use auth_metrics::events::Pseudonyms;
//! use auth_metrics::{AuthMetrics, Outcome, Reason};
//! use auth_metrics_audit::verify::{VerifyOptions, verify};
//! use auth_metrics_audit::{Audit, FileSink};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("audit-lib-{}", std::process::id()));
//! # let secret = [7; 32];
//! let audit = Audit::builder()
//!     .pseudonyms(Pseudonyms::with_key("k1", &secret)?)
//!     .file(FileSink::new(&folder))
//!     .build()?;
//! let metrics = AuthMetrics::builder().service_id("gateway").observe(audit.clone()).build()?;
//! audit.install(&metrics)?;
//!
//! metrics.attempt("login").subject("alice").finish(Outcome::Failure(Reason::InvalidCredentials));
//!
//! audit.shutdown(Duration::from_secs(5))?; // before the process ends
//! let report = verify(&folder, &VerifyOptions::new())?;
//! assert!(report.is_proven() && report.attempts_total() == 1, "{report}");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(()) }
//! ```
//!
//! # What it promises
//!
//! - Every attempt of a handle is captured, skipped by the policy, or counted as lost, and every captured one is written, waits, or is counted as
//!   dropped: to the unit, for each sink. See [auditing](guide::auditing#see-that-nothing-is-missing).
//! - No login waits for a sink, whatever the sink does.
//! - By default no line has a name, a session or an address in clear. No scrape, log line, `Debug` output or panic text has one, ever.
//! - One attempt is one line of valid JSON, at most 2 KiB, whatever a stranger typed.
//! - A line that was edited, inserted, removed or moved is found, unless whoever did it computed the rest of the chain anew: a seal finds that too.
//!   [Verifying](guide::verifying#what-it-does-not-stop) says what is not found.
//! - Memory has bounds: the queues, and what is remembered for [patterns](guide::correlating).
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `tracing01` | no | `LogSink::tracing`: each line as an event of `tracing` 0.1 |
//! | `opentelemetry033` | no | `LogSink::opentelemetry`: each line as a log record of `opentelemetry` 0.33 |
//! | `fasyslog1` | no | `LogSink::syslog`: each line as a message of RFC 5424, sent by `fasyslog` 1 |
//!
//! The crate needs Unix.

mod error;
pub mod families;
mod format;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod memory;
mod policy;
mod record;
mod seal;
mod show;
mod sink;
mod stored;
mod trail;
mod unwinding;
pub mod verify;

pub use error::Error;
pub use format::Format;
pub use policy::{Policy, Record};
pub use seal::Seal;
pub use show::{Show, ShowPeer};
#[cfg(any(feature = "tracing01", feature = "opentelemetry033", feature = "fasyslog1"))]
pub use sink::LogSink;
pub use sink::{FileSink, Line, Rotate, Sink, SinkOptions, Sync};
pub use trail::{Audit, AuditBuilder, Unwritten};
