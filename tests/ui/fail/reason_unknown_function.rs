//! One mistake each, whether or not the path may be one of the library's.

use auth_metrics::auth_metered;

pub struct Foreign;

type Verified = Result<u8, Foreign>;

#[auth_metered(op = "verify", reason = why)]
fn own() -> Verified {
    Ok(1)
}

#[auth_metered(op = "verify", reason = auth_metrics::reasons::sqlite)]
async fn ready() -> Verified {
    Ok(1)
}

#[auth_metered(op = "verify", reason = auth_metrics::reasons::sqlite::lookup)]
async fn in_a_module() -> Verified {
    Ok(1)
}

#[auth_metered(op = "verify", reason = reasons::io)]
fn not_imported() -> Verified {
    Ok(1)
}

fn main() {}
