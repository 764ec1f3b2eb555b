use auth_metrics::auth_metered;

#[auth_metered(op = "check")]
fn check(token: &str) -> bool {
    !token.is_empty()
}

#[auth_metered(op = "check")]
async fn inside_ok(token: &str) -> Result<bool, std::convert::Infallible> {
    Ok(!token.is_empty())
}

fn main() {}
