//! What Alertmanager tells.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A receiver of notifications. Its thread ends with the process.
pub(crate) struct Webhook {
    pub(crate) address: SocketAddr,
    fired: Arc<Mutex<BTreeSet<String>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Webhook {
    pub(crate) fn start() -> Webhook {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (address, fired) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(BTreeSet::new())));
        let bodies = Arc::<Mutex<Vec<String>>>::default();
        let (heard, kept) = (Arc::clone(&fired), Arc::clone(&bodies));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let body = answered(stream).unwrap_or_default();
                let alerts = body.split("{\"status\":\"firing\",\"labels\":{\"alertname\":\"").skip(1);
                heard
                    .lock()
                    .unwrap()
                    .extend(alerts.filter_map(|alert| alert.split('"').next()).map(str::to_owned));
                kept.lock().unwrap().push(body);
            }
        });
        Webhook { address, fired, bodies }
    }

    /// The notifications so far, as Alertmanager writes them.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// The names of the alerts that have fired.
    pub(crate) fn fired(&self) -> BTreeSet<String> {
        self.fired.lock().unwrap().clone()
    }
}

/// The body of a request, which is answered.
fn answered(stream: TcpStream) -> std::io::Result<String> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}
