//! Arguments borrow, as `service` does.

use auth_metrics::auth_metered;

#[auth_metered(op = "service", service = tenant.into_boxed_str())]
fn service(tenant: String) -> Result<usize, std::convert::Infallible> {
    Ok(tenant.len())
}

#[auth_metered(op = "subject", subject = name.into_boxed_str())]
async fn subject(name: String) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

fn main() {}
