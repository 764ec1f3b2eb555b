//! The thread that delivers a handle's events, and how to ask for a delivery.

use std::fmt;
use std::io;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Step;
use super::capture::Capture;
use super::delivery::Delivery;

/// How long events wait at most before they are delivered.
const TICK: Duration = Duration::from_millis(20);

/// How long the drop of a handle waits for its observers.
const AT_THE_END: Duration = Duration::from_secs(1);

/// Deliveries that somebody asked for, and those that are done.
#[derive(Default)]
struct Asked {
    turns: Mutex<Turns>,
    changed: Condvar,
}

#[derive(Default)]
struct Turns {
    asked: u64,
    done: u64,
    has_ended: bool,
}

impl Asked {
    fn ask(&self) -> u64 {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.asked += 1;
        turns.asked
    }

    fn asked(&self) -> u64 {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    fn change(&self, change: impl FnOnce(&mut Turns)) {
        change(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Waits until a turn is done; whether it was in time.
    fn wait(&self, turn: u64, timeout: Duration) -> bool {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |turns: &mut Turns| turns.done < turn && !turns.has_ended;
        let (turns, _) =
            self.changed.wait_timeout_while(turns, timeout, is_open).unwrap_or_else(PoisonError::into_inner);
        turns.done >= turn
    }
}

/// Delivers the events of a handle.
pub(crate) struct Consumer {
    delivery: Delivery,
    asked: Asked,
}

// What is half done when an observer panics is caught where it is called.
impl UnwindSafe for Consumer {}
impl RefUnwindSafe for Consumer {}

/// Says that the thread has ended, however it did: nobody waits for it, and what it would have delivered is counted as dropped.
struct Ends(Arc<Consumer>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.delivery.capture.close();
        self.0.asked.change(|turns| turns.has_ended = true);
    }
}

impl Consumer {
    pub(crate) fn new(capture: &Arc<Capture>) -> Arc<Consumer> {
        Arc::new(Consumer { delivery: Delivery::new(Arc::clone(capture)), asked: Asked::default() })
    }

    /// Starts the thread.
    pub(crate) fn start(self: &Arc<Consumer>) -> io::Result<()> {
        let ends = Ends(Arc::clone(self));
        let thread = thread::Builder::new().name("auth-metrics-events".to_owned());
        let started = thread.spawn(move || ends.0.run())?;
        let _ = self.delivery.capture.thread.set(started.thread().clone());
        Ok(())
    }

    fn run(&self) {
        loop {
            let (asked, is_last) = (self.asked.asked(), self.delivery.capture.is_closed());
            self.delivery.run();
            self.asked.change(|turns| turns.done = asked);
            if is_last {
                return;
            }
            thread::park_timeout(TICK);
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        if self.delivery.is_running_here() {
            return false;
        }
        if self.delivery.capture.thread.get().is_none() {
            self.delivery.run();
            return true;
        }
        let turn = self.asked.ask();
        self.delivery.capture.wake();
        self.asked.wait(turn, timeout)
    }

    /// Delivers what there is and ends the thread. Waits a second for observers, unless one of them asks.
    pub(crate) fn end(&self) {
        self.delivery.capture.close();
        self.flush(AT_THE_END);
    }
}

/// The events of a handle; made by [`AuthMetrics::events`](crate::AuthMetrics::events). Without an observer there are none.
#[derive(Clone, Copy)]
pub struct Events<'a> {
    consumer: Option<&'a Arc<Consumer>>,
}

impl<'a> Events<'a> {
    pub(crate) fn of(consumer: Option<&'a Arc<Consumer>>) -> Events<'a> {
        Events { consumer }
    }

    /// Waits until the observers have everything that was captured before. Returns whether they had it in time.
    ///
    /// Call it before the process ends: up to 20 ms of events are on their way. It blocks, so in async code use
    /// `tokio::task::spawn_blocking`. Inside of an observer it returns `false` at once. Without a thread
    /// ([`poll_events`](crate::AuthMetricsBuilder::poll_events)) it delivers here, whatever the timeout.
    #[must_use = "events may be lost if it took too long"]
    pub fn flush(&self, timeout: Duration) -> bool {
        self.consumer.is_none_or(|consumer| consumer.flush(timeout))
    }

    /// Gives observers something that happened beside attempts. Without an observer it does nothing.
    pub fn report(&self, step: &Step<'_>) {
        if let Some(consumer) = self.consumer {
            consumer.delivery.capture.step(step);
        }
    }

    /// Returns how many attempts no observer got, since the buffers were full or the thread had ended: `decision="dropped"` of
    /// `auth_events_total`. An observer that promises to miss nothing looks here.
    pub fn dropped_attempts(&self) -> u64 {
        self.consumer.map_or(0, |consumer| consumer.delivery.capture.dropped_attempts())
    }

    /// Returns how many steps of credentials and decisions no observer got, as [`dropped_attempts`](Events::dropped_attempts) does.
    pub fn dropped_steps(&self) -> u64 {
        self.consumer.map_or(0, |consumer| consumer.delivery.capture.dropped_steps())
    }

    /// Delivers everything that was captured before, on this thread. Returns how many events that were; none inside of an observer.
    ///
    /// For handles that have no thread for it ([`poll_events`](crate::AuthMetricsBuilder::poll_events)). With a thread it works too.
    pub fn poll(&self) -> usize {
        self.consumer.map_or(0, |consumer| consumer.delivery.run())
    }
}

impl fmt::Debug for Events<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let observers = self.consumer.iter().flat_map(|consumer| &consumer.delivery.capture.observers);
        out.debug_struct("Events")
            .field("observers", &observers.map(|observer| observer.name()).collect::<Vec<_>>())
            .finish()
    }
}
