use auth_metrics::auth_metered;

#[auth_metered(op = "login", future)]
fn result() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", future)]
fn nothing() {}

fn main() {}
