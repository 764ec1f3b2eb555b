use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = invalid_credential)]
fn typo() -> bool {
    true
}

#[auth_metered(op = "check", false_is = InvalidCredentials)]
fn as_a_variant() -> bool {
    true
}

#[auth_metered(op = "check", false_is = Reason::InvalidCredentials)]
fn as_a_path() -> bool {
    true
}

#[auth_metered(op = "check", false_is = zebra)]
fn nothing_near() -> bool {
    true
}

fn main() {}
