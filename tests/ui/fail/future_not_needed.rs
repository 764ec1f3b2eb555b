use auth_metrics::auth_metered;

#[auth_metered(op = "login", future)]
async fn asynchronous() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", future)]
fn shown() -> impl Future<Output = Result<(), std::convert::Infallible>> {
    async { Ok(()) }
}

fn main() {}
