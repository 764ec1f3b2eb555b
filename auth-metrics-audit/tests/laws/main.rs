//! What a trail promises, whatever its sinks do.

#![allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::needless_for_each,
    clippy::panic,
    reason = "numbers of a test are small, and its closures short"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod correlating;
mod counting;
mod hostile;
mod private;
mod sinks;
mod world;
