use auth_metrics::auth_metered;

pub trait Verify {
    #[auth_metered(op = "verify")]
    fn verify(&self, token: &str) -> Result<u8, std::convert::Infallible>;

    #[auth_metered(op = "verify_later")]
    fn verify_later(&self) -> impl Future<Output = Result<u8, std::convert::Infallible>> + Send;
}

fn main() {}
