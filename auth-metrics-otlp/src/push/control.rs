//! `Control`: what a program and the thread of its push tell each other.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How many pushes a program has asked for.
    asked: u64,
    /// Until when the last of them is waited for.
    until: Option<Instant>,
    /// The last of them that was tried, and whether everything was delivered.
    answered: (u64, bool),
    is_stopped: bool,
    has_ended: bool,
}

/// What a program asked for when a push began.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    number: u64,
    /// Until when it is waited for, if it was not answered yet.
    pub(super) until: Option<Instant>,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a push now. Whether everything is delivered by then.
    pub(super) fn flush(&self, timeout: Duration, and_stop: bool) -> bool {
        let until = after(timeout);
        let mut state = self.lock();
        if state.is_stopped {
            return false;
        }
        state.asked += 1;
        state.until = Some(until);
        state.is_stopped |= and_stop;
        let number = state.asked;
        self.changed.notify_all();
        loop {
            if state.answered.0 >= number && (state.has_ended || !and_stop) {
                return state.answered.1;
            }
            let left = until.saturating_duration_since(Instant::now());
            if state.has_ended || left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks the thread to end. It is not waited for.
    pub(super) fn stop(&self) {
        self.lock().is_stopped = true;
        self.changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// What the push that begins now has to answer.
    pub(super) fn asked(&self) -> Asked {
        let state = self.lock();
        let is_open = state.asked > state.answered.0;
        Asked { number: state.asked, until: state.until.filter(|_| is_open) }
    }

    /// Answers what was asked for.
    pub(super) fn answer(&self, asked: Asked, is_delivered: bool) {
        self.lock().answered = (asked.number, is_delivered);
        self.changed.notify_all();
    }

    /// Waits until the next push is due or asked for. False if there is none.
    pub(super) fn wait(&self, due: Instant) -> bool {
        let mut state = self.lock();
        loop {
            let is_asked = state.asked > state.answered.0;
            if is_asked || state.is_stopped {
                return is_asked;
            }
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The thread ends.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.has_ended = true;
        state.is_stopped = true;
        self.changed.notify_all();
    }
}

/// The end of a wait, which may be as good as none.
pub(super) fn after(timeout: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);
    Instant::now() + timeout.min(LONGEST)
}
