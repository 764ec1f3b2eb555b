//! What a push is told: where to, how, and as whom. Knows the environment's variables, and no network.

mod endpoint;
mod environment;
mod headers;
mod instance;
mod options;
mod protocol;
#[cfg(test)]
mod tests;

pub(crate) use endpoint::Endpoint;
pub(crate) use instance::instance_id;
pub(crate) use options::Options;
pub use protocol::{Protocol, Temporality};
