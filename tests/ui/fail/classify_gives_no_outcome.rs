use auth_metrics::auth_metered;

#[auth_metered(op = "check", classify = is_good)]
fn check() -> u16 {
    200
}

fn is_good(status: &u16) -> bool {
    *status < 400
}

fn main() {}
