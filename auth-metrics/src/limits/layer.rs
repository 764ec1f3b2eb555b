//! A tower layer that answers 429 when a limit is reached.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::http::header::RETRY_AFTER;
use ::http::{HeaderValue, Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

/// The longest `Retry-After` in seconds, which is 68 years.
const LONGEST: u32 = i32::MAX.unsigned_abs();

/// Answers requests that `check` refuses with 429 and `Retry-After`. The service behind it does not see them.
///
/// `check` gets the request, and returns how long to wait if it refuses. If it uses a
/// [`MeteredLimiter`](super::MeteredLimiter) or a [`MeteredKeyedLimiter`](super::MeteredKeyedLimiter), that limiter counts the refusal.
///
/// `Retry-After` is in whole seconds, rounded up. A wait of more than 2147483647 seconds is sent as 2147483647. The layer
/// reads no clock.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::limits::{MeteredLimiter, RateLimitLayer};
/// use governor::clock::Clock;
/// use governor::middleware::StateInformationMiddleware;
/// use governor::{Quota, RateLimiter};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let quota = Quota::per_second(NonZeroU32::new(50).unwrap());
/// let limiter = RateLimiter::direct(quota).with_middleware::<StateInformationMiddleware>();
/// let limiter = MeteredLimiter::new(limiter, quota, &metrics, "sign_up");
/// let layer = RateLimitLayer::new(move |_: &http::Request<String>| {
///     limiter.check().map(drop).map_err(|refusal| refusal.wait_time_from(limiter.clock().now()))
/// });
/// # let _ = layer;
/// # Ok(()) }
/// ```
pub struct RateLimitLayer<F> {
    check: Arc<F>,
}

impl<F> RateLimitLayer<F> {
    /// Returns a layer that calls `check` with each request.
    pub fn new<B>(check: F) -> RateLimitLayer<F>
    where
        F: Fn(&Request<B>) -> Result<(), Duration>,
    {
        RateLimitLayer { check: Arc::new(check) }
    }
}

impl<F> Clone for RateLimitLayer<F> {
    fn clone(&self) -> RateLimitLayer<F> {
        RateLimitLayer { check: Arc::clone(&self.check) }
    }
}

impl<F> fmt::Debug for RateLimitLayer<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RateLimitLayer").finish_non_exhaustive()
    }
}

impl<S, F> Layer<S> for RateLimitLayer<F> {
    type Service = RateLimit<S, F>;

    fn layer(&self, inner: S) -> RateLimit<S, F> {
        RateLimit { inner, check: Arc::clone(&self.check) }
    }
}

/// A service behind a [`RateLimitLayer`].
pub struct RateLimit<S, F> {
    inner: S,
    check: Arc<F>,
}

impl<S: Clone, F> Clone for RateLimit<S, F> {
    fn clone(&self) -> RateLimit<S, F> {
        RateLimit { inner: self.inner.clone(), check: Arc::clone(&self.check) }
    }
}

impl<S: fmt::Debug, F> fmt::Debug for RateLimit<S, F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RateLimit").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, F, B, A> Service<Request<B>> for RateLimit<S, F>
where
    S: Service<Request<B>, Response = Response<A>>,
    F: Fn(&Request<B>) -> Result<(), Duration>,
    A: Default,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = RateLimitFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> RateLimitFuture<S::Future> {
        match (self.check)(&request) {
            Ok(()) => RateLimitFuture { answer: Answer::Inner { future: self.inner.call(request) } },
            Err(wait) => RateLimitFuture { answer: Answer::Refused { wait } },
        }
    }
}

pin_project! {
    /// The response future of a [`RateLimit`].
    #[derive(Debug)]
    pub struct RateLimitFuture<T> {
        #[pin]
        answer: Answer<T>,
    }
}

pin_project! {
    #[project = AnswerProjected]
    #[derive(Debug)]
    enum Answer<T> {
        Inner { #[pin] future: T },
        Refused { wait: Duration },
    }
}

impl<T, A, E> Future for RateLimitFuture<T>
where
    T: Future<Output = Result<Response<A>, E>>,
    A: Default,
{
    type Output = Result<Response<A>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project().answer.project() {
            AnswerProjected::Inner { future } => ready!(future.poll(context)),
            AnswerProjected::Refused { wait } => {
                let mut response = Response::new(A::default());
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after(*wait)));
                Ok(response)
            }
        })
    }
}

/// Returns whole seconds, rounded up so that nobody retries too early. RFC 9111 asks clients to read up to 31 bits; a longer wait is as good
/// as endless.
fn retry_after(wait: Duration) -> u32 {
    let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    u32::try_from(seconds).map_or(LONGEST, |seconds| seconds.min(LONGEST))
}
