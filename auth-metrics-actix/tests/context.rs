//! `ContextMiddleware`: what attempts inside of a request know of it, and whom it believes.

use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use auth_metrics::events::{Event, Forwarded, TraceContext};
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use auth_metrics_actix::{AttemptMiddleware, ContextMiddleware};
use tokio::sync::Semaphore;

use crate::{OP, observed, run};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SOCKET: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)), 4711);

#[derive(FailureReason)]
enum Never {}

/// Waits in the middle: whatever runs meanwhile must not change what it knows.
#[auth_metered(op = "check", metrics = metrics)]
async fn check(metrics: &AuthMetrics, gate: &Semaphore) -> Result<(), Never> {
    gate.acquire().await.unwrap().forget();
    Ok(())
}

async fn handler(metrics: web::Data<AuthMetrics>, gate: web::Data<Semaphore>) -> HttpResponse {
    let _ = check(&metrics, &gate).await;
    HttpResponse::Ok().finish()
}

fn request(headers: &[(&'static str, String)]) -> TestRequest {
    let request = TestRequest::get().uri("/").peer_addr(SOCKET);
    headers.iter().cloned().fold(request, TestRequest::insert_header)
}

/// The events of the annotated function and of the route, of requests that run at the same time.
fn events_of(context: ContextMiddleware, requests: Vec<TestRequest>, dropped: bool) -> [Vec<Event>; 2] {
    let (metrics, events) = observed();
    let attempts = AttemptMiddleware::new(OP).metrics(&metrics);
    run(async {
        let gate = web::Data::new(Semaphore::new(0));
        let route = web::resource("/").wrap(attempts).route(web::get().to(handler));
        let app =
            App::new().app_data(web::Data::new(metrics)).app_data(gate.clone()).service(route).wrap(context);
        let app = Rc::new(init_service(app).await);
        let send = |request: TestRequest| {
            let app = Rc::clone(&app);
            actix_web::rt::spawn(async move { call_service(&*app, request.to_request()).await.status() })
        };
        let tasks: Vec<_> = requests.into_iter().map(send).collect();
        // All of them wait once a task that was spawned last was run.
        actix_web::rt::spawn(async {}).await.unwrap();
        gate.add_permits(if dropped { 0 } else { tasks.len() });
        for task in tasks {
            if dropped {
                task.abort();
            }
            assert_eq!(task.await.is_ok(), !dropped);
        }
    });
    [events("check"), events(OP)]
}

fn id(number: usize) -> String {
    format!("r-{number}")
}

#[test]
fn each_attempt_has_the_context_of_its_own_request_across_awaits() {
    let context =
        ContextMiddleware::new().peer(Forwarded::trusting(1)).request_id("x-request-id").traceparent();
    let headers = |number: usize| {
        let forwarded = format!("6.6.6.6, 192.0.2.{number}");
        [
            ("x-forwarded-for", forwarded),
            ("x-request-id", id(number)),
            ("traceparent", TRACEPARENT.to_owned()),
        ]
    };
    let requests = (0..20).map(|number| request(&headers(number))).collect();
    for events in events_of(context, requests, false) {
        assert_eq!(events.len(), 20);
        for (number, event) in events.iter().enumerate() {
            assert_eq!(event.request_id(), Some(&*id(number)));
            assert_eq!(event.peer(), format!("192.0.2.{number}").parse().ok());
            assert_eq!(event.trace(), TraceContext::from_traceparent(TRACEPARENT));
        }
    }
}

#[test]
fn a_cancelled_attempt_has_the_context_too() {
    let context = ContextMiddleware::new().request_id("x-request-id");
    let requests = (0..3).map(|number| request(&[("x-request-id", id(number))])).collect();
    for events in events_of(context, requests, true) {
        let ids: Vec<_> = events.iter().map(Event::request_id).collect();
        assert_eq!(ids, [Some("r-0"), Some("r-1"), Some("r-2")]);
        assert!(events.iter().all(|event| event.reason() == Some(auth_metrics::Reason::Cancelled)));
    }
}

#[test]
fn headers_of_strangers_are_ignored() {
    let headers = [
        ("x-forwarded-for", "192.0.2.7".to_owned()),
        ("forwarded", "for=192.0.2.8".to_owned()),
        ("x-request-id", id(1)),
        ("traceparent", TRACEPARENT.to_owned()),
    ];
    let proxies = Forwarded::trusting_networks(["10.1.0.0/16"]).unwrap();
    for context in [ContextMiddleware::new(), ContextMiddleware::new().peer(proxies)] {
        for events in events_of(context, vec![request(&headers)], false) {
            let event = &events[0];
            assert_eq!((event.peer(), event.request_id(), event.trace()), (Some(SOCKET.ip()), None, None));
        }
    }
}

#[test]
fn debug_shows_no_networks() {
    let context = ContextMiddleware::new().peer(Forwarded::trusting_networks(["10.1.0.0/16"]).unwrap());
    assert!(!format!("{context:?}").contains("10.1"));
}
