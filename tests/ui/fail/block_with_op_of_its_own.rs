//! An `impl` has many operations, and the name of one can't be shared.

use auth_metrics::auth_metered;

struct Service;

#[auth_metered(op = "sign_in")]
impl Service {
    fn login(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

#[auth_metered(op, kind = tokn)]
pub(crate) trait Verify {
    #[op("verify")]
    fn verify(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

impl Verify for Service {}

fn main() {
    let _ = Service.login();
    let _ = Service.verify();
}
