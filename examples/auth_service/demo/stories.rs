//! What people do to an authentication service, the good and the others.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use totp_rs::Secret;

use super::client::ClientError;
use super::crowd::{Crowd, MEMBERS, Person};
use super::defence::Camp;
use super::places;
use super::steps::Guest;
use crate::second_factor::authenticator;

/// Longer than access tokens and challenges live in the demo.
const TOO_LATE: Duration = Duration::from_millis(4_200);

pub(super) const OK: StatusCode = StatusCode::OK;
pub(super) const DONE: StatusCode = StatusCode::NO_CONTENT;
pub(super) const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
pub(super) const BAD: StatusCode = StatusCode::BAD_REQUEST;
pub(super) const NO: StatusCode = StatusCode::UNAUTHORIZED;
pub(super) const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
pub(super) const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
pub(super) const OUR_FAULT: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// One visit of one person.
#[derive(Clone)]
pub(super) enum Story {
    Visit,
    Typo,
    Traveller,
    TravellersTypo,
    Stranger,
    EmptyHands,
    LateWithTheToken,
    Forger,
    RefreshThief,
    Climber,
    PartnerVisit,
    CodeOfNobody,
    HangUpAtThePartner,
    HangUpAtLogin,
    Machine,
    WrongMachine,
    Newcomer,
    Bot(usize),
    SecondFactor(Person),
    WrongCode(Person),
    UsedCode(Person),
    LateWithTheCode(Person),
    Guesser(Person),
    Intruder(Person),
    Storm(Person),
    ShutOut(Person),
}

pub(super) type Played = Result<(), ClientError>;

impl Story {
    /// Plays it; the number of the visit decides who comes.
    pub(super) async fn play(self, crowd: &Crowd, number: usize) -> Played {
        let Some(member) = crowd.members.get(1 + number % (MEMBERS - 1)) else { return Ok(()) };
        let at_home = |person: &Person| Guest::new(crowd, Camp::Honest, person.home);
        let (user, attacker) = (at_home(member), Guest::new(crowd, Camp::Loner, places::stray(number)));
        match self {
            Self::Visit => user.visit(member).await,
            Self::Typo => user.typo(member).await,
            Self::Traveller => user.traveller(member, number).await,
            Self::TravellersTypo => user.travellers_typo(member, number).await,
            Self::Stranger => attacker.stranger(number).await,
            Self::EmptyHands => attacker.empty_hands().await,
            Self::LateWithTheToken => user.late_with_the_token(member).await,
            Self::Forger => user.forger(member, &attacker).await,
            Self::RefreshThief => user.refresh_thief(member, &attacker).await,
            Self::Climber => user.climber(member).await,
            Self::PartnerVisit => user.partner_visit(member).await,
            Self::CodeOfNobody => attacker.code_of_nobody().await,
            Self::HangUpAtThePartner => user.hang_up_at_the_partner(member, number).await,
            Self::HangUpAtLogin => user.hang_up_at_login(member).await,
            Self::Machine => user.machine(&crowd.machine_key, OK).await,
            Self::WrongMachine => attacker.machine("a key of no machine", NO).await,
            Self::Newcomer => attacker.newcomer(number).await,
            Self::Bot(bot) => user.bot(bot).await,
            Self::SecondFactor(person) => at_home(&person).second_factor(&person).await,
            Self::WrongCode(person) => at_home(&person).wrong_code(&person).await,
            Self::UsedCode(person) => at_home(&person).used_code(&person, &attacker).await,
            Self::LateWithTheCode(person) => at_home(&person).late_with_the_code(&person).await,
            Self::Guesser(person) => attacker.guesser(&person).await,
            Self::Intruder(person) => attacker.intruder(&person, number).await,
            Self::Storm(person) => at_home(&person).storm(&person).await,
            Self::ShutOut(person) => at_home(&person).shut_out(&person).await,
        }
    }
}

