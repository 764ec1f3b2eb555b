//! What the bad ones do.

use std::time::Duration;

use serde_json::json;

use super::crowd::{LEAKED, MEMBERS, Person};
use super::defence::Camp;
use super::steps::Guest;
use super::stories::{ACCEPTED, DONE, FORBIDDEN, NO, OK, OUR_FAULT, Played, TOO_MANY, code};
use super::{forgery, places};

/// Guesses of an intruder, or of one machine of the wave, and the time between two.
const GUESSES: usize = 6;
const BETWEEN_GUESSES: Duration = Duration::from_millis(150);
/// One in so many machines spends the work that it is asked for.
const SPENDERS: usize = 8;
/// One in so many lines has the right password. Machines that spend the work have them, so that some get in.
const LEAK: usize = 2 * SPENDERS * GUESSES;
/// More logins at once than one name may have.
const STORM: usize = 60;

impl Guest<'_> {
    /// Guesses a few times, gets in, and uses what they got: the story that the audit trail tells at the end.
    pub(super) async fn steal(&self, victim: &Person) -> Played {
        for guess in 0..3 {
            self.login(&victim.id, &format!("nearly the password {guess}"), &[NO]).await?;
        }
        let grant = self.sign_in(victim).await?;
        self.me(&grant.text("access_token"), OK).await
    }

    pub(super) async fn guesser(&self, victim: &Person) -> Played {
        for guess in 0..7 {
            self.login(&victim.id, &format!("guess number {guess}"), &[NO]).await?;
        }
        self.login(&victim.id, &victim.password, &[NO]).await.map(drop)
    }

    /// Somebody with one right password who tries other accounts as well.
    pub(super) async fn intruder(&self, leaked: &Person, number: usize) -> Played {
        let grant = self.sign_in(leaked).await?;
        self.me(&grant.text("access_token"), OK).await?;
        for other in self.crowd.members.iter().cycle().skip(1 + number % MEMBERS).take(GUESSES) {
            self.login(&other.id, "a guess", &[NO]).await?;
            tokio::time::sleep(BETWEEN_GUESSES).await;
        }
        Ok(())
    }

    /// One machine of the wave, with its part of a list of names and passwords.
    pub(super) async fn bot(&self, bot: usize) -> Played {
        let camp = if bot.is_multiple_of(SPENDERS) { Camp::Spender } else { Camp::Bot };
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
        if line % LEAK == 1
            && let Some(person) = self.crowd.leaked.get(line / LEAK % LEAKED)
        {
            return (person.id.clone(), person.password.clone());
        }
        let password = format!("from a list, line {line}");
        let any = fastrand::Rng::with_seed(u64::try_from(line).unwrap_or_default()).usize(..MEMBERS);
        match self.crowd.members.get(any) {
            Some(member) if line.is_multiple_of(2) => (member.id.clone(), password),
            _ => (format!("user-y{line:04}"), password),
        }
    }

    pub(super) async fn storm(&self, stormed: &Person) -> Played {
        let logins = (0..STORM).map(|_| self.login(&stormed.id, &stormed.password, &[OK, TOO_MANY]));
        futures_util::future::try_join_all(logins).await.map(drop)
    }

    pub(super) async fn code_of_nobody(&self) -> Played {
        let body = json!({ "code": "a code of nobody" });
        self.post("/login/partner", &body, &[NO, OUR_FAULT]).await.map(drop)
    }

    pub(super) async fn forger(&self, member: &Person, forger: &Self) -> Played {
        let grant = self.sign_in(member).await?;
        let keys = self.get("/.well-known/jwks.json", &[], OK).await?;
        let token = grant.text("access_token");
        for forged in forgery::all(&token, keys.part("/keys/0/kid"), keys.part("/keys/0/x")) {
            forger.me(&forged, NO).await?;
        }
        forger.refresh("a refresh token of nobody", NO).await.map(drop)
    }

    pub(super) async fn refresh_thief(&self, member: &Person, thief: &Self) -> Played {
        let grant = self.sign_in(member).await?;
        let renewed = self.refresh(&grant.text("refresh_token"), OK).await?;
        thief.refresh(&grant.text("refresh_token"), NO).await?;
        self.me(&renewed.text("access_token"), NO).await?;
        self.refresh(&renewed.text("refresh_token"), NO).await.map(drop)
    }

    pub(super) async fn used_code(&self, person: &Person, thief: &Self) -> Played {
        let (first, second) = (self.challenge(person).await?, thief.challenge(person).await?);
        let code = code(person);
        self.answer(&first, &code, OK).await?;
        thief.answer(&second, &code, NO).await.map(drop)
    }

    pub(super) async fn climber(&self, member: &Person) -> Played {
        let grant = self.sign_in(member).await?;
        self.post_as(&grant.text("access_token"), "/accounts/user-001/disable", FORBIDDEN).await
    }

    pub(super) async fn shut_out(&self, person: &Person) -> Played {
        let Some(administrator) = self.crowd.members.first() else { return Ok(()) };
        let office = self.other(Camp::Honest, administrator.home);
        let grant = office.sign_in(administrator).await?;
        let path = format!("/accounts/{}/disable", person.id);
        office.post_as(&grant.text("access_token"), &path, DONE).await?;
        self.login(&person.id, &person.password, &[NO]).await.map(drop)
    }
}
