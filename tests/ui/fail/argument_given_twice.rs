use auth_metrics::auth_metered;

#[auth_metered(op = "login", kind = token, op = "sign_in", kind = authorization)]
fn login() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
