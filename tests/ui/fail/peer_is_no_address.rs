//! A text may be anything, also where it looks like an address.

use auth_metrics::auth_metered;

#[auth_metered(op = "string", peer = client_ip)]
fn string(client_ip: String) -> Result<usize, std::convert::Infallible> {
    Ok(client_ip.len())
}

#[auth_metered(op = "header", peer = headers.get(0))]
async fn header(headers: Vec<String>) -> Result<usize, std::convert::Infallible> {
    Ok(headers.len())
}

#[auth_metered(op = "literal", peer = "192.0.2.7")]
fn literal() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
