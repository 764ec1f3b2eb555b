use auth_metrics::auth_metered;

#[auth_metered(op = "login", service = tenant)]
async fn login(tenant: u64) -> Result<u64, std::convert::Infallible> {
    Ok(tenant)
}

fn main() {}
