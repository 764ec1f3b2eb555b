//! metered 0.9: an attribute on methods, HDR histograms.

use metered_0_9 as metered;
use metered_0_9::{ErrorCount, HitCount, ResponseTime};

use super::{Contender, Counted, Login, body, drive};

#[derive(Default)]
pub struct Metered {
    metrics: Registry,
}

#[metered::metered(registry = Registry)]
impl Metered {
    #[measure([HitCount, ErrorCount, ResponseTime])]
    async fn login(&self, n: u64) -> Login {
        body(n)
    }
}

impl Contender for Metered {
    fn name(&self) -> &'static str {
        "metered 0.9"
    }

    fn note(&self) -> &'static str {
        "counts hits and errors, no reasons; an HDR histogram in whole milliseconds"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        let shown = serde_json::to_value(&self.metrics).unwrap();
        let login = &shown["login"];
        let hits = login["hit_count"].as_u64().unwrap();
        let failed = login["error_count"].as_u64().unwrap();
        let observed = login["response_time"]["samples"].as_u64().unwrap();
        Some(Counted { succeeded: hits - failed, failed, observed })
    }
}
