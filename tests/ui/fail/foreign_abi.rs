use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = invalid_credentials)]
pub extern "C" fn check(code: u32) -> bool {
    code == 1
}

#[auth_metered(op = "check_all", false_is = invalid_credentials)]
pub unsafe extern "C" fn check_all(code: u32, _more: ...) -> bool {
    code == 1
}

fn main() {}
