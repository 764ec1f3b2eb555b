use auth_metrics::auth_metered;

#[auth_metered(op = "login", docs = "none")]
fn text() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", docs = off)]
fn word() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", docs)]
fn alone() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(docs = 0)]
impl Service {
    #[op("login")]
    fn login() -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

struct Service;

fn main() {}
