//! What is exported of pushes: their counts and their group. Knows nothing of requests: what a push leaves to
//! the next one of its name lies here unopened.

mod counts;
mod group;

pub(crate) use counts::{Counts, Result as Became};
pub(crate) use group::PushGroup;
