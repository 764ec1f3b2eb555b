//! An error of another crate.

use auth_metrics::auth_metered;

#[auth_metered(op = "read_key")]
fn read_key(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[auth_metered(op = "read_key")]
async fn spelled_out(path: &str) -> Result<Vec<u8>, std::io::Error> {
    std::fs::read(path)
}

fn main() {}
