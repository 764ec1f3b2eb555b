//! What a user has of a bridge.

macro_rules! version {
    ($name:ident, $version:tt) => {
        #[doc = concat!("A bridge into the program's recorder of `metrics` ", stringify!($version), ".")]
        pub mod $name {
            mod told {
                series!($name);
            }

            use std::fmt;
            use std::sync::{Mutex, TryLockError};

            pub use super::Histograms;
            use crate::handle::AuthMetrics;
            use crate::read::Labels;

            /// Tells the program's recorder everything that a handle exports, each time you [`refresh`](Bridge::refresh) it.
            ///
            /// The recorder gets the names and labels of a scrape, with the handle's namespace and constant labels. Counters are set with
            /// `absolute`, gauges with `set`, and each metric is described once. The facade takes no buckets: [`Histograms`] chooses what
            /// becomes of those. It has no exemplars, and no series ever ends in it: a gauge that a scrape no longer has becomes `NaN`.
            ///
            /// A counter or histogram of a group that falls began again: the recorder's goes on, and all that came since is added to it.
            ///
            /// Each handle needs one bridge. If two have the same names and labels, the recorder keeps the larger of their counts.
            ///
            /// ```
            /// use auth_metrics::AuthMetrics;
            #[doc = concat!("use auth_metrics::bridges::", stringify!($name), "::Bridge;")]
            ///
            /// # fn main() -> Result<(), auth_metrics::Error> {
            /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
            /// let bridge = Bridge::new(&metrics);
            /// bridge.refresh(); // once the recorder is installed, then before each scrape or every few seconds
            /// # Ok(()) }
            /// ```
            pub struct Bridge {
                metrics: AuthMetrics,
                histograms: Histograms,
                told: Mutex<told::Told>,
            }

            impl Bridge {
                /// Makes a bridge. The recorder is told nothing yet.
                pub fn new(metrics: &AuthMetrics) -> Bridge {
                    Bridge {
                        metrics: metrics.clone(),
                        histograms: Histograms::default(),
                        told: Mutex::default(),
                    }
                }

                /// Chooses how the recorder is told about histograms. Without it, as [`Histograms::Series`].
                #[must_use]
                pub fn histograms(self, histograms: Histograms) -> Bridge {
                    Bridge { histograms, ..self }
                }

                /// Tells the recorder what was counted until now.
                ///
                /// The first call registers every series, at zero if nothing was counted. So make it when the recorder is installed, not
                /// with the first scrape. It asks for the recorder each time: without one, nothing happens, and one that is installed
                /// later is told everything. In [`with_local_recorder`](::$name::with_local_recorder) it is the local one; make a
                /// bridge for each of those.
                ///
                /// A series that the recorder knows costs no allocation. Several threads may call it: while one is at it, the others
                /// return at once.
                pub fn refresh(&self) {
                    // A recorder or a group may call this again: nobody waits.
                    let mut told = match self.told.try_lock() {
                        Ok(told) => told,
                        Err(TryLockError::Poisoned(told)) => told.into_inner(),
                        Err(TryLockError::WouldBlock) => return,
                    };
                    let snapshot = self.metrics.snapshot();
                    ::$name::with_recorder(|recorder| {
                        told.begin(recorder);
                        let mut telling = told::Telling {
                            labels: Labels::of(&snapshot),
                            told: &mut told,
                            recorder,
                            histograms: self.histograms,
                        };
                        snapshot.visit(&mut telling);
                        told.end();
                    });
                }
            }

            impl fmt::Debug for Bridge {
                fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                    out.debug_struct("Bridge").field("histograms", &self.histograms).finish_non_exhaustive()
                }
            }
        }
    };
}
