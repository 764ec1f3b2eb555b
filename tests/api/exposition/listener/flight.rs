//! The library's own source of what scrapers share: one making at a time, off the workers, and nobody's end is another's.

#[path = "../../../../auth-metrics/src/serve/flight.rs"]
mod source;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use source::Flight;
use tokio::runtime;
use tokio::task::JoinSet;
use tokio::time::advance;

/// A flight that counts its makings, does something first, and gives the count.
struct Counted {
    flight: Arc<Flight<Arc<usize>>>,
    count: Arc<AtomicUsize>,
}

impl Counted {
    fn new(first: impl Fn(usize) + Send + Sync + 'static) -> Counted {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let make = move || {
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            first(number);
            Arc::new(number)
        };
        Counted { flight: Arc::new(Flight::new(make)), count }
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    async fn get(&self) -> Option<usize> {
        self.flight.get().await.map(|made| *made)
    }

    /// What so many callers at once get.
    async fn all(&self, callers: usize) -> Vec<Option<usize>> {
        let mut all = JoinSet::new();
        for _ in 0..callers {
            let flight = Arc::clone(&self.flight);
            all.spawn(async move { flight.get().await.map(|made| *made) });
        }
        all.join_all().await
    }
}

/// A gate that makings wait at, and word of each that has come to it.
fn gated() -> (Counted, mpsc::Sender<()>, tokio::sync::mpsc::UnboundedReceiver<()>) {
    let ((open, gate), (came, comes)) = (mpsc::channel(), tokio::sync::mpsc::unbounded_channel());
    let gate = Mutex::new(gate);
    let counted = Counted::new(move |_| {
        let _ = came.send(());
        let _ = gate.lock().unwrap().recv();
    });
    (counted, open, comes)
}

#[tokio::test(start_paused = true)]
async fn callers_at_once_share_one_making() {
    let counted = Counted::new(|_| {});
    assert_eq!(counted.all(1_000).await, [Some(1); 1_000]);
    assert_eq!(counted.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn making_is_shared_until_250_ms_after_it_began() {
    let counted = Counted::new(|_| {});
    assert_eq!(counted.get().await, Some(1));
    advance(Duration::from_millis(249)).await;
    assert_eq!(counted.get().await, Some(1));
    advance(Duration::from_millis(1)).await;
    assert_eq!([counted.get().await, counted.get().await], [Some(2), Some(2)]);
}

#[tokio::test(start_paused = true)]
async fn making_that_takes_longer_is_shared_with_those_who_came_while_it_ran() {
    let (counted, open, mut comes) = gated();
    let flight = Arc::clone(&counted.flight);
    let first = tokio::spawn(async move { flight.get().await });
    comes.recv().await.unwrap();
    advance(Duration::from_secs(10)).await;
    let flight = Arc::clone(&counted.flight);
    let second = tokio::spawn(async move { flight.get().await });
    // It runs up to where it waits.
    tokio::task::yield_now().await;
    drop(open);
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Some(Arc::new(1)), Some(Arc::new(1))));
    assert_eq!(counted.get().await, Some(2), "by now it is ten seconds old");
}

#[tokio::test]
async fn making_runs_on_no_thread_that_serves() {
    let threads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&threads);
    let counted = Counted::new(move |_| seen.lock().unwrap().push(thread::current().id()));
    assert_eq!(counted.get().await, Some(1));
    let threads = threads.lock().unwrap();
    assert!(threads.len() == 1 && threads[0] != thread::current().id(), "{threads:?}");
}

#[tokio::test(start_paused = true)]
async fn caller_that_goes_away_leaves_the_making_to_the_others() {
    let (counted, open, mut comes) = gated();
    let flight = Arc::clone(&counted.flight);
    let first = tokio::spawn(async move { flight.get().await });
    comes.recv().await.unwrap();
    let flight = Arc::clone(&counted.flight);
    let second = tokio::spawn(async move { flight.get().await });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let third = tokio::spawn({
        let flight = Arc::clone(&counted.flight);
        async move { flight.get().await }
    });
    tokio::task::yield_now().await;
    drop(open);
    assert_eq!((second.await.unwrap(), third.await.unwrap()), (Some(Arc::new(1)), Some(Arc::new(1))));
    assert_eq!(counted.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn making_that_panics_is_made_once_more_for_all_who_wait() {
    let counted = Counted::new(|number| assert_ne!(number, 1, "the first panics"));
    assert_eq!(counted.all(50).await, [Some(2); 50]);
    assert_eq!(counted.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn making_that_panics_again_and_again_keeps_nobody_waiting() {
    let is_broken = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let broken = Arc::clone(&is_broken);
    let counted = Counted::new(move |_| assert!(!broken.load(Ordering::SeqCst), "it is broken"));
    assert_eq!(counted.all(50).await, [None; 50]);
    is_broken.store(false, Ordering::SeqCst);
    assert!(counted.get().await.is_some(), "what was broken is tried again");
}

#[tokio::test(start_paused = true)]
async fn what_was_made_is_kept_no_longer_than_it_is_shared() {
    let counted = Counted::new(|_| {});
    let made = Arc::downgrade(&counted.flight.get().await.unwrap());
    assert!(made.upgrade().is_some());
    tokio::time::sleep(Duration::from_millis(251)).await;
    assert!(made.upgrade().is_none());
}

#[test]
fn blocking_threads_that_are_all_busy_keep_no_making_waiting() {
    let runtime =
        runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    let (release, held) = mpsc::channel::<()>();
    runtime.block_on(async {
        let busy = tokio::task::spawn_blocking(move || held.recv().is_err());
        let counted = Counted::new(|_| {});
        assert_eq!(counted.get().await, Some(1));
        drop(release);
        assert!(busy.await.unwrap());
        // What waited for the blocking thread finds it done.
        tokio::task::spawn_blocking(|| {}).await.unwrap();
        assert_eq!(counted.count(), 1);
    });
}
