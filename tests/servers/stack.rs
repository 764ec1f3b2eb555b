//! The real parts that tests run against, as programs that end with the test.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// For everything that takes its time: a Prometheus looks for its targets five seconds after its start at the earliest.
pub(crate) const DEADLINE: Duration = Duration::from_secs(150);

/// A program that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    #[track_caller]
    pub(crate) fn start(command: &mut Command, missing: &str) -> Running {
        let started = command.stdin(Stdio::null()).spawn();
        Running(
            started.unwrap_or_else(|error| panic!("{}: {error}: {missing}", command.get_program().display())),
        )
    }

    /// Fails the test if the program has ended.
    pub(crate) fn assert_up(&mut self, what: &str, log: &Path) {
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
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
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
pub(crate) fn http(address: SocketAddr, head: &str, body: &str) -> Result<String, String> {
    http_with(address, head, "Content-Type: application/json", body)
}

/// The same with a header of one's own.
pub(crate) fn http_with(address: SocketAddr, head: &str, header: &str, body: &str) -> Result<String, String> {
    let exchange = || {
        let mut stream = TcpStream::connect_timeout(&address, DEADLINE)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        let length = body.len();
        let headers = format!("Host: {address}\r\n{header}\r\nContent-Length: {length}");
        write!(stream, "{head} HTTP/1.0\r\n{headers}\r\n\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    exchange().map_err(|error: std::io::Error| error.to_string())
}

/// An expression as part of a URL.
pub(crate) fn encoded(expression: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let encode = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    expression.bytes().map(encode).collect()
}

/// The values that a query of the Prometheus API gives now.
pub(crate) fn query(prometheus: SocketAddr, expression: &str) -> Result<Vec<String>, String> {
    let encoded = encoded(expression);
    let answer = http(prometheus, &format!("GET /api/v1/query?query={encoded}"), "")?;
    if !answer.contains("\"status\":\"success\"") {
        return Err(answer);
    }
    let values = answer.split("\"value\":[").skip(1).filter_map(|value| value.split('"').nth(1));
    Ok(values.map(str::to_owned).collect())
}

/// An empty folder of this test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// An address that nobody listens on.
fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// A server that is told where to listen by an argument, and ready once `/-/ready` says so.
fn server(
    program: &str,
    package: &str,
    folder: &Path,
    listen: &str,
    arguments: &[String],
) -> (Running, SocketAddr) {
    let (address, log) = (free_address(), folder.join("log"));
    let mut command = Command::new(program);
    command.arg(format!("{listen}={address}")).args(arguments);
    command.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap());
    let missing = format!("install Debian's package {package}, or run ./check");
    let mut running = Running::start(&mut command, &missing);
    eventually(program, || {
        running.assert_up(program, &log);
        let answer = http(address, "GET /-/ready", "")?;
        if answer.starts_with("HTTP/1.0 200 ") { Ok(()) } else { Err(answer) }
    });
    (running, address)
}

/// A Prometheus on what is in a folder: `prometheus.yml`, and `data` if there is any yet.
pub(crate) fn prometheus(folder: &Path) -> (Running, SocketAddr) {
    prometheus_of("prometheus", folder, &[])
}

/// The same with a Prometheus of one's own and further arguments.
pub(crate) fn prometheus_of(program: &str, folder: &Path, flags: &[&str]) -> (Running, SocketAddr) {
    let mut arguments = vec![
        format!("--config.file={}", folder.join("prometheus.yml").display()),
        format!("--storage.tsdb.path={}", folder.join("data").display()),
        "--storage.tsdb.retention.time=60d".to_owned(),
    ];
    arguments.extend(flags.iter().map(|flag| (*flag).to_owned()));
    server(program, "prometheus", folder, "--web.listen-address", &arguments)
}

/// A `VictoriaMetrics` that keeps its data and its log in a folder.
pub(crate) fn victoria_storage(folder: &Path, flags: &[String]) -> (Running, SocketAddr) {
    victoria_storage_of("victoria-metrics", folder, flags)
}

/// The same with a `VictoriaMetrics` of one's own.
pub(crate) fn victoria_storage_of(program: &str, folder: &Path, flags: &[String]) -> (Running, SocketAddr) {
    let mut arguments =
        vec![format!("-storageDataPath={}", folder.display()), "-search.latencyOffset=1s".to_owned()];
    arguments.extend_from_slice(flags);
    server(program, "victoria-metrics", folder, "-httpListenAddr", &arguments)
}

/// A `VictoriaMetrics` that scrapes what the `prometheus.yml` of a folder says, and a vmalert that runs the folder's `rules.yml` on it.
pub(crate) fn victoria_metrics(folder: &Path, alertmanager: SocketAddr) -> ([Running; 2], SocketAddr) {
    let data = folder.join("victoria");
    fs::create_dir_all(&data).unwrap();
    // It refuses what it does not know of a configuration unless told not to.
    let arguments = [
        format!("-promscrape.config={}", folder.join("prometheus.yml").display()),
        "-promscrape.config.strictParse=false".to_owned(),
    ];
    let (storage, api) = victoria_storage(&data, &arguments);
    let arguments = [
        format!("-rule={}", folder.join("rules.yml").display()),
        format!("-datasource.url=http://{api}"),
        format!("-remoteWrite.url=http://{api}"),
        format!("-notifier.url=http://{alertmanager}"),
        "-evaluationInterval=1s".to_owned(),
        "-remoteWrite.flushInterval=1s".to_owned(),
    ];
    let log = fs::File::create(folder.join("vmalert.log")).unwrap();
    let mut command = Command::new("vmalert");
    command.arg(format!("-httpListenAddr={}", free_address())).args(arguments);
    command.stdout(Stdio::null()).stderr(log);
    let alerting = Running::start(&mut command, "install Debian's package victoria-metrics, or run ./check");
    ([storage, alerting], api)
}

/// An Alertmanager on the `alertmanager.yml` of a folder.
pub(crate) fn alertmanager(folder: &Path) -> (Running, SocketAddr) {
    let arguments = [
        format!("--config.file={}", folder.join("alertmanager.yml").display()),
        format!("--storage.path={}", folder.join("alerts").display()),
        "--cluster.listen-address=".to_owned(),
    ];
    server("prometheus-alertmanager", "prometheus-alertmanager", folder, "--web.listen-address", &arguments)
}

pub(crate) struct Service {
    pub(crate) running: Running,
    pub(crate) address: SocketAddr,
    pub(crate) metrics: SocketAddr,
    /// What it goes on to say.
    pub(crate) lines: std::io::Lines<BufReader<ChildStdout>>,
}

/// Starts the example service on free ports; it tells where it listens.
pub(crate) fn service(arguments: &[&str]) -> Service {
    let binary = std::env::var_os("AUTH_SERVICE_BIN").expect(
        "AUTH_SERVICE_BIN must be the path of the built auth_service: run ./check, \
         or `cargo build -p auth-metrics-examples` and set it to target/debug/auth_service",
    );
    let mut command = Command::new(&binary);
    command
        .args(["--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped());
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
    Service { running, address, metrics, lines }
}
