//! What is exported of pushes: their counts and their group. Knows nothing of requests.

mod counts;
mod group;

pub(crate) use counts::{Counts, Result as Became};
pub(crate) use group::PushGroup;
