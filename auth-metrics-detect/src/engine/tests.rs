//! What time costs, and a state that is broken on purpose.

use auth_metrics::Outcome;

use super::recents::Recents;
use super::verdicts::Verdicts;
use super::{Options, State, Trusted};
use crate::attempt::Attempt;
use crate::keys::Keys;

impl State {
    /// Takes the memory of recent successes away: the next stranger who gets in makes it panic.
    pub(crate) fn lose_recents(&mut self) {
        self.recents = Recents::none();
    }

    /// Takes the verdicts away, though some are in force: whoever looks for one panics.
    pub(crate) fn lose_verdicts(&mut self) {
        self.verdicts = Verdicts::lost();
    }
}

#[test]
fn silence_of_any_length_ends_few_windows() {
    // A table that is larger than what is swept: how far the sweep came tells how many windows ended.
    let options = Options { memory: Options::MOST_MEMORY, ..Options::default() };
    let mut state = State::new(options, Keys::new([7; 16]), Trusted::default());
    state.feed(&Attempt::new(0.0, "login", Outcome::Success), &mut |_| ());
    for (at, most) in
        [(60.0, 1), (90.0, 1), (3_600.0, 60), (400.0 * 86_400.0, 2_001), (1e15, 2_001), (f64::MAX, 2_001)]
    {
        let before = state.swept;
        state.feed(&Attempt::new(at, "login", Outcome::Success), &mut |_| ());
        let windows = (state.swept - before) / 4;
        assert!(windows <= most, "{windows} windows until {at}");
        assert!(state.clock.now - state.window_began < 60.0, "{at}");
    }
}
