//! Scrapes `/metrics` under load, as Prometheus would, and checks each scrape.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::client::Client;
use super::scrape::Scrape;

const EVERY: Duration = Duration::from_millis(250);

/// Rotations of the key that signs access tokens.
const ROTATED: [(&str, &str); 2] = [("credential_kind", "signing_key"), ("outcome", "success")];

/// What the scrapes under load showed.
#[derive(Debug, Default, Clone)]
pub(super) struct UnderLoad {
    pub(super) scrapes: u32,
    /// Scrapes that could not be read, or in which an operation's counts did not add up.
    pub(super) broken: u32,
    pub(super) most_in_flight: f64,
    /// When the signing key was rotated, from the first scrape on.
    pub(super) rotations: Vec<Duration>,
}

/// A scraper in the background.
pub(super) struct Watch {
    stop: oneshot::Sender<()>,
    scraping: JoinHandle<UnderLoad>,
}

impl Watch {
    /// Scrapes until it is stopped.
    pub(super) fn start(client: Client) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, scraping: tokio::spawn(scrape_until(stopped, client)) }
    }

    /// What it saw.
    pub(super) async fn stop(self) -> UnderLoad {
        drop(self.stop);
        self.scraping.await.unwrap_or(UnderLoad { broken: 1, ..UnderLoad::default() })
    }
}

async fn scrape_until(mut stopped: oneshot::Receiver<()>, client: Client) -> UnderLoad {
    let (mut seen, started) = (UnderLoad::default(), Instant::now());
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = &mut stopped => return seen,
            _ = tick.tick() => {}
        }
        seen.scrapes += 1;
        let text = client.scrape().await.ok();
        match text.and_then(|text| Scrape::parse(&text).ok()) {
            Some(scrape) if scrape.is_conserved() => {
                seen.most_in_flight = seen.most_in_flight.max(scrape.in_flight());
                if scrape.sum("auth_credential_rotations_total", &ROTATED) > count(&seen.rotations) {
                    seen.rotations.push(started.elapsed());
                }
            }
            _ => seen.broken += 1,
        }
    }
}

fn count(rotations: &[Duration]) -> f64 {
    u32::try_from(rotations.len()).map_or(f64::MAX, f64::from)
}
