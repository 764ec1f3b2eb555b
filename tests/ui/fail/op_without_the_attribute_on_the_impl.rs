//! `#[op]` means something only inside of an annotated block.

struct Service;

impl Service {
    #[op("login")]
    fn login(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

fn main() {
    let _ = Service.login();
}
