//! Each future holds the next one whole: the compiler's default limit bounds how deep that goes, with the attribute or without.
#![deny(warnings)]

use std::convert::Infallible;

use auth_metrics::auth_metered;
use auth_metrics::testing::Scope;

macro_rules! chain {
    ($($name:ident calls $next:ident;)*) => {
        $(
            #[auth_metered(op = "nested")]
            async fn $name(depth: usize) -> Result<usize, Infallible> {
                $next(depth + 1).await
            }
        )*
    };
}

#[auth_metered(op = "nested")]
async fn deepest(depth: usize) -> Result<usize, Infallible> {
    tokio::task::yield_now().await;
    Ok(depth + 1)
}

chain! {
    level_0 calls level_1;
    level_1 calls level_2;
    level_2 calls level_3;
    level_3 calls level_4;
    level_4 calls level_5;
    level_5 calls level_6;
    level_6 calls level_7;
    level_7 calls level_8;
    level_8 calls level_9;
    level_9 calls level_10;
    level_10 calls deepest;
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    assert_eq!(scope.run(assert_send(level_0(0))).await, Ok(12));
    let labels = [("operation", "nested"), ("outcome", "success")];
    assert_eq!(scope.snapshot().value("auth_operations_total", &labels), Some(12.0));
}
