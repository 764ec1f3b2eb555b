//! Dropped at each await, a function has done and undone the same, and is counted as cancelled.

use auth_metrics::testing::Scope;

use super::{assert_counted, assert_same, both};
use crate::fixture::{Notes, cancel_after};

#[test]
fn what_was_done_before_a_cancellation_is_the_same() {
    for polls in 0..=4 {
        let scope = Scope::new();
        let (plain, metered) = both!(scope, code => {
            let notes = Notes::default();
            let pair = (notes.noisy("second"), notes.noisy("third"));
            let future = code::drops::drops_later(notes.noisy("first"), pair, notes.clone(), notes.noisy("fourth"));
            (cancel_after(polls, future), notes.taken())
        });
        assert_same(&plain, &metered);
        assert_eq!(plain.0, polls == 4, "the shape has three awaits");
        let cancelled = u32::from((1..=3).contains(&polls));
        assert_counted(
            &scope,
            "drops_later",
            cancelled + u32::from(polls == 4),
            u32::from(polls == 4),
            &[("cancelled", cancelled)],
        );
    }
}

#[test]
fn a_made_future_that_is_dropped_is_the_same() {
    for polls in 0..=2 {
        let scope = Scope::new();
        let (plain, metered) = both!(scope, code => {
            let notes = Notes::default();
            let future = code::drops::drops_made(notes.noisy("first"), notes.noisy("second"));
            (cancel_after(polls, future), notes.taken())
        });
        assert_same(&plain, &metered);
        assert_counted(
            &scope,
            "drops_made",
            u32::from(polls > 0),
            u32::from(polls == 2),
            &[("cancelled", u32::from(polls == 1))],
        );
    }
}
