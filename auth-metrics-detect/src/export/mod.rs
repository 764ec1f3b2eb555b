//! What operators see of the engine: its families, the numbers that it writes down, and the group that hands them to a scrape. Knows
//! nothing of how anything is detected.

mod board;
pub mod families;
mod group;
mod operation;
mod terms;
#[cfg(test)]
mod tests;

pub(crate) use board::{Board, OperationIndex};
pub(crate) use group::DetectGroup;
pub(crate) use terms::{InternalError, What, Window};
