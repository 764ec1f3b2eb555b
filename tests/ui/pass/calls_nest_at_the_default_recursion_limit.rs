//! Each future holds the next one whole, so the compiler's default limit bounds how deep that goes, with the attribute or
//! without. A box hides what it holds, and so ends the nesting of types.
#![deny(warnings)]

use std::convert::Infallible;

use auth_metrics::auth_metered;
use auth_metrics::testing::Scope;

/// A function for each mark, each of which calls the next.
macro_rules! nested {
    () => {
        #[auth_metered(op = "nested")]
        pub async fn call(depth: usize) -> Result<usize, Infallible> {
            tokio::task::yield_now().await;
            Ok(depth + 1)
        }
    };
    (x $($rest:tt)*) => {
        mod next {
            use super::*;
            nested! { $($rest)* }
        }

        #[auth_metered(op = "nested")]
        pub async fn call(depth: usize) -> Result<usize, Infallible> {
            next::call(depth + 1).await
        }
    };
}

macro_rules! boxed {
    () => {
        #[auth_metered(op = "boxed")]
        pub fn call(depth: usize) -> Pin<Box<dyn Future<Output = Result<usize, Infallible>> + Send>> {
            Box::pin(async move { Ok(depth + 1) })
        }
    };
    (x $($rest:tt)*) => {
        mod next {
            use super::*;
            boxed! { $($rest)* }
        }

        #[auth_metered(op = "boxed")]
        pub fn call(depth: usize) -> Pin<Box<dyn Future<Output = Result<usize, Infallible>> + Send>> {
            Box::pin(async move { next::call(depth + 1).await })
        }
    };
}

mod twelve {
    use super::*;
    nested! { x x x x x x x x x x x }
}

mod sixty_four {
    use std::pin::Pin;

    use super::*;
    boxed! {
        x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
        x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(assert_send(twelve::call(0))).await, Ok(12));
    assert_eq!(scope.metrics().scope(assert_send(sixty_four::call(0))).await, Ok(64));
    let ended = |op| scope.snapshot().value("auth_operations_total", &[("operation", op), ("outcome", "success")]);
    assert_eq!([ended("nested"), ended("boxed")], [Some(12.0), Some(64.0)]);
}
