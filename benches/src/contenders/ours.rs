//! auth-metrics: the attribute, in every situation that its users are in.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, mpsc};
use std::thread::Thread;
use std::time::Duration;

use auth_metrics::serve::Listener;
use auth_metrics::{AuthMetrics, auth_metered};

use super::{Contender, Counted, Login, SERVICE, body, drive};
use crate::pin;

/// How many services are known.
pub const SERVICES: usize = 1000;

/// The process's handle.
pub fn process() -> &'static AuthMetrics {
    static METRICS: LazyLock<AuthMetrics> = LazyLock::new(|| {
        let builder = AuthMetrics::builder().service_id(SERVICE).max_services(SERVICES + 1);
        let metrics = builder.build().unwrap();
        metrics.install().unwrap();
        metrics
    });
    &METRICS
}

/// What a handle shows of an operation; fails if it is not the whole truth.
fn counted(metrics: &AuthMetrics, op: &str) -> Counted {
    let snapshot = metrics.snapshot();
    let value = |name: &str, labels: &[(&str, &str)]| {
        let labels = [&[("operation", op)], labels].concat();
        snapshot.value(name, &labels).unwrap_or_else(|| panic!("{name} of {op} is not there")) as u64
    };
    let counted = Counted {
        succeeded: value("auth_operations_total", &[("outcome", "success")]),
        failed: value("auth_operation_failures_total", &[("failure_reason", "invalid_credentials")]),
        observed: value("service_auth_latency_seconds_count", &[]),
    };
    assert_eq!(
        value("auth_operations_started_total", &[]),
        counted.observed,
        "{op}: what started is what ended"
    );
    assert_eq!(value("auth_operations_in_flight", &[]), 0, "{op}: nothing is in flight");
    counted
}

macro_rules! contender {
    ($contender:ident, $op:literal, $name:literal, $note:literal) => {
        pub struct $contender;

        impl Contender for $contender {
            fn name(&self) -> &'static str {
                $name
            }

            fn note(&self) -> &'static str {
                $note
            }

            fn run(&self, calls: u64) {
                #[auth_metered(op = $op)]
                async fn login(n: u64) -> Login {
                    body(n)
                }

                drive(calls, login);
            }

            fn counted(&self) -> Option<Counted> {
                Some(counted(process(), $op))
            }
        }
    };
}

contender!(
    Constant,
    "login",
    "auth-metrics",
    "`#[auth_metered]`, process handle; 22 bounds, start and in-flight counted too"
);
contender!(
    AfterScope,
    "login_after_scope",
    "auth-metrics, once anything was scoped",
    "process handle, in a process that has scopes elsewhere"
);

/// The names of the services, all known before anything is measured.
fn services() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| (0..SERVICES).map(|index| format!("service-{index:04}")).collect());
    &NAMES
}

pub struct OneService;

impl OneService {
    /// Every service is known, and was called.
    pub fn new() -> OneService {
        services().iter().for_each(|service| process().record_service_registration(service));
        drive(SERVICES as u64, |n| one_service(&services()[n as usize], 0));
        OneService
    }
}

#[auth_metered(op = "login_one_of_1000", service = service)]
async fn one_service(service: &str, n: u64) -> Login {
    body(n)
}

impl Contender for OneService {
    fn name(&self) -> &'static str {
        "auth-metrics, dynamic service"
    }

    fn note(&self) -> &'static str {
        "`service = …` named by the call, one of 1,000 known"
    }

    fn run(&self, calls: u64) {
        let service = services()[617].as_str();
        drive(calls, |n| one_service(black_box(service), n));
    }

    fn counted(&self) -> Option<Counted> {
        let mut counted = counted(process(), "login_one_of_1000");
        counted.succeeded -= SERVICES as u64;
        counted.observed -= SERVICES as u64;
        Some(counted)
    }
}

pub struct EveryService;

impl EveryService {
    pub fn new() -> EveryService {
        drive(SERVICES as u64, |n| every_service(&services()[n as usize], 0));
        EveryService
    }
}

#[auth_metered(op = "login_all_of_1000", service = service)]
async fn every_service(service: &str, n: u64) -> Login {
    body(n)
}

impl Contender for EveryService {
    fn name(&self) -> &'static str {
        "auth-metrics, 1,000 services in turn"
    }

    fn note(&self) -> &'static str {
        "a different one of 1,000 known services in every call: the caches' worst case"
    }

    fn run(&self, calls: u64) {
        let services = services();
        drive(calls, |n| every_service(&services[(n * 617) as usize % SERVICES], n));
    }

    fn counted(&self) -> Option<Counted> {
        let mut counted = counted(process(), "login_all_of_1000");
        counted.succeeded -= SERVICES as u64;
        counted.observed -= SERVICES as u64;
        Some(counted)
    }
}

