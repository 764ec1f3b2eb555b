//! A router of somebody's own: `AuthMetrics::scrape`, or a registry, behind a few lines of HTTP.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use auth_metrics::AuthMetrics;
use auth_metrics::prometheus::{Registry, TextEncoder};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

/// Serves a handle at `/metrics` by what a scraper accepts, at `/text` as text, at `/turns` in turns, and at `/registry` as a registry
/// has it. Its thread ends with the process.
pub(super) fn serve(metrics: &AuthMetrics) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (metrics, turns) = (metrics.clone(), AtomicUsize::new(0));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // A scraper that hangs up is its own affair.
            drop(answer(stream, &metrics, &turns));
        }
    });
    address
}

fn answer(mut stream: TcpStream, metrics: &AuthMetrics, turns: &AtomicUsize) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut headers = HeaderMap::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ") {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
    }
    let is_registry = request.contains(" /registry ");
    let is_text = is_registry
        || request.contains(" /text ")
        || request.contains(" /turns ") && turns.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
    if is_text {
        headers.remove(ACCEPT);
    }
    let mut response = metrics.scrape(&headers);
    if is_registry {
        let registry = Registry::new();
        metrics.register(&registry).unwrap();
        *response.body_mut() = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    }
    let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap();
    let length = response.body().len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(response.body().as_bytes())
}
