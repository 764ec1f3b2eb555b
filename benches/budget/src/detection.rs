//! What the detection engine does with an attempt, and what it answers before one.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::{Outcome, Reason};
use auth_metrics_detect::{Attempt, Engine, Peer};

use crate::worked;

/// The kinds of work.
pub const WORKS: [&str; 8] = [
    "feed_known",
    "feed_stranger",
    "feed_flood",
    "feed_convicted",
    "assess_known",
    "assess_stranger",
    "assess_convicted",
    "assess_campaign",
];

/// Users of the service; each logs in from home.
const USERS: u32 = 2_000;
const CONVICT: u32 = 0x5000_0007;
/// Sources of the flood before it is counted: more than a table has room for.
const FLOOD: u32 = 30_000;

const SUCCESS: Outcome = Outcome::Success;
const WRONG: Outcome = Outcome::Failure(Reason::InvalidCredentials);

/// An attempt, as a file of them would have it: nothing is formatted while it is counted.
struct Login {
    at: f64,
    peer: IpAddr,
    subject: String,
    outcome: Outcome,
}

impl Login {
    fn new(at: f64, peer: u32, subject: u32, outcome: Outcome) -> Login {
        Login {
            at,
            peer: Ipv4Addr::from_bits(peer).into(),
            subject: format!("user-{subject:05}@example.org"),
            outcome,
        }
    }

    fn feed(&self, engine: &Engine) {
        let attempt = Attempt::new(self.at, "login", self.outcome).service("gateway");
        let attempt = attempt.peer(Peer::Address(self.peer)).subject(&self.subject);
        engine.feed(black_box(&attempt), &mut |detection| _ = black_box(detection));
    }
}

fn home(user: u32) -> u32 {
    0x0b00_0009 + (user << 8)
}

/// A source of its own for each number.
fn anywhere(number: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b1)
}

/// An engine that knows its users, and when their logins ended. Five attempts a second, as on a busy day.
fn engine() -> (Engine, f64) {
    let engine = Engine::builder().key([7; 16]).build().expect("these options are right");
    for user in 0..2 * USERS {
        Login::new(f64::from(user) / 5.0, home(user % USERS), user % USERS, SUCCESS).feed(&engine);
    }
    (engine, f64::from(2 * USERS) / 5.0)
}

/// Does a kind of work so many times.
pub fn run(work: &str, times: u64) {
    let (engine, from) = engine();
    let times = u32::try_from(times).expect("some thousands");
    let at = |number: u32| from + f64::from(number) / 5.0;
    let login = |number: u32| match work {
        "feed_known" => Login::new(at(number), home(number % USERS), number % USERS, SUCCESS),
        "feed_convicted" => Login::new(at(number), CONVICT, number, WRONG),
        // Known strangers: a mistyped password at a new place.
        "feed_stranger" => Login::new(at(number), anywhere(number), number % USERS, WRONG),
        _ => Login::new(at(FLOOD) + f64::from(number) / 50.0, anywhere(number + FLOOD), number, WRONG),
    };
    if work.starts_with("feed_") {
        if work == "feed_flood" {
            (0..FLOOD).for_each(|number| {
                Login::new(at(0) + f64::from(number) / 50.0, anywhere(number), number, WRONG).feed(&engine)
            });
        }
        let logins: Vec<Login> = (0..times).map(login).collect();
        return worked(|| logins.iter().for_each(|login| login.feed(&engine)));
    }
    match work {
        "assess_convicted" => {
            (0..20).for_each(|number| Login::new(at(number), CONVICT, number, WRONG).feed(&engine))
        }
        "assess_campaign" => (0..FLOOD / 10)
            .for_each(|number| Login::new(at(number), anywhere(number), number, WRONG).feed(&engine)),
        _ => {}
    }
    let asked = |number: u32| match work {
        "assess_known" => Login::new(0.0, home(number % USERS), number % USERS, SUCCESS),
        "assess_convicted" => Login::new(0.0, CONVICT, number, SUCCESS),
        _ => Login::new(0.0, anywhere(number + FLOOD), number, SUCCESS),
    };
    let asked: Vec<Login> = (0..times).map(asked).collect();
    worked(|| {
        asked
            .iter()
            .for_each(|login| _ = black_box(engine.assess(black_box(&login.subject), black_box(login.peer))))
    });
}
