//! Pushes the metrics of a handle to an OpenTelemetry collector, or to any server that takes OTLP.
//!
//! | part | what |
//! |---|---|
//! | [`Push`] | pushes again and again, on a thread of its own; [`PushBuilder`] has its options |
//! | [`Protocol`] | protobuf over HTTP, or gRPC |
//! | [`Temporality`] | all since the start, or what is new since the last push that a server took |
//! | [`Names`] | the names of a scrape, or those of OpenTelemetry's conventions |
//! | [`families`] | what it exports about itself |
//!
//! The [guide](guide::pushing) says what is sent, and what each option does.
//!
//! ```
//! use std::time::Duration;
//!
//! use auth_metrics::{AuthMetrics, Outcome};
//! use auth_metrics_otlp::{Push, Temporality};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let collector = format!("http://{}", server.local_addr()?);
//! # std::thread::spawn(move || {
//! #     use std::io::{Read, Write};
//! #     for stream in server.incoming() {
//! #         let mut stream = stream.unwrap();
//! #         let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
//! #         let _ = stream.read_to_end(&mut Vec::new());
//! #     }
//! # });
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let push = Push::builder(collector) // such as "http://localhost:4318"
//!     .resource("deployment.environment.name", "production")
//!     .header("authorization", "Bearer 5f2c")
//!     .temporality(Temporality::Delta)
//!     .every(Duration::from_secs(15))
//!     .start(&metrics)?;
//!
//! metrics.attempt("login").finish(Outcome::Success);
//!
//! push.shutdown(Duration::from_secs(5))?; // before the process ends
//! # Ok(()) }
//! ```
//!
//! # What it promises
//!
//! - Every sample of a scrape is pushed, with its value and its labels, by the same [exposure](auth_metrics::Exposure).
//! - A push that is started again goes on where the last one of its name ended.
//! - Deltas lose nothing and count nothing twice. What a server did not take is in a later push. A request that a server perhaps took is sent
//!   again as it was, with the same times, until that is known. Whatever is given up is counted.
//! - It runs beside: a thread of its own, no runtime, and nothing that a recording call waits for.
//! - A server that is away for days costs the memory of one request. Answers are read up to 64 KiB, in the time that you set.
//! - No log line, `Debug` output or error has an endpoint, a header or a word that a server said. Failures are logged once a minute at most.
//!   This is said of the target `auth_metrics_otlp`. The clients below, such as `ureq` and `ureq_proto`, log addresses and headers at `debug`
//!   and `trace`: keep those targets at `info`.
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `http` | yes | protobuf over HTTP/1.1, by `ureq` |
//! | `grpc` | no | gRPC, by `tonic`, on a runtime inside of the thread |
//! | `tls` | no | `https://` for both, with the certificates that the system trusts |
//!
//! Without `http` and `grpc` there are only the [`families`], without the messages of OpenTelemetry: `auth-metrics-rules` needs no more.

#[cfg(any(feature = "http", feature = "grpc"))]
mod encode;
#[cfg(any(feature = "http", feature = "grpc"))]
mod engine;
#[cfg(any(feature = "http", feature = "grpc"))]
mod error;
#[cfg(any(feature = "http", feature = "grpc"))]
mod export;
pub mod families;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
#[cfg(any(feature = "http", feature = "grpc"))]
mod ledger;
#[cfg(any(feature = "http", feature = "grpc"))]
mod names;
#[cfg(any(feature = "http", feature = "grpc"))]
mod push;
#[cfg(any(feature = "http", feature = "grpc"))]
mod series;
#[cfg(any(feature = "http", feature = "grpc"))]
mod setup;
#[cfg(any(feature = "http", feature = "grpc"))]
mod transport;
#[cfg(any(feature = "http", feature = "grpc"))]
mod unwinding;

#[cfg(any(feature = "http", feature = "grpc"))]
pub use error::Error;
#[cfg(any(feature = "http", feature = "grpc"))]
pub use names::Names;
#[cfg(any(feature = "http", feature = "grpc"))]
pub use push::{Push, PushBuilder, Unsent};
#[cfg(any(feature = "http", feature = "grpc"))]
pub use setup::{Protocol, Temporality};
