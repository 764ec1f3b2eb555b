use auth_metrics::auth_metered;

struct Service;

#[auth_metered(op = "login")]
impl Service {
    fn login(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

fn main() {
    let _ = Service.login();
}
