//! What people do to an authentication service, the good and the others.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use totp_rs::Secret;

use super::client::ClientError;
use super::crowd::{Crowd, LEAKED, MEMBERS, Person};
use super::defence::Camp;
use super::steps::Guest;
use super::{forgery, places};
use crate::second_factor::authenticator;

/// Longer than access tokens and challenges live in the demo.
const TOO_LATE: Duration = Duration::from_millis(4_200);
/// Guesses of one machine of the wave, and the time between two.
const GUESSES: usize = 6;
const BETWEEN_GUESSES: Duration = Duration::from_millis(150);
/// One in so many machines spends the work that it is asked for.
const SPENDERS: usize = 8;
/// After so many lines the leaked passwords come again.
const LIST: usize = 197;
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
    Storm(Person),
    ShutOut(Person),
}

type Played = Result<(), ClientError>;

impl Story {
    /// Plays it; the number of the visit decides who comes.
    pub(super) async fn play(self, crowd: &Crowd, number: usize) -> Played {
        let Some(member) = crowd.members.get(1 + number % (MEMBERS - 1)) else { return Ok(()) };
        let at_home = |person: &Person| Guest::new(crowd, Camp::Honest, person.home);
        let (user, attacker) = (at_home(member), Guest::new(crowd, Camp::Thief, places::stray(number)));
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

/// The bad ones.
impl Guest<'_> {
    async fn guesser(&self, victim: &Person) -> Played {
        for guess in 0..7 {
            self.login(&victim.id, &format!("guess number {guess}"), &[NO]).await?;
        }
        self.login(&victim.id, &victim.password, &[NO]).await.map(drop)
    }

    /// One machine of the wave, with its part of a list of names and passwords.
    async fn bot(&self, bot: usize) -> Played {
        let camp = if bot.is_multiple_of(SPENDERS) { Camp::Thief } else { Camp::Bot };
        let machine = self.other(camp, places::bot(bot));
        for line in (0..GUESSES).map(|line| bot * GUESSES + line) {
            let (id, password) = self.leaked_line(line);
            let answer = machine.login(&id, &password, &[OK, ACCEPTED, NO, TOO_MANY]).await?;
            let token = answer.text("access_token");
            if !token.is_empty() {
                machine.me(&token, OK).await?;
            }
            tokio::time::sleep(BETWEEN_GUESSES).await;
        }
        Ok(())
    }

    /// Most names have no account here, most passwords are wrong, and a few are right.
    fn leaked_line(&self, line: usize) -> (String, String) {
        if let Some(person) = self.crowd.leaked.get(line % LIST).filter(|_| line % LIST < LEAKED) {
            return (person.id.clone(), person.password.clone());
        }
        let password = format!("from a list, line {line}");
        match self.crowd.members.get(line / 2 % MEMBERS) {
            Some(member) if line.is_multiple_of(2) => (member.id.clone(), password),
            _ => (format!("user-y{line:04}"), password),
        }
    }

    async fn storm(&self, stormed: &Person) -> Played {
        let logins = (0..STORM).map(|_| self.login(&stormed.id, &stormed.password, &[OK, TOO_MANY]));
        futures_util::future::try_join_all(logins).await.map(drop)
    }

    async fn code_of_nobody(&self) -> Played {
        let body = json!({ "code": "a code of nobody" });
        self.post("/login/partner", &body, &[NO, OUR_FAULT]).await.map(drop)
    }

    async fn forger(&self, member: &Person, forger: &Self) -> Played {
        let grant = self.sign_in(member).await?;
        let keys = self.get("/.well-known/jwks.json", &[], OK).await?;
        let token = grant.text("access_token");
        for forged in forgery::all(&token, keys.part("/keys/0/kid"), keys.part("/keys/0/x")) {
            forger.me(&forged, NO).await?;
        }
        forger.refresh("a refresh token of nobody", NO).await.map(drop)
    }

    async fn refresh_thief(&self, member: &Person, thief: &Self) -> Played {
        let grant = self.sign_in(member).await?;
        let renewed = self.refresh(&grant.text("refresh_token"), OK).await?;
        thief.refresh(&grant.text("refresh_token"), NO).await?;
        self.me(&renewed.text("access_token"), NO).await?;
        self.refresh(&renewed.text("refresh_token"), NO).await.map(drop)
    }

    async fn used_code(&self, person: &Person, thief: &Self) -> Played {
        let (first, second) = (self.challenge(person).await?, thief.challenge(person).await?);
        let code = code(person);
        self.answer(&first, &code, OK).await?;
        thief.answer(&second, &code, NO).await.map(drop)
    }

    async fn climber(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        self.post_as(&grant.text("access_token"), "/accounts/user-001/disable", FORBIDDEN).await
    }

    async fn shut_out(&self, person: &Person) -> Played {
        let Some(administrator) = self.crowd.members.first() else { return Ok(()) };
        let office = self.other(Camp::Honest, administrator.home);
        let grant = office.sign_in(administrator).await?;
        let path = format!("/accounts/{}/disable", person.id);
        office.post_as(&grant.text("access_token"), &path, DONE).await?;
        self.login(&person.id, &person.password, &[NO]).await.map(drop)
    }
}

/// What the person's authenticator app shows now.
fn code(person: &Person) -> String {
    let secret = Secret::try_from_base32(&person.totp_secret).ok();
    let app = secret.and_then(|secret| authenticator(&secret).ok());
    app.map(|app| app.generate_current().to_string()).unwrap_or_default()
}
