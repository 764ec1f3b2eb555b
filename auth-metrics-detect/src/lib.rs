//! Finds attacks on authentication inside the process that is attacked, and says with numbers why it thinks so: guessing, spraying,
//! credential stuffing, enumeration, MFA fatigue, forged tokens, and a latency that reveals who has an account.
//!
//! | part | what |
//! |---|---|
//! | [`Engine`] | reads every attempt of a handle, in a fixed amount of memory; [`EngineBuilder`] has its options |
//! | [`Detection`] | what a [`Detector`] found, with its [`Severity`], a proposed [`Action`] and the [`Evidence`] |
//! | [`Engine::assess`] | the [`Risk`] of an attempt before the password is checked |
//! | [`families`] | what it exports |
//! | `auth-metrics-replay` | a program: the same engine on a log of yours |
//!
//! The [`guide`] begins with [detecting](guide::detecting), and goes on with [responding](guide::responding),
//! [evidence](guide::evidence), [tuning](guide::tuning), [replicas](guide::replicas) and [privacy](guide::privacy). How well it works
//! is [measured](https://github.com/auth-metrics/auth-metrics/blob/main/docs/detection.md) on generated worlds.
//!
//! ```
//! use std::net::IpAddr;
//!
//! use auth_metrics::AuthMetrics;
//! use auth_metrics_detect::{Action, Engine};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::builder()
//!     .on_detection(|detection| eprintln!("{}: {}", detection.detector().label(), detection.evidence()))
//!     .build()?;
//! let metrics = AuthMetrics::builder().service_id("gateway").observe(engine.clone()).build()?;
//! engine.install(&metrics)?;
//!
//! // In a login, before the password is checked:
//! let client = IpAddr::from([192, 0, 2, 1]);
//! if engine.assess("user-001", client).action >= Action::Challenge {
//!     // Ask for a proof of work.
//! }
//! # Ok(()) }
//! ```
//!
//! # What it promises
//!
//! - It never blocks anybody, and no login waits for it. If it fails, logins go on and `auth_detect_up` is 0.
//! - All memory is allocated when the engine is built. However many sources there are, it does not grow.
//! - It keeps keyed hashes, and no name, address or device. See [privacy](guide::privacy).
//! - It never proposes to lock an account.
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `tokio` | no | [`Subscription`] is a `Stream` |
//! | `redis` | no | `Redis`: [replicas](guide::replicas) share evidence through a Redis or a Valkey |

mod attach;
mod attempt;
mod clock;
mod detection;
mod detector;
mod detectors;
mod engine;
mod error;
mod evidence;
mod export;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod keys;
mod learning;
mod place;
#[cfg(feature = "redis")]
mod redis;
#[doc(hidden)]
pub mod replay;
mod saved;
mod sketch;
mod timing;
mod unwinding;

pub use attach::{Engine, EngineBuilder, Faults, Subscription};
pub use attempt::{Attempt, Peer};
pub use detection::{Detection, Evidence, Scope};
pub use detector::{Action, Detector, Severity};
pub use engine::{Part, Risk, Why};
pub use error::Error;
pub use export::families;
pub use keys::{NetHash, SourceHash, SubjectHash};
pub use place::Place;
#[cfg(feature = "redis")]
pub use redis::Redis;
