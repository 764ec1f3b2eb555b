//! A boxed future hides what it holds, and so ends the nesting of types.
#![deny(warnings)]

use std::convert::Infallible;
use std::pin::Pin;

use auth_metrics::auth_metered;
use auth_metrics::testing::Scope;

macro_rules! chain {
    ($($name:ident calls $next:ident;)*) => {
        $(
            #[auth_metered(op = "nested")]
            fn $name(depth: usize) -> Pin<Box<dyn Future<Output = Result<usize, Infallible>> + Send>> {
                Box::pin(async move { $next(depth + 1).await })
            }
        )*
    };
}

#[auth_metered(op = "nested")]
fn deepest(depth: usize) -> Pin<Box<dyn Future<Output = Result<usize, Infallible>> + Send>> {
    Box::pin(async move { Ok(depth + 1) })
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
    level_10 calls level_11;
    level_11 calls level_12;
    level_12 calls level_13;
    level_13 calls level_14;
    level_14 calls level_15;
    level_15 calls level_16;
    level_16 calls level_17;
    level_17 calls level_18;
    level_18 calls level_19;
    level_19 calls level_20;
    level_20 calls level_21;
    level_21 calls level_22;
    level_22 calls level_23;
    level_23 calls level_24;
    level_24 calls level_25;
    level_25 calls level_26;
    level_26 calls level_27;
    level_27 calls level_28;
    level_28 calls level_29;
    level_29 calls level_30;
    level_30 calls level_31;
    level_31 calls level_32;
    level_32 calls level_33;
    level_33 calls level_34;
    level_34 calls level_35;
    level_35 calls level_36;
    level_36 calls level_37;
    level_37 calls level_38;
    level_38 calls level_39;
    level_39 calls level_40;
    level_40 calls level_41;
    level_41 calls level_42;
    level_42 calls level_43;
    level_43 calls level_44;
    level_44 calls level_45;
    level_45 calls level_46;
    level_46 calls level_47;
    level_47 calls level_48;
    level_48 calls level_49;
    level_49 calls level_50;
    level_50 calls level_51;
    level_51 calls level_52;
    level_52 calls level_53;
    level_53 calls level_54;
    level_54 calls level_55;
    level_55 calls level_56;
    level_56 calls level_57;
    level_57 calls level_58;
    level_58 calls level_59;
    level_59 calls level_60;
    level_60 calls level_61;
    level_61 calls level_62;
    level_62 calls deepest;
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    assert_eq!(scope.run(assert_send(level_0(0))).await, Ok(64));
    let labels = [("operation", "nested"), ("outcome", "success")];
    assert_eq!(scope.snapshot().value("auth_operations_total", &labels), Some(64.0));
}
