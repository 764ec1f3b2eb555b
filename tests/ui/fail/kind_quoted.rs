use auth_metrics::auth_metered;

#[auth_metered(op = "check", kind = "token")]
fn check() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
