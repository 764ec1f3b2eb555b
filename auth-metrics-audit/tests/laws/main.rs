//! What a trail promises, whatever its sinks do.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in what its functions share")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::needless_for_each,
    clippy::panic,
    reason = "samples are whole numbers of attempts, and closures short"
)]

mod correlating;
mod counting;
mod hanging;
mod hostile;
mod private;
mod sinks;
mod world;
