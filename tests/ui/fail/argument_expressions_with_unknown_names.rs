use auth_metrics::auth_metered;

#[auth_metered(op = "login", service = tenant, metrics = self.metrics)]
async fn login(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

fn main() {}
