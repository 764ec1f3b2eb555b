//! From the table to a request of OTLP. Knows nothing of who takes it.

mod encoder;
mod points;
#[cfg(test)]
mod tests;

pub(crate) use encoder::{Encoded, Encoder};
pub(crate) use points::Times;
