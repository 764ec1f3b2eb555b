//! The attribute on an `impl` or a `trait`, in the shapes that real ones have.
#![deny(warnings, unused_qualifications)]

extern crate auth_metrics as renamed;

use std::fmt::Debug;

use async_trait::async_trait;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, AuthMethod, Outcome, auth_metered};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    InvalidCredentials,
}

type Returned<T> = Result<T, LoginError>;

pub struct Store<'a, T, const N: usize> {
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
    pub const LIMIT: usize = N;

    /// Documented too.
    #[op("generic")]
    #[inline]
    pub(crate) async fn generic<const M: usize>(&self, _: [u8; M]) -> Returned<T> {
        self.kept.first().cloned().ok_or(LoginError::InvalidCredentials)
    }

    #[must_use]
    #[op("borrowed", none_is = success,)]
    pub fn borrowed<'b>(&'b mut self, at: usize) -> Option<&'b mut T> {
        self.kept.get_mut(at)
    }

    #[cfg_attr(all(), op("conditional", service = "fixed"), inline)]
    #[cfg_attr(any(), op("never"))]
    fn conditional(&self) -> Returned<usize> {
        Ok(Self::LIMIT)
    }

    #[cfg(any())]
    #[op("left_out")]
    fn left_out(&self) -> Missing {}

    #[op("classified", classify = by_status)]
    fn classified(&self) -> u16 {
        200
    }

    fn pointer(_: fn(u8) -> u8) -> fn() {
        || {}
    }
}

fn by_status(_: &u16) -> Outcome {
    Outcome::Success
}

#[auth_metered(kind = token, crate = renamed)]
pub trait Verify {
    type Token;
    const STRICT: bool = true;

    fn tenant(&self) -> &str;

    #[op("defaulted", service = self.tenant(), false_is = success)]
    fn defaulted(&self) -> Result<bool, LoginError>
    where
        Self: Sized,
    {
        let strict = Self::STRICT;
        if strict { Err(LoginError::InvalidCredentials) } else { Ok(1) }.map(|_: u8| strict)
    }
}

pub struct Plain;

#[auth_metered(false_is = token_revoked)]
impl Verify for Plain {
    type Token = u8;

    fn tenant(&self) -> &str {
        "plain"
    }

    #[op("overridden", kind = token)]
    fn defaulted(&self) -> Result<bool, LoginError> {
        Ok(false)
    }
}

#[async_trait]
pub trait Remote: Send + Sync {
    async fn above(&self, token: &str) -> Returned<usize>;
    async fn below(&mut self, token: &str) -> Returned<usize>;
}

#[async_trait]
#[auth_metered(kind = token)]
impl Remote for Plain {
    #[op("above")]
    async fn above(&self, token: &str) -> Returned<usize> {
        Ok(token.len())
    }

    async fn below(&mut self, token: &str) -> Returned<usize> {
        Ok(token.len())
    }
}

#[auth_metered(kind = token)]
#[async_trait]
impl Remote for u8 {
    async fn above(&self, token: &str) -> Returned<usize> {
        Ok(token.len())
    }

    #[op("below")]
    #[op("below_too", kind = authorization)]
    async fn below(&mut self, token: &str) -> Returned<usize> {
        *self += 1;
        Ok(token.len())
    }
}

macro_rules! verifier {
    ($name:ident, $op:literal, $vis:vis $method:ident, $service:expr, { $($rest:tt)* }) => {
        pub struct $name;

        #[auth_metered(service = $service, kind = token)]
        impl $name {
            #[op($op)]
            $vis fn $method(&self) -> Result<(), LoginError> {
                Ok(())
            }

            $($rest)*
        }
    };
    (@whole $item:item) => {
        #[auth_metered]
        $item
    };
}

verifier!(Made, "made", pub made, "made", {
    #[op("handed_over")]
    pub async fn handed_over(self) -> Result<(), LoginError> {
        Ok(())
    }
});
verifier!(@whole impl Plain {
    #[op("whole")]
    unsafe fn whole() -> Result<(), LoginError> {
        Ok(())
    }
});

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .run(async {
            let mut store = Store { tenant: "tenant", kept: [1] };
            assert_eq!(store.generic([1, 2]).await.unwrap(), 1);
            assert!(store.borrowed(1).is_none());
            assert_eq!(store.conditional().unwrap(), 1);
            assert_eq!(store.classified(), 200);
            assert!(!Plain.defaulted().unwrap());
            assert_eq!(Plain.above("abc").await.unwrap(), 3);
            assert_eq!(1.below("abc").await.unwrap(), 3);
            Made.made().unwrap();
            Made.handed_over().await.unwrap();
        })
        .await;
    let snapshot = scope.snapshot();
    for (operation, service) in [
        ("generic", "tenant"),
        ("borrowed", "tenant"),
        ("conditional", "fixed"),
        ("classified", "tenant"),
        ("made", "made"),
        ("handed_over", "made"),
    ] {
        let labels = [("operation", operation), ("service_id", service)];
        assert_eq!(snapshot.value("auth_operations_started_total", &labels), Some(1.0), "{operation}");
    }
    for operation in ["overridden", "above", "below", "below_too"] {
        let labels = [("operation", operation)];
        assert_eq!(snapshot.value("auth_operations_started_total", &labels), Some(1.0), "{operation}");
    }
    let started = |operation| snapshot.value("auth_operations_started_total", &[("operation", operation)]);
    assert_eq!(started("whole"), Some(0.0));
    assert_eq!([started("never"), started("left_out")], [None, None]);
}
