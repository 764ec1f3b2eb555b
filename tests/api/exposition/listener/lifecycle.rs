//! How a listener starts and ends.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use auth_metrics::serve::{ListenError, Listener, Server};
use auth_metrics::{AuthMetrics, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;

use super::{Answer, DEADLINE, get, listener, rest_of, serve, shut_down};
use crate::fixture::{builder, handle};
use auth_metrics_tests_scrape::Scrape;

const SCRAPE: &[u8] = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Whether nobody listens there.
async fn is_closed(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

#[tokio::test]
async fn address_in_use_is_an_error_that_says_what_to_do() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = Listener::new(&handle()).bind(address).start().await.unwrap_err();
    let ListenError::Bind { address: named, source } = &error else { panic!("{error:?}") };
    assert_eq!((*named, source.kind()), (address, ErrorKind::AddrInUse));
    let text = error.to_string();
    assert!(text.contains(&address.to_string()) && text.contains("port 0 for a free one"), "{text}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn address_of_another_machine_is_an_error() {
    let elsewhere = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 9464));
    let error = Listener::new(&handle()).bind(elsewhere).start().await.unwrap_err();
    assert!(matches!(error, ListenError::Bind { address, .. } if address == elsewhere), "{error:?}");
}

#[tokio::test]
async fn listener_is_on_loopback_and_the_port_of_prometheus_exporters_unless_told_otherwise() {
    let debugged = format!("{:?}", Listener::new(&handle()));
    assert!(debugged.contains("127.0.0.1:9464"), "{debugged}");
}

#[tokio::test]
async fn two_listeners_show_two_handles() {
    let handles = ["one", "two"].map(|service| AuthMetrics::builder().service_id(service).build().unwrap());
    for metrics in &handles {
        metrics.record_successful_auth(metrics.service_id());
    }
    let servers = [serve(&handles[0]).await, serve(&handles[1]).await];
    for (server, metrics) in servers.iter().zip(&handles) {
        let scrape = Scrape::read(&get(server.local_addr(), "/metrics").await.body);
        let succeeded = scrape.family("service_auth_successful_total").samples.iter();
        let services: Vec<_> = succeeded.filter_map(|sample| sample.label("service_id")).collect();
        assert_eq!(services, [metrics.service_id()]);
    }
}

#[tokio::test]
async fn two_listeners_can_show_one_handle() {
    let metrics = handle();
    let servers = [serve(&metrics).await, serve(&metrics).await];
    for server in servers {
        assert_eq!(get(server.local_addr(), "/metrics").await.body, metrics.encode_text());
        shut_down(server).await;
    }
}

#[tokio::test]
async fn shutdown_closes_the_port_before_it_returns() {
    let server = serve(&handle()).await;
    let address = server.local_addr();
    assert_eq!(get(address, "/metrics").await.status, 200);
    shut_down(server).await;
    assert!(is_closed(address).await);
}

#[tokio::test]
async fn port_can_be_listened_on_again_after_a_shutdown() {
    let metrics = handle();
    let server = serve(&metrics).await;
    let address = server.local_addr();
    shut_down(server).await;
    let server = Listener::new(&metrics).bind(address).start().await.unwrap();
    assert_eq!(get(address, "/metrics").await.status, 200);
    drop(server);
}

#[tokio::test(start_paused = true)]
async fn shutdown_does_not_wait_for_a_client_that_sends_nothing() {
    let server = serve(&handle()).await;
    let address = server.local_addr();
    let mut silent = TcpStream::connect(address).await.unwrap();
    // Clients are taken in their order: once the second is answered, the first is being waited for.
    assert_eq!(get(address, "/metrics").await.status, 200);
    let start = Instant::now();
    shut_down(server).await;
    assert_eq!(start.elapsed().as_secs(), 0);
    assert_eq!(silent.read(&mut [0; 1]).await.unwrap(), 0);
}

/// A handle whose scrape is larger than what the sockets between listener and client can hold.
pub(super) fn long_scrape() -> (AuthMetrics, String) {
    let metrics = builder().max_services(1_000).build().unwrap();
    for service in 0..999 {
        for op in ["login", "verify", "refresh"] {
            metrics.attempt_for(&format!("service-{service:0>100}"), op).finish(Outcome::Success);
        }
    }
    let text = metrics.encode_text();
    assert!(text.len() > 8 * 1024 * 1024, "{}", text.len());
    (metrics, text)
}

/// A client that has read the beginning of a long answer, and the beginning.
pub(super) async fn reading(server: &Server) -> (TcpStream, Vec<u8>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut client = socket.connect(server.local_addr()).await.unwrap();
    client.write_all(SCRAPE).await.unwrap();
    let mut beginning = vec![0; 64];
    client.read_exact(&mut beginning).await.unwrap();
    (client, beginning)
}

#[tokio::test]
async fn shutdown_lets_an_answer_under_way_end() {
    let (metrics, text) = long_scrape();
    let server = serve(&metrics).await;
    let (mut client, beginning) = reading(&server).await;
    let shutdown = tokio::spawn(shut_down(server));
    let mut answer = String::from_utf8(beginning).unwrap();
    answer.push_str(&rest_of(&mut client).await);
    let answer = Answer::of(&answer);
    assert_eq!((answer.status, answer.body.len(), answer.body == text), (200, text.len(), true));
    shutdown.await.unwrap();
}

#[tokio::test]
async fn shutdown_closes_the_port_while_an_answer_is_under_way() {
    let (metrics, _) = long_scrape();
    let server = serve(&metrics).await;
    let address = server.local_addr();
    let (client, _) = reading(&server).await;
    let shutdown = tokio::spawn(shut_down(server));
    closed_before(DEADLINE, address).await;
    assert!(!shutdown.is_finished());
    drop(client);
    shutdown.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn shutdown_cuts_off_a_client_that_does_not_take_its_answer_after_five_seconds() {
    let (metrics, _) = long_scrape();
    let server = serve(&metrics).await;
    let (client, _) = reading(&server).await;
    let start = Instant::now();
    shut_down(server).await;
    assert_eq!(start.elapsed().as_secs(), 5);
    drop(client);
}

/// Asks until nobody listens there any more.
async fn closed_before(deadline: Duration, address: SocketAddr) {
    let closed = async {
        while !is_closed(address).await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(deadline, closed).await.expect("the port is closed");
}

#[tokio::test]
async fn dropped_server_stops_listening() {
    let server = listener(&handle()).start().await.unwrap();
    let address = server.local_addr();
    assert_eq!(get(address, "/metrics").await.status, 200);
    drop(server);
    closed_before(DEADLINE, address).await;
}
