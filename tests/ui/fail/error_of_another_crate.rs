//! An error of another crate.

use std::num::ParseIntError;

use auth_metrics::auth_metered;

type Parsed<T> = Result<T, ParseIntError>;

#[auth_metered(op = "read_code")]
fn read_code(code: &str) -> Parsed<u32> {
    code.parse()
}

#[auth_metered(op = "read_code")]
async fn spelled_out(code: &str) -> Result<u32, std::num::ParseIntError> {
    code.parse()
}

fn main() {}
