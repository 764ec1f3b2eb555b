use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
#[reason(internal_error)]
pub struct LoginError;

#[auth_metered(op = "sync")]
fn sync() -> Result<u8, LoginError> {
    Ok::<u8, LoginError>(1);
}

#[auth_metered(op = "asynchronous")]
async fn asynchronous() -> Result<u8, LoginError> {
    let _session = 1;
}

fn main() {}
