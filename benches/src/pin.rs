//! Binds a thread to a processor.

use std::sync::LazyLock;

use core_affinity::CoreId;

/// Those that the process may use, asked before any thread is bound.
static PROCESSORS: LazyLock<Vec<CoreId>> =
    LazyLock::new(|| core_affinity::get_core_ids().unwrap_or_default());

/// Binds this thread to one of the processors that the process may use, counted from 0; to the last if there are fewer.
pub fn this_thread_to(processor: usize) {
    if let Some(processor) = PROCESSORS.get(processor).or(PROCESSORS.last()) {
        core_affinity::set_for_current(*processor);
    }
}

/// How many there are.
pub fn processors() -> usize {
    PROCESSORS.len().max(1)
}
