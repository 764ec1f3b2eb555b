//! The keeper: a thread that lets time pass where nobody attempts anything, so that verdicts end and windows close.

use std::io;
use std::sync::Weak;
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Snapshot, WeakAuthMetrics};

use super::engine::{Engine, Inner};
use crate::detection::Detection;
use crate::error::Error;
use crate::export::{DetectGroup, InternalError};

/// How often it looks.
const TICK: Duration = Duration::from_secs(1);
/// Ticks between looks at what changes slowly, and at what may run out.
const SLOW_TICKS: u64 = 5;
const FORECAST_TICKS: u64 = 15;

impl Engine {
    /// Attaches the families of the engine to a handle, and starts a thread named `auth-metrics-detect` that lets time pass while nobody
    /// attempts anything. Give the engine to [`observe`](auth_metrics::AuthMetricsBuilder::observe) of the handle's builder first: that is
    /// where its attempts come from. The thread ends with the handle or the engine.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_detect::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().build()?;
    /// let metrics = AuthMetrics::builder().service_id("gateway").observe(engine.clone()).build()?;
    /// engine.install(&metrics)?;
    /// assert!(metrics.encode_text().contains("auth_detect_up 1\n"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInstalled`] if the engine is installed in this or another handle; [`Error::Families`] if a name of its families is taken in the handle; [`Error::Thread`] if the system gave no thread.
    pub fn install(&self, metrics: &AuthMetrics) -> Result<(), Error> {
        let mut owner = self.owner();
        if owner.is_attached() {
            return Err(Error::AlreadyInstalled);
        }
        let board = DetectGroup::attach(metrics, owner.state.bytes()).map_err(Error::Families)?;
        owner.attach(board, metrics.downgrade());
        if self.is_rejected() {
            owner.error(InternalError::StateRejected);
        }
        drop(owner);
        keep(self.downgrade(), metrics.downgrade()).map_err(Error::Thread)
    }
}

fn keep(engine: Weak<Inner>, metrics: WeakAuthMetrics) -> io::Result<()> {
    let thread = thread::Builder::new().name("auth-metrics-detect".to_owned());
    thread.spawn(move || {
        for tick in 0_u64.. {
            thread::sleep(TICK);
            // Only the handle keeps the engine then, and it ends with its last user.
            let (Some(engine), Some(metrics)) = (Engine::upgrade(&engine), metrics.upgrade()) else { return };
            // The snapshot is taken without the engine's lock, since scrapes may take long.
            let snapshot = tick.is_multiple_of(FORECAST_TICKS).then(|| metrics.snapshot());
            drop(metrics);
            engine.keep(tick.is_multiple_of(SLOW_TICKS), snapshot.as_ref());
        }
    })?;
    Ok(())
}

impl Engine {
    /// Lets time pass, and tells what ends with it.
    pub(super) fn keep(&self, is_slow: bool, snapshot: Option<&Snapshot>) {
        let mut told = Vec::new();
        let mut owner = self.owner();
        owner.pass(&mut told);
        if let Some(snapshot) = snapshot {
            owner.forecast(snapshot, &mut told);
        }
        if is_slow {
            owner.publish_slowly();
        }
        owner.count(&told);
        owner.publish();
        drop(owner);
        self.tell(&told);
    }

    /// Tells the listeners, without the engine's lock.
    pub(super) fn tell(&self, told: &[Detection]) {
        let panicked = self.listeners().tell(told);
        if panicked > 0 {
            let owner = self.owner();
            (0..panicked).for_each(|_| owner.error(InternalError::CallbackPanicked));
        }
    }
}
