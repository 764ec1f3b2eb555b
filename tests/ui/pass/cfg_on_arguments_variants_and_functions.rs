use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    InvalidCredentials,
    #[cfg(any())]
    NotHere(NoSuchType),
}

#[auth_metered(op = "plain_cfg")]
fn plain(
    value: u8,
    #[cfg(any())] gone: NoSuchType,
    #[cfg(all())] here: u8,
) -> Result<u8, LoginError> {
    #[cfg(any())]
    let value = gone;
    Ok(value + here)
}

#[cfg(any())]
#[auth_metered(op = "absent")]
fn absent() -> NoSuchType {}

fn main() {
    assert_eq!(plain(1, 2).unwrap(), 3);
}
