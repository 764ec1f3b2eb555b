//! `ContextFairing`: what attempts inside of a request know of it, and whom it believes.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::task::{Context, Waker};

use auth_metrics::events::{Event, Forwarded, TraceContext};
use auth_metrics::{AuthMetrics, FailureReason, Reason, auth_metered};
use auth_metrics_rocket::{AttemptRoutes, ContextFairing, RequestContext, in_context};
use rocket::fairing::AdHoc;
use rocket::futures::future::join_all;
use rocket::http::Header;
use rocket::local::asynchronous::{Client, LocalRequest};
use rocket::tokio::sync::Semaphore;
use rocket::{Rocket, State, get, routes};

use crate::{OP, observed, quiet};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SOCKET: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 4711);

#[derive(FailureReason)]
enum Never {}

/// Waits in the middle: whatever runs meanwhile must not change what it knows.
#[auth_metered(op = "check", metrics = metrics)]
async fn check(metrics: &AuthMetrics, gate: &Semaphore) -> Result<(), Never> {
    gate.acquire().await.unwrap().forget();
    Ok(())
}

#[get("/")]
async fn handler(metrics: &State<AuthMetrics>, gate: &State<Semaphore>) {
    let _ = check(metrics, gate).await;
}

#[get("/by_guard")]
async fn by_guard(context: RequestContext, metrics: &State<AuthMetrics>, gate: &State<Semaphore>) {
    let _ = context.into_inner().scope(check(metrics, gate)).await;
}

/// Requests to one place, each with headers of its own.
type Requests = Vec<Vec<(&'static str, String)>>;

fn request<'c>(
    client: &'c Client,
    uri: &'static str,
    headers: Vec<(&'static str, String)>,
) -> LocalRequest<'c> {
    let request = client.get(uri).remote(SOCKET);
    headers.into_iter().fold(request, |request, (name, value)| request.header(Header::new(name, value)))
}

/// The events of the annotated function and of the route, of requests that run at the same time.
async fn events_of(
    context: Option<ContextFairing>,
    uri: &'static str,
    requests: Requests,
    dropped: bool,
) -> [Vec<Event>; 2] {
    let (metrics, events) = observed();
    let server = quiet()
        .mount("/", AttemptRoutes::new(OP).metrics(&metrics).meter(routes![handler]))
        .mount("/plain", in_context(routes![handler]))
        .mount("/", routes![by_guard])
        .manage(metrics)
        .manage(Semaphore::new(0));
    // A fairing that looks before the context is read must not take its place.
    let early = AdHoc::on_request("early", |request, _| {
        Box::pin(async move {
            request.guard::<RequestContext>().await.succeeded().unwrap();
        })
    });
    let server = context.into_iter().fold(server.attach(early), Rocket::attach);
    let client = Client::untracked(server).await.unwrap();
    let count = requests.len();
    {
        let sent = requests.into_iter().map(|headers| request(&client, uri, headers).dispatch());
        let mut sent = pin!(join_all(sent));
        assert!(sent.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        if !dropped {
            client.rocket().state::<Semaphore>().unwrap().add_permits(count);
            sent.await;
        }
    }
    [events("check"), events(OP)]
}

fn id(number: usize) -> String {
    format!("r-{number}")
}

fn everything() -> ContextFairing {
    ContextFairing::new().peer(Forwarded::trusting(1)).request_id("X-Request-Id").traceparent()
}

#[rocket::async_test]
async fn each_attempt_has_the_context_of_its_own_request_across_awaits() {
    let headers = |number: usize| {
        let forwarded = format!("6.6.6.6, 192.0.2.{number}");
        vec![
            ("x-forwarded-for", forwarded),
            ("x-request-id", id(number)),
            ("traceparent", TRACEPARENT.to_owned()),
        ]
    };
    for (uri, of_route) in [("/", 20), ("/plain", 0), ("/by_guard", 0)] {
        let requests = (0..20).map(headers).collect();
        let [inner, outer] = events_of(Some(everything()), uri, requests, false).await;
        assert_eq!((inner.len(), outer.len()), (20, of_route), "{uri}");
        for (at, event) in inner.iter().chain(&outer).enumerate() {
            let number = at % 20;
            assert_eq!(event.request_id(), Some(&*id(number)), "{uri}");
            assert_eq!(event.peer(), format!("192.0.2.{number}").parse().ok(), "{uri}");
            assert_eq!(event.trace(), TraceContext::from_traceparent(TRACEPARENT), "{uri}");
        }
    }
}

#[rocket::async_test]
async fn a_cancelled_attempt_has_the_context_too() {
    let requests = (0..3).map(|number| vec![("x-request-id", id(number))]).collect();
    for events in events_of(Some(everything()), "/", requests, true).await {
        let ids: Vec<_> = events.iter().map(Event::request_id).collect();
        assert_eq!(ids, [Some("r-0"), Some("r-1"), Some("r-2")]);
        assert!(events.iter().all(|event| event.reason() == Some(Reason::Cancelled)));
    }
}

#[rocket::async_test]
async fn headers_of_strangers_are_ignored() {
    let headers = vec![
        ("x-forwarded-for", "192.0.2.7".to_owned()),
        ("forwarded", "for=192.0.2.8".to_owned()),
        ("x-real-ip", "192.0.2.9".to_owned()),
        ("x-request-id", id(1)),
        ("traceparent", TRACEPARENT.to_owned()),
    ];
    let proxies = Forwarded::trusting_networks(["10.1.0.0/16"]).unwrap();
    for context in [None, Some(ContextFairing::new()), Some(ContextFairing::new().peer(proxies))] {
        for events in events_of(context, "/", vec![headers.clone()], false).await {
            let event = &events[0];
            assert_eq!((event.peer(), event.request_id(), event.trace()), (Some(SOCKET.ip()), None, None));
        }
    }
}

#[test]
fn debug_shows_no_networks() {
    let context = ContextFairing::new().peer(Forwarded::trusting_networks(["10.1.0.0/16"]).unwrap());
    assert!(!format!("{context:?}").contains("10.1"));
}
