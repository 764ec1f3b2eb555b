use auth_metrics::auth_metered;

#[auth_metered(op = "check", kind = tokn)]
fn typo() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "check", kind = login)]
fn nothing_near() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
