//! Type, lifetime and const parameters, with bounds where people put them.
#![deny(warnings)]

use std::fmt::{Debug, Display};

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
pub enum Traced<E, const N: usize = 1> {
    #[reason(transparent)]
    Inner(Box<E>),
    #[reason(internal_error)]
    Bytes([u8; N]),
}

#[derive(Debug, FailureReason)]
#[reason(timeout)]
pub struct Late;

#[auth_metered(op = "bounded")]
pub async fn bounded<T, E, const N: usize>(value: &T, read: Result<[u8; N], E>) -> Result<(T, [u8; N]), E>
where
    T: Clone + Send,
    E: FailureReason,
{
    let bytes = read?;
    Ok((value.clone(), bytes))
}

#[auth_metered(op = "higher_ranked")]
pub fn higher_ranked<F>(pick: F) -> Result<u8, Traced<Late, 4>>
where
    F: for<'x> Fn(&'x u8) -> &'x u8,
{
    if *pick(&1) == 1 { Err(Traced::Inner(Box::new(Late))) } else { Err(Traced::Bytes([0; 4])) }
}

pub trait Store {
    type Key: Display + ?Sized;
    type Error: FailureReason + Debug;

    fn read(&self, key: &Self::Key) -> Result<u8, Self::Error>;
}

pub struct Service<S>(pub S);

impl<S: Store + Sync> Service<S>
where
    S::Key: Sync,
{
    #[auth_metered(op = "associated")]
    pub async fn associated(&self, key: &S::Key) -> Result<u8, S::Error> {
        self.0.read(key)
    }

    #[auth_metered(op = "around_associated")]
    pub fn around_associated(&self, key: &S::Key) -> Result<u8, Traced<S::Error>> {
        self.0.read(key).map_err(|error| Traced::Inner(Box::new(error)))
    }
}

/// Parameters of the `impl` whose names look like types.
pub struct Pair<Err, Failure>(Err, Failure);

impl<Err: FailureReason, Failure: FailureReason> Pair<Err, Failure> {
    #[auth_metered(op = "first")]
    pub async fn first(self) -> Result<Failure, Err> {
        Err(self.0)
    }

    #[auth_metered(op = "second")]
    pub fn second(self) -> Result<Err, Failure> {
        Err(self.1)
    }

    #[auth_metered(op = "itself")]
    pub fn itself(self) -> Result<Self, Box<Failure>> {
        Ok(self)
    }
}

struct Fixed;

impl Store for Fixed {
    type Key = str;
    type Error = Late;

    fn read(&self, key: &str) -> Result<u8, Late> {
        if key.is_empty() { Err(Late) } else { Ok(1) }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .run(async {
            assert_eq!(bounded::<_, Late, 2>(&"a", Ok([1, 2])).await.unwrap(), ("a", [1, 2]));
            assert!(higher_ranked(|byte| byte).is_err());
            assert!(Service(Fixed).associated("").await.is_err());
            assert!(Service(Fixed).around_associated("").is_err());
            assert!(Pair(Late, Late).first().await.is_err());
            assert!(Pair(Late, Late).second().is_err());
            assert!(Pair(Late, Late).itself().is_ok());
        })
        .await;
    for operation in ["higher_ranked", "associated", "around_associated", "first", "second"] {
        let labels = [("operation", operation), ("failure_reason", "timeout")];
        let counted = scope.snapshot().value("auth_operation_failures_total", &labels);
        assert_eq!(counted, Some(1.0), "{operation}");
    }
}
