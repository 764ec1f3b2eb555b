//! The laws of the engine: what it promises whatever comes, from honest people, from attackers, and from broken clocks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod callbacks;
mod clocks;
mod hiding;
mod hostile;
mod input;
mod installed;
mod keys;
mod known;
mod proxy;
mod random;
mod snapshot;
mod world;
