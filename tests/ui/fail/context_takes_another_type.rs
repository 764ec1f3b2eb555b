use auth_metrics::auth_metered;
use auth_metrics::events::About;

type Returned = Result<u8, std::convert::Infallible>;

#[auth_metered(op = "value", context = by_value)]
fn value() -> Returned {
    Ok(1)
}

#[auth_metered(op = "success", context = by_success)]
async fn success() -> Returned {
    Ok(1)
}

#[auth_metered(op = "alone", context = alone)]
fn alone_returned() -> impl Future<Output = Returned> {
    async { Ok(1) }
}

#[auth_metered(op = "answer", context = answer)]
fn answered() -> std::pin::Pin<Box<dyn Future<Output = Returned>>> {
    Box::pin(async { Ok(1) })
}

#[auth_metered(op = "unknown", context = nowhere)]
fn unknown() -> Returned {
    Ok(1)
}

type Boxed = std::pin::Pin<Box<dyn Future<Output = Returned>>>;

#[auth_metered(op = "hidden", future, context = by_success)]
fn hidden() -> Boxed {
    Box::pin(async { Ok(1) })
}

fn by_value(_: Returned, _: &mut About) {}

fn by_success(_: &u8, _: &mut About) {}

fn alone(_: &Returned) {}

fn answer(_: &Returned, about: &mut About) -> bool {
    about.subject(7);
    true
}

fn main() {}
