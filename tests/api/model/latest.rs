//! Words that several threads replace are read whole or not at all.

use std::sync::Arc;

use loom::thread;

use crate::explore;
use crate::storage::Latest;

/// Two words that belong together.
fn words(one: u64) -> [u64; 2] {
    [one, one + 10]
}

#[test]
fn readers_never_see_a_mixture() {
    explore(600, || {
        let latest = Arc::new(Latest::<2>::new());
        latest.set(words(1));
        let writer = {
            let latest = Arc::clone(&latest);
            thread::spawn(move || latest.set(words(2)))
        };
        if let Some(read) = latest.get() {
            assert!([words(1), words(2)].contains(&read), "{read:?}");
        }
        writer.join().unwrap();
        assert_eq!(latest.get(), Some(words(2)));
    });
}

#[test]
fn of_two_who_write_at_once_one_wins() {
    explore(30, || {
        let latest = Arc::new(Latest::<2>::new());
        let writers = [1, 2].map(|word| {
            let latest = Arc::clone(&latest);
            thread::spawn(move || latest.set(words(word)))
        });
        for writer in writers {
            writer.join().unwrap();
        }
        let last = latest.get();
        assert!([Some(words(1)), Some(words(2))].contains(&last), "{last:?}");
    });
}

#[test]
fn who_writes_alone_is_read() {
    explore(2, || {
        let latest = Arc::new(Latest::<2>::new());
        let reader = {
            let latest = Arc::clone(&latest);
            thread::spawn(move || latest.peek(0))
        };
        latest.set(words(1));
        latest.set(words(2));
        assert_eq!(latest.get(), Some(words(2)));
        assert!([None, Some(0), Some(1), Some(2)].contains(&reader.join().unwrap()));
    });
}
