//! The value that is kept across the await is shown, not the attribute.

use std::rc::Rc;

use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
async fn login() -> Result<u8, std::convert::Infallible> {
    let local = Rc::new(1);
    std::future::ready(()).await;
    Ok(*local)
}

fn spawn(_: impl Send) {}

fn main() {
    spawn(login());
}
