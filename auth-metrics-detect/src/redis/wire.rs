//! Connections to a real server. A server that hangs, drips or floods is left after half a second, or after so many bytes.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use ::redis::{Client, Connection, ConnectionAddr, ConnectionInfo, Parser, Pipeline, Value, pipe};

use super::link::{Connect, Link, Trouble};

const TIMEOUT: Duration = Duration::from_millis(500);
/// The answers of an exchange have some 60 KiB at most.
const LONGEST: usize = 256 << 10;
/// Addresses of a host that are tried.
const ADDRESSES: usize = 4;

/// Connects to where the user said.
pub(super) struct Wires(pub(super) ConnectionInfo);

/// A connection without TLS.
struct Wire {
    stream: Stream,
    parser: Parser,
}

enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Connect for Wires {
    fn connect(&mut self) -> Result<Box<dyn Link>, Trouble> {
        let stream = match self.0.addr() {
            ConnectionAddr::Tcp(host, port) => Stream::Tcp(tcp(host, *port).map_err(|_| Trouble::Closed)?),
            #[cfg(unix)]
            ConnectionAddr::Unix(path) => {
                Stream::Unix(UnixStream::connect(path).map_err(|_| Trouble::Closed)?)
            }
            _ => return secured(&self.0),
        };
        stream.set_write_timeout().map_err(|_| Trouble::Closed)?;
        let mut wire = Wire { stream, parser: Parser::new() };
        let login = login(&self.0);
        if !login.is_empty() && wire.ask(&login)?.iter().any(|answer| *answer != Value::Okay) {
            return Err(Trouble::Refused);
        }
        Ok(Box::new(wire))
    }
}

fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::ErrorKind::AddrNotAvailable.into();
    for address in (host, port).to_socket_addrs()?.take(ADDRESSES) {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn login(info: &ConnectionInfo) -> Pipeline {
    let (mut pipeline, settings) = (pipe(), info.redis_settings());
    if let Some(password) = settings.password() {
        let command = pipeline.cmd("AUTH");
        if let Some(name) = settings.username() {
            command.arg(name);
        }
        command.arg(password);
    }
    if settings.db() != 0 {
        pipeline.cmd("SELECT").arg(settings.db());
    }
    pipeline
}

impl Stream {
    fn set_write_timeout(&self) -> io::Result<()> {
        match self {
            Stream::Tcp(stream) => stream.set_write_timeout(Some(TIMEOUT)),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.set_write_timeout(Some(TIMEOUT)),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Stream::Tcp(stream) => stream.write_all(bytes),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.write_all(bytes),
        }
    }

    fn read_within(&mut self, buffer: &mut [u8], time: Duration) -> io::Result<usize> {
        match self {
            Stream::Tcp(stream) => {
                stream.set_read_timeout(Some(time))?;
                stream.read(buffer)
            }
            #[cfg(unix)]
            Stream::Unix(stream) => {
                stream.set_read_timeout(Some(time))?;
                stream.read(buffer)
            }
        }
    }
}

impl Link for Wire {
    fn ask(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Trouble> {
        self.stream.write_all(&commands.get_packed_pipeline()).map_err(|error| trouble(&error))?;
        let mut bounded =
            Bounded { stream: &mut self.stream, deadline: Instant::now() + TIMEOUT, read: 0, trouble: None };
        let mut answers = Vec::with_capacity(commands.len());
        for _ in 0..commands.len() {
            let answer = self.parser.parse_value(&mut bounded);
            // If the bytes are at fault and not the reading of them, it is no answer.
            answers.push(answer.map_err(|_| bounded.trouble.unwrap_or(Trouble::Refused))?);
        }
        Ok(answers)
    }
}

/// Whether the peer closed it. What was written in part may have been taken.
fn trouble(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            Trouble::Closed
        }
        _ => Trouble::Silent,
    }
}

/// Reads until a time, and no more than so many bytes.
struct Bounded<'a> {
    stream: &'a mut Stream,
    deadline: Instant,
    read: usize,
    trouble: Option<Trouble>,
}

impl Bounded<'_> {
    fn fail(&mut self, trouble: Trouble) -> io::Error {
        self.trouble = Some(trouble);
        io::ErrorKind::Other.into()
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read >= LONGEST {
            return Err(self.fail(Trouble::Refused));
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.fail(Trouble::Silent));
        }
        let length = buffer.len().min(LONGEST - self.read);
        match self.stream.read_within(&mut buffer[..length], left) {
            Ok(0) if self.read == 0 => Err(self.fail(Trouble::Closed)),
            Ok(0) => Err(self.fail(Trouble::Silent)),
            Ok(count) => {
                self.read += count;
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let trouble = if self.read == 0 { trouble(&error) } else { Trouble::Silent };
                Err(self.fail(trouble))
            }
        }
    }
}

/// A connection with TLS, as the `redis` crate makes it. Only its time is bounded, from byte to byte.
struct Secured(Connection);

fn secured(info: &ConnectionInfo) -> Result<Box<dyn Link>, Trouble> {
    let client = Client::open(info.clone()).map_err(|_| Trouble::Refused)?;
    let connection = client.get_connection_with_timeout(TIMEOUT).map_err(|_| Trouble::Closed)?;
    connection.set_read_timeout(Some(TIMEOUT)).map_err(|_| Trouble::Closed)?;
    connection.set_write_timeout(Some(TIMEOUT)).map_err(|_| Trouble::Closed)?;
    Ok(Box::new(Secured(connection)))
}

impl Link for Secured {
    fn ask(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Trouble> {
        self.0.send_packed_command(&commands.get_packed_pipeline()).map_err(|_| Trouble::Silent)?;
        (0..commands.len()).map(|_| self.0.recv_response().map_err(|_| Trouble::Silent)).collect()
    }
}
