//! Services of tower without a framework: checks of tower-http, and layers whose errors are boxed.

use std::sync::Arc;
use std::time::Duration;

use ::http1::{Request, Response, StatusCode};
use ::tower::timeout::error::Elapsed;
use ::tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};
use ::tower_http::auth::AsyncRequireAuthorizationLayer;
use ::tower_http::validate_request::ValidateRequestHeaderLayer;
use auth_metrics::tower::AttemptLayer;
use auth_metrics::{Reason, reasons};

use super::{Line, OP, Turn, counted, handle, planned, send_all};

fn answer(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

/// Somebody else's look-up of a token.
async fn look_up(request: Request<String>) -> Result<Request<String>, Response<String>> {
    tokio::task::yield_now().await;
    if request.headers().contains_key("authorization") {
        Ok(request)
    } else {
        Err(answer(StatusCode::UNAUTHORIZED))
    }
}

/// Somebody else's check of an address, which refuses before there is a future.
fn check(request: &mut Request<String>) -> Result<(), Response<String>> {
    if request.uri().path().starts_with("/blocked") { Err(answer(StatusCode::FORBIDDEN)) } else { Ok(()) }
}

async fn orders(line: Arc<Line>, request: Request<String>) -> Result<Response<String>, BoxError> {
    match request.uri().path() {
        "/hang" => line.hang(request.body().parse()?).await,
        "/slow" => std::future::pending().await,
        "/broken" => return Err("broken".into()),
        _ => {}
    }
    Ok(answer(StatusCode::OK))
}

fn reason(error: &BoxError) -> Reason {
    if error.is::<Elapsed>() { Reason::Timeout } else { Reason::InternalError }
}

/// A path, whether a token is sent, and what is counted.
const KINDS: [(&str, bool, &str); 4] = [
    ("/orders", true, "success"),
    ("/orders", false, "invalid_credentials"),
    ("/blocked", true, "permission_denied"),
    ("/broken", true, "internal_error"),
];

fn request(path: &str, token: bool, body: String) -> Request<String> {
    let request = Request::builder().uri(path);
    let request = if token { request.header("authorization", "Bearer correct-horse") } else { request };
    request.body(body).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_counted_to_the_unit() {
    let (metrics, line) = (handle(), Line::new());
    let handler = Arc::clone(&line);
    let service = ServiceBuilder::new()
        .layer(AttemptLayer::new(OP).metrics(&metrics).reason(reason))
        .layer(ValidateRequestHeaderLayer::custom(check))
        .layer(AsyncRequireAuthorizationLayer::new(look_up))
        .service(service_fn(move |request| orders(Arc::clone(&handler), request)));

    let hung = Arc::clone(&line);
    send_all(KINDS.len(), move |client, turn| {
        let (service, line) = (service.clone(), Arc::clone(&hung));
        async move {
            match turn {
                Turn::HangUp => {
                    line.hang_up(client, service.oneshot(request("/hang", true, client.to_string()))).await;
                }
                Turn::Send(kind) => {
                    let (path, token, _) = KINDS[kind];
                    drop(service.oneshot(request(path, token, String::new())).await);
                }
            }
        }
    })
    .await;
    line.all_hung_up().await;

    assert_eq!(counted(&metrics), planned(&KINDS.map(|(_, _, outcome)| outcome)));
}

#[tokio::test]
async fn request_that_times_out_is_told_apart_from_its_handler_that_is_dropped() {
    let (outside, inside, line) = (handle(), handle(), Line::new());
    let service = ServiceBuilder::new()
        .layer(AttemptLayer::new(OP).metrics(&outside).reason(reason))
        .buffer(1)
        .timeout(Duration::ZERO)
        .layer(AttemptLayer::new(OP).metrics(&inside))
        .service(service_fn(move |request| orders(Arc::clone(&line), request)));
    assert!(service.oneshot(request("/slow", true, String::new())).await.is_err());
    assert_eq!(counted(&outside), [("timeout", 1)].into());
    assert_eq!(counted(&inside), [("cancelled", 1)].into());
}

#[tokio::test]
async fn ready_functions_need_no_type_to_be_named() {
    let metrics = handle();
    let service = ServiceBuilder::new()
        .layer(AttemptLayer::new(OP).metrics(&metrics).classify(reasons::http1::response))
        .layer(AttemptLayer::new(OP).metrics(&metrics).classify(reasons::tonic013::response))
        .layer(ValidateRequestHeaderLayer::custom(check))
        .service(service_fn(async |_: Request<String>| Ok::<_, BoxError>(answer(StatusCode::OK))));
    service.oneshot(request("/blocked", true, String::new())).await.unwrap();
    assert_eq!(counted(&metrics), [("permission_denied", 2)].into());
}
