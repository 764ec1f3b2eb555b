use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = invalid_credentials)]
fn no_bool() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

#[auth_metered(op = "check", none_is = unknown_subject)]
fn no_option() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

type Verdict = Result<bool, std::convert::Infallible>;

#[auth_metered(op = "check", false_is = invalid_credentials)]
fn hidden_by_an_alias() -> Verdict {
    Ok(true)
}

fn main() {}
