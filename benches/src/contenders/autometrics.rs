//! autometrics 3 with its `prometheus` backend.

use autometrics::autometrics;
use autometrics::settings::AutometricsSettings;
use prometheus::Registry;

use super::prometheus::text;
use super::{BOUNDS, Contender, Counted, Lines, Login, SERVICE, body, drive};

pub struct Autometrics {
    registry: Registry,
}

#[autometrics]
async fn login(n: u64) -> Login {
    body(n)
}

impl Autometrics {
    pub fn new() -> Autometrics {
        let registry = Registry::new();
        AutometricsSettings::builder()
            .service_name(SERVICE)
            .histogram_buckets(BOUNDS)
            .prometheus_registry(registry.clone())
            .init();
        Autometrics { registry }
    }
}

impl Contender for Autometrics {
    fn name(&self) -> &'static str {
        "autometrics 3"
    }

    fn note(&self) -> &'static str {
        "`prometheus` backend"
    }

    fn run(&self, calls: u64) {
        drive(calls, login);
    }

    fn counted(&self) -> Option<Counted> {
        let own = "function=\"login\"";
        Some(Counted::read(
            &text(&self.registry),
            Lines("function_calls_total", &[own, "result=\"ok\""]),
            Lines("function_calls_total", &[own, "result=\"error\""]),
            Lines("function_calls_duration_seconds_count", &[own]),
        ))
    }
}
