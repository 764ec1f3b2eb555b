use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
fn login() -> Result<u8, String> {
    Err(String::from("wrong password for alice@example.org"))
}

#[auth_metered(op = "login")]
fn unit() -> Result<u8, ()> {
    Err(())
}

fn main() {}
