//! The checker's atomics, in the place of the library's `storage/atomic.rs`.

pub(crate) use loom::sync::atomic::{AtomicU64, Ordering, fence};
use loom::sync::{Mutex, atomic::AtomicBool};

/// The standard library's, which the checker can't see into, with as much synchronisation as it promises.
pub(crate) struct OnceLock<T> {
    value: std::sync::OnceLock<T>,
    ready: AtomicBool,
    making: Mutex<()>,
}

impl<T> OnceLock<T> {
    pub(crate) fn new() -> OnceLock<T> {
        OnceLock { value: std::sync::OnceLock::new(), ready: AtomicBool::new(false), making: Mutex::new(()) }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        if self.ready.load(Ordering::Acquire) { self.value.get() } else { None }
    }

    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _making = self.making.lock().unwrap();
        let value = self.value.get_or_init(make);
        self.ready.store(true, Ordering::Release);
        value
    }
}
