//! Pushes over gRPC, to a server of tonic's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth_metrics_otlp::{Protocol, Push, Temporality};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};

use crate::hostile::{LONG, handle, live};
use crate::random::Random;
use crate::receiver::Receiver;
use crate::sums::assert_all_is_there;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Take,
    TakeBut(usize),
    /// It takes the request, and says that something is wrong.
    TakeAndSay(Code),
    TakeAndHang,
    TakeAndFlood,
    Say(Code),
    /// It is busy, and says for how many seconds.
    Busy(u8),
}

#[derive(Default)]
struct State {
    acts: Vec<Act>,
    receiver: Receiver,
    tenants: Vec<String>,
}

#[derive(Clone, Default)]
struct Server(Arc<Mutex<State>>);

impl Server {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves until the runtime ends. Returns the endpoint.
    fn start(&self, runtime: &tokio::runtime::Runtime) -> String {
        let _inside = runtime.enter();
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = incoming.local_addr().unwrap();
        let service = MetricsServiceServer::new(self.clone());
        runtime.spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));
        format!("http://{address}")
    }
}

#[tonic::async_trait]
impl MetricsService for Server {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let act = self.with(|state| {
            let tenant = request.metadata().get("x-tenant").map(|value| value.to_str().unwrap().to_owned());
            state.tenants.extend(tenant);
            if state.acts.is_empty() { Act::Take } else { state.acts.remove(0) }
        });
        let take = |but| self.with(|state| state.receiver.take(request.get_ref(), but));
        let partial = |rejected: u64, error_message| {
            let rejected_data_points = rejected.try_into().unwrap();
            let partial = ExportMetricsPartialSuccess { rejected_data_points, error_message };
            Ok(Response::new(ExportMetricsServiceResponse { partial_success: Some(partial) }))
        };
        match act {
            Act::Take => partial(take(0), String::new()),
            Act::TakeBut(points) => partial(take(points), String::new()),
            Act::TakeAndSay(code) => {
                take(0);
                Err(Status::new(code, "the secret of the server"))
            }
            Act::TakeAndHang => {
                take(0);
                std::future::pending().await
            }
            Act::TakeAndFlood => partial(take(0), "x".repeat(1 << 20)),
            Act::Say(code) => Err(Status::new(code, "the secret of the server")),
            Act::Busy(seconds) => {
                // google.rpc.Status { code: 14, details: [Any { RetryInfo { retry_delay: Duration { seconds } } }] }
                let url = b"type.googleapis.com/google.rpc.RetryInfo";
                let info = [0x0a, 2, 0x08, seconds];
                let any = [&[0x0a, u8::try_from(url.len()).unwrap()][..], url, &[0x12, 4], &info].concat();
                let details = [&[0x08, 14, 0x1a, u8::try_from(any.len()).unwrap()][..], &any].concat();
                Err(Status::with_details(Code::Unavailable, "busy", details.into()))
            }
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn builder(endpoint: &str) -> auth_metrics_otlp::PushBuilder {
    Push::builder(endpoint).protocol(Protocol::Grpc).every(LONG)
}

#[test]
fn deltas_over_grpc_add_up_to_what_was_counted() {
    const ACTS: [Act; 13] = [
        Act::Take,
        Act::Take,
        Act::TakeBut(2),
        // By the specification these may have been taken.
        Act::TakeAndSay(Code::Unavailable),
        Act::TakeAndSay(Code::DeadlineExceeded),
        Act::TakeAndSay(Code::Cancelled),
        Act::TakeAndHang,
        Act::TakeAndFlood,
        Act::Say(Code::Unavailable),
        Act::Say(Code::InvalidArgument),
        Act::Say(Code::Unauthenticated),
        Act::Say(Code::ResourceExhausted),
        Act::Busy(3),
    ];
    let (runtime, server, metrics) = (runtime(), Server::default(), handle());
    let endpoint = server.start(&runtime);
    let push = builder(&endpoint).temporality(Temporality::Delta).timeout(Duration::from_millis(200));
    let push = push.start(&metrics).unwrap();
    let mut random = Random::new(5);
    for _ in 0..110 {
        live(&metrics, &mut random);
        server.with(|state| state.acts.push(random.one_of(&ACTS)));
        let _ = push.flush(LONG);
    }
    server.with(|state| state.acts.clear());
    while push.flush(LONG).is_err() {}
    server.with(|state| assert_all_is_there(&state.receiver, &metrics));
}

#[test]
fn each_status_has_its_result() {
    for (act, result) in [
        (Act::Take, "accepted"),
        (Act::TakeBut(3), "partial"),
        (Act::TakeAndHang, "unknown"),
        (Act::Say(Code::Unavailable), "unknown"),
        (Act::Busy(3), "unavailable"),
        (Act::Say(Code::ResourceExhausted), "refused"),
        (Act::Say(Code::Unauthenticated), "refused"),
        (Act::Say(Code::Unimplemented), "refused"),
    ] {
        let (runtime, server, metrics) = (runtime(), Server::default(), handle());
        server.with(|state| state.acts.push(act));
        let endpoint = server.start(&runtime);
        let timeout = if act == Act::TakeAndHang { Duration::from_millis(200) } else { LONG };
        let push = builder(&endpoint).timeout(timeout).start(&metrics).unwrap();
        let _ = push.flush(LONG);
        let labels = [("push", "otlp"), ("result", result)];
        assert!(metrics.snapshot().value("auth_otlp_pushes_total", &labels) >= Some(1.0), "{act:?}");
    }
}

#[test]
fn grpc_works_inside_of_a_runtime_of_the_user() {
    let (runtime, server, metrics) = (runtime(), Server::default(), handle());
    let endpoint = server.start(&runtime);
    let user = tokio::runtime::Builder::new_current_thread().build().unwrap();
    user.block_on(async {
        let push = builder(&endpoint).header("x-tenant", "blue").start(&metrics).unwrap();
        push.shutdown(LONG).unwrap();
    });
    server.with(|state| {
        assert!(!state.tenants.is_empty() && state.tenants.iter().all(|tenant| tenant == "blue"));
    });
}

#[test]
fn server_that_is_not_there_took_nothing() {
    let metrics = handle();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let push = builder(&format!("http://127.0.0.1:{port}")).start(&metrics).unwrap();
    push.flush(LONG).unwrap_err();
    let labels = [("push", "otlp"), ("result", "unavailable")];
    assert!(metrics.snapshot().value("auth_otlp_pushes_total", &labels) >= Some(1.0));
}
