use auth_metrics::auth_metered;

#[auth_metered(op = "check")]
pub const fn check() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

fn main() {}
