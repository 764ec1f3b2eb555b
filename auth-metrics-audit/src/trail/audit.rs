//! `Audit`: the handle of a trail, and what is asked of it.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::AuthMetrics;

use super::counts::Outlet;
use super::group::AuditGroup;
use super::shared::{Shared, Unwritten, after};
use crate::error::Error;
use crate::memory::Memory;
use crate::policy::Policy;
use crate::show::Showing;

/// How long the drop of the last clone waits for the sinks.
const AT_THE_END: Duration = Duration::from_secs(5);

/// Puts every attempt of a handle on the record. Clones share everything.
///
/// Make one with [`Audit::builder`], give it to the handle's builder with
/// [`observe`](auth_metrics::AuthMetricsBuilder::observe), then [`install`](Audit::install) it. Call [`shutdown`](Audit::shutdown) before
/// the process ends.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics::{AuthMetrics, Outcome};
/// use auth_metrics_audit::{Audit, FileSink};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("audit-doc-{}", std::process::id()));
/// let audit = Audit::builder().file(FileSink::new(&folder)).build()?;
/// let metrics = AuthMetrics::builder().service_id("gateway").observe(audit.clone()).build()?;
/// audit.install(&metrics)?;
///
/// metrics.attempt("login").finish(Outcome::Success);
/// audit.shutdown(Duration::from_secs(5))?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Audit {
    pub(super) inner: Arc<Inner>,
}

/// What ends with the last clone.
pub(super) struct Inner {
    pub(super) shared: Arc<Shared>,
    pub(super) memory: Mutex<Memory>,
    pub(super) policy: Policy,
    pub(super) showing: Showing,
}

impl Audit {
    /// Attaches the families of the trail to the handle that it [observes](auth_metrics::AuthMetricsBuilder::observe).
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInstalled`] if it is installed in this or another handle; [`Error::Families`] if a name of its families is taken
    /// in the handle.
    pub fn install(&self, metrics: &AuthMetrics) -> Result<(), Error> {
        let shared = &self.inner.shared;
        if shared.metrics.set(metrics.downgrade()).is_err() {
            return Err(Error::AlreadyInstalled);
        }
        AuditGroup::attach(metrics, shared).map_err(Error::Families)
    }

    /// Waits until every attempt that ended before is with every sink, and durable where the sink can say so.
    ///
    /// It blocks, so in async code use `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    ///
    /// [`Unwritten`] if a sink took longer than `timeout`. Its records still wait.
    pub fn flush(&self, timeout: Duration) -> Result<(), Unwritten> {
        let until = after(timeout);
        let shared = &self.inner.shared;
        let is_delivered = shared.metrics().is_none_or(|metrics| metrics.events().flush(timeout));
        let asked: Vec<_> = shared.outlets.iter().map(|outlet| outlet.queue.ask()).collect();
        let late =
            shared.outlets.iter().zip(asked).filter(|(outlet, asked)| !outlet.queue.wait(*asked, until));
        let late: Vec<_> = late.map(|(outlet, _)| outlet.name).collect();
        match (is_delivered, late.is_empty()) {
            (true, true) => Ok(()),
            (false, true) => {
                Err(Unwritten { sinks: shared.outlets.iter().map(|outlet| outlet.name).collect() })
            }
            (_, false) => Err(Unwritten { sinks: late }),
        }
    }

    /// Ends the trail: waits as [`flush`](Audit::flush) does, and writes a `shutdown` record. Whatever ends later is counted as
    /// `dropped_shutdown`.
    ///
    /// # Errors
    ///
    /// [`Unwritten`] if a sink took longer than `timeout`.
    pub fn shutdown(&self, timeout: Duration) -> Result<(), Unwritten> {
        let until = after(timeout);
        self.inner.shared.warn_if_not_installed();
        if let Some(metrics) = self.inner.shared.metrics() {
            // What is late is counted.
            let _ = metrics.events().flush(timeout);
        }
        self.inner.shared.end(until)
    }

    /// Returns whether every sink took its last line and every thread works. A readiness probe may ask for it.
    pub fn is_writable(&self) -> bool {
        self.inner.shared.outlets.iter().all(Outlet::is_writable)
    }

    /// Begins a new file with the next line, as `logrotate` asks for after it has renamed one. Sinks without a file ignore it.
    pub fn reopen(&self) {
        self.inner.shared.outlets.iter().for_each(|outlet| outlet.queue.reopen());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // What is late is counted and told by the scrape, as long as there is one. Who shut it down has waited already.
        let until = *self.shared.deadline.get_or_init(|| after(AT_THE_END));
        let _ = self.shared.end(until);
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sinks: Vec<_> = self.inner.shared.outlets.iter().map(|outlet| outlet.name).collect();
        out.debug_struct("Audit").field("sinks", &sinks).finish_non_exhaustive()
    }
}
