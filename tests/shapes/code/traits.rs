//! Methods of traits: native, with default bodies, and through `#[async_trait]` in both orders.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use auth_metrics::FailureReason;
use auth_metrics::events::About;

use super::super::auth_metered;
use crate::fixture::pause;

#[allow(dead_code, reason = "shown")]
#[derive(Debug, FailureReason)]
pub(crate) enum BindError {
    InvalidCredentials,
    #[reason(dependency_unavailable)]
    Unreachable {
        host: String,
    },
}

pub(crate) type BindResult<T> = Result<T, BindError>;

fn about_binding(bound: &BindResult<()>, about: &mut About) {
    if let Err(BindError::Unreachable { host }) = bound {
        about.resource(host);
    }
}

/// As a directory's handlers are written.
#[async_trait]
pub(crate) trait LoginHandler: Debug + Send + Sync {
    async fn bind(&self, name: &str, password: &[u8]) -> BindResult<()>;

    #[auth_metered(op = "bind_twice", subject = name)]
    async fn bind_twice(&self, name: &str, passwords: [&[u8]; 2]) -> BindResult<usize> {
        for password in passwords {
            self.bind(name, password).await?;
        }
        Ok(passwords.len())
    }
}

#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) host: Option<String>,
}

#[async_trait]
impl LoginHandler for Directory {
    #[auth_metered(op = "bind", subject = _name, resource = self.host)]
    async fn bind(&self, _name: &str, password: &[u8]) -> BindResult<()> {
        pause().await;
        match (&self.host, password) {
            (None, _) => Err(BindError::Unreachable { host: "ldap".to_owned() }),
            (Some(_), b"right") => Ok(()),
            (Some(_), _) => Err(BindError::InvalidCredentials),
        }
    }
}

#[async_trait]
impl<H: LoginHandler + ?Sized> LoginHandler for Arc<H> {
    #[auth_metered(op = "bind_shared", subject = name, context = about_binding)]
    async fn bind(&self, name: &str, password: &[u8]) -> BindResult<()> {
        (**self).bind(name, password).await
    }
}

/// Native async methods.
pub(crate) trait Verifier {
    type Claims: Debug;

    async fn verify(&mut self, token: &str) -> BindResult<Self::Claims>;

    #[auth_metered(op = "verify_bearer", kind = token)]
    async fn verify_bearer(&mut self, header: &str) -> Result<Self::Claims, BindError>
    where
        Self: Sized,
    {
        let Some(("Bearer", token)) = header.split_once(' ') else {
            return Err(BindError::InvalidCredentials);
        };
        self.verify(token).await
    }

    #[auth_metered(op = "verify_name", none_is = success)]
    fn name(&self) -> BindResult<Option<&'static str>> {
        Ok(Some("verifier"))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Lengths(pub(crate) Vec<usize>);

impl Verifier for Lengths {
    type Claims = usize;

    #[auth_metered(op = "verify", kind = token)]
    async fn verify(&mut self, token: &str) -> BindResult<Self::Claims> {
        pause().await;
        if token.is_empty() {
            return Err(BindError::InvalidCredentials);
        }
        self.0.push(token.len());
        Ok(token.len())
    }
}

/// A trait that promises a `Send` future, and one that an `async fn` keeps.
pub(crate) trait Grants {
    fn grant(&self, scope: &str) -> impl Future<Output = BindResult<String>> + Send;
}

impl Grants for Directory {
    #[auth_metered(op = "grant", kind = authorization)]
    async fn grant(&self, scope: &str) -> BindResult<String> {
        pause().await;
        if scope == "admin" { Err(BindError::InvalidCredentials) } else { Ok(scope.to_owned()) }
    }
}

impl Grants for Lengths {
    #[auth_metered(op = "grant_future", kind = authorization)]
    fn grant(&self, scope: &str) -> impl Future<Output = BindResult<String>> + Send {
        let scope = scope.repeat(self.0.len());
        async move { if scope.is_empty() { Err(BindError::InvalidCredentials) } else { Ok(scope) } }
    }
}

/// `!Send` futures.
#[async_trait(?Send)]
pub(crate) trait Local {
    type Key<'a>
    where
        Self: 'a;

    async fn unlock(&self, pin: std::rc::Rc<str>) -> BindResult<Self::Key<'_>>;
}

#[async_trait(?Send)]
impl Local for Lengths {
    type Key<'a> = &'a [usize];

    #[auth_metered(op = "unlock", service = "local")]
    async fn unlock(&self, pin: std::rc::Rc<str>) -> BindResult<Self::Key<'_>> {
        pause().await;
        if pin.is_empty() { Err(BindError::InvalidCredentials) } else { Ok(&self.0) }
    }
}
