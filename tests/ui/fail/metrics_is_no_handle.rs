use auth_metrics::auth_metered;

#[auth_metered(op = "login", metrics = registry)]
async fn a_registry(registry: &auth_metrics::prometheus::Registry) -> Result<(), std::convert::Infallible> {
    let _ = registry;
    Ok(())
}

pub struct Service {
    metrics: Option<auth_metrics::AuthMetrics>,
}

impl Service {
    #[auth_metered(op = "login", metrics = self.metrics)]
    pub fn an_option(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

fn main() {}
