//! How events come: in their order, when asked, at the end, and never from a thread that waits for itself.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use auth_metrics::{Clock, Outcome, Reason};

use super::*;

#[test]
fn events_of_a_thread_come_in_their_order_and_without_gaps() {
    let (metrics, kept) = polled();
    for turn in 0..50_u32 {
        for index in 0..100_u32 {
            metrics.attempt("login").subject(turn * 100 + index).finish(Outcome::Success);
        }
        assert_eq!(metrics.events().poll(), 100);
    }
    let events = kept.events();
    let subjects: Vec<u32> = events.iter().map(|event| event.subject().unwrap().parse().unwrap()).collect();
    assert!(subjects.iter().copied().eq(0..5_000));
    assert!(events.windows(2).all(|two| two[1].sequence() == two[0].sequence() + 1));
}

#[test]
fn order_holds_while_the_thread_delivers() {
    let kept = Kept::default();
    let metrics = builder().observe(kept.clone()).event_capacity(16).build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let metrics = &metrics;
            scope.spawn(move || {
                for index in 0..3_000 {
                    metrics.attempt("login").subject(thread).resource(index).finish(Outcome::Success);
                }
            });
        }
    });
    flush(&metrics);
    for thread in ["0", "1", "2"] {
        let events = kept.events();
        let own = events.iter().filter(|event| event.subject() == Some(thread));
        let resources: Vec<u32> = own.map(|event| event.resource().unwrap().parse().unwrap()).collect();
        assert!(resources.is_sorted(), "thread {thread}: {resources:?}");
    }
}

#[test]
fn an_event_says_what_the_attempt_was() {
    let kept = Kept::default();
    let now = Arc::new(AtomicU64::new(5));
    let read = Arc::clone(&now);
    let clock = Clock::from_fn(move || Duration::from_secs(read.load(Ordering::Relaxed)));
    let metrics = builder().clock(clock).observe(kept.clone()).poll_events().build().unwrap();
    let attempt =
        metrics.attempt_for("orders", "login").subject("user-001").peer(std::net::Ipv4Addr::LOCALHOST);
    now.store(12, Ordering::Relaxed);
    attempt.session("s").device("d").resource("/admin").finish(Outcome::Failure(Reason::UnknownSubject));
    let before = std::time::SystemTime::now();
    metrics.events().poll();

    let [event] = &kept.events()[..] else { panic!("one attempt ended") };
    assert_eq!((event.service_id(), event.operation(), event.kind().label()), ("orders", "login", "attempt"));
    assert_eq!(
        (event.outcome(), event.reason()),
        (Outcome::Failure(Reason::UnknownSubject), Some(Reason::UnknownSubject))
    );
    assert_eq!((event.subject(), event.session(), event.device()), (Some("user-001"), Some("s"), Some("d")));
    assert_eq!(
        (event.resource(), event.peer()),
        (Some("/admin"), Some(std::net::Ipv4Addr::LOCALHOST.into()))
    );
    assert_eq!(
        (event.request_id(), event.trace(), event.source(), event.is_truncated()),
        (None, None, None, false)
    );
    assert_eq!(event.duration(), Duration::from_secs(7));
    assert!(event.started() >= before - Duration::from_secs(7));
    assert!(event.started() <= std::time::SystemTime::now() - Duration::from_secs(7));
}

#[test]
fn the_drop_of_the_last_handle_delivers_everything() {
    for _ in 0..50 {
        let kept = Kept::default();
        let metrics = builder().observe(kept.clone()).build().unwrap();
        let clone = metrics.clone();
        (0..100).for_each(|_| metrics.attempt("login").finish(Outcome::Success));
        drop(metrics);
        drop(clone);
        assert_eq!(kept.events().len(), 100);
    }
}

#[test]
fn an_attempt_that_outlives_its_handle_is_dropped_in_silence() {
    let kept = Kept::default();
    let metrics = builder().observe(kept.clone()).build().unwrap();
    let attempt = metrics.attempt("login");
    drop(metrics);
    attempt.finish(Outcome::Success);
    assert_eq!(kept.events().len(), 0);
}

