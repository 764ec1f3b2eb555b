//! Pushes over real sockets, to servers that take, refuse, break, hang and lie.
#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in what its functions share")]
#![allow(clippy::panic, clippy::float_cmp, clippy::must_use_candidate, reason = "samples are whole numbers")]

mod eventually;
#[cfg(feature = "grpc")]
mod grpc;
mod hostile;
mod lifecycle;
mod private;
#[path = "../../src/engine/tests/random.rs"]
mod random;
#[path = "../../src/engine/tests/receiver.rs"]
mod receiver;
#[path = "../../src/engine/tests/scraped.rs"]
mod scraped;
mod server;
mod sums;
