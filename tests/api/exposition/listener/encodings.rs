//! Scrapers share what is encoded, and the application does not feel them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{get, serve};
use crate::fixture::builder;
use auth_metrics_tests_scrape::Scrape;

/// A handle that calls this once for each of its readings: it looks at its clock to see whether its service is still active.
fn watched(reading: impl Fn() + Send + Sync + 'static) -> AuthMetrics {
    let clock = Clock::from_fn(move || {
        reading();
        Duration::ZERO
    });
    let metrics = builder().clock(clock).service_ttl(Duration::from_secs(3_600)).build().unwrap();
    metrics.record_service_registration("gateway");
    metrics
}

fn counted() -> (AuthMetrics, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let metrics = watched(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    (metrics, count)
}

/// While this is there, the paused clock stands still even if everybody waits.
fn frozen() -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || held.recv().is_err());
    release
}

#[test]
fn each_reading_is_counted_once() {
    let (metrics, count) = counted();
    for number in 1..4 {
        drop(metrics.encode_text());
        assert_eq!(count.load(Ordering::SeqCst), number);
    }
}

#[tokio::test(start_paused = true)]
async fn fifty_clients_at_once_are_one_encoding() {
    let (metrics, count) = counted();
    let server = serve(&metrics).await;
    let (address, frozen) = (server.local_addr(), frozen());
    let mut clients = JoinSet::new();
    for _ in 0..50 {
        clients.spawn(async move { get(address, "/metrics").await });
    }
    let answers = clients.join_all().await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    drop(frozen);
}

#[tokio::test(start_paused = true)]
async fn scrape_of_250_ms_later_is_encoded_anew() {
    let (metrics, count) = counted();
    let server = serve(&metrics).await;
    let frozen = frozen();
    for _ in 0..3 {
        metrics.record_successful_auth("orders");
        let mut seen = Vec::new();
        for _ in 0..5 {
            let scrape = Scrape::read(&get(server.local_addr(), "/metrics").await.body);
            seen.push(scrape.value("service_auth_successful_total", &[("service_id", "orders")]).unwrap());
        }
        assert_eq!(seen, [count.load(Ordering::SeqCst) as f64; 5]);
        tokio::time::advance(Duration::from_millis(250)).await;
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
    drop(frozen);
}

#[tokio::test]
async fn encoding_runs_on_no_thread_of_the_application() {
    let threads: Arc<Mutex<Vec<ThreadId>>> = Arc::default();
    let seen = Arc::clone(&threads);
    let server = serve(&watched(move || seen.lock().unwrap().push(thread::current().id()))).await;
    assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
    let threads = threads.lock().unwrap();
    assert!(!threads.is_empty() && !threads.contains(&thread::current().id()), "{threads:?}");
}

#[tokio::test(start_paused = true)]
async fn others_are_answered_while_a_scrape_is_encoded_and_its_client_may_go() {
    let (open, gate) = mpsc::channel::<()>();
    let (came, mut comes) = tokio::sync::mpsc::unbounded_channel();
    let gate = Mutex::new(gate);
    let metrics = watched(move || {
        let _ = came.send(());
        let _ = gate.lock().unwrap().recv();
    });
    let server = serve(&metrics).await;
    let (address, frozen) = (server.local_addr(), frozen());
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    comes.recv().await.unwrap();
    drop(first);
    // The runtime has one thread, and the encoding does not end before the gate opens.
    assert_eq!(get(address, "/elsewhere").await.status, 404);
    let second = tokio::spawn(async move { get(address, "/metrics").await });
    assert_eq!(get(address, "/elsewhere").await.status, 404);
    drop(open);
    assert_eq!(second.await.unwrap().status, 200);
    assert!(comes.try_recv().is_err(), "the second shares what the first began");
    drop(frozen);
}
