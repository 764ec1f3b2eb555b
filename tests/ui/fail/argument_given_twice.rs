use auth_metrics::auth_metered;

#[auth_metered(op = "login", kind = token, op = "sign_in", kind = authorization)]
fn login() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "sign_in", subject = name, peer = 1, subject = name.len())]
fn sign_in(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

fn main() {}
