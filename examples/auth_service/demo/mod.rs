//! The demo: start, send a crowd over real HTTP, scrape `/metrics` over HTTP, and show what it tells.

mod attacks;
mod client;
mod crowd;
mod defence;
mod detections;
mod figures;
mod forgery;
mod operation;
mod paint;
mod places;
mod progress;
mod scrape;
mod steps;
mod stories;
mod table;
mod tally;
mod traffic;
mod trail;
mod verdict;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use auth_metrics_audit::verify::command::Unusable;
use thiserror::Error;

use crate::args::Options;
use crate::machines::Machines;
use crate::opaque::{self, RandomError};
use crate::partner::Partner;
use crate::running::{Running, StartError};
use crate::settings::Settings;
use crate::signing::KeyError;
use client::{Client, ClientError};
use crowd::Crowd;
use paint::Paint;
use scrape::{Scrape, ScrapeError};
pub(crate) use traffic::{Mood, Phase};
use watch::Watch;

/// Why the demo showed nothing, or showed something wrong.
#[derive(Debug, Error)]
pub(crate) enum DemoError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the demo's own service did not answer: {0}")]
    Client(#[from] ClientError),
    #[error("/metrics can't be read: {0}")]
    Scrape(#[from] ScrapeError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the operating system returned no random bytes")]
    Random(#[from] RandomError),
    #[error("can't write to the terminal: {0}")]
    Print(std::io::Error),
    #[error("the audit trail can't be read: {0}")]
    Trail(#[from] Unusable),
    #[error("the counts do not add up: see the lines marked ✗ above")]
    Unsound,
}

/// The last futures of clients that hung up are dropped within this time.
const SETTLE: Duration = Duration::from_millis(400);

/// Runs the whole demo.
pub(crate) async fn run(options: Options) -> Result<(), DemoError> {
    let (partner, mut machines) = (Partner::new()?, Machines::default());
    partner.set_in_trouble(true);
    let machine_key = opaque::random_token()?;
    machines.admit(&machine_key, "machine-001");
    let running = Running::start(&Settings::demo(), options, partner.clone(), machines).await?;
    say(&table::opening(&running.service_url(), &running.metrics_url()))?;

    let client = Client::new(running.addr());
    let watch = Watch::start(Client::new(running.metrics_addr()));
    let started = Instant::now();
    let crowd = Crowd::gather(client, partner, machine_key).await?;
    let stolen = crowd.stolen.id.clone();
    let tally = crowd.come_and_go().await;
    let took = started.elapsed();
    tokio::time::sleep(SETTLE).await;
    let under_load = watch.stop().await;

    let scrape = scrape(&Client::new(running.metrics_addr())).await?;
    let (guessed, paint) = (running.most_guessed(), Paint::for_stdout());
    let seen = table::Seen { scrape: &scrape, tally: &tally, load: &under_load, found: &running.found() };
    say(&table::report(&seen, guessed.as_ref(), took, paint))?;
    let story = trail::Story { folder: running.trail().to_owned(), subject: running.pseudonym(&stolen) };
    running.stop().await;
    let (trail, proven_trail) = story.tell(paint)?;
    say(&trail)?;
    let sound = scrape.is_conserved() && under_load.broken == 0 && !under_load.rotations.is_empty();
    let agreed = tally.disagreements(&scrape.operations()).is_empty();
    let proven = tally.is_every_challenge_counted(&scrape);
    let recorded = proven_trail && scrape.is_every_attempt_on_the_record();
    if sound && agreed && proven && recorded && scrape.is_every_attempt_an_event() {
        Ok(())
    } else {
        Err(DemoError::Unsound)
    }
}

/// Sends crowds to a service that runs already, one phase after another, and comes back after the last.
pub(crate) async fn send_traffic(
    running: &Running,
    partner: Partner,
    machine_key: String,
    phases: &[Phase],
) -> Result<(), DemoError> {
    let crowd = Arc::new(Crowd::gather(Client::new(running.addr()), partner, machine_key).await?);
    for phase in phases {
        say(&format!("traffic: {}\n", phase.mood.label()))?;
        crowd.partner.set_in_trouble(phase.mood == Mood::Attack);
        crowd.keep_coming(*phase).await;
    }
    say("traffic: finished\n")
}

/// What anybody who can reach the listener sees.
async fn scrape(client: &Client) -> Result<Scrape, DemoError> {
    Ok(Scrape::parse(&client.scrape().await?)?)
}

fn say(text: &str) -> Result<(), DemoError> {
    crate::print(text).map_err(DemoError::Print)
}
