//! The clock that attempts are timed with.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// A reading of a clock, in that clock's own unit.
#[derive(Clone, Copy)]
pub(crate) struct Ticks(u64);

/// What attempts are timed with: the processor's time-stamp counter where it can be trusted, the system's monotonic
/// clock elsewhere, or a function of a test's.
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
/// Trusted is a counter that the processor itself calls invariant (on x86-64; on ARM it always is). Nobody is asked
/// whether several sockets agree on it, nor whether a virtual machine keeps its rate when it is moved: where they don't,
/// [`from_fn`](Clock::from_fn) over `std::time::Instant` is right.
#[derive(Clone)]
pub struct Clock(Reading);

/// The machine's clock, once it is calibrated.
static CALIBRATED: OnceLock<quanta::Clock> = OnceLock::new();

/// Set in a reading of the system's clock that was made before the machine's was calibrated.
const BEFORE: u64 = 1 << 63;

#[derive(Clone)]
enum Reading {
    Processor(quanta::Clock),
    /// The same once it is calibrated; until then the system's, since an origin.
    Soon(Instant),
    Function(Arc<dyn Fn() -> Duration + Send + Sync>),
}

impl Clock {
    /// The machine's clock. The first one made in a process calibrates the time-stamp counter, for up to 200 ms.
    pub fn machine() -> Clock {
        Clock(Reading::Processor(calibrated().clone()))
    }

    /// The machine's clock for a handle that is made inside a call, which does not wait: a thread calibrates it, and until
    /// that is done, or where there can be no thread, the system's clock is read, which takes twice as long.
    pub(crate) fn soon() -> Clock {
        if CALIBRATED.get().is_none() {
            let calibrate = thread::Builder::new().name("auth-metrics-clock".to_owned());
            drop(calibrate.spawn(|| calibrated().raw()));
        }
        Clock(Reading::Soon(Instant::now()))
    }

    /// A clock that shows what `now` returns: the time since an origin of its own. It is called from every thread that
    /// records; a reading that panics is taken as zero.
    pub fn from_fn(now: impl Fn() -> Duration + Send + Sync + 'static) -> Clock {
        Clock(Reading::Function(Arc::new(now)))
    }

    #[inline]
    pub(crate) fn now(&self) -> Ticks {
        match &self.0 {
            Reading::Processor(clock) => Ticks(clock.raw()),
            Reading::Soon(origin) => Ticks(match CALIBRATED.get() {
                Some(clock) => clock.raw(),
                None => BEFORE | whole_nanos(origin.elapsed()),
            }),
            Reading::Function(now) => Ticks(read(&**now)),
        }
    }

    /// The nanoseconds since a reading of this clock; zero where it went back.
    #[inline]
    pub(crate) fn nanos_since(&self, start: Ticks) -> u64 {
        match &self.0 {
            Reading::Processor(clock) => clock.delta_as_nanos(start.0, clock.raw()),
            // An attempt ends by the clock that it began with.
            Reading::Soon(origin) => match CALIBRATED.get().filter(|_| start.0 & BEFORE == 0) {
                Some(clock) => clock.delta_as_nanos(start.0, clock.raw()),
                None => whole_nanos(origin.elapsed()).saturating_sub(start.0 & !BEFORE),
            },
            Reading::Function(now) => read(&**now).saturating_sub(start.0),
        }
    }
}

/// A reading of a function; what it unwinds with is forgotten, since dropping it may unwind again.
fn read(now: &dyn Fn() -> Duration) -> u64 {
    catch_unwind(AssertUnwindSafe(|| whole_nanos(now()))).map_err(std::mem::forget).unwrap_or(0)
}

// A reading that unwinds leaves nothing half-done here, so a handle may cross `catch_unwind`.
impl UnwindSafe for Clock {}
impl RefUnwindSafe for Clock {}

/// The nanoseconds of a duration, as far as they can be counted: 584 years.
pub(crate) fn whole_nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.0 {
            Reading::Processor(_) | Reading::Soon(_) => "Clock::machine()",
            Reading::Function(_) => "Clock::from_fn(..)",
        })
    }
}

fn calibrated() -> &'static quanta::Clock {
    #[cfg(test)]
    asked::ASKED.set(asked::ASKED.get() + 1);
    CALIBRATED.get_or_init(quanta::Clock::new)
}

/// Counts who asks for a calibrated clock, and so may wait for the calibration.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::Cell;

    thread_local! {
        pub(super) static ASKED: Cell<u32> = const { Cell::new(0) };
    }

    /// How often this thread asked.
    pub(crate) fn by_this_thread() -> u32 {
        ASKED.get()
    }
}
