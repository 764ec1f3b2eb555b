use auth_metrics::auth_metered;

#[auth_metered(op = "check", classify = |status| by_status(*status))]
fn closure() -> u16 {
    200
}

#[auth_metered(op = "check", classify = "by_status")]
fn quoted() -> u16 {
    200
}

#[auth_metered(op = "check", classify = by_status(403))]
fn called() -> u16 {
    200
}

fn main() {}
