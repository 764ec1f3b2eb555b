//! Neither `Display` nor `AsRef<str>`: nothing can be kept of it.

use auth_metrics::auth_metered;

#[derive(Clone)]
pub struct Account {
    id: Vec<u8>,
}

#[auth_metered(op = "plain", subject = account)]
fn plain(account: &Account) -> Result<usize, std::convert::Infallible> {
    Ok(account.id.len())
}

#[auth_metered(op = "asynchronous", session = account.id.clone(), device = Some(account))]
async fn asynchronous(account: Account) -> Result<usize, std::convert::Infallible> {
    Ok(account.id.len())
}

#[auth_metered(op = "generic", resource = asked)]
fn generic<T>(asked: T) -> impl Future<Output = Result<T, std::convert::Infallible>> {
    std::future::ready(Ok(asked))
}

fn main() {}
