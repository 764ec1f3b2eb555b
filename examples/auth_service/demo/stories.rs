//! What people do to an authentication service, the good and the others.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use totp_rs::Secret;

use super::client::ClientError;
use super::crowd::{Crowd, MEMBERS, Person};
use super::forgery;
use crate::second_factor::authenticator;

/// Longer than access tokens and challenges live in the demo.
const TOO_LATE: Duration = Duration::from_millis(4_200);
/// More logins at once than one name may have.
const STORM: usize = 60;

const OK: StatusCode = StatusCode::OK;
const DONE: StatusCode = StatusCode::NO_CONTENT;
const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
const BAD: StatusCode = StatusCode::BAD_REQUEST;
const NO: StatusCode = StatusCode::UNAUTHORIZED;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
const OUR_FAULT: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// One visit of one person.
#[derive(Clone)]
pub(super) enum Story {
    Visit,
    Typo,
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
    SecondFactor(Person),
    WrongCode(Person),
    UsedCode(Person),
    LateWithTheCode(Person),
    Guesser(Person),
    Storm(Person),
    ShutOut(Person),
}

type Played = Result<(), ClientError>;

impl Story {
    /// Plays it; the number of the visit decides who comes.
    pub(super) async fn play(self, crowd: &Crowd, number: usize) -> Played {
        let Some(member) = crowd.members.get(1 + number % (MEMBERS - 1)) else { return Ok(()) };
        match self {
            Self::Visit => crowd.visit(member).await,
            Self::Typo => crowd.typo(member).await,
            Self::Stranger => crowd.stranger(number).await,
            Self::EmptyHands => crowd.empty_hands().await,
            Self::LateWithTheToken => crowd.late_with_the_token(member).await,
            Self::Forger => crowd.forger(member).await,
            Self::RefreshThief => crowd.refresh_thief(member).await,
            Self::Climber => crowd.climber(member).await,
            Self::PartnerVisit => crowd.partner_visit(member).await,
            Self::CodeOfNobody => crowd.code_of_nobody().await,
            Self::HangUpAtThePartner => crowd.hang_up_at_the_partner(member, number).await,
            Self::HangUpAtLogin => crowd.hang_up_at_login(member).await,
            Self::Machine => crowd.machine(&crowd.machine_key, OK).await,
            Self::WrongMachine => crowd.machine("a key of no machine", NO).await,
            Self::Newcomer => crowd.newcomer(number).await,
            Self::SecondFactor(person) => crowd.second_factor(&person).await,
            Self::WrongCode(person) => crowd.wrong_code(&person).await,
            Self::UsedCode(person) => crowd.used_code(&person).await,
            Self::LateWithTheCode(person) => crowd.late_with_the_code(&person).await,
            Self::Guesser(person) => crowd.guesser(&person).await,
            Self::Storm(person) => crowd.storm(&person).await,
            Self::ShutOut(person) => crowd.shut_out(&person).await,
        }
    }
}

/// The good ones.
impl Crowd {
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

    async fn second_factor(&self, person: &Person) -> Played {
        let challenge = self.challenge(person).await?;
        let grant = self.answer(&challenge, &code(person), OK).await?;
        self.me(&grant.text("access_token"), OK).await
    }

    async fn partner_visit(&self, member: &Person) -> Played {
        let Ok(code) = self.partner.sign_in(&member.id) else { return Ok(()) };
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
impl Crowd {
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
        let Ok(code) = self.partner.sign_in(&member.id) else { return Ok(()) };
        let patience = Duration::from_millis(u64::try_from(10 + number % 40).unwrap_or(10));
        self.hang_up("/login/partner", &json!({ "code": code }), patience).await
    }

    async fn hang_up_at_login(&self, member: &Person) -> Played {
        let body = json!({ "id": member.id, "password": member.password });
        self.hang_up("/login", &body, Duration::from_micros(600)).await
    }
}

/// The bad ones.
impl Crowd {
    async fn guesser(&self, victim: &Person) -> Played {
        for guess in 0..7 {
            self.login(&victim.id, &format!("guess number {guess}"), &[NO]).await?;
        }
        self.login(&victim.id, &victim.password, &[NO]).await.map(drop)
    }

    async fn storm(&self, stormed: &Person) -> Played {
        let logins = (0..STORM).map(|_| self.login(&stormed.id, &stormed.password, &[OK, TOO_MANY]));
        futures_util::future::try_join_all(logins).await.map(drop)
    }

    async fn code_of_nobody(&self) -> Played {
        let body = json!({ "code": "a code of nobody" });
        self.post("/login/partner", &body, &[NO, OUR_FAULT]).await.map(drop)
    }

    async fn forger(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        let keys = self.get("/.well-known/jwks.json", &[], OK).await?;
        let token = grant.text("access_token");
        for forged in forgery::all(&token, keys.part("/keys/0/kid"), keys.part("/keys/0/x")) {
            self.me(&forged, NO).await?;
        }
        self.refresh("a refresh token of nobody", NO).await.map(drop)
    }

    async fn refresh_thief(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        let renewed = self.refresh(&grant.text("refresh_token"), OK).await?;
        self.refresh(&grant.text("refresh_token"), NO).await?;
        self.me(&renewed.text("access_token"), NO).await?;
        self.refresh(&renewed.text("refresh_token"), NO).await.map(drop)
    }

    async fn used_code(&self, person: &Person) -> Played {
        let (first, second) = (self.challenge(person).await?, self.challenge(person).await?);
        let code = code(person);
        self.answer(&first, &code, OK).await?;
        self.answer(&second, &code, NO).await.map(drop)
    }

    async fn climber(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        self.post_as(&grant.text("access_token"), "/accounts/user-001/disable", FORBIDDEN).await
    }

    async fn shut_out(&self, person: &Person) -> Played {
        let Some(administrator) = self.members.first() else { return Ok(()) };
        let grant = self.sign_in(administrator).await?;
        let path = format!("/accounts/{}/disable", person.id);
        self.post_as(&grant.text("access_token"), &path, DONE).await?;
        self.login(&person.id, &person.password, &[NO]).await.map(drop)
    }
}

/// What the person's authenticator app shows now.
fn code(person: &Person) -> String {
    let secret = Secret::try_from_base32(&person.totp_secret).ok();
    let app = secret.and_then(|secret| authenticator(&secret).ok());
    app.map(|app| app.generate_current().to_string()).unwrap_or_default()
}
