//! An error of another crate that can hold any other, behind the usual alias.

use auth_metrics::auth_metered;

mod anyhow {
    pub struct Error;
    pub type Result<T, E = Error> = std::result::Result<T, E>;
}

#[auth_metered(op = "login")]
async fn login() -> anyhow::Result<u8> {
    Ok(1)
}

fn main() {}
