use auth_metrics::auth_metered;

#[auth_metered(op = "find")]
fn find(token: &str) -> Option<&str> {
    Some(token)
}

#[auth_metered(op = "find")]
async fn around_result(token: &str) -> Option<Result<u8, std::convert::Infallible>> {
    Some(Ok(token.len() as u8))
}

fn main() {}
