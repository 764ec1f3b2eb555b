//! A real server: sockets, and clients that disconnect.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use auth_metrics::events::{Event, Forwarded};
use auth_metrics_rocket::{AttemptRoutes, ContextFairing, Scrape};
use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};
use rocket::tokio::net::TcpStream;
use rocket::tokio::sync::{Semaphore, oneshot};
use rocket::{State, get, routes};

use crate::{OP, counted, observed, quiet};

/// What the handler that hangs says, and waits for.
#[derive(Clone)]
struct Line {
    reached: Arc<Semaphore>,
    answer: Arc<Semaphore>,
}

#[get("/ok")]
fn accept() {}

#[get("/refused")]
fn refuse() -> Status {
    Status::Forbidden
}

#[get("/hang")]
async fn hang(line: &State<Line>) {
    line.reached.add_permits(1);
    line.answer.acquire().await.unwrap().forget();
}

async fn connect(port: u16, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.7\r\nconnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

async fn get(port: u16, path: &str) -> String {
    let mut text = String::new();
    connect(port, path).await.read_to_string(&mut text).await.unwrap();
    text
}

#[rocket::async_test]
async fn requests_of_clients_that_disconnect_count_as_they_end() {
    let (metrics, events) = observed();
    let [reached, answer] = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
    let line = Line { reached, answer };
    let (say, listening) = oneshot::channel();
    let say = Mutex::new(Some(say));
    let server = quiet()
        .attach(ContextFairing::new().peer(Forwarded::trusting_networks(["10.0.0.0/8"]).unwrap()))
        .attach(AdHoc::on_liftoff("port", move |server| {
            let say = say.lock().unwrap().take().unwrap();
            say.send(server.config().port).unwrap();
            Box::pin(async {})
        }))
        .mount("/gate", AttemptRoutes::new(OP).metrics(&metrics).meter(routes![accept, refuse, hang]))
        .mount("/metrics", Scrape::new(&metrics))
        .manage(line.clone());
    let server = server.ignite().await.unwrap();
    let shutdown = server.shutdown();
    let launched = rocket::tokio::spawn(server.launch());
    let port = listening.await.unwrap();

    let first = get(port, "/metrics").await;
    assert!(first.contains("operation=\"gate\",failure_reason=\"permission_denied\"} 0\n"), "{first}");
    assert!(get(port, "/gate/ok").await.starts_with("HTTP/1.1 200"));
    assert!(get(port, "/gate/refused").await.starts_with("HTTP/1.1 403"));
    let waiting = [connect(port, "/gate/hang").await, connect(port, "/gate/hang").await];
    line.reached.acquire_many(2).await.unwrap().forget();
    let scrape = get(port, "/metrics").await;
    assert!(scrape.contains("auth_operations_in_flight{service_id=\"gateway\",operation=\"gate\"} 2\n"));

    drop(waiting);
    line.answer.add_permits(2);
    let ended = || counted(&metrics, OP).values().sum::<u64>() == 4;
    while !ended() {
        rocket::tokio::task::yield_now().await;
    }
    shutdown.notify();
    launched.await.unwrap().unwrap();
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("success", 3), ("permission_denied", 1)]));
    // None of them came through a proxy.
    let peers: Vec<_> = events(OP).iter().map(Event::peer).collect();
    assert_eq!(peers, [std::net::Ipv4Addr::LOCALHOST.into(); 4].map(Some));
}
