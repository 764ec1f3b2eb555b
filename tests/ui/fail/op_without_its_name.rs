use auth_metrics::auth_metered;

#[auth_metered("login")]
fn login() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
