//! Sinks that hang, are slow or never ready, and one that has nothing to do: nobody waits for them longer than asked, and they are not
//! asked without end.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth_metrics_audit::{Audit, Line, Sink, SinkOptions};

use crate::hostile::{count, ends, is_a_chain, nothing_is_missing, parsed, polled, until};
use crate::sinks::{Hanging, Kept};
use crate::world::LONG;

/// Takes each line only when the test says so, and says how many it took.
struct Slow {
    turnstile: std::sync::mpsc::Receiver<()>,
    begun: Arc<AtomicU64>,
    kept: Kept,
}

impl Sink for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let _ = self.turnstile.recv();
        self.kept.write(line)
    }
}

#[test]
fn slow_sink_stops_at_the_deadline_and_counts_the_rest() {
    let (turn, turnstile) = std::sync::mpsc::channel();
    let kept = Kept::new("slow");
    let begun = Arc::new(AtomicU64::new(0));
    let slow = Slow { turnstile, begun: Arc::clone(&begun), kept: kept.clone() };
    let audit = Audit::builder().sink(slow).build().unwrap();
    let metrics = polled(&audit);
    ends(&metrics, 0..50);
    let late = audit.shutdown(Duration::from_millis(1)).unwrap_err();
    assert_eq!(late.sinks, ["slow"]);
    // From now on it takes all lines at once.
    drop(turn);
    let late_again = audit.shutdown(LONG);
    assert!(late_again.is_err(), "it does not have everything");
    let lines = parsed(&kept);
    is_a_chain(&lines);
    assert_eq!(nothing_is_missing(&lines), 50);
    let dropped = count(&metrics, "auth_audit_events_total", &[("result", "dropped_shutdown")]);
    assert!(dropped >= 49.0, "it went on writing: {dropped}");
    assert_eq!(count(&metrics, "auth_audit_events_total", &[]), 50.0);
    assert_eq!(count(&metrics, "auth_audit_queue_events", &[]), 0.0);
}

#[test]
fn sink_that_hangs_delays_nobody_and_is_named() {
    let (let_go, hanging) = Hanging::new();
    let kept = Kept::new("kept");
    let room = SinkOptions::new().capacity(10);
    let audit = Audit::builder().sink(kept.clone()).sink_with(hanging, room).build().unwrap();
    let metrics = polled(&audit);
    // Delivered on this thread: if it waited for the sink, it would wait for ever.
    (0..20).for_each(|part| ends(&metrics, part * 100..part * 100 + 100));
    let late = audit.flush(Duration::from_millis(1)).unwrap_err();
    assert!(late.sinks.contains(&"hanging"));
    let at = |sink, result| count(&metrics, "auth_audit_events_total", &[("sink", sink), ("result", result)]);
    until(|| at("kept", "written") == 2_000.0);
    assert!(audit.shutdown(Duration::from_millis(50)).unwrap_err().sinks.contains(&"hanging"));
    let waits = count(&metrics, "auth_audit_queue_events", &[("sink", "hanging")]);
    assert!(at("hanging", "dropped_full") >= 2_000.0 - 20.0 && waits > 0.0);
    assert_eq!(at("hanging", "dropped_full") + waits, 2_000.0);
    assert_eq!(nothing_is_missing(&parsed(&kept)), 2_000);
    // Whoever shut it down has waited: the drop does not wait again, or this test would take seconds for each.
    drop((metrics, audit));
    drop(let_go);
}

#[test]
fn idle_sink_is_not_flushed() {
    struct Counted(Arc<Mutex<Vec<&'static str>>>);
    impl Sink for Counted {
        fn name(&self) -> &'static str {
            "counted"
        }

        fn write(&mut self, _line: &Line<'_>) -> io::Result<()> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push("write");
            Ok(())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push("flush");
            Ok(())
        }
    }
    let calls = Arc::default();
    let other = Kept::new("other");
    let audit = Audit::builder().sink(Counted(Arc::clone(&calls))).sink(other).build().unwrap();
    let metrics = polled(&audit);
    until(|| calls.lock().unwrap().ends_with(&["flush"]));
    // Turns without a line: each of these wakes the thread.
    (0..50).for_each(|_| {
        audit.reopen();
        std::thread::yield_now();
    });
    ends(&metrics, 0..1);
    audit.flush(LONG).unwrap();
    assert_eq!(calls.lock().unwrap()[..4], ["write", "flush", "write", "flush"]);
}

#[test]
fn timeout_may_be_as_long_as_there_is() {
    let audit = Audit::builder().sink(Kept::new("kept")).build().unwrap();
    let metrics = polled(&audit);
    ends(&metrics, 0..3);
    audit.flush(Duration::MAX).unwrap();
    audit.shutdown(Duration::MAX).unwrap();
}

#[test]
fn sink_that_never_is_ready_is_not_asked_without_end() {
    struct Unready(Arc<AtomicU64>);
    impl Sink for Unready {
        fn name(&self) -> &'static str {
            "unready"
        }

        fn write(&mut self, _line: &Line<'_>) -> io::Result<()> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Err(io::ErrorKind::WouldBlock.into())
        }
    }
    let asked = Arc::new(AtomicU64::new(0));
    let audit = Audit::builder().sink(Unready(Arc::clone(&asked))).build().unwrap();
    let metrics = polled(&audit);
    ends(&metrics, 0..10);
    assert_eq!(audit.shutdown(Duration::from_millis(300)).unwrap_err().sinks, ["unready"]);
    // Each pause is twice as long as the one before: 20 ms, 40 ms and so on. A slow machine asks less.
    assert!(asked.load(Ordering::SeqCst) < 60, "it was asked {} times", asked.load(Ordering::SeqCst));
    until(|| count(&metrics, "auth_audit_queue_events", &[]) == 0.0);
    until(|| count(&metrics, "auth_audit_events_total", &[("result", "dropped_shutdown")]) == 10.0);
}
