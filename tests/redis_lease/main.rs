//! The lease that Redis grants, on a real server and between real processes.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use auth_metrics::rotation::{Lease, RedisLease};

const TTL: Duration = Duration::from_millis(1_500);
const NAME: &str = "gateway.signing_key.access_tokens";

/// A server of its own, on a free port, that keeps nothing.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Server {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let arguments = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port"];
        let mut command = Command::new("redis-server");
        command.args(arguments).arg(port.to_string()).stdout(Stdio::null()).current_dir(std::env::temp_dir());
        let process = command.spawn().expect("redis-server is installed");
        let server = Server { process, url: format!("redis://127.0.0.1:{port}/") };
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "redis-server does not answer");
            std::thread::yield_now();
        }
        server
    }

    fn lease(&self) -> RedisLease {
        RedisLease::open(&self.url, "test").unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped by the test.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A replica in a process of its own; it prints a line for everything that happens to it.
struct Holder {
    process: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Holder {
    /// `work` is `hang` or `succeed`.
    fn start(server: &Server, work: &str) -> Holder {
        let test = std::env::current_exe().unwrap();
        let program: PathBuf = test.ancestors().nth(2).unwrap().join("examples/lease_holder");
        let mut command = Command::new(program);
        let mut process =
            command.args([&server.url, work]).stdout(Stdio::piped()).spawn().expect("it is built");
        let lines = BufReader::new(process.stdout.take().unwrap());
        Holder { process, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // `SIGKILL`: nothing of it gets to clean up.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[tokio::test]
#[ignore = "needs Debian's redis-server package; ./check runs it"]
async fn lease_is_held_by_one_and_runs_out() {
    let server = Server::start();
    let (one, other) = (server.lease(), server.lease());
    let grant = one.acquire(NAME, TTL).await.unwrap().expect("it is free");
    assert!(grant.term.is_none());
    assert!(other.acquire(NAME, TTL).await.unwrap().is_none());
    assert!(one.renew(&grant, TTL).await.unwrap());
    let began = Instant::now();
    let second = loop {
        if let Some(second) = other.acquire(NAME, TTL).await.unwrap() {
            break second;
        }
        assert!(began.elapsed() < Duration::from_secs(20));
        tokio::task::yield_now().await;
    };
    assert!(began.elapsed() > TTL / 2, "{:?}", began.elapsed());
    assert!(!one.renew(&grant, TTL).await.unwrap());
    one.release(grant, None).await.unwrap();
    assert!(other.renew(&second, TTL).await.unwrap(), "it is still the second's");
}

#[tokio::test]
#[ignore = "needs Debian's redis-server package; ./check runs it"]
async fn replica_that_is_killed_while_it_rotates_is_succeeded_by_another() {
    let server = Server::start();
    let mut first = Holder::start(&server, "hang");
    assert_eq!(first.line(), "rotating");
    assert!(server.lease().acquire(NAME, TTL).await.unwrap().is_none(), "the first has the lease");
    let mut second = Holder::start(&server, "succeed");
    drop(first);
    assert_eq!(second.line(), "rotating");
    assert_eq!(second.line(), "success 1, cancelled 0");

    // A third replica learns of the rotation and makes none.
    let mut third = Holder::start(&server, "succeed");
    assert_eq!(third.line(), "adopted");
}

#[tokio::test]
#[ignore = "needs Debian's redis-server package; ./check runs it"]
async fn server_that_is_away_is_an_error_and_found_again() {
    let mut server = Server::start();
    let lease = server.lease();
    let grant = lease.acquire(NAME, TTL).await.unwrap().unwrap();
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let error = lease.renew(&grant, TTL).await.unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
    assert!(!format!("{lease:?}").contains("127.0.0.1"), "the URL may have a password in it");
}
