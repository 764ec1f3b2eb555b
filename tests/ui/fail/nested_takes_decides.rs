use auth_metrics::auth_metered;

#[auth_metered(op = "login", nested = true)]
fn flag() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", nested = "decides")]
fn quoted() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", nested)]
fn alone() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", nested = decides, nested = decides)]
fn twice() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
