//! From an alert to the trace: Prometheus 2 and 3 give back the trace of a failed login of a real service.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auth_metrics::events::{self, ContextLayer};
use auth_metrics::{AuthMetrics, auth_metered};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::scraped::{newer, start};
use crate::fixture::LoginError;
use crate::stack::{Running, encoded, eventually, folder, http, http_with, query};

/// How long a slow login takes at least. No attempt but those has to do with its bucket.
const SLOW: Duration = Duration::from_millis(600);

#[auth_metered(op = "login", metrics = metrics)]
async fn login(metrics: &AuthMetrics, body: &str) -> Result<(), LoginError> {
    if body.contains("slow") {
        tokio::time::sleep(SLOW).await;
    }
    if body.contains("right") { Ok(()) } else { Err(LoginError) }
}

/// A service of axum with the scrape on a route of its own, behind the layer that reads `traceparent`.
struct Service {
    address: SocketAddr,
    /// How many scrapes have begun.
    scrapes: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl Service {
    fn start() -> Service {
        let builder = AuthMetrics::builder().service_id("gateway");
        let metrics = builder.trace_context(events::trace::traceparent).build().unwrap();
        metrics.declare::<LoginError>("login");
        let (runtime, scrapes) = (Runtime::new().unwrap(), Arc::new(AtomicUsize::new(0)));
        let (of_login, begun) = (metrics.clone(), Arc::clone(&scrapes));
        let answer = async move |body: String| match login(&of_login, &body).await {
            Ok(()) => StatusCode::OK,
            Err(LoginError) => StatusCode::UNAUTHORIZED,
        };
        let scrape = async move |headers: HeaderMap| {
            begun.fetch_add(1, Ordering::SeqCst);
            metrics.scrape(&headers)
        };
        let routes = Router::new().route("/login", post(answer)).route("/metrics", get(scrape));
        let app = routes.layer(ContextLayer::new().traceparent());
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, app).await });
        Service { address, scrapes, _runtime: runtime }
    }

    fn log_in(&self, body: &str, trace: &Sent) {
        let header = format!("traceparent: {}", trace.header());
        let answer = http_with(self.address, "POST /login", &header, body).unwrap();
        let status = if body.contains("right") { " 200 " } else { " 401 " };
        assert!(answer.lines().next().unwrap().contains(status), "{answer}");
    }
}

struct Sent {
    trace_id: String,
    span_id: String,
    flags: &'static str,
}

/// A trace of its own, by a digit.
fn trace(digit: char, flags: &'static str) -> Sent {
    let id = |length| digit.to_string().repeat(length);
    Sent { trace_id: id(32), span_id: id(16), flags }
}

impl Sent {
    fn header(&self) -> String {
        format!("00-{}-{}-{}", self.trace_id, self.span_id, self.flags)
    }
}

/// An exemplar as the API gives it.
#[derive(Debug)]
struct Found {
    trace_id: String,
    span_id: String,
    value: f64,
    /// The `le` of its series; empty where there is none.
    bound: String,
}

impl Found {
    fn is_of(&self, trace: &Sent) -> bool {
        (&self.trace_id, &self.span_id) == (&trace.trace_id, &trace.span_id)
    }
}

/// A service and the Prometheus that scrapes it.
struct Watched {
    service: Service,
    api: SocketAddr,
    _prometheus: Running,
}

impl Watched {
    fn start(program: &str, name: &str, options: &str, features: &str) -> Watched {
        let service = Service::start();
        let address = service.address;
        let job = format!("- {{job_name: auth, {options}static_configs: [{{targets: ['{address}']}}]}}\n");
        let feature = format!("--enable-feature={features}");
        let (prometheus, api) = start(program, &folder(name), &job, &[&feature]);
        eventually("first scrape", || match query(api, "up")? {
            up if up == ["1"] => Ok(()),
            up => Err(format!("{up:?}")),
        });
        Watched { service, api, _prometheus: prometheus }
    }

