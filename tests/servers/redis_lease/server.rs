//! A Redis that ends with the test.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use auth_metrics_credentials::rotation::RedisLease;

use crate::stack::Running;

/// For everything that takes its time.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    port: u16,
    process: Option<Running>,
}

impl Server {
    pub(crate) fn start() -> Server {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut server = Server { port, process: None };
        server.up();
        server
    }

    /// Starts it on its port, empty.
    pub(crate) fn up(&mut self) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &self.port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        command.current_dir(folder).stdout(Stdio::null());
        let missing = "install Debian's package redis-server, or run ./check";
        self.process = Some(Running::start(&mut command, missing));
        let start = Instant::now();
        while self.ask::<String>(&redis::cmd("PING")).is_err() {
            assert!(start.elapsed() < DEADLINE, "no answer of redis-server");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it, and all that it knows.
    pub(crate) fn down(&mut self) {
        self.process = None;
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn lease(&self) -> RedisLease {
        lease(&self.url())
    }

    /// The time of its clock, in milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        let (seconds, micros): (u64, u64) = self.ask(&redis::cmd("TIME")).unwrap();
        seconds * 1_000 + micros / 1_000
    }

    pub(crate) fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> redis::RedisResult<T> {
        command.query(&mut redis::Client::open(self.url())?.get_connection()?)
    }
}

pub(crate) fn lease(url: &str) -> RedisLease {
    RedisLease::new(redis::Client::open(url).unwrap()).prefix("test")
}
