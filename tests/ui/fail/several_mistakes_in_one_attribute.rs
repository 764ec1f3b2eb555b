//! All of them are reported at once.

use auth_metrics::auth_metered;

#[auth_metered(op = "Login", kind = tokn, fuchur, service = , none_is = cancelled, false_is = wrong_password, op = "b")]
pub const fn login() -> Result<Option<bool>, std::convert::Infallible> {
    Ok(None)
}

fn main() {}
