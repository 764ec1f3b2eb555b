use std::sync::Arc;

use auth_metrics::{AuthMetrics, FailureReason, AuthMethod, Source, auth_metered};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    InvalidCredentials,
}

enum Channel {
    Kiosk,
}

impl Source for Channel {
    fn label(&self) -> &'static str {
        "kiosk"
    }
}

struct Gateway {
    metrics: Arc<AuthMetrics>,
    name: String,
}

impl Gateway {
    #[auth_metered(op = "login", metrics = self.metrics, service = self.name, source = Channel::Kiosk)]
    fn login(&self) -> Result<(), LoginError> {
        Ok(())
    }

    #[auth_metered(op = "verify", kind = token, metrics = &*self.metrics, service = format!("{}-2", self.name), source = method)]
    fn verify(&self, method: &AuthMethod) -> Result<(), LoginError> {
        let _ = method;
        Err(LoginError::InvalidCredentials)
    }
}

fn main() {
    let metrics = AuthMetrics::builder().service_id("own").build().unwrap();
    let gateway = Gateway { metrics: Arc::new(metrics.clone()), name: "gateway".to_owned() };
    gateway.login().unwrap();
    gateway.verify(&AuthMethod::ApiKey).unwrap_err();
    let snapshot = metrics.snapshot();
    let source = |service, source| {
        snapshot.value("auth_source_operations_total", &[("service_id", service), ("source", source)])
    };
    assert_eq!([source("gateway", "kiosk"), source("gateway-2", "api_key")], [Some(1.0), Some(1.0)]);
}
