//! What a trail promises, whatever its sinks do.

mod correlating;
mod counting;
mod hanging;
mod hostile;
mod private;
mod sinks;
mod world;
