//! `DistinctCounts`: how many accounts, sources and networks there were in the last full window of three lengths.

use crate::sketch::Distinct;

/// Seconds of the windows.
const WINDOWS: [f64; 3] = [300.0, 3600.0, 86_400.0];

/// Accounts, sources, networks; each over three windows.
pub(crate) struct DistinctCounts {
    running: [[Distinct; 3]; 3],
    began: [f64; 3],
    /// The last full windows.
    full: [[Distinct; 3]; 3],
}

impl DistinctCounts {
    pub(crate) fn new(now: f64) -> DistinctCounts {
        let new = || std::array::from_fn(|_| std::array::from_fn(|_| Distinct::new()));
        DistinctCounts { running: new(), began: [now; 3], full: new() }
    }

    pub(crate) const BYTES: usize = 18 * Distinct::BYTES;

    /// Counts an account, a source and a network: in the shortest window, which the longer ones take over.
    pub(crate) fn add(&mut self, hashes: [Option<u64>; 3]) {
        for ([shortest, ..], hash) in self.running.iter_mut().zip(hashes) {
            if let Some(hash) = hash {
                shortest.add(hash);
            }
        }
    }

    /// Ends the windows that are over.
    pub(crate) fn pass(&mut self, now: f64) {
        if now - self.began[0] < WINDOWS[0] {
            return;
        }
        for (windows, full) in self.running.iter_mut().zip(&mut self.full) {
            let [shortest, longer @ ..] = windows;
            for window in longer {
                window.merge(shortest);
            }
            full[0].clear();
            full[0].merge(shortest);
            shortest.clear();
        }
        self.began[0] = now;
        for (window, seconds) in WINDOWS.iter().enumerate().skip(1) {
            if now - self.began[window] < *seconds {
                continue;
            }
            self.began[window] = now;
            for (windows, full) in self.running.iter_mut().zip(&mut self.full) {
                std::mem::swap(&mut windows[window], &mut full[window]);
                windows[window].clear();
            }
        }
    }

    /// What the last full windows had; before there is one, what the running window has.
    pub(crate) fn counts(&self) -> [[f64; 3]; 3] {
        std::array::from_fn(|what| {
            std::array::from_fn(|window| {
                let full = self.full[what][window].estimate();
                if full > 0.0 { full } else { self.running[what][window].estimate() }
            })
        })
    }
}
