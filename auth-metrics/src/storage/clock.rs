//! The clock that times attempts.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// A reading of a clock, in that clock's own unit.
#[derive(Clone, Copy)]
pub(crate) struct Ticks(u64);

/// The clock that times attempts.
///
/// It is the processor's time-stamp counter if that can be trusted, otherwise the system's monotonic clock. Tests can use a
/// function instead.
///
/// ```
/// use auth_metrics::{AuthMetrics, Clock};
///
/// # async fn test() -> Result<(), auth_metrics::Error> {
/// # mod tokio { pub mod time { pub struct Instant; impl Instant { pub fn now() -> std::time::Instant { std::time::Instant::now() } } } }
/// let origin = tokio::time::Instant::now(); // stands still under tokio's paused time
/// let clock = Clock::from_fn(move || tokio::time::Instant::now() - origin);
/// let metrics = AuthMetrics::builder().service_id("gateway").clock(clock).build()?;
/// # Ok(()) }
/// ```
///
/// A counter is trusted if the processor calls it invariant (on x86-64; on ARM it always is). The library can't check whether
/// several sockets agree on it, or whether it keeps its rate when a virtual machine moves. If yours doesn't, use
/// [`from_fn`](Clock::from_fn) with `std::time::Instant`.
#[derive(Clone)]
pub struct Clock(Reading);

/// The machine's clock, once it is calibrated.
static CALIBRATED: OnceLock<Machine> = OnceLock::new();

/// Marks a reading of the system's clock from before the calibration of the machine's clock.
const BEFORE: u64 = 1 << 63;

#[derive(Clone)]
enum Reading {
    /// The system's clock since an origin, until the machine's clock is calibrated.
    Machine(Instant),
    Function(Arc<dyn Fn() -> Duration + Send + Sync>),
}

/// The machine's clock, calibrated.
pub(crate) struct Machine {
    clock: quanta::Clock,
    rate: Rate,
}

/// The nanoseconds of 2³² ticks of the machine's clock.
#[derive(Clone, Copy)]
pub(crate) struct Rate(u64);

impl Rate {
    /// Returns the nanoseconds between two readings, or zero if they are the other way round.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a process that is 500 years old miscounts")]
    pub(crate) fn nanos_between(self, from: Ticks, to: Ticks) -> u64 {
        match to.0.checked_sub(from.0) {
            Some(ticks) => ((u128::from(ticks) * u128::from(self.0)) >> 32) as u64,
            None => 0,
        }
    }
}

impl Machine {
    fn calibrate() -> Machine {
        let clock = quanta::Clock::new();
        let rate = Rate(clock.delta_as_nanos(0, 1 << 32));
        Machine { clock, rate }
    }

    #[inline]
    pub(crate) fn now(&self) -> Ticks {
        Ticks(self.clock.raw())
    }

    /// The shortest way to a reading, once it is calibrated.
    #[inline]
    pub(crate) fn calibrated() -> Option<&'static Machine> {
        CALIBRATED.get()
    }

    /// Returns the nanoseconds since a reading of this clock, or zero if it went back.
    fn nanos_since(&self, start: Ticks) -> u64 {
        self.rate.nanos_between(start, self.now())
    }

    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }
}

impl Clock {
    /// Returns the machine's clock. The first call in a process calibrates the time-stamp counter, for up to 200 ms.
    pub fn machine() -> Clock {
        calibrated();
        Clock(Reading::Machine(Instant::now()))
    }

    /// Returns the machine's clock for a handle that is made inside a call, which must not wait. A thread calibrates it. Until that is
    /// done, or if there can be no thread, the system's clock is read instead, which takes twice as long.
    pub(crate) fn soon() -> Clock {
        if CALIBRATED.get().is_none() {
            let calibrate = thread::Builder::new().name("auth-metrics-clock".to_owned());
            drop(calibrate.spawn(|| calibrated().now()));
        }
        Clock(Reading::Machine(Instant::now()))
    }

    /// Returns a clock that reads `now`, which returns the time since an origin of its own. Every thread that records calls it. If
    /// it panics, the reading is zero.
    pub fn from_fn(now: impl Fn() -> Duration + Send + Sync + 'static) -> Clock {
        Clock(Reading::Function(Arc::new(now)))
    }

    /// Whether this is the machine's clock.
    pub(crate) fn is_machine(&self) -> bool {
        matches!(self.0, Reading::Machine(_))
    }

    /// The machine's clock if this is it and it is calibrated.
    fn calibrated(&self) -> Option<&'static Machine> {
        if self.is_machine() { Machine::calibrated() } else { None }
    }

    /// Returns the nanoseconds between two readings of this clock, or zero if they are the other way round.
    pub(crate) fn nanos_between(&self, from: Ticks, to: Ticks) -> u64 {
        match self.calibrated().filter(|_| (from.0 | to.0) & BEFORE == 0) {
            Some(machine) => machine.rate.nanos_between(from, to),
            None => (to.0 & !BEFORE).saturating_sub(from.0 & !BEFORE),
        }
    }

    pub(crate) fn now(&self) -> Ticks {
        match (self.calibrated(), &self.0) {
            (Some(machine), _) => machine.now(),
            (None, Reading::Machine(origin)) => Ticks(BEFORE | whole_nanos(origin.elapsed())),
            (None, Reading::Function(now)) => Ticks(read(&**now)),
        }
    }

    /// Returns the nanoseconds since a reading of this clock, or zero if it went back.
    pub(crate) fn nanos_since(&self, start: Ticks) -> u64 {
        match (self.calibrated(), &self.0) {
            // An attempt ends by the clock that it began with.
            (Some(machine), _) if start.0 & BEFORE == 0 => machine.nanos_since(start),
            (_, Reading::Machine(origin)) => whole_nanos(origin.elapsed()).saturating_sub(start.0 & !BEFORE),
            (_, Reading::Function(now)) => read(&**now).saturating_sub(start.0),
        }
    }
}

/// Reads a function. Forgets the payload of a panic, since dropping it may panic again.
fn read(now: &dyn Fn() -> Duration) -> u64 {
    catch_unwind(AssertUnwindSafe(|| whole_nanos(now()))).map_err(std::mem::forget).unwrap_or(0)
}

// A reading that unwinds leaves nothing half-done here, so a handle may cross `catch_unwind`.
impl UnwindSafe for Clock {}
impl RefUnwindSafe for Clock {}

/// Returns the nanoseconds of a duration, up to 584 years.
pub(crate) fn whole_nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.0 {
            Reading::Machine(_) => "Clock::machine()",
            Reading::Function(_) => "Clock::from_fn(..)",
        })
    }
}

fn calibrated() -> &'static Machine {
    #[cfg(test)]
    asked::ASKED.set(asked::ASKED.get() + 1);
    CALIBRATED.get_or_init(Machine::calibrate)
}

/// Counts the calls that ask for a calibrated clock, and so may wait for the calibration.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::Cell;

    thread_local! {
        pub(super) static ASKED: Cell<u32> = const { Cell::new(0) };
    }

    /// Returns how often this thread asked.
    pub(crate) fn by_this_thread() -> u32 {
        ASKED.get()
    }
}
