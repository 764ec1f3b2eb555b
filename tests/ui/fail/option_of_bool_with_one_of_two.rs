use auth_metrics::auth_metered;

#[auth_metered(op = "check", none_is = unknown_subject)]
async fn without_false_is() -> Result<Option<bool>, std::convert::Infallible> {
    Ok(None)
}

#[auth_metered(op = "check", false_is = invalid_credentials)]
async fn without_none_is() -> Result<Option<bool>, std::convert::Infallible> {
    Ok(None)
}

#[auth_metered(op = "check")]
async fn without_both() -> Result<Option<bool>, std::convert::Infallible> {
    Ok(None)
}

fn main() {}
