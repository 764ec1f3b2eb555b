//! The keeper: a thread that lets time pass where nobody attempts anything, so that verdicts end and windows close.

use std::io;
use std::sync::Weak;
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, WeakAuthMetrics};

use crate::engine::{Engine, Inner};
use crate::error::Error;
use crate::export::{DetectGroup, InternalError};

/// How often it looks.
const TICK: Duration = Duration::from_secs(1);

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
    /// [`Error::Families`] if a name of its families is taken in the handle; [`Error::Thread`] if the system gave no thread.
    pub fn install(&self, metrics: &AuthMetrics) -> Result<(), Error> {
        let mut owner = self.owner();
        let board = DetectGroup::attach(metrics, owner.state.bytes()).map_err(Error::Families)?;
        owner.attach(board);
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
        loop {
            thread::sleep(TICK);
            // Only the handle keeps the engine then, and it ends with its last user.
            let (Some(engine), Some(_)) = (Engine::upgrade(&engine), metrics.upgrade()) else { return };
            engine.pass();
        }
    })?;
    Ok(())
}

impl Engine {
    /// Lets time pass, and tells what ends with it.
    fn pass(&self) {
        let mut told = Vec::new();
        let mut owner = self.owner();
        owner.pass(&mut told);
        owner.count(&told);
        owner.publish();
        drop(owner);
        let panicked = self.listeners().tell(&told);
        if panicked > 0 {
            let owner = self.owner();
            (0..panicked).for_each(|_| owner.error(InternalError::CallbackPanicked));
        }
    }
}
