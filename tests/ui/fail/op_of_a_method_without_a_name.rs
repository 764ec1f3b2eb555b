//! `#[op]` begins with the name, whatever else it says.

use auth_metrics::auth_metered;

struct Service;

#[auth_metered]
impl Service {
    #[op]
    fn sign_in(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    #[op()]
    async fn verify_2fa(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    #[op = "check"]
    fn check(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    #[op(kind = token)]
    fn verify(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    #[op("right")]
    fn right(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

fn main() {
    let _ = Service.sign_in();
    let _ = Service.right();
}
