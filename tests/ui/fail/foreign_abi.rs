use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = invalid_credentials)]
pub extern "C" fn check(code: u32) -> bool {
    code == 1
}

fn main() {}
