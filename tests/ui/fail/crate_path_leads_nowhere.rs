use auth_metrics::auth_metered;

#[auth_metered(op = "login", crate = metrics_of_ours)]
fn login() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
