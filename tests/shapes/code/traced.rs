//! `#[instrument]` where the future is made in place: below `#[async_trait]`, in a box, and behind `impl Future`.

use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use auth_metrics::FailureReason;
use futures_util::future::BoxFuture;
use tracing::{Instrument, instrument};

use super::super::auth_metered;
use crate::fixture::pause;

/// Why nobody is signed in.
#[derive(Debug, FailureReason)]
pub(crate) enum SignInError {
    InvalidCredentials,
    #[reason(timeout)]
    Slow,
}

impl std::fmt::Display for SignInError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "refused: {self:?}")
    }
}

fn judged(name: &str, length: usize) -> Result<usize, SignInError> {
    match name {
        "" => Err(SignInError::InvalidCredentials),
        "slow" => Err(SignInError::Slow),
        name => Ok(name.len() + length),
    }
}

#[async_trait]
pub(crate) trait SignIn: Send + Sync {
    async fn above(&self, name: &str, code: String) -> Result<usize, SignInError>;
    async fn below(&self, name: &str, code: String) -> Result<usize, SignInError>;
    async fn between(&mut self, name: &str) -> Result<usize, SignInError>;
    async fn returned(&self, name: &str) -> Result<usize, SignInError>;

    #[auth_metered(op = "traced_by_default", none_is = success)]
    #[instrument(level = "debug", skip(self), err(Debug))]
    async fn by_default<'a>(&self, name: &'a str) -> Result<Option<&'a str>, SignInError> {
        pause().await;
        Ok(Some(judged(name, 0)?).map(|_| name))
    }
}

#[derive(Debug)]
pub(crate) struct Realm(pub(crate) usize);

#[async_trait]
impl SignIn for Realm {
    #[auth_metered(op = "traced_above")]
    #[instrument(err)]
    async fn above(&self, name: &str, code: String) -> Result<usize, SignInError> {
        pause().await;
        judged(name, code.len())
    }

    #[instrument(skip_all, fields(realm = self.0), err(Debug))]
    #[auth_metered(op = "traced_below")]
    async fn below(&self, name: &str, code: String) -> Result<usize, SignInError> {
        pause().await;
        judged(name, code.len())
    }

    #[auth_metered(op = "traced_first")]
    #[auth_metered(op = "traced_second", kind = authorization)]
    #[instrument(name = "outer", ret, err)]
    #[instrument(name = "inner", skip(self), ret)]
    #[auth_metered(op = "traced_third")]
    async fn between(&mut self, name: &str) -> Result<usize, SignInError> {
        self.0 += 1;
        pause().await;
        judged(name, self.0)
    }

    #[auth_metered(op = "traced_ret", service = "realm")]
    #[instrument(ret, skip(self))]
    async fn returned(&self, name: &str) -> Result<usize, SignInError> {
        judged(name, self.0)
    }
}

/// The box that people write by hand.
#[auth_metered(op = "traced_boxed")]
#[instrument(err, fields(length = name.len()))]
pub(crate) fn traced_boxed<'a>(
    name: &'a str,
    code: String,
) -> Pin<Box<dyn Future<Output = Result<usize, SignInError>> + Send + 'a>> {
    Box::pin(async move {
        pause().await;
        judged(name, code.len())
    })
}

type Answer<'a> = BoxFuture<'a, Result<usize, SignInError>>;

/// Something is done before, and there is more than one way out.
#[auth_metered(op = "traced_early", future)]
#[instrument(skip(code), err)]
pub(crate) fn traced_early(name: &'static str, code: Option<&str>) -> Answer<'static> {
    let digits = match code {
        Some(code) if code.len() > 1 || code == "0" => code.len(),
        _ => return Box::pin(async { Err(SignInError::Slow) }),
    };
    std::boxed::Box::pin(async move { judged(name, digits) })
}

#[auth_metered(op = "traced_hidden")]
#[instrument(ret)]
pub(crate) fn traced_hidden(name: &str) -> impl Future<Output = Result<usize, SignInError>> + Send {
    async move {
        pause().await;
        judged(name, 0)
    }
}

/// A span by hand.
#[auth_metered(op = "traced_by_hand")]
pub(crate) fn traced_by_hand(name: &str) -> BoxFuture<'_, Result<usize, SignInError>> {
    let span = tracing::info_span!("by_hand", length = name.len());
    Box::pin(
        async move {
            pause().await;
            judged(name, 0)
        }
        .instrument(span),
    )
}
