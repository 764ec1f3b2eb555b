use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use auth_metrics::tower::AttemptLayer;
use tower_layer::Layer;
use tower_service::Service;

struct Gate;

struct Verdict;

impl Service<()> for Gate {
    type Response = Verdict;
    type Error = Infallible;
    type Future = Ready<Result<Verdict, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(Verdict))
    }
}

#[derive(auth_metrics::FailureReason)]
enum GateError {
    Timeout,
}

struct Failing;

impl Service<()> for Failing {
    type Response = http::Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(http::Response::new(())))
    }
}

fn serve(_: impl Service<()>) {}

fn main() {
    serve(AttemptLayer::new("gate").layer(Gate));
    serve(AttemptLayer::new("gate").errors::<GateError>().layer(Failing));
}
