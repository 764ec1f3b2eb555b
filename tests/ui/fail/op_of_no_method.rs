//! Only methods with a body have calls to count.

use auth_metrics::auth_metered;

struct Service;

#[auth_metered]
impl Service {
    #[op("limit")]
    const LIMIT: fn() = || {};
}

#[auth_metered]
pub(crate) trait Verify {
    #[op("token")]
    type Token;

    #[op("verify")]
    fn verify(&self) -> Result<Self::Token, std::convert::Infallible>;
}

fn main() {
    Service::LIMIT();
}
