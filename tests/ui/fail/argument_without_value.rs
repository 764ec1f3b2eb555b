use auth_metrics::auth_metered;

#[auth_metered(op)]
fn op() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = )]
fn op_nothing() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", service, metrics = , kind = )]
fn service() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", future = true)]
fn future() -> std::future::Ready<Result<(), std::convert::Infallible>> {
    std::future::ready(Ok(()))
}

#[auth_metered(op = "sign_in", subject, peer = , session, device = , resource, context = )]
fn about() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
