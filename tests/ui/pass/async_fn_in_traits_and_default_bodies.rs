//! Methods of traits: native `async fn`, default bodies, and `#[async_trait]` around them.
#![deny(warnings)]

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
pub enum TokenError {
    TokenExpired,
    TokenMalformed,
}

trait Native {
    fn name(&self) -> &str;

    async fn verify(&self, token: &str) -> Result<usize, TokenError>;

    #[auth_metered(op = "native_default")]
    async fn verify_trimmed(&self, token: &str) -> Result<usize, TokenError> {
        self.verify(token.trim()).await
    }

    #[auth_metered(op = "plain_default")]
    fn length(&self) -> Result<usize, TokenError>
    where
        Self: Sized,
    {
        Ok(self.name().len())
    }
}

impl Native for String {
    fn name(&self) -> &str {
        self
    }

    #[auth_metered(op = "native")]
    async fn verify(&self, token: &str) -> Result<usize, TokenError> {
        if token == self { Ok(token.len()) } else { Err(TokenError::TokenExpired) }
    }
}

#[async_trait::async_trait]
trait Boxed: Sync {
    type Token<'a>: Send
    where
        Self: 'a;

    async fn verify(&self, token: &str) -> Result<Self::Token<'_>, TokenError>;

    #[auth_metered(op = "boxed_default")]
    async fn verify_all(&self, tokens: &[&str], mut seen: Vec<u8>) -> Result<usize, TokenError> {
        for token in tokens {
            self.verify(token).await?;
            seen.push(1);
        }
        Ok(seen.len())
    }
}

#[async_trait::async_trait]
impl Boxed for String {
    type Token<'a> = &'a str;

    #[auth_metered(op = "boxed", service = self)]
    async fn verify(&self, token: &str) -> Result<Self::Token<'_>, TokenError> {
        std::future::ready(()).await;
        if token.is_empty() {
            return Err(TokenError::TokenMalformed);
        }
        Ok(self)
    }
}

// The attributes the other way round: the method is a plain one that returns a box by then.
struct Reversed;

#[async_trait::async_trait(?Send)]
trait Local {
    async fn verify(&self) -> Result<u8, TokenError>;
}

#[async_trait::async_trait(?Send)]
impl Local for Reversed {
    #[auth_metered(op = "local")]
    async fn verify(&self) -> Result<u8, TokenError> {
        let local = std::rc::Rc::new(1);
        std::future::ready(()).await;
        Ok(*local)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .run(async {
            let key = String::from("key");
            assert_eq!(Native::verify_trimmed(&key, " key ").await.unwrap(), 3);
            assert_eq!(key.length().unwrap(), 3);
            assert_eq!(key.verify_all(&["a", "b"], Vec::new()).await.unwrap(), 2);
            assert!(key.verify_all(&["a", "", "c"], Vec::new()).await.is_err());
            assert_eq!(Local::verify(&Reversed).await.unwrap(), 1);
        })
        .await;
    let started = |operation| {
        scope.snapshot().value("auth_operations_started_total", &[("operation", operation)])
    };
    assert_eq!(started("native"), Some(1.0));
    assert_eq!(started("native_default"), Some(1.0));
    assert_eq!(started("boxed"), Some(4.0));
    assert_eq!(started("boxed_default"), Some(2.0));
}