#[test]
fn a_full_buffer_drops_and_leaves_a_gap() {
    let kept = Kept::default();
    let metrics = builder().observe(kept.clone()).event_capacity(3).poll_events().build().unwrap();
    (0..10).for_each(|index| metrics.attempt("login").subject(index).finish(Outcome::Success));
    metrics.events().poll();
    metrics.attempt("login").subject(10).finish(Outcome::Success);
    metrics.events().poll();
    let subjects: Vec<String> =
        kept.events().iter().map(|event| event.subject().unwrap().to_owned()).collect();
    assert_eq!(subjects, ["0", "1", "2", "3", "4", "5", "10"]);
    assert_eq!((attempts(&metrics, "captured"), attempts(&metrics, "dropped")), (7, 4));
    let (last, before) = (kept.events()[6].sequence(), kept.events()[5].sequence());
    assert_eq!(last - before, 5);
}

/// Asks for a delivery, records, and takes a scrape, all inside of `observe`.
struct Inward(OnceLock<AuthMetrics>, mpsc::Sender<(bool, usize)>);

impl Observer for Inward {
    fn name(&self) -> &'static str {
        "inward"
    }

    fn observe(&self, events: &[Event]) {
        let Some(metrics) = self.0.get().filter(|_| events[0].operation() == "login") else { return };
        metrics.attempt("inner").finish(Outcome::Success);
        assert!(metrics.encode_text().contains("auth_events_total"));
        self.1.send((metrics.events().flush(Duration::from_secs(60)), metrics.events().poll())).unwrap();
    }
}

#[test]
fn observers_may_record_and_never_wait_for_themselves() {
    let (sender, answers) = mpsc::channel();
    let inward = Arc::new(Inward(OnceLock::new(), sender));
    let kept = Kept::default();
    let metrics = builder().observe(Arc::clone(&inward)).observe(kept.clone()).build().unwrap();
    // It holds a clone, so nothing waits for the drop of the last one.
    assert!(inward.0.set(metrics.clone()).is_ok());
    metrics.attempt("login").finish(Outcome::Success);
    assert_eq!(answers.recv_timeout(Duration::from_secs(60)).unwrap(), (false, 0));
    flush(&metrics);
    flush(&metrics);
    let operations: Vec<String> = kept.events().iter().map(|event| event.operation().to_owned()).collect();
    assert_eq!(operations, ["login", "inner"]);
}

#[test]
fn a_flush_waits_no_longer_than_it_may() {
    let (sender, hangs) = mpsc::channel::<()>();
    let hangs = Mutex::new(hangs);
    let stuck = auth_metrics::events::observer("stuck", move |_| {
        let _ = hangs.lock().unwrap().recv();
    });
    let metrics = builder().observe(stuck).event_capacity(2).build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    assert!(!metrics.events().flush(Duration::from_millis(1)));
    // A login never waits for it, however long it hangs.
    (0..100).for_each(|_| metrics.attempt("login").finish(Outcome::Success));
    assert!(attempts(&metrics, "dropped") >= 100 - 4);
    drop(sender);
    flush(&metrics);
}

/// Threads beyond the slots of a machine share some.
#[test]
fn a_gap_means_that_an_event_was_dropped_and_nothing_else() {
    let kept = Kept::default();
    let metrics = builder().observe(kept.clone()).event_capacity(1 << 16).poll_events().build().unwrap();
    let start = std::sync::Barrier::new(80);
    std::thread::scope(|scope| {
        for _ in 0..80 {
            scope.spawn(|| {
                start.wait();
                (0..200).for_each(|_| metrics.attempt("login").finish(Outcome::Success));
            });
        }
    });
    metrics.events().poll();
    let mut places: Vec<(u32, u64)> =
        kept.events().iter().map(|event| (event.thread(), event.sequence())).collect();
    places.sort_unstable();
    let gaps =
        places.windows(2).filter(|two| two[0].0 == two[1].0 && two[1].1 != two[0].1 + 1).count() as u64;
    let dropped = attempts(&metrics, "dropped");
    assert!(gaps <= dropped, "{gaps} gaps, and {dropped} were dropped");
    assert_eq!(places.len() as u64 + dropped, 80 * 200);
}

#[test]
fn a_handle_that_is_dropped_inside_of_anothers_observer_delivers_too() {
    let inner = Kept::default();
    let metrics = builder().observe(inner.clone()).poll_events().build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    let dropped = Mutex::new(Some(metrics));
    let outer = auth_metrics::events::observer("outer", move |_| drop(dropped.lock().unwrap().take()));
    let metrics = builder().observe(outer).poll_events().build().unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    assert_eq!((metrics.events().poll(), inner.events().len()), (1, 1));
}
