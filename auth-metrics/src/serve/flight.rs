//! Makes one thing at a time, outside the workers of the runtime. Callers that come while it is made, or soon after, share it. Does not
//! know what it makes.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// How long after its start a result is shared with later callers.
const SHARED: Duration = Duration::from_millis(250);

/// How long to wait for a blocking thread of the runtime before starting a thread of its own.
const PATIENCE: Duration = Duration::from_millis(100);

/// How many times in a row making it may panic before the caller gets nothing.
const TRIES: usize = 2;

pub(super) struct Flight<T> {
    make: Arc<dyn Fn() -> T + Send + Sync>,
    latest: Arc<Mutex<Option<Making<T>>>>,
}

struct Making<T> {
    began: Instant,
    /// The result. If making it panics, the other side is dropped without one.
    made: watch::Receiver<Option<T>>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    pub(super) fn new(make: impl Fn() -> T + Send + Sync + 'static) -> Flight<T> {
        Flight { make: Arc::new(make), latest: Arc::new(Mutex::new(None)) }
    }

    /// Returns the result that is being made, was made in the last 250 ms, or is made now. Returns `None` if making it panicked twice.
    pub(super) async fn get(&self) -> Option<T> {
        for _ in 0..TRIES {
            let mut made = self.join();
            if let Ok(made) = made.wait_for(Option::is_some).await {
                return made.clone();
            }
        }
        None
    }

    fn join(&self) -> watch::Receiver<Option<T>> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some(making) if making.is_shared() => making.made.clone(),
            _ => {
                let (maker, made) = watch::channel(None);
                let began = Instant::now();
                *latest = Some(Making { began, made: made.clone() });
                // A task of its own: no caller that goes away takes the making with it.
                tokio::spawn(make(Arc::clone(&self.make), maker, began, Arc::clone(&self.latest)));
                made
            }
        }
    }
}

impl<T> Making<T> {
    fn is_shared(&self) -> bool {
        let is_made = self.made.borrow().is_some();
        // Without a result, it is gone once the other side is.
        if is_made { self.began.elapsed() < SHARED } else { self.made.has_changed().is_ok() }
    }
}

async fn make<T: Clone + Send + Sync + 'static>(
    job: Arc<dyn Fn() -> T + Send + Sync>,
    maker: watch::Sender<Option<T>>,
    began: Instant,
    latest: Arc<Mutex<Option<Making<T>>>>,
) {
    let Some(made) = off_the_workers(job).await else { return };
    maker.send_replace(Some(made));
    sleep_until(began + SHARED).await;
    // It can be large: only those who are still sending it keep it.
    let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
    latest.take_if(|latest| latest.made.same_channel(&maker.subscribe()));
}

/// Runs on a blocking thread of the runtime or, if all are busy, on a thread of its own. Returns `None` if it panics.
async fn off_the_workers<T: Send + 'static>(job: Arc<dyn Fn() -> T + Send + Sync>) -> Option<T> {
    let (maker, mut made) = oneshot::channel();
    // Whichever thread takes it makes it.
    let turn = Arc::new(Mutex::new(Some(maker)));
    let taken = Arc::clone(&turn);
    let work = move || {
        let maker = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(maker) = maker {
            // Nobody waits any more if the runtime ends.
            drop(maker.send(job()));
        }
    };
    drop(tokio::task::spawn_blocking(work.clone()));
    tokio::select! {
        made = &mut made => return made.ok(),
        () = sleep(PATIENCE) => {}
    }
    if turn.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
        let thread = thread::Builder::new().name("auth-metrics-scrape".to_owned());
        // If there can be no thread, a blocking one comes free at some time.
        drop(thread.spawn(work));
    }
    made.await.ok()
}
