//! A name that is not known at compile time could carry anything into a label.

use auth_metrics::auth_metered;

const LOGIN: &str = "login";

#[auth_metered(op = LOGIN)]
fn by_constant() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = format!("login_{tenant}"))]
fn by_format(tenant: u8) -> Result<u8, std::convert::Infallible> {
    Ok(tenant)
}

#[auth_metered(op = login)]
fn by_word() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = b"login")]
fn by_bytes() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
