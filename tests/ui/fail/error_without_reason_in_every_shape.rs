//! One mistake, shown at the error type, whatever the function looks like.

use std::pin::Pin;

use auth_metrics::auth_metered;

pub struct LoginError;
type Login = Result<u8, LoginError>;

#[auth_metered(op = "plain")]
fn plain() -> Result<u8, LoginError> {
    Ok(1)
}

#[auth_metered(op = "alias")]
async fn alias() -> Login {
    Ok(1)
}

#[auth_metered(op = "deferred")]
fn deferred() -> impl Future<Output = Result<u8, LoginError>> {
    async { Ok(1) }
}

#[auth_metered(op = "boxed")]
fn boxed() -> Pin<Box<dyn Future<Output = Result<u8, LoginError>>>> {
    Box::pin(async { Ok(1) })
}

#[auth_metered(op = "hidden", future)]
fn hidden() -> Boxed {
    Box::pin(async { Ok(1) })
}

type Boxed = Pin<Box<dyn Future<Output = Result<u8, LoginError>>>>;

#[auth_metered(op = "in_option", none_is = success)]
fn in_option() -> Option<Result<u8, LoginError>> {
    None
}

fn main() {}