/// The good ones.
impl Guest<'_> {
    async fn visit(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        let token = grant.text("access_token");
        self.me(&token, OK).await?;
        self.me(&token, OK).await?;
        let renewed = self.refresh(&grant.text("refresh_token"), OK).await?;
        let token = renewed.text("access_token");
        self.me(&token, OK).await?;
        self.post_as(&token, "/logout", DONE).await
    }

    async fn typo(&self, member: &Person) -> Played {
        self.login(&member.id, "a password with a typo", &[NO]).await?;
        let grant = self.sign_in(member).await?;
        self.me(&grant.text("access_token"), OK).await
    }

    /// From an address where nobody has seen them before.
    async fn traveller(&self, member: &Person, number: usize) -> Played {
        let away = self.other(Camp::Honest, places::away(number));
        let grant = away.sign_in(member).await?;
        away.me(&grant.text("access_token"), OK).await
    }

    async fn travellers_typo(&self, member: &Person, number: usize) -> Played {
        self.other(Camp::Honest, places::away(number)).typo(member).await
    }

    async fn second_factor(&self, person: &Person) -> Played {
        let challenge = self.challenge(person).await?;
        let grant = self.answer(&challenge, &code(person), OK).await?;
        self.me(&grant.text("access_token"), OK).await
    }

    async fn partner_visit(&self, member: &Person) -> Played {
        let Ok(code) = self.crowd.partner.sign_in(&member.id) else { return Ok(()) };
        let body = json!({ "code": code });
        self.post("/login/partner", &body, &[OK, OUR_FAULT]).await.map(drop)
    }

    async fn machine(&self, key: &str, expected: StatusCode) -> Played {
        self.get("/machine", &[("x-api-key", key)], expected).await.map(drop)
    }

    async fn newcomer(&self, number: usize) -> Played {
        let id = format!("user-n{number:04}");
        let body = json!({ "id": id, "password": format!("the first words of {id}") });
        self.post("/accounts", &body, &[ACCEPTED]).await?;
        self.post("/accounts", &body, &[ACCEPTED]).await?;
        self.post("/accounts", &json!({ "id": id, "password": "short" }), &[BAD]).await.map(drop)
    }
}

/// The unlucky ones.
impl Guest<'_> {
    async fn stranger(&self, number: usize) -> Played {
        self.login(&format!("user-x{number:04}"), "a password for nothing", &[NO]).await.map(drop)
    }

    async fn empty_hands(&self) -> Played {
        self.get("/me", &[], NO).await?;
        self.get("/machine", &[], NO).await?;
        self.post("/login", &json!({}), &[NO]).await?;
        self.post("/refresh", &json!({}), &[NO]).await.map(drop)
    }

    async fn late_with_the_token(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        tokio::time::sleep(TOO_LATE).await;
        self.me(&grant.text("access_token"), NO).await
    }

    async fn late_with_the_code(&self, person: &Person) -> Played {
        let challenge = self.challenge(person).await?;
        tokio::time::sleep(TOO_LATE).await;
        self.answer(&challenge, &code(person), NO).await.map(drop)
    }

    async fn wrong_code(&self, person: &Person) -> Played {
        let challenge = self.challenge(person).await?;
        self.answer(&challenge, "not six digits", NO).await?;
        self.answer(&challenge, "none either", NO).await?;
        self.answer(&challenge, &code(person), OK).await.map(drop)
    }

    async fn hang_up_at_the_partner(&self, member: &Person, number: usize) -> Played {
        let Ok(code) = self.crowd.partner.sign_in(&member.id) else { return Ok(()) };
        let patience = Duration::from_millis(u64::try_from(10 + number % 40).unwrap_or(10));
        self.hang_up("/login/partner", &json!({ "code": code }), patience).await
    }

    async fn hang_up_at_login(&self, member: &Person) -> Played {
        let body = json!({ "id": member.id, "password": member.password });
        self.hang_up("/login", &body, Duration::from_micros(600)).await
    }
}

/// What the person's authenticator app shows now.
pub(super) fn code(person: &Person) -> String {
    let secret = Secret::try_from_base32(&person.totp_secret).ok();
    let app = secret.and_then(|secret| authenticator(&secret).ok());
    app.map(|app| app.generate_current().to_string()).unwrap_or_default()
}
