//! A Prometheus on the blocks of a folder, and questions to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::calendar::{Minute, seconds};

const START_WITHIN: Duration = Duration::from_secs(60);
const ANSWER_WITHIN: Duration = Duration::from_secs(600);

/// A Prometheus that ends with this value.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
}

/// A series of an answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Course {
    pub metric: BTreeMap<String, String>,
    /// Seconds since 1970, and the value as it is spelled.
    pub values: Vec<(f64, String)>,
}

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<Course>,
}

impl Prometheus {
    /// Starts on a folder's `data`.
    ///
    /// # Errors
    ///
    /// If it can't be started, or is not ready within a minute.
    pub fn start(folder: &Path) -> Result<Prometheus, String> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.map_err(|error| error.to_string())?;
        let (config, log) = (folder.join("prometheus.yml"), folder.join("prometheus.log"));
        fs::write(&config, "global: {}\n").map_err(|error| error.to_string())?;
        let log_file = File::create(&log).map_err(|error| error.to_string())?;
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            // A world is years old when it is looked at.
            .arg("--storage.tsdb.retention.time=100y")
            .args(["--query.max-samples=1000000000", "--query.timeout=10m"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file);
        let child = command.spawn().map_err(|error| format!("prometheus: {error}"))?;
        let mut started = Prometheus { child, address };
        let begin = Instant::now();
        while begin.elapsed() < START_WITHIN {
            if started.child.try_wait().map_err(|error| error.to_string())?.is_some() {
                break;
            }
            if started
                .exchange("GET /-/ready HTTP/1.0\r\n\r\n")
                .is_ok_and(|answer| answer.starts_with(b"HTTP/1.0 200"))
            {
                return Ok(started);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("prometheus is not ready:\n{}", fs::read_to_string(&log).unwrap_or_default()))
    }

    /// Asks for an expression at each minute from one to before another.
    ///
    /// # Errors
    ///
    /// If Prometheus refuses the expression, or does not answer.
    pub fn courses(&self, expression: &str, from: Minute, to: Minute) -> Result<Vec<Course>, String> {
        let mut body = String::from("query=");
        for byte in expression.bytes() {
            if byte.is_ascii_alphanumeric() {
                body.push(char::from(byte));
            } else {
                write!(body, "%{byte:02X}").map_err(|error| error.to_string())?;
            }
        }
        write!(body, "&start={}&end={}&step=60", seconds(from), seconds(to - 1))
            .map_err(|error| error.to_string())?;
        let request = format!(
            "POST /api/v1/query_range HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.exchange(&request).map_err(|error| format!("{expression}: {error}"))?;
        let end_of_head =
            answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
        let answer: Answer = serde_json::from_slice(&answer[end_of_head..])
            .map_err(|error| format!("{expression}: the answer is no JSON: {error}"))?;
        if let Some(error) = answer.error {
            return Err(format!("{expression}: {error}"));
        }
        Ok(answer.data.map(|data| data.result).unwrap_or_default())
    }

    fn exchange(&self, request: &str) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect_timeout(&self.address, ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
