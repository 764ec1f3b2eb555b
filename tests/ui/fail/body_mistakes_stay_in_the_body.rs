//! Each mistake is shown where a function without the attribute would show it.

use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
#[reason(internal_error)]
pub struct LoginError;

#[auth_metered(op = "sync")]
fn sync(name: &str) -> Result<usize, LoginError> {
    Ok(name)
}

#[auth_metered(op = "asynchronous")]
async fn asynchronous(name: &str) -> Result<usize, LoginError> {
    Ok(name)
}

#[auth_metered(op = "early")]
async fn early(name: &str) -> Result<usize, LoginError> {
    if name.is_empty() {
        return 0;
    }
    Ok(name.len())
}

#[auth_metered(op = "unknown_name")]
async fn unknown_name(name: &str) -> Result<usize, LoginError> {
    Ok(nmae.len())
}

#[auth_metered(op = "unknown_method")]
fn unknown_method(name: &str) -> Result<usize, LoginError> {
    Ok(name.length())
}

#[auth_metered(op = "no_await")]
async fn no_await(name: &str) -> Result<usize, LoginError> {
    asynchronous(name)
}

#[auth_metered(op = "deferred")]
fn deferred(name: &str) -> impl Future<Output = Result<usize, LoginError>> {
    async move { Ok::<_, LoginError>(name) }
}

fn main() {}
