use auth_metrics::auth_metered;

#[auth_metered(op = "closure", context = |ended, about| about.subject(ended.unwrap_or(0)))]
fn closure() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

#[auth_metered(op = "quoted", context = "session_of")]
fn quoted() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

fn main() {}
