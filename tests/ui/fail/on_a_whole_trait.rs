use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
pub(crate) trait Login {
    fn login(&self) -> Result<(), std::convert::Infallible>;
}

impl Login for u8 {
    fn login(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

fn main() {
    let _ = 1.login();
}
