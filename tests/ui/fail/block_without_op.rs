//! Nothing says which methods are meant.

use auth_metrics::auth_metered;

struct Service;

#[auth_metered]
impl Service {
    fn login(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

#[auth_metered(kind = token)]
pub(crate) trait Verify {
    fn verify(&self) -> Result<(), std::convert::Infallible>;
}

fn main() {
    let _ = Service.login();
}
