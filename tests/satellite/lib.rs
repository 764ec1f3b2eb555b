//! What a crate of somebody else adds on the public seams alone: families of its own, and a format of its own.

mod csv;
mod step_up;

pub use csv::to_csv;
pub use step_up::{CHANNELS, Ending, StepUp};