/// A handle that only some code is meant to record into.
pub struct Scoped(AuthMetrics);

impl Scoped {
    pub fn new() -> Scoped {
        Scoped(AuthMetrics::builder().service_id("tenant").build().unwrap())
    }
}

#[auth_metered(op = "login_scoped")]
async fn scoped(n: u64) -> Login {
    body(n)
}

impl Contender for Scoped {
    fn name(&self) -> &'static str {
        "auth-metrics, task-scoped handle"
    }

    fn note(&self) -> &'static str {
        "inside of one `scope`"
    }

    fn run(&self, calls: u64) {
        self.0.in_scope(|| drive(calls, scoped));
    }

    fn counted(&self) -> Option<Counted> {
        Some(counted(&self.0, "login_scoped"))
    }
}

/// Somebody on the second processor who scrapes without pause while it is wanted.
struct Scraper {
    thread: Thread,
    wanted: Arc<AtomicBool>,
    scrapes: Arc<AtomicU64>,
}

impl Scraper {
    fn start(mut scrape: impl FnMut() + Send + 'static) -> Scraper {
        let (wanted, scrapes) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (is_wanted, done) = (Arc::clone(&wanted), Arc::clone(&scrapes));
        let handle = std::thread::spawn(move || {
            pin::this_thread_to(1);
            loop {
                while !is_wanted.load(SeqCst) {
                    std::thread::park();
                }
                scrape();
                done.fetch_add(1, SeqCst);
            }
        });
        Scraper { thread: handle.thread().clone(), wanted, scrapes }
    }

    /// Returns when it is under way, or at rest.
    fn disturb(&self, on: bool) {
        let before = self.scrapes.load(SeqCst);
        self.wanted.store(on, SeqCst);
        if on {
            self.thread.unpark();
            while self.scrapes.load(SeqCst) < before + 2 {
                std::thread::yield_now();
            }
        } else {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

macro_rules! scraped {
    ($contender:ident, $op:literal, $name:literal, $note:literal, $scrape:expr) => {
        pub struct $contender(Scraper);

        impl $contender {
            pub fn new() -> $contender {
                $contender(Scraper::start($scrape))
            }
        }

        impl Contender for $contender {
            fn name(&self) -> &'static str {
                $name
            }

            fn note(&self) -> &'static str {
                $note
            }

            fn run(&self, calls: u64) {
                #[auth_metered(op = $op)]
                async fn login(n: u64) -> Login {
                    body(n)
                }

                drive(calls, login);
            }

            fn counted(&self) -> Option<Counted> {
                Some(counted(process(), $op))
            }

            fn disturb(&self, on: bool) {
                self.0.disturb(on);
            }

            fn is_disturbed(&self) -> bool {
                true
            }
        }
    };
}

scraped!(
    Scraped,
    "login_scraped",
    "auth-metrics, scraped without pause",
    "another thread encodes one scrape after the other",
    || drop(black_box(process().encode_text()))
);
scraped!(
    Served,
    "login_served",
    "auth-metrics, served without pause",
    "the same through the listener of feature `serve`, over HTTP on loopback",
    serve()
);

/// Starts a listener on the second processor; what is returned scrapes it.
fn serve() -> impl FnMut() + Send {
    let (ready, address) = mpsc::channel();
    std::thread::spawn(move || {
        pin::this_thread_to(1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Listener::new(process()).bind(([127, 0, 0, 1], 0)).start().await.unwrap();
            ready.send(server.local_addr()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let address = address.recv().unwrap();
    let mut client = None;
    let mut buffer = vec![0; 1 << 16];
    move || {
        // The listener closes a connection after a minute.
        for _ in 0..2 {
            let stream = client.get_or_insert_with(|| TcpStream::connect(address).unwrap());
            match scrape(stream, &mut buffer) {
                Ok(()) => return,
                Err(_) => client = None,
            }
        }
        panic!("the listener does not answer");
    }
}

/// One scrape, read to its end.
fn scrape(stream: &mut TcpStream, buffer: &mut [u8]) -> std::io::Result<()> {
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let (mut head, mut missing) = (Vec::new(), None);
    loop {
        let read = match stream.read(buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => read,
        };
        let body = match missing {
            Some(missing) => missing - read,
            None => {
                head.extend_from_slice(&buffer[..read]);
                let Some(end) = head.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
                let text = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
                let length =
                    text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                let length: usize = length.expect("the answer says how long it is");
                assert!(text.starts_with("http/1.1 200"), "{text}");
                length - (head.len() - end - 4)
            }
        };
        if body == 0 {
            return Ok(());
        }
        missing = Some(body);
    }
}
