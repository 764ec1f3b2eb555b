use auth_metrics::{Reason, auth_metered, reasons};

pub struct Foreign;

type Verified<T> = Result<T, Foreign>;

#[auth_metered(op = "plain", reason = by_text)]
fn plain() -> Verified<u8> {
    Ok(1)
}

#[auth_metered(op = "asynchronous", reason = by_value)]
async fn asynchronous() -> Result<u8, Foreign> {
    Ok(1)
}

#[auth_metered(op = "future", reason = reasons::io)]
fn future() -> impl Future<Output = Verified<u8>> {
    async { Ok(1) }
}

#[auth_metered(op = "boxed", reason = by_result)]
fn boxed() -> std::pin::Pin<Box<dyn Future<Output = Verified<u8>>>> {
    Box::pin(async { Ok(1) })
}

fn by_text(_: &str) -> Reason {
    Reason::TokenExpired
}

fn by_value(_: Foreign) -> Reason {
    Reason::TokenExpired
}

fn by_result(_: &Verified<u8>) -> Reason {
    Reason::TokenExpired
}

fn main() {}
