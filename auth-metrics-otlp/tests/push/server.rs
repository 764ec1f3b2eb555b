//! A server on loopback that does what it is told, one act for each request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message;

use crate::receiver::Receiver;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Take,
    /// It says something that is no message.
    TakeAndLie,
    /// It says that it took fewer points than there were.
    TakeBut(usize),
    /// It takes the request and closes the connection.
    TakeAndDrop,
    /// It takes the request, and the status line ends in the middle.
    TakeAndBreak,
    /// It takes the request and says nothing, for as long as somebody listens.
    TakeAndHang,
    /// It takes the request, and its answer has 200 MB.
    TakeAndFlood,
    /// It takes the request, and its answer never ends.
    TakeAndTrickle,
    /// The connection ends before the request is read.
    Drop,
    /// Nothing is read, and nothing is said.
    Hang,
    /// A status, and nothing taken.
    Status(u16),
}

#[derive(Default)]
struct State {
    acts: Vec<Act>,
    receiver: Receiver,
    heads: Vec<String>,
    /// What hangs is held open.
    held: Vec<TcpStream>,
}

/// Tells the server what to do, and asks what it has.
#[derive(Clone)]
pub(crate) struct Server {
    state: Arc<Mutex<State>>,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server { state: Arc::default(), port };
        let own = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let own = own.clone();
                thread::spawn(move || own.serve(stream.unwrap()));
            }
        });
        server
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn then(&self, acts: &[Act]) {
        self.lock().acts.extend(acts);
    }

    /// From now on it takes everything.
    pub(crate) fn calm_down(&self) {
        self.lock().acts.clear();
    }

    pub(crate) fn with_receiver<T>(&self, work: impl FnOnce(&Receiver) -> T) -> T {
        work(&self.lock().receiver)
    }

    /// The request lines and headers so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.lock().heads.clone()
    }

    fn serve(&self, mut stream: TcpStream) {
        let act = {
            let mut state = self.lock();
            if state.acts.is_empty() { Act::Take } else { state.acts.remove(0) }
        };
        match act {
            Act::Drop => return,
            Act::Hang => return self.lock().held.push(stream),
            _ => {}
        }
        let Some((head, request)) = read(&stream) else { return };
        let mut rejected = 0;
        {
            let mut state = self.lock();
            state.heads.push(head);
            match act {
                Act::Status(_) => {}
                Act::TakeBut(points) => rejected = state.receiver.take(&request, points),
                _ => rejected = state.receiver.take(&request, 0),
            }
        }
        // Who no longer listens does not matter.
        let _ = self.answer(&mut stream, act, rejected);
    }

    fn answer(&self, stream: &mut TcpStream, act: Act, rejected: u64) -> std::io::Result<()> {
        match act {
            Act::TakeAndDrop => Ok(()),
            Act::TakeAndBreak => stream.write_all(b"HTTP/1.1 2"),
            Act::TakeAndHang => {
                self.lock().held.push(stream.try_clone()?);
                Ok(())
            }
            Act::TakeAndFlood => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")?;
                (0..25_000).try_for_each(|_| stream.write_all(&[0; 8_000]))
            }
            Act::TakeAndTrickle => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
                loop {
                    stream.write_all(b"1\r\n\0\r\n")?;
                    thread::yield_now();
                }
            }
            Act::TakeAndLie => respond(stream, 200, "", b"\xff\xff\xff not a message"),
            Act::Status(status @ (301 | 307 | 308)) => {
                let elsewhere = format!("Location: http://127.0.0.1:{}/elsewhere\r\n", self.port);
                respond(stream, status, &elsewhere, b"")
            }
            Act::Status(status) => respond(stream, status, "Retry-After: 3\r\n", b"go away"),
            _ => respond(stream, 200, "", &response(rejected).encode_to_vec()),
        }
    }
}

fn response(rejected: u64) -> ExportMetricsServiceResponse {
    let partial = ExportMetricsPartialSuccess {
        rejected_data_points: rejected.try_into().unwrap(),
        error_message: "the secret of the server".to_owned(),
    };
    ExportMetricsServiceResponse { partial_success: (rejected > 0).then_some(partial) }
}

fn respond(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Status\r\n{headers}Content-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())
}

/// The head of a request and its message; none if the client has gone.
fn read(stream: &TcpStream) -> Option<(String, ExportMetricsServiceRequest)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, ExportMetricsServiceRequest::decode(&body[..]).unwrap()))
}
