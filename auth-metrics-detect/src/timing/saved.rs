//! A monitor as bytes, for a snapshot.

use super::block::{BLOCK, Block};
use super::{Open, TimingMonitor};

impl TimingMonitor {
    /// Appends the monitor to `out`, always in as many bytes.
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        let mut copy = self.clone();
        let mut open = copy.leak.unwrap_or(Open { effect: 0.0, dispersion: 0.0, closed: 0.0 });
        out.extend(copy.block.unknown.to_le_bytes());
        out.extend(copy.block.filled.to_le_bytes());
        copy.numbers(&mut open, |number| out.extend(number.to_le_bytes()));
    }

    /// Reads what `save` wrote from the front of `saved`. `None` if no monitor looks like that.
    pub(crate) fn load(saved: &mut &[u8]) -> Option<TimingMonitor> {
        let mut next = || {
            let (word, rest) = saved.split_first_chunk::<4>()?;
            *saved = rest;
            Some(*word)
        };
        let (unknown, filled) = (u32::from_le_bytes(next()?), u32::from_le_bytes(next()?));
        let fits = (filled as usize) < BLOCK && unknown >> filled == 0;
        let mut monitor = TimingMonitor::new();
        monitor.block = Block { unknown, filled, ..Block::new() };
        let mut open = Open { effect: 0.0, dispersion: 0.0, closed: 0.0 };
        let mut good = fits;
        monitor.numbers(&mut open, |number| {
            *number = next().map_or(f32::NAN, f32::from_le_bytes);
            good &= number.is_finite();
        });
        monitor.leak = (open.effect != 0.0).then_some(open);
        good.then_some(monitor)
    }

    /// Visits every number, always in the same order.
    fn numbers(&mut self, open: &mut Open, mut visit: impl FnMut(&mut f32)) {
        self.block.seconds.iter_mut().for_each(&mut visit);
        self.differences.numbers().for_each(&mut visit);
        self.sums.numbers().into_iter().for_each(&mut visit);
        [&mut self.hours, &mut open.effect, &mut open.dispersion, &mut open.closed]
            .into_iter()
            .for_each(visit);
    }
}
