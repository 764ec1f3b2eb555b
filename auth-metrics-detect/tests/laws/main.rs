//! The laws of the engine: what it promises whatever comes, from honest people, from attackers, and from broken clocks.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::needless_for_each,
    clippy::panic,
    clippy::semicolon_if_nothing_returned,
    clippy::type_complexity,
    reason = "numbers of a test are small, and its closures short"
)]
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
