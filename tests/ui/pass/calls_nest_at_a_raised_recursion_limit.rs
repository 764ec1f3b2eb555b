//! Nothing grows with the depth of futures that hold the next one whole, but the limit that the compiler asks for.
#![recursion_limit = "640"]
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

nested! {
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    assert_eq!(scope.metrics().scope(assert_send(call(0))).await, Ok(64));
    let labels = [("operation", "nested"), ("outcome", "success")];
    assert_eq!(scope.snapshot().value("auth_operations_total", &labels), Some(64.0));
}
