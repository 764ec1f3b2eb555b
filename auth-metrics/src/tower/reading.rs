//! How the answer of a service becomes an outcome. Knows nothing of attempts.

use std::fmt;
use std::marker::PhantomData;

use ::http::Response;

use crate::reasons::http1;
#[cfg(feature = "tonic013")]
#[cfg(not(feature = "tonic014"))]
use crate::reasons::tonic013 as tonic;
#[cfg(feature = "tonic014")]
use crate::reasons::tonic014 as tonic;
use crate::terms::{FailureReason, Outcome, Reason, ReasonSet};

/// Reads a response as an outcome.
#[diagnostic::on_unimplemented(
    message = "`AttemptLayer` can't read the responses of this service",
    label = "a response is `{R}`, which `{Self}` can't read",
    note = "add `.classify(path)` to the layer, where `path` is a `fn(&{R}) -> auth_metrics::Outcome`"
)]
pub trait ReadResponse<R> {
    /// The outcome of this response.
    fn outcome(&self, response: &R) -> Outcome;
}

/// Reads an error of a service as a reason.
#[diagnostic::on_unimplemented(
    message = "`AttemptLayer` can't read the errors of this service",
    label = "an error is `{E}`, which `{Self}` can't read",
    note = "add `.reason(path)` to the layer, where `path` is a `fn(&{E}) -> auth_metrics::Reason`"
)]
pub trait ReadError<E> {
    /// The reason of this error.
    fn reason(&self, error: &E) -> Reason;
}

/// Reads HTTP responses, as [`AttemptLayer::new`](super::AttemptLayer::new) explains.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Http;

impl Http {
    pub(super) const REASONS: ReasonSet = http1::REASONS;
}

impl<B> ReadResponse<Response<B>> for Http {
    fn outcome(&self, response: &Response<B>) -> Outcome {
        noted(response).unwrap_or_else(|| http1::response(response))
    }
}

/// Reads responses of gRPC services, as [`AttemptLayer::grpc`](super::AttemptLayer::grpc) explains.
#[cfg(any(feature = "tonic013", feature = "tonic014"))]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Grpc;

#[cfg(any(feature = "tonic013", feature = "tonic014"))]
impl Grpc {
    /// A response without a `grpc-status` is read by its HTTP status.
    pub(super) const REASONS: ReasonSet = tonic::REASONS.union(http1::REASONS);
}

#[cfg(any(feature = "tonic013", feature = "tonic014"))]
impl<B> ReadResponse<Response<B>> for Grpc {
    fn outcome(&self, response: &Response<B>) -> Outcome {
        noted(response).unwrap_or_else(|| tonic::response(response))
    }
}

/// Reads responses or errors with a function of the user's.
pub struct With<F>(pub(super) F);

impl<R, F: Fn(&R) -> Outcome> ReadResponse<R> for With<F> {
    fn outcome(&self, response: &R) -> Outcome {
        (self.0)(response)
    }
}

impl<E, F: Fn(&E) -> Reason> ReadError<E> for With<F> {
    fn reason(&self, error: &E) -> Reason {
        (self.0)(error)
    }
}

impl<F> fmt::Debug for With<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("With").finish_non_exhaustive()
    }
}

/// The failure whose reason the service put into the extensions.
fn noted<B>(response: &Response<B>) -> Option<Outcome> {
    response.extensions().get::<Reason>().map(|reason| Outcome::Failure(*reason))
}

/// Reads every error of a service as `internal_error`, since nothing is known of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AnyError;

impl AnyError {
    pub(super) const REASONS: ReasonSet = ReasonSet::of(&[Reason::InternalError]);
}

impl<E> ReadError<E> for AnyError {
    fn reason(&self, _: &E) -> Reason {
        Reason::InternalError
    }
}

/// Reads the reason of an error that is a [`FailureReason`](trait@FailureReason).
pub struct OwnReason<E>(pub(super) PhantomData<fn(&E)>);

impl<E: FailureReason> ReadError<E> for OwnReason<E> {
    fn reason(&self, error: &E) -> Reason {
        error.failure_reason()
    }
}

impl<E> fmt::Debug for OwnReason<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("OwnReason")
    }
}
