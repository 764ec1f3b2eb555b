//! What a trail promises, whatever its sinks do.

#![allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::needless_for_each,
    clippy::panic,
    reason = "numbers of a test are small, and its closures short"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in what its functions share")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sample is a whole number of attempts"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "samples are floats, and counts are compared exactly"
)]

mod correlating;
mod counting;
mod hanging;
mod hostile;
mod private;
mod sinks;
mod world;
