//! The `/metrics` listener over raw sockets: what it answers, whom it lets wait, how it starts and ends.

mod answers;
mod clients;
mod encodings;
mod flight;
mod hosts;
mod lifecycle;
mod page;
mod served;
mod tokens;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics::serve::{Listener, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No answer of a listener on this machine takes longer; a test that waits so long has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// A listener on a free port of this machine.
fn listener(metrics: &AuthMetrics) -> Listener {
    Listener::new(metrics).bind((Ipv4Addr::LOCALHOST, 0))
}

async fn serve(metrics: &AuthMetrics) -> Server {
    listener(metrics).start().await.unwrap()
}

/// Shuts a listener down; one that hangs fails the test.
async fn shut_down(server: Server) {
    tokio::time::timeout(DEADLINE, server.shutdown()).await.expect("the listener shuts down");
}

/// One answer, taken apart.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    #[track_caller]
    fn of(text: &str) -> Answer {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")).and_then(|line| line.get(..3));
        let status = status.and_then(|status| status.parse().ok());
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Answer { status: status.unwrap(), headers: headers.collect(), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }
}

/// Everything the listener says until it closes the connection.
async fn rest_of(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut text)).await;
    read.expect("the listener closes the connection").unwrap();
    String::from_utf8(text).unwrap()
}

/// Sends these bytes and reads the one answer.
async fn exchange(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    Answer::of(&rest_of(&mut stream).await)
}

async fn request(address: SocketAddr, line: &str, headers: &str) -> Answer {
    exchange(address, &format!("{line} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"))
        .await
}

async fn get(address: SocketAddr, path: &str) -> Answer {
    request(address, &format!("GET {path}"), "").await
}

/// Reads one answer with a `Content-Length` and leaves the connection open.
async fn next_answer(stream: &mut TcpStream) -> Answer {
    let mut text = Vec::new();
    loop {
        let read = tokio::time::timeout(DEADLINE, stream.read_buf(&mut text))
            .await
            .expect("an answer comes")
            .unwrap();
        assert_ne!(
            read,
            0,
            "the connection was closed within an answer: {:?}",
            String::from_utf8_lossy(&text)
        );
        let so_far = String::from_utf8_lossy(&text);
        if so_far.contains("\r\n\r\n") {
            let answer = Answer::of(&so_far);
            let length = answer.header("content-length").and_then(|length| length.parse().ok());
            if answer.body.len() == length.unwrap_or(usize::MAX) {
                return answer;
            }
        }
    }
}
