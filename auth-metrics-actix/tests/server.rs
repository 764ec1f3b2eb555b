//! A real server: sockets, workers, and clients that disconnect.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use auth_metrics::AuthMetrics;
use auth_metrics::events::{Event, Forwarded};
use auth_metrics_actix::{AttemptMiddleware, ContextMiddleware, scrape_route};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::{OP, counted, observed, run};

/// What the handler that hangs says.
#[derive(Clone)]
struct Line {
    reached: Arc<Semaphore>,
    answer: Arc<Semaphore>,
    dropped: Arc<Semaphore>,
}

struct Dropped(Arc<Semaphore>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

async fn hang(line: web::Data<Line>) -> HttpResponse {
    let _dropped = Dropped(Arc::clone(&line.dropped));
    line.reached.add_permits(1);
    line.answer.acquire().await.unwrap().forget();
    HttpResponse::Ok().finish()
}

/// Starts a server. Its handle stops it.
fn start(metrics: &AuthMetrics, line: &Line, finishes: bool) -> (actix_web::dev::ServerHandle, SocketAddr) {
    let (line, metrics) = (web::Data::new(line.clone()), metrics.clone());
    let gate = AttemptMiddleware::new(OP).metrics(&metrics);
    let context = ContextMiddleware::new().peer(Forwarded::trusting_networks(["10.0.0.0/8"]).unwrap());
    let app = move || {
        let routes = web::scope("/gate")
            .route("/ok", web::get().to(HttpResponse::Ok))
            .route("/refused", web::get().to(HttpResponse::Forbidden))
            .route("/hang", web::get().to(hang))
            .wrap(gate.clone());
        App::new()
            .app_data(line.clone())
            .service(routes)
            .route("/metrics", scrape_route(&metrics))
            .wrap(context.clone())
    };
    let server = HttpServer::new(app)
        .workers(2)
        .disable_signals()
        .h1_allow_half_closed(finishes)
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (handle, address)
}

async fn connect(address: SocketAddr, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.7\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

async fn get(address: SocketAddr, path: &str) -> String {
    let mut text = String::new();
    connect(address, path).await.read_to_string(&mut text).await.unwrap();
    text
}

/// What is counted after requests of which two hang until their clients have gone.
fn counts(finishes: bool) -> BTreeMap<&'static str, u64> {
    let (metrics, events) = observed();
    let [reached, answer, dropped] = [(); 3].map(|()| Arc::new(Semaphore::new(0)));
    let line = Line { reached, answer, dropped };
    run(async {
        let (server, address) = start(&metrics, &line, finishes);
        let first = get(address, "/metrics").await;
        assert!(first.contains("operation=\"gate\",failure_reason=\"permission_denied\"} 0\n"), "{first}");

        assert!(get(address, "/gate/ok").await.starts_with("HTTP/1.1 200"));
        assert!(get(address, "/gate/refused").await.starts_with("HTTP/1.1 403"));
        let waiting = [connect(address, "/gate/hang").await, connect(address, "/gate/hang").await];
        line.reached.acquire_many(2).await.unwrap().forget();
        let scrape = get(address, "/metrics").await;
        assert!(scrape.contains("auth_operations_in_flight{service_id=\"gateway\",operation=\"gate\"} 2\n"));

        drop(waiting);
        line.answer.add_permits(if finishes { 2 } else { 0 });
        line.dropped.acquire_many(2).await.unwrap().forget();
        server.stop(true).await;
    });
    // None of them came through a proxy.
    let peers: Vec<_> = events(OP).iter().map(Event::peer).collect();
    assert_eq!(peers, [std::net::Ipv4Addr::LOCALHOST.into(); 4].map(Some));
    counted(&metrics, OP)
}

#[test]
fn clients_that_disconnect_are_cancelled_where_the_server_drops_their_requests() {
    let expected = [("success", 1), ("permission_denied", 1), ("cancelled", 2)];
    assert_eq!(counts(false), BTreeMap::from(expected));
}

#[test]
fn requests_that_the_server_finishes_count_as_they_end() {
    assert_eq!(counts(true), BTreeMap::from([("success", 3), ("permission_denied", 1)]));
}
