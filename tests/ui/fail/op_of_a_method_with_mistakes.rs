//! What is wrong in one method, or with what they share, is said there; the other methods stand.

use auth_metrics::auth_metered;

struct Service;

#[auth_metered(service = self.tenant, none_is = unknown_subject, crate = auth_metrics)]
impl Service {
    #[op("Login", none_is = success)]
    fn login(&self) -> Option<u8> {
        None
    }

    #[op("check", servce = "a", kind = )]
    fn check(&self) -> Option<u8> {
        None
    }

    #[op("verify")]
    async fn verify(&self) -> Result<u8, std::convert::Infallible> {
        Ok(nmae)
    }

    #[op("find")]
    fn find(&self) -> Option<u8> {
        None
    }
}

fn main() {}
