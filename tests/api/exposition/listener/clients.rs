//! Clients that are slow, rude or many: none of them keeps the others from being served.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::lifecycle::{long_scrape, reading};
use super::{Answer, DEADLINE, exchange, get, rest_of, serve};
use crate::fixture::{busy, handle};

/// As many clients as the listener serves at the same time.
const AT_ONCE: usize = 64;

#[tokio::test]
async fn oversized_head_is_refused_and_the_next_client_served() {
    let server = serve(&handle()).await;
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    let large = "x".repeat(17 * 1024);
    // It never ends: only its size can be what it is refused for.
    let request = format!("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Large: {large}");
    // The listener may close while this is still being written.
    drop(stream.write_all(request.as_bytes()).await);
    let mut answer = Vec::new();
    drop(tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("it is refused"));
    assert_eq!(Answer::of(&String::from_utf8_lossy(&answer)).status, 431);
    assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
}

#[tokio::test]
async fn head_of_eight_kilobytes_is_read() {
    let server = serve(&handle()).await;
    let header = format!("X-Large: {}\r\n", "x".repeat(8 * 1024));
    assert_eq!(super::request(server.local_addr(), "GET /metrics", &header).await.status, 200);
}

#[tokio::test]
async fn many_headers_are_no_way_in() {
    let server = serve(&handle()).await;
    let headers = "X: y\r\n".repeat(1_000);
    let answer = exchange(server.local_addr(), &format!("GET /metrics HTTP/1.1\r\n{headers}\r\n")).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
}

/// With the clock paused, time stands still until everybody waits: what ends a wait then is a timer of the listener.
#[tokio::test(start_paused = true)]
async fn client_that_sends_nothing_is_closed_after_five_seconds() {
    let server = serve(&handle()).await;
    let start = Instant::now();
    let mut silent = TcpStream::connect(server.local_addr()).await.unwrap();
    let said = rest_of(&mut silent).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 "), "{said}");
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn client_that_stops_in_the_middle_of_its_head_is_closed_after_five_seconds() {
    let server = serve(&handle()).await;
    let start = Instant::now();
    let mut slow = TcpStream::connect(server.local_addr()).await.unwrap();
    slow.write_all(b"GET /metrics HTTP/1.1\r\nHost: loc").await.unwrap();
    let said = rest_of(&mut slow).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 "), "{said}");
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn silent_clients_on_every_place_keep_a_scrape_waiting_for_a_quarter_of_a_second() {
    let server = serve(&handle()).await;
    let start = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..AT_ONCE {
        silent.push(TcpStream::connect(server.local_addr()).await.unwrap());
    }
    assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
    assert!((250..300).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn silent_clients_that_keep_nobody_waiting_have_their_five_seconds() {
    let server = serve(&handle()).await;
    let start = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..AT_ONCE {
        silent.push(TcpStream::connect(server.local_addr()).await.unwrap());
    }
    for mut client in silent {
        drop(rest_of(&mut client).await);
        assert_eq!(start.elapsed().as_secs(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn silent_clients_on_every_place_and_in_the_queue_ahead_of_a_scrape_keep_it_waiting_for_less_than_a_second()
 {
    let server = serve(&handle()).await;
    let start = Instant::now();
    let mut silent = Vec::new();
    // A queue of the system holds 128 at the least.
    for _ in 0..2 * AT_ONCE + 20 {
        silent.push(TcpStream::connect(server.local_addr()).await.unwrap());
    }
    assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
    assert_eq!(start.elapsed().as_secs(), 0);
    drop(silent);
}

#[tokio::test(start_paused = true)]
async fn clients_that_are_done_keep_nobody_waiting() {
    let server = serve(&handle()).await;
    let start = Instant::now();
    for _ in 0..2 * AT_ONCE {
        assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
    }
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn client_that_does_not_take_its_answer_is_cut_off_after_fifteen_seconds() {
    let (metrics, text) = long_scrape();
    let server = serve(&metrics).await;
    let (mut client, _) = reading(&server).await;
    tokio::time::sleep(Duration::from_secs(16)).await;
    // What is on its way takes real time: a clock that jumps while nothing happens would be at the deadline at once.
    tokio::time::resume();
    let mut rest = Vec::new();
    drop(
        tokio::time::timeout(DEADLINE, client.read_to_end(&mut rest))
            .await
            .expect("the connection is closed"),
    );
    assert!(rest.len() < text.len(), "{} of {} bytes", rest.len(), text.len());
}

#[tokio::test]
async fn client_that_hangs_up_in_the_middle_of_its_request_disturbs_nobody() {
    let metrics = handle();
    let server = serve(&metrics).await;
    for half in ["", "G", "GET /metrics HTTP/1.1\r\n", "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
    }
    assert_eq!(get(server.local_addr(), "/metrics").await.body, metrics.encode_text());
}

#[tokio::test]
async fn client_that_closes_its_side_after_the_request_is_answered() {
    let server = serve(&handle()).await;
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    assert!(rest_of(&mut stream).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_at_once_are_all_answered_in_full() {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let server = serve(&metrics).await;
    let address = server.local_addr();
    let mut clients = JoinSet::new();
    for _ in 0..200 {
        clients.spawn(async move { get(address, "/metrics").await });
    }
    let text = metrics.encode_text();
    while let Some(answer) = clients.join_next().await {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body == text), (200, true));
    }
}
