//! What cells are made of. It has a place of its own so that the model check in `tests/api/model` can put a checker's in it.

pub(crate) use std::sync::OnceLock;
pub(crate) use std::sync::atomic::{AtomicU64, Ordering, fence};
