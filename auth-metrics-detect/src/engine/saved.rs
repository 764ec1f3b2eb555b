//! The state as bytes, and back: versioned, checked, with the key in it.

use super::counts::Counts;
use super::operations::Operations;
use super::options::Options;
use super::proxy::Proxies;
use super::state::State;
use super::trusted::Trusted;
use crate::clock::EventClock;
use crate::keys::Keys;
use crate::learning::Forecasts;
use crate::saved::{Saved, checksum};

/// What the bytes begin with; the last one is the version.
const MAGIC: [u8; 8] = *b"amdetec\x02";

impl State {
    pub(crate) fn save(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() + 4096);
        MAGIC.save(&mut out);
        self.keys.key.save(&mut out);
        (self.options.memory as u64).save(&mut out);
        self.options.half_life.save(&mut out);
        self.clock.save(&mut out);
        self.window_began.save(&mut out);
        self.next_id.save(&mut out);
        self.counts.save(&mut out);
        self.proxies.save(&mut out);
        self.sources.save(&mut out);
        self.nets.save(&mut out);
        self.subjects.save(&mut out);
        for filter in [&self.familiar, &self.failed, &self.credited, &self.broken] {
            filter.save(&mut out);
        }
        self.pairs.save(&mut out);
        self.recents.save(&mut out);
        self.verdicts.save(&mut out);
        self.operations.save(&mut out);
        self.forecasts.save(&mut out);
        checksum(&out).save(&mut out);
        out
    }

    /// Reads a state; none if the bytes are damaged, of another version or key, or of an engine with other options.
    pub(crate) fn restored(
        saved: &[u8],
        options: &Options,
        key: Option<[u8; 16]>,
        trusted: &Trusted,
    ) -> Option<State> {
        let (bytes, mut crc) = saved.split_at_checked(saved.len().checked_sub(4)?)?;
        if u32::load(&mut crc)? != checksum(bytes) {
            return None;
        }
        let mut input = bytes;
        let is_ours = <[u8; 8]>::load(&mut input)? == MAGIC;
        let own = <[u8; 16]>::load(&mut input)?;
        let is_same_key = key.is_none_or(|key| key == own);
        let is_same_size = u64::load(&mut input)? == options.memory as u64;
        let half_life = f64::load(&mut input)?;
        let is_same_half_life = half_life.to_bits() == options.half_life.to_bits();
        if !(is_ours && is_same_key && is_same_size && is_same_half_life) {
            return None;
        }
        let mut state = State::new(options.clone(), Keys::new(own), trusted.clone());
        state.read(&mut input)?;
        input.is_empty().then_some(state)
    }

    fn read(&mut self, input: &mut &[u8]) -> Option<()> {
        self.clock = EventClock::load(input)?;
        self.window_began = f64::load(input)?;
        // Time never goes back, and a window is never in the future.
        if !(0.0..=self.clock.now.max(EventClock::ORIGIN)).contains(&self.window_began) {
            return None;
        }
        self.next_id = u32::load(input).filter(|next_id| *next_id > 0)?;
        self.counts = Counts::load(input)?;
        self.proxies = Proxies::load(input)?;
        self.sources.load(input)?;
        self.nets.load(input)?;
        self.subjects.load(input)?;
        for filter in [&mut self.familiar, &mut self.failed, &mut self.credited, &mut self.broken] {
            filter.load(input)?;
        }
        self.pairs.load(input)?;
        self.recents.load(input)?;
        self.verdicts.load(input)?;
        self.operations = Operations::load(input)?;
        self.forecasts = Forecasts::load(input)?;
        self.shared.publish_time(self.clock.now);
        for index in 0..self.operations.len() {
            self.shared.publish(self.clock.now, index, self.operations.get(index));
        }
        Some(())
    }
}
