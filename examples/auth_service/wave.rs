//! A wave of guesses meets the whole service, without HTTP. Events are delivered by hand, so each login knows of all before it.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics::events::Context;
use auth_metrics_detect::Detector;

use crate::certificate::ClientCertificate;
use crate::login::{LoginError, LoginRequest};
use crate::machines::Machines;
use crate::partner::Partner;
use crate::risk::{Challenge, Found, GateError, solve};
use crate::service::Service;
use crate::sessions::Grant;
use crate::settings::Settings;

const PASSWORD: &str = "correct horse battery staple";
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const HOTEL: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
const BOTS: u8 = 20;

/// A service with an account named `alice`, who signed in at home before.
struct World {
    service: Service,
    metrics: AuthMetrics,
    found: Arc<Found>,
}

impl World {
    async fn new() -> Result<Self, Box<dyn Error>> {
        let settings = Settings {
            hash_memory_kib: 64,
            slow_wait: Duration::ZERO,
            proof_bits: 4,
            lock_after: 1_000,
            ..Settings::demo()
        };
        let found = Arc::new(Found::new());
        let engine = found.engine()?;
        let metrics =
            AuthMetrics::builder().service_id("test").poll_events().observe(engine.clone()).build()?;
        let (certificate, _) = ClientCertificate::issue(settings.certificate_life)?;
        let (partner, machines) = (Partner::new()?, Machines::default());
        let service = Service::new(&settings, metrics.clone(), engine, partner, certificate, machines)?;
        let world = Self { service, metrics, found };
        let sign_up = world.service.accounts.sign_up("alice", PASSWORD, None);
        world.metrics.scope(Context::new().peer(HOME).scope(sign_up)).await?;
        world.login("alice", PASSWORD, HOME, None).await?;
        Ok(world)
    }

    async fn login(
        &self,
        name: &str,
        password: &str,
        client: IpAddr,
        proof: Option<&str>,
    ) -> Result<Grant, LoginError> {
        let request = LoginRequest { name, password, client: Some(client), proof };
        let ended = self.metrics.scope(self.service.logins.sign_in(request)).await;
        self.metrics.events().poll();
        ended
    }

    /// Each bot guesses at names of its own; how many of their guesses reached a password.
    async fn wave(&self) -> u32 {
        let mut reached = 0;
        for (bot, guess) in (0..BOTS).flat_map(|bot| (0..10).map(move |guess| (bot, guess))) {
            let name = format!("user-{bot}-{guess}");
            let ended = self.login(&name, "a guess", address(bot), None).await;
            reached += u32::from(matches!(ended, Err(LoginError::UnknownAccount)));
        }
        reached
    }
}

fn address(bot: u8) -> IpAddr {
    Ipv4Addr::new(203, 0, 113, bot).into()
}

fn challenge(ended: Result<Grant, LoginError>) -> Option<Challenge> {
    match ended {
        Err(LoginError::Gate(GateError::ProofRequired { challenge })) => Some(challenge),
        _ => None,
    }
}

#[tokio::test]
async fn a_wave_is_challenged_and_a_familiar_user_is_not() -> Result<(), Box<dyn Error>> {
    let world = World::new().await?;
    let reached = world.wave().await;
    assert!(reached <= 2 * u32::from(BOTS), "{reached} guesses of 200 reached a password");
    assert!(world.found.all().iter().any(|(detector, _)| *detector == Detector::NetGuessing));

    assert!(challenge(world.login("alice", "a typo", HOME, None).await).is_none());
    assert!(world.login("alice", PASSWORD, HOME, None).await.is_ok());
    assert!(world.login("alice", PASSWORD, HOTEL, None).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_proof_lets_one_guess_through() -> Result<(), Box<dyn Error>> {
    let world = World::new().await?;
    world.wave().await;
    let bot = address(0);
    let asked = challenge(world.login("alice", "a guess", bot, None).await).ok_or("no challenge")?;
    let proof = solve(&asked.text, asked.bits);
    let guess = world.login("alice", "a guess", bot, proof.as_deref()).await;
    assert!(matches!(guess, Err(LoginError::WrongPassword)));
    let again = world.login("alice", "a guess", bot, proof.as_deref()).await;
    assert!(matches!(again, Err(LoginError::Gate(GateError::ProofRefused { .. }))));
    Ok(())
}

#[tokio::test]
async fn a_guesser_who_is_right_gets_no_session_without_a_second_factor() -> Result<(), Box<dyn Error>> {
    let world = World::new().await?;
    world.wave().await;
    let bot = address(0);
    let asked = challenge(world.login("alice", PASSWORD, bot, None).await).ok_or("no challenge")?;
    let proof = solve(&asked.text, asked.bits);
    let right = world.login("alice", PASSWORD, bot, proof.as_deref()).await;
    assert!(matches!(right, Err(LoginError::TooRisky)));
    Ok(())
}

#[tokio::test]
async fn challenges_are_no_evidence_and_use_up_nobodys_limit() -> Result<(), Box<dyn Error>> {
    let world = World::new().await?;
    world.wave().await;
    let detections = || world.found.all().iter().map(|(_, finding)| finding.count).sum::<u64>();
    let before = detections();
    for _ in 0..100 {
        assert!(challenge(world.login("alice", "a guess", address(1), None).await).is_some());
    }
    assert_eq!(detections(), before);
    assert!(world.login("alice", PASSWORD, HOME, None).await.is_ok());
    Ok(())
}