    fn exemplars(&self, selector: &str) -> Vec<Found> {
        // From the beginning of time to its end, or nearly.
        let request =
            format!("GET /api/v1/query_exemplars?query={}&start=1&end=9999999999", encoded(selector));
        let answer = http(self.api, &request, "").unwrap();
        let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["status"], "success", "{body}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let of_series = |series: &Value| {
            let bound = text(&series["seriesLabels"]["le"]);
            let found = move |exemplar: &Value| Found {
                trace_id: text(&exemplar["labels"]["trace_id"]),
                span_id: text(&exemplar["labels"]["span_id"]),
                value: text(&exemplar["value"]).parse().unwrap(),
                bound: bound.clone(),
            };
            series["exemplars"].as_array().unwrap().iter().map(found).collect::<Vec<_>>()
        };
        body["data"].as_array().unwrap().iter().flat_map(of_series).collect()
    }

    /// Fails a login, and looks for its trace until it is there. It must be by the second scrape that begins after the login.
    fn fails_and_is_found<const N: usize>(
        &self,
        body: &str,
        trace: &Sent,
        selectors: [&str; N],
    ) -> [Found; N] {
        self.service.log_in(body, trace);
        let before = self.service.scrapes.load(Ordering::SeqCst);
        let find = |selector| {
            eventually(&format!("exemplar of {selector}"), || {
                // The next scrape begins only once the last one is stored.
                let begun = self.service.scrapes.load(Ordering::SeqCst) - before;
                let found = self.exemplars(selector);
                let told = format!("{found:?}");
                match found.into_iter().find(|found| found.is_of(trace)) {
                    Some(found) => Ok(found),
                    None if begun > 2 => panic!("{selector} has after two scrapes: {told}"),
                    None => Err(told),
                }
            })
        };
        selectors.map(find)
    }

    /// Waits for two scrapes, and for what they brought.
    fn two_scrapes(&self) {
        let before = self.service.scrapes.load(Ordering::SeqCst);
        eventually("two scrapes", || match self.service.scrapes.load(Ordering::SeqCst) - before {
            begun @ ..=2 => Err(format!("{begun} have begun")),
            _ => Ok(()),
        });
    }
}

const FAILURES: &str =
    "auth_operation_failures_total{operation=\"login\",failure_reason=\"invalid_credentials\"}";
const FAILED: &str = "service_auth_failed_total{failure_reason=\"invalid_credentials\"}";
const BUCKETS: &str = "service_auth_latency_seconds_bucket{operation=\"login\"}";
const NATIVE: &str = "service_auth_latency_seconds{operation=\"login\"}";

fn assert_traces_found(watched: &Watched) {
    let unsampled = trace('9', "00");
    watched.service.log_in("wrong", &unsampled);
    watched.service.log_in("slow and wrong", &unsampled);
    watched.two_scrapes();
    assert!(watched.exemplars("{job=\"auth\"}").is_empty(), "there was no sampled trace yet");

    for found in watched.fails_and_is_found("wrong", &trace('a', "01"), [FAILURES, FAILED]) {
        assert_eq!(found.value, 1.0, "{found:?}");
    }
    for found in watched.fails_and_is_found("slow and wrong", &trace('b', "03"), [BUCKETS]) {
        assert!(found.value >= SLOW.as_secs_f64(), "{found:?}");
        assert!(found.value <= found.bound.parse().unwrap() || found.bound == "+Inf", "{found:?}");
    }
    // By then the exemplar of that bucket has stayed its second.
    watched.two_scrapes();
    watched.service.log_in("slow, but right", &trace('c', "01"));
    watched.two_scrapes();
    let all = watched.exemplars("{job=\"auth\"}");
    assert!(
        all.iter().any(|found| found.is_of(&trace('c', "01"))),
        "a success has one in its bucket: {all:?}"
    );
    assert!(!all.iter().any(|found| found.is_of(&unsampled)), "{all:?}");
    let failed: Vec<_> = [FAILURES, FAILED].iter().flat_map(|each| watched.exemplars(each)).collect();
    assert!(!failed.iter().any(|found| found.is_of(&trace('c', "01"))), "no failure: {failed:?}");
}

#[test]
#[ignore = "needs Debian's prometheus package; ./check runs it"]
fn prometheus_2_gives_back_the_trace_of_a_failed_login() {
    assert_traces_found(&Watched::start("prometheus", "exemplars_2", "", "exemplar-storage"));
}

#[test]
#[ignore = "needs a Prometheus 3; ./check runs it"]
fn prometheus_3_gives_back_the_trace_of_a_failed_login() {
    assert_traces_found(&Watched::start(&newer(), "exemplars_3", "", "exemplar-storage"));
}

#[test]
#[ignore = "needs a Prometheus 3; ./check runs it"]
fn native_histograms_keep_the_traces_of_their_buckets() {
    let options = "convert_classic_histograms_to_nhcb: true, ";
    let features = "exemplar-storage,native-histograms";
    let watched = Watched::start(&newer(), "exemplars_native", options, features);
    for found in watched.fails_and_is_found("slow and wrong", &trace('b', "01"), [NATIVE]) {
        assert!(found.value >= SLOW.as_secs_f64(), "{found:?}");
    }
    watched.fails_and_is_found("wrong", &trace('a', "01"), [NATIVE]);
    let native = format!("histogram_count({NATIVE})");
    assert_eq!(query(watched.api, &native).unwrap().len(), 1, "it is a native histogram");
    assert!(query(watched.api, BUCKETS).unwrap().is_empty(), "and has no buckets beside");
}
