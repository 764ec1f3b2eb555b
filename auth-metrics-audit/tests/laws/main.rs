//! What a trail promises, whatever its sinks do.

mod counting;
mod sinks;
