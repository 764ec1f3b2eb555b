//! The crowd: who is in it, how often each story happens, and what it saw.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use super::DemoError;
use super::client::{Client, ClientError};
use super::defence::Camp;
use super::places::{self, BOTS};
use super::progress::Progress;
use super::steps::Guest;
use super::stories::Story;
use super::tally::Tally;
use crate::opaque;
use crate::partner::Partner;

/// Between two visits of the crowd.
const PACE: Duration = Duration::from_millis(10);

/// How many people play each part. The first of the members signs up first, and so administrates.
pub(super) const MEMBERS: usize = 40;
const VICTIMS: usize = 12;
const STORMED: usize = 4;
const ENROLLED: usize = 90;
const SHUT_OUT: usize = 5;
/// Those whose passwords were leaked elsewhere.
pub(super) const LEAKED: usize = 3;

/// In hundredths of all visits: how many are over before the wave comes.
const CALM: usize = 40;

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) password: String,
    /// The secret in the authenticator app, as text.
    pub(super) totp_secret: String,
    /// Where they usually are.
    pub(super) home: IpAddr,
}

/// Everybody, signed up and ready.
pub(super) struct Crowd {
    pub(super) client: Client,
    pub(super) partner: Partner,
    pub(super) machine_key: String,
    pub(super) members: Vec<Person>,
    pub(super) victims: Vec<Person>,
    pub(super) stormed: Vec<Person>,
    pub(super) enrolled: Vec<Person>,
    pub(super) leaked: Vec<Person>,
    /// The account that is stolen.
    pub(super) stolen: Person,
    shut_out: Vec<Person>,
    pub(super) tally: Tally,
}

impl Crowd {
    /// Signs everybody up, and in for the first time, so that the service knows them from there.
    pub(super) async fn gather(
        client: Client,
        partner: Partner,
        machine_key: String,
    ) -> Result<Self, DemoError> {
        let tally = Tally::default();
        let people = async |first: usize, count: usize, second_factor: bool| {
            let mut people = Vec::with_capacity(count);
            for number in first..first + count {
                people.push(sign_up(&client, &tally, number, second_factor).await?);
            }
            Ok::<_, DemoError>(people)
        };
        let crowd = Self {
            members: people(1, MEMBERS, false).await?,
            victims: people(101, VICTIMS, false).await?,
            stormed: people(201, STORMED, false).await?,
            shut_out: people(301, SHUT_OUT, false).await?,
            leaked: people(351, LEAKED, false).await?,
            stolen: sign_up(&client, &tally, 391, false).await?,
            enrolled: people(401, ENROLLED, true).await?,
            client,
            partner,
            machine_key,
            tally,
        };
        for person in [&crowd.members, &crowd.victims, &crowd.stormed, &crowd.leaked].into_iter().flatten() {
            Guest::new(&crowd, Camp::Honest, person.home).sign_in(person).await?;
        }
        Guest::new(&crowd, Camp::Honest, crowd.stolen.home).sign_in(&crowd.stolen).await?;
        Guest::new(&crowd, Camp::Loner, places::thief()).steal(&crowd.stolen).await?;
        Ok(crowd)
    }

    /// Plays every story, one visit every few milliseconds, whether the earlier ones are over or not.
    pub(super) async fn come_and_go(self) -> Tally {
        let crowd = Arc::new(self);
        let visits = crowd.visits();
        let progress = Arc::new(Progress::new(visits.len()));
        let mut pace = tokio::time::interval(PACE);
        let mut going_on = JoinSet::new();
        for (number, story) in visits.into_iter().enumerate() {
            pace.tick().await;
            let (crowd, progress) = (Arc::clone(&crowd), Arc::clone(&progress));
            going_on.spawn(async move {
                if story.play(&crowd, number).await.is_err() {
                    crowd.tally.surprise();
                }
                progress.visit_is_over();
            });
        }
        while going_on.join_next().await.is_some() {}
        progress.finish();
        Arc::into_inner(crowd).map(|crowd| crowd.tally).unwrap_or_default()
    }

    /// All visits, in an order that looks random and is the same in every run; those that take long come first. The wave comes when
    /// users have been there for a while, and some of them are travelling then.
    fn visits(&self) -> Vec<Story> {
        let mut enrolled = self.enrolled.iter().cloned();
        let mut with_code =
            |count, story: fn(Person) -> Story| enrolled.by_ref().take(count).map(story).collect::<Vec<_>>();
        let mut first = with_code(10, Story::LateWithTheCode);
        first.extend(repeat(30, &Story::LateWithTheToken));
        let mut rest = with_code(40, Story::SecondFactor);
        rest.extend(with_code(20, Story::WrongCode));
        rest.extend(with_code(20, Story::UsedCode));
        rest.extend(self.victims.iter().cloned().map(Story::Guesser));
        rest.extend(self.leaked.iter().cloned().map(Story::Intruder));
        rest.extend(self.stormed.iter().cloned().map(Story::Storm));
        rest.extend(self.shut_out.iter().cloned().map(Story::ShutOut));
        for (count, story) in [
            (300, Story::Visit),
            (90, Story::Typo),
            (120, Story::Stranger),
            (40, Story::EmptyHands),
            (30, Story::Forger),
            (40, Story::RefreshThief),
            (30, Story::Climber),
            (110, Story::PartnerVisit),
            (110, Story::CodeOfNobody),
            (50, Story::HangUpAtThePartner),
            (30, Story::HangUpAtLogin),
            (60, Story::Machine),
            (20, Story::WrongMachine),
            (40, Story::Newcomer),
        ] {
            rest.extend(repeat(count, &story));
        }
        let mut random = fastrand::Rng::with_seed(7);
        random.shuffle(&mut rest);
        let mut wave = rest.split_off(rest.len() * CALM / 100);
        wave.extend((0..BOTS).map(Story::Bot));
        wave.extend(repeat(30, &Story::Traveller));
        wave.extend(repeat(12, &Story::TravellersTypo));
        random.shuffle(&mut wave);
        first.extend(rest);
        first.extend(wave);
        first
    }
}

fn repeat(count: usize, story: &Story) -> impl Iterator<Item = Story> {
    std::iter::repeat_n(story.clone(), count)
}

async fn sign_up(
    client: &Client,
    tally: &Tally,
    number: usize,
    second_factor: bool,
) -> Result<Person, DemoError> {
    let (id, password) = (format!("user-{number:03}"), opaque::random_token()?);
    let body = json!({ "id": id, "password": password, "second_factor": second_factor });
    let home = places::home(number);
    tally.sent("/accounts");
    let answer = client.coming_from(home).post("/accounts", &[], &body).await?;
    if answer.status != StatusCode::ACCEPTED {
        return Err(ClientError::Refused(answer.status).into());
    }
    Ok(Person { id, password, totp_secret: answer.text("totp_secret"), home })
}
