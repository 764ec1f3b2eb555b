use auth_metrics::auth_metered;

#[auth_metered(op = "check", classify = by_status)]
fn check() -> u16 {
    200
}

fn main() {}
