use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = "invalid_credentials")]
fn check() -> bool {
    true
}

#[auth_metered(op = "find", none_is = "unknown_subject")]
fn find() -> Option<u8> {
    None
}

fn main() {}
