//! The attribute on an `impl` or a `trait`, in the shapes that real ones have.

use std::fmt::Debug;

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMethod, FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
}

type Returned<T> = Result<T, LoginError>;

struct Store<'a, T, const N: usize> {
    tenant: &'a str,
    kept: [T; N],
}

/// Documented.
#[auth_metered(service = self.tenant, source = AuthMethod::Session,)]
#[allow(dead_code)]
impl<'a, T: Clone + Debug, const N: usize> Store<'a, T, { N }>
where
    T: Send + Sync,
{
    const LIMIT: usize = N;

    /// Documented too.
    #[op("shaped_generic")]
    #[inline]
    async fn generic<const M: usize>(&self, _: [u8; M]) -> Returned<T> {
        self.kept.first().cloned().ok_or(LoginError::InvalidCredentials)
    }

    #[must_use]
    #[op("shaped_borrowed", none_is = success,)]
    fn borrowed<'b>(&'b mut self, at: usize) -> Option<&'b mut T> {
        self.kept.get_mut(at)
    }

    #[cfg_attr(all(), op("shaped_conditional", service = "fixed"), inline)]
    #[cfg_attr(any(), op("shaped_never"))]
    fn conditional(&self) -> Returned<(&'a str, usize)> {
        Ok((self.tenant, Self::LIMIT))
    }

    #[cfg(any())]
    #[op("shaped_left_out")]
    fn left_out(&self) -> Missing {}

    fn pointer(_: fn(u8) -> u8) -> fn() {
        || {}
    }
}

#[auth_metered(kind = token)]
trait Verify {
    type Token;
    const STRICT: bool = true;

    fn tenant(&self) -> &str;

    #[op("shaped_defaulted", service = self.tenant(), false_is = success)]
    fn defaulted(&self) -> Result<bool, LoginError>
    where
        Self: Sized,
    {
        let strict = Self::STRICT;
        if strict { Err(LoginError::InvalidCredentials) } else { Ok(1) }.map(|_: u8| strict)
    }
}

struct Plain;

#[auth_metered(false_is = token_revoked)]
impl Verify for Plain {
    type Token = u8;

    fn tenant(&self) -> &'static str {
        "plain"
    }

    #[op("shaped_overridden", kind = token)]
    fn defaulted(&self) -> Result<bool, LoginError> {
        Ok(false)
    }
}

#[tokio::test]
async fn methods_of_any_shape_are_counted() {
    let scope = Scope::new();
    scope
        .metrics()
        .scope(async {
            let mut store = Store { tenant: "tenant", kept: [1] };
            assert_eq!(store.generic([1, 2]).await.unwrap(), 1);
            assert!(store.borrowed(1).is_none());
            assert_eq!(store.conditional().unwrap(), ("tenant", 1));
            assert!(!Plain.defaulted().unwrap());
        })
        .await;
    let snapshot = scope.snapshot();
    for (operation, service) in
        [("shaped_generic", "tenant"), ("shaped_borrowed", "tenant"), ("shaped_conditional", "fixed")]
    {
        let labels = [("operation", operation), ("service_id", service)];
        assert_eq!(snapshot.value("auth_operations_started_total", &labels), Some(1.0), "{operation}");
    }
    let started = |operation| snapshot.value("auth_operations_started_total", &[("operation", operation)]);
    assert_eq!([started("shaped_overridden"), started("shaped_defaulted")], [Some(1.0), Some(0.0)]);
    assert_eq!([started("shaped_never"), started("shaped_left_out")], [None, None]);
}
