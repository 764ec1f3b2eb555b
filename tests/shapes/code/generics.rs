//! Parameters of every kind, on the function and around it.

use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::marker::PhantomData;

use auth_metrics::FailureReason;
use auth_metrics::events::About;

use super::super::auth_metered;

/// A token that could not be read.
#[allow(dead_code, reason = "shown")]
#[derive(Debug, FailureReason)]
pub(crate) enum TokenError {
    #[reason(token_malformed)]
    Malformed(String),
    TokenExpired,
}

impl<E: Display> From<Box<E>> for TokenError {
    fn from(error: Box<E>) -> Self {
        Self::Malformed(error.to_string())
    }
}

#[auth_metered(op = "decode_claims", subject = token, context = about_claims, kind = token)]
pub(crate) fn decode_claims<Claims>(token: &str) -> Result<Claims, TokenError>
where
    Claims: std::str::FromStr,
    Claims::Err: Display,
{
    Ok(token.parse::<Claims>().map_err(Box::new)?)
}

fn about_claims<Claims>(decoded: &Result<Claims, TokenError>, about: &mut About) {
    about.resource(decoded.is_ok());
}

#[auth_metered(op = "compare_digest", subject = N)]
pub(crate) fn compare_digest<const N: usize>(left: &[u8; N], right: &[u8; N]) -> Result<[u8; N], TokenError> {
    if left == right { Ok(*left) } else { Err(TokenError::TokenExpired) }
}

#[auth_metered(op = "first_allowed")]
pub(crate) async fn first_allowed<'a, K, V>(
    roles: &'a HashMap<K, V>,
    asked: impl IntoIterator<Item = &'a K> + Send,
) -> Result<&'a V, TokenError>
where
    K: Hash + Eq + Debug + 'a,
{
    for key in asked {
        crate::fixture::pause().await;
        if let Some(found) = roles.get(key) {
            return Ok(found);
        }
    }
    Err(TokenError::TokenExpired)
}

#[auth_metered(op = "pick")]
pub(crate) fn pick<F>(values: [u8; 2], pick: F) -> Result<u8, Box<TokenError>>
where
    F: for<'x> Fn(&'x [u8; 2]) -> Option<&'x u8>,
{
    pick(&values).copied().ok_or_else(|| Box::new(TokenError::TokenExpired))
}

/// What keeps sessions.
pub(crate) trait Backend: Sync {
    type User: Debug;
    type Error: Debug + FailureReason;

    fn find(&self, name: &str) -> impl Future<Output = Result<Option<Self::User>, Self::Error>> + Send;
}

/// Wraps the error of a backend, and asks what it is.
#[derive(Debug, FailureReason)]
pub(crate) enum SessionError<B: Backend> {
    #[reason(transparent)]
    Backend(B::Error),
    SessionExpired,
}

/// An extractor around a backend whose error names it.
pub(crate) struct AuthSession<Backend: self::Backend> {
    pub(crate) backend: Backend,
    pub(crate) expired: bool,
}

impl<Backend: self::Backend> AuthSession<Backend> {
    fn about(found: &Result<Option<Backend::User>, SessionError<Backend>>, about: &mut About) {
        about.resource(found.is_ok());
    }

    #[auth_metered(op = "session_find", subject = name, context = Self::about, none_is = unknown_subject)]
    pub(crate) async fn find(&self, name: &str) -> Result<Option<Backend::User>, SessionError<Backend>> {
        if self.expired {
            return Err(SessionError::SessionExpired);
        }
        self.backend.find(name).await.map_err(SessionError::Backend)
    }
}

/// Parameters of the `impl` that are called as types often are.
pub(crate) struct Chain<StoreError, CacheError>(PhantomData<(StoreError, CacheError)>);

impl<StoreError, CacheError> Chain<StoreError, CacheError>
where
    StoreError: FailureReason + From<CacheError> + Send,
    CacheError: FailureReason + Send,
{
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }

    #[auth_metered(op = "chain_read")]
    pub(crate) fn read(&self, cached: Result<u8, CacheError>) -> Result<u8, StoreError> {
        Ok(cached?)
    }

    #[auth_metered(op = "chain_fill")]
    pub(crate) async fn fill(self, cached: Result<u8, CacheError>) -> Result<Self, CacheError> {
        cached.map(|_| self)
    }
}

/// The backend of the tests.
#[derive(Debug)]
pub(crate) struct Users(pub(crate) HashMap<String, u32>);

impl Backend for Users {
    type User = u32;
    type Error = TokenError;

    #[auth_metered(op = "users_find", none_is = unknown_subject)]
    async fn find(&self, name: &str) -> Result<Option<u32>, TokenError> {
        if name.is_empty() {
            return Err(TokenError::Malformed(String::new()));
        }
        Ok(self.0.get(name).copied())
    }
}
