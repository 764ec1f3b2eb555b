//! Where unwinding stops. Nothing of pushes is known here.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does some work; `None` if it panicked. What it touched is as the panic left it.
pub(crate) fn unwinding_stops<T>(work: impl FnOnce() -> T) -> Option<T> {
    // The payload is forgotten: dropping it may unwind again.
    catch_unwind(AssertUnwindSafe(work)).map_err(std::mem::forget).ok()
}
