//! What a trail promises, whatever its sinks do.

mod correlating;
mod counting;
mod hostile;
mod private;
mod sinks;
mod world;
