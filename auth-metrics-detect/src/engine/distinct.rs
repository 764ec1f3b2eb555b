//! `DistinctCounts`: how many accounts, sources and networks there were in the last full window of three lengths.

use crate::sketch::Distinct;

/// Seconds of the windows.
const WINDOWS: [f64; 3] = [300.0, 3600.0, 86_400.0];

/// Accounts, sources, networks; each over three windows.
pub(crate) struct DistinctCounts {
    running: [[Distinct; 3]; 3],
    began: [f64; 3],
    /// What the last full windows had.
    full: [[f64; 3]; 3],
}

impl DistinctCounts {
    pub(crate) fn new(now: f64) -> DistinctCounts {
        DistinctCounts {
            running: std::array::from_fn(|_| std::array::from_fn(|_| Distinct::new())),
            began: [now; 3],
            full: [[0.0; 3]; 3],
        }
    }

    pub(crate) const BYTES: usize = 9 * Distinct::BYTES;

    /// Counts an account, a source and a network.
    pub(crate) fn add(&mut self, hashes: [Option<u64>; 3]) {
        for (windows, hash) in self.running.iter_mut().zip(hashes) {
            if let Some(hash) = hash {
                for window in windows {
                    window.add(hash);
                }
            }
        }
    }

    /// Ends the windows that are over.
    pub(crate) fn pass(&mut self, now: f64) {
        for (window, seconds) in WINDOWS.iter().enumerate() {
            if now - self.began[window] < *seconds {
                continue;
            }
            self.began[window] = now;
            for (running, full) in self.running.iter_mut().zip(&mut self.full) {
                full[window] = running[window].estimate();
                running[window].clear();
            }
        }
    }

    /// What the last full windows had; before there is one, what the running window has.
    pub(crate) fn counts(&self) -> [[f64; 3]; 3] {
        std::array::from_fn(|what| {
            std::array::from_fn(|window| {
                let full = self.full[what][window];
                if full > 0.0 { full } else { self.running[what][window].estimate() }
            })
        })
    }
}
