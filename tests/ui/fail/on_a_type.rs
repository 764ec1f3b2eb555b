use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
pub struct LoginError;

#[auth_metered(op = "login")]
#[derive(Debug)]
pub enum TokenError {
    Expired,
}

fn main() {}
