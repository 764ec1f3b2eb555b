//! The text in front of the real parts: Debian's promtool and Prometheus, the example service as a program of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{builder, busy};

/// For everything that takes its time: a Prometheus looks for its targets five seconds after its start at the earliest.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program that ends with the test.
struct Running(Child);

impl Running {
    #[track_caller]
    fn start(command: &mut Command, missing: &str) -> Running {
        let started = command.stdin(Stdio::null()).spawn();
        Running(
            started.unwrap_or_else(|error| panic!("{}: {error}: {missing}", command.get_program().display())),
        )
    }

    /// Fails the test if the program has ended.
    fn assert_up(&mut self, what: &str, log: &Path) {
        if let Some(status) = self.0.try_wait().unwrap() {
            panic!("{what} has ended, {status}:\n{}", fs::read_to_string(log).unwrap_or_default());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Asks again and again until there is an answer.
fn eventually<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(answer) if start.elapsed() > DEADLINE => panic!("no {what} in {DEADLINE:?}, but {answer}"),
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// The status line, headers and body of an answer over HTTP/1.0, which is never chunked.
fn http(address: SocketAddr, head: &str, body: &str) -> Result<String, String> {
    let exchange = || {
        let mut stream = TcpStream::connect_timeout(&address, DEADLINE)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        let length = body.len();
        let headers =
            format!("Host: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}");
        write!(stream, "{head} HTTP/1.0\r\n{headers}\r\n\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    exchange().map_err(|error: std::io::Error| error.to_string())
}

/// The values that a query of the Prometheus API gives now.
fn query(prometheus: SocketAddr, expression: &str) -> Result<Vec<String>, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let encoded: String = expression
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let answer = http(prometheus, &format!("GET /api/v1/query?query={encoded}"), "")?;
    if !answer.contains("\"status\":\"success\"") {
        return Err(answer);
    }
    let values = answer.split("\"value\":[").skip(1).filter_map(|value| value.split('"').nth(1));
    Ok(values.map(str::to_owned).collect())
}

/// Queries until the values are as expected.
fn query_until(prometheus: SocketAddr, expression: &str, expected: impl Fn(&[String]) -> bool) {
    eventually(expression, || {
        let values = query(prometheus, expression)?;
        if expected(&values) { Ok(()) } else { Err(format!("{values:?}")) }
    });
}

struct Service {
    _running: Running,
    address: SocketAddr,
    metrics: SocketAddr,
}

/// Starts the example service on free ports; it tells where it listens.
fn service() -> Service {
    let binary = std::env::var_os("AUTH_SERVICE_BIN").expect(
        "AUTH_SERVICE_BIN must be the path of the built auth_service: run ./check, \
         or `cargo build -p auth-metrics-examples` and set it to target/debug/auth_service",
    );
    let mut command = Command::new(&binary);
    command.args(["--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut running =
        Running::start(&mut command, "AUTH_SERVICE_BIN must be the path of the built auth_service");
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut told = |name: &str| -> SocketAddr {
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.trim_start().starts_with(name));
        let line = line.unwrap_or_else(|| panic!("the service ends without telling its {name}"));
        let url = line.split("http://").nth(1).unwrap_or_else(|| panic!("no URL: {line}"));
        url.split('/')
            .next()
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("no address: {line}"))
    };
    let (address, metrics) = (told("service"), told("metrics"));
    Service { _running: running, address, metrics }
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A Prometheus that scrapes one target every second.
fn prometheus(target: SocketAddr) -> (Running, SocketAddr) {
    let folder = folder("prometheus");
    let config = format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: auth, static_configs: [{{targets: ['{target}']}}]}}]\n"
    );
    fs::write(folder.join("prometheus.yml"), config).unwrap();
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = port.local_addr().unwrap();
    drop(port);
    let log = folder.join("log");
    let mut command = Command::new("prometheus");
    command
        .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap());
    let mut running = Running::start(&mut command, "install Debian's package prometheus, or run ./check");
    eventually("ready Prometheus", || {
        running.assert_up("Prometheus", &log);
        let answer = http(address, "GET /-/ready", "")?;
        if answer.starts_with("HTTP/1.0 200 ") { Ok(()) } else { Err(answer) }
    });
    (running, address)
}

#[test]
#[ignore = "needs Debian's prometheus package; ./check runs it"]
fn text_of_a_busy_handle_passes_promtool() {
    let metrics = builder().const_labels([("region", "eu \"\\\n")]).build().unwrap();
    let _in_flight = busy(&metrics);
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool =
        command.spawn().expect("promtool is needed: install Debian's package prometheus, or run ./check");
    promtool.stdin.take().unwrap().write_all(metrics.encode_text().as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success() && said.is_empty(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&said)
    );
}

#[test]
#[ignore = "needs Debian's prometheus package and the built example; ./check runs it"]
fn prometheus_scrapes_the_example_service_and_sees_its_counts_conserved() {
    let service = service();
    let (_prometheus, api) = prometheus(service.metrics);
    query_until(api, "up", |values| values == ["1"]);
    query_until(api, "auth_operations_started_total{operation=\"login\"}", |values| values == ["0"]);

    for _ in 0..3 {
        let body = r#"{"id":"nobody-001","password":"wrong"}"#;
        let answer = http(service.address, "POST /login", body).unwrap();
        assert!(answer.starts_with("HTTP/1.0 401 ") || answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    query_until(api, "auth_operations_started_total{operation=\"login\"}", |values| values == ["3"]);
    query_until(
        api,
        "increase(auth_operations_total{operation=\"login\",outcome=\"rejected\"}[1m]) > 0",
        |values| values.len() == 1,
    );
    let ended = "sum by (service_id, operation) (auth_operations_total)";
    let in_flight = "sum by (service_id, operation) (auth_operations_in_flight)";
    let broken =
        format!("auth_operations_started_total != on (service_id, operation) ({ended} + {in_flight})");
    assert_eq!(query(api, &broken).unwrap(), Vec::<String>::new());
    let whole =
        format!("auth_operations_started_total == on (service_id, operation) ({ended} + {in_flight})");
    assert!(query(api, &whole).unwrap().len() > 3);
    let unknown = query(api, "auth_operation_failures_total{failure_reason=\"unknown_subject\"}");
    assert_eq!(unknown.unwrap(), Vec::<String>::new());
}
