//! Second factors that were asked for, by channel and by how they ended, and how long people took to answer.

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::group::{ByLabel, ByService, Counters, Group, GroupError, Observations, Samples};
use auth_metrics::{AuthMetrics, Family};

static CHALLENGES: Family = Family::counter(
    "step_up_challenges_total",
    &["service_id", "channel", "outcome"],
    "Second factors that were asked for, by how they ended.",
);

static ANSWER: Family =
    Family::histogram("step_up_answer_seconds", &["service_id"], "Time until a second factor was answered.");

/// How many channels a service tells apart.
pub const CHANNELS: usize = 4;

/// How a challenge ended: the `outcome` label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Success,
    Rejected,
    /// A further factor is asked for.
    Interim,
}

const ENDINGS: [&str; 3] = ["success", "rejected", "interim"];

pub struct StepUp {
    services: ByService<Service>,
}

struct Service {
    channels: ByLabel<Counters>,
    answers: Observations,
}

impl StepUp {
    /// The group of a handle, with the handle's own service at zero.
    pub fn of(metrics: &AuthMetrics) -> Result<Arc<StepUp>, GroupError> {
        let group = metrics.group(|| StepUp { services: ByService::new() })?;
        group.service(metrics, metrics.service_id());
        Ok(group)
    }

    /// Exports a channel of a service at zero.
    pub fn declare(&self, metrics: &AuthMetrics, service: &str, channel: &'static str) {
        self.counters(metrics, service, channel);
    }

    pub fn record(
        &self,
        metrics: &AuthMetrics,
        (service, channel): (&str, &str),
        ending: Ending,
        took: Duration,
    ) {
        self.counters(metrics, service, channel).add(ending as usize, 1);
        self.service(metrics, service).answers.observe(took);
    }

    fn counters(&self, metrics: &AuthMetrics, service: &str, channel: &str) -> &Counters {
        let channels = &self.service(metrics, service).channels;
        channels.get_or_insert_with(channel, || Counters::new(ENDINGS.len()))
    }

    fn service(&self, metrics: &AuthMetrics, service: &str) -> &Service {
        self.services.get_or_insert_with(metrics, service, || Service {
            channels: ByLabel::new("channel", CHANNELS),
            answers: Observations::new(&[1.0, 10.0, 60.0]).unwrap_or_default(),
        })
    }
}

impl Group for StepUp {
    fn families(&self) -> Vec<&'static Family> {
        vec![&CHALLENGES, &ANSWER]
    }

    fn collect(&self, samples: &mut Samples) {
        for (id, service) in self.services.iter() {
            for (channel, counts) in service.channels.iter() {
                for (ending, count) in ENDINGS.into_iter().zip(counts.iter()) {
                    samples.counter(&CHALLENGES, &[id, channel, ending], count);
                }
            }
            samples.histogram(&ANSWER, &[id], &service.answers);
            samples.overflow(service.channels.overflow());
        }
    }
}
