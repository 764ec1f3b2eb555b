//! What the queue and the counts of a sink promise.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::counts::{Outlet, Result};
use super::queue::{Dropped, Queue};
use crate::record::{Body, GapCause, Own, Record};

fn own() -> Arc<Record> {
    Arc::new(Record {
        at: SystemTime::now(),
        body: Body::Own(Own::Reopened { cause: crate::record::ReopenCause::Asked }),
    })
}

fn gap(attempts: u64) -> Arc<Record> {
    Dropped { attempts, steps: 0 }.gap_record(GapCause::Failed)
}

#[test]
fn flush_is_done_once_everything_before_it_was_taken() {
    let queue = Queue::new(10);
    queue.push(&[own(), own(), own()]);
    let asked = queue.ask();
    queue.push(&[own()]);
    let first = queue.take(2, Duration::ZERO);
    assert!(first.is_asked);
    queue.finish(first.position);
    assert!(!queue.wait(asked, Instant::now()));
    let second = queue.take(1, Duration::ZERO);
    queue.finish(second.position);
    assert!(queue.wait(asked, Instant::now()));
    assert!(!queue.take(1, Duration::ZERO).is_asked);
}

#[test]
fn flush_of_nothing_waits_for_nothing() {
    let queue = Queue::new(10);
    let asked = queue.ask();
    assert!(queue.wait(asked, Instant::now()));
}

#[test]
fn last_batch_is_said_once_the_queue_is_closed_and_empty() {
    let queue = Queue::new(10);
    queue.push(&[own(), gap(1)]);
    queue.close();
    assert!(!queue.take(1, Duration::ZERO).is_last);
    assert!(queue.take(1, Duration::ZERO).is_last);
    let (missed, is_closed) = queue.push(&[own()]);
    assert!(missed.is_empty() && is_closed);
}

#[test]
fn attempt_that_leaves_the_sink_is_never_found_twice() {
    const ATTEMPTS: u64 = 500_000;
    let (outlet, captured) = (Outlet::new("file", true, 10), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ATTEMPTS {
                captured.fetch_add(1, Ordering::Release);
                outlet.queue.arrive(1);
                outlet.settle(Result::Written, Dropped { attempts: 1, steps: 0 });
            }
        });
        loop {
            // As a scrape reads them.
            let [written, ..] = outlet.attempts();
            let waiting = outlet.queue.attempts();
            let captured = captured.load(Ordering::Acquire);
            assert!(written + waiting <= captured, "{written} and {waiting} of {captured}");
            if written == ATTEMPTS {
                break;
            }
        }
    });
}
