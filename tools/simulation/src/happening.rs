//! What an incident does at a deployment at a time: its size follows the traffic of that hour.

use auth_metrics_random::Random;

use crate::calendar::{DAY, HOUR, Minute};
use crate::deployment::Deployment;
use crate::episode::Effect;
use crate::incident::Happening;
use crate::kind::{Class, Due, Kind};
use crate::operation::AWAY;

/// Where and when.
struct Scene<'a> {
    deployment: &'a Deployment,
    from: Minute,
    /// Attempts per second of the deployment in the next half hour.
    rate: f64,
}

const HALF_HOUR: Minute = 30;

impl Kind {
    /// What happens from a minute on; nothing where too few attempts come at that time for anybody to tell.
    pub fn happen(self, deployment: &Deployment, from: Minute, random: &mut Random) -> Option<Happening> {
        let scene = Scene { deployment, from, rate: deployment.traffic.mean(from, from + HALF_HOUR) };
        scene
            .guesses(self, random)
            .or_else(|| scene.storms(self, random))
            .or_else(|| scene.replica(self, random))
            .or_else(|| scene.outage(self, random))
            .or_else(|| scene.house(self, random))
    }
}

fn happening(due: Due, operation: Option<&'static str>, minutes: Minute, effects: Vec<Effect>) -> Happening {
    Happening { class: Class::Core, due, operation, minutes, effects }
}

impl Scene<'_> {
    /// How often a reason of an operation usually comes now, per second.
    fn usual(&self, operation: &str, reason: &str) -> f64 {
        let found = self.deployment.operations.iter().find(|known| known.name == operation);
        found.map_or(0.0, |known| known.usual_rate(reason, self.rate))
    }

    /// Attempts on top: a multiple of what is usual, but at least so many per second.
    fn extra(&self, operation: &'static str, reason: &'static str, times: f64, least: f64) -> Effect {
        let per_second = (self.usual(operation, reason) * times).max(least);
        Effect::Extra { operation, reason, per_second }
    }

    fn guesses(&self, kind: Kind, random: &mut Random) -> Option<Happening> {
        let hour = |random: &mut Random| random.whole(30, 90);
        let guesses = self.usual("login", "invalid_credentials");
        let more = |due, minutes, times: f64, least| {
            let effects = vec![self.extra("login", "invalid_credentials", times - 1.0, least)];
            happening(due, Some("login"), minutes, effects)
        };
        let hard = |happening| Happening { class: Class::Hard, ..happening };
        Some(match kind {
            // A person could not tell fewer than sixty more in half an hour from a bad morning.
            Kind::StuffingTwice if guesses * 1_800.0 >= 60.0 => {
                more(Due::Ticket, random.whole(2 * HOUR, 4 * HOUR), 2.0, 0.0)
            }
            Kind::StuffingTen => more(Due::Page, hour(random), 10.0, 0.15),
            Kind::StuffingFifty => more(Due::Page, hour(random), 50.0, 0.3),
            Kind::SecondHour => {
                hard(more(Due::Page, 45, 20.0, (self.deployment.traffic.rate * 0.5).max(0.3)))
            }
            Kind::SprayFifteen if guesses > 1.0 => hard(more(Due::Ticket, 12 * HOUR, 1.0, guesses * 0.15)),
            Kind::SprayThirty if guesses > 1.0 => hard(more(Due::Ticket, 36 * HOUR, 1.0, guesses * 0.3)),
            Kind::LowAndSlow if guesses > 0.05 => {
                more(Due::Ticket, random.whole(8 * HOUR, 10 * HOUR), 1.6, 0.0)
            }
            _ => return None,
        })
    }

    fn storms(&self, kind: Kind, random: &mut Random) -> Option<Happening> {
        let hour = |random: &mut Random| random.whole(30, 90);
        let short = |random: &mut Random| random.whole(15, 40);
        let storm = |due, operation, reason, times, least, minutes| {
            happening(due, Some(operation), minutes, vec![self.extra(operation, reason, times, least)])
        };
        Some(match kind {
            // Somebody knows the passwords.
            Kind::Fatigue => {
                storm(Due::Page, "second_factor", "mfa_denied", 5.0, 20.0 / 900.0, short(random))
            }
            // People are locked out, on purpose or by guessing.
            Kind::Lockouts => storm(Due::Page, "login", "account_locked", 6.0, 40.0 / 600.0, short(random)),
            Kind::Forgeries => {
                storm(Due::Page, "verify_token", "token_signature_invalid", 8.0, 0.2, short(random))
            }
            // Tokens were stolen.
            Kind::Replays => storm(Due::Page, "refresh", "token_replayed", 6.0, 30.0 / 600.0, short(random)),
            // The filter refuses them: the morning is soon enough.
            Kind::CustomStorm => storm(Due::Ticket, "login", "bot_detected", 8.0, 60.0 / 600.0, hour(random)),
            Kind::RevokedStorm => storm(Due::Ticket, "token", "credential_revoked", 8.0, 0.2, hour(random)),
            Kind::RetryingClient => {
                let minutes = random.whole(4 * HOUR, 8 * HOUR);
                storm(Due::Ticket, "token", "invalid_credentials", random.between(2.0, 5.0), 0.2, minutes)
            }
            // Users are refused, be it forgery or a key set that is behind its issuer.
            Kind::UnknownKeys => {
                let (operation, reason) = ("verify_token", "token_key_unknown");
                let refused = Effect::Fail { operation, reason, share: 0.2, replica: None };
                happening(Due::Page, Some(operation), hour(random), vec![refused])
            }
            _ => return None,
        })
    }

    /// How long it takes until so many attempts have come.
    fn minutes_for(&self, attempts: f64) -> Minute {
        (attempts / (self.rate * 60.0)).ceil() as Minute
    }

    /// How many attempts come within some time: people may go home in the middle.
    fn attempts_within(&self, minutes: Minute) -> f64 {
        self.deployment.traffic.mean(self.from, self.from + minutes) * (minutes * 60) as f64
    }

    /// One of the replicas that run at any time of the day.
    fn any_replica(&self, random: &mut Random) -> usize {
        let replicas = self.deployment.replicas;
        let always = if self.deployment.scales { replicas.div_ceil(2) } else { replicas };
        random.whole(0, always as i64 - 1) as usize
    }

    fn outage(&self, kind: Kind, random: &mut Random) -> Option<Happening> {
        let first = self.deployment.operations[0].name;
        let hours = |random: &mut Random| random.whole(HOUR, 2 * HOUR);
        let all = |minutes, effect| happening(Due::Page, None, minutes, vec![effect]);
        let slow = |minutes, times| {
            let effect = Effect::Latency { operation: Some(first), times };
            happening(Due::Ticket, Some(first), minutes, vec![effect])
        };
        Some(match kind {
            Kind::DatabaseAway if self.minutes_for(25.0) <= HOUR => {
                all(self.minutes_for(25.0).max(4), Effect::Away { share: 1.0 })
            }
            // Twenty times the budget of a month.
            Kind::ServerFaults if self.attempts_within(3 * HOUR) >= 60.0 => {
                let attempts = self.attempts_within(3 * HOUR);
                let share = (20.0 / attempts).max(0.02);
                let effect = Effect::Fail { operation: first, reason: AWAY, share, replica: None };
                happening(Due::Page, Some(first), 3 * HOUR, vec![effect])
            }
            Kind::HangAll if self.minutes_for(30.0) <= 20 => {
                all(random.whole(20, 40), Effect::Hang { share: 1.0, replica: None })
            }
            Kind::TrafficDrop
                if self.minutes_for(100.0) <= 20 && self.deployment.traffic.is_busy(self.from) =>
            {
                all(random.whole(30, 90), Effect::Traffic { times: 0.02 })
            }
            // Six milliseconds in place of two hurt nobody yet.
            Kind::SlowThree if first == "verify_token" => {
                Happening { class: Class::Hard, ..slow(hours(random), 3.0) }
            }
            Kind::SlowThree if self.minutes_for(100.0) <= 20 => slow(hours(random), 3.0),
            Kind::SlowFifty => slow(hours(random), 50.0),
            // Nothing else can tell anything until it is back.
            Kind::JobGone => all(random.whole(40, 90), Effect::Gone { replica: None }),
            _ => return None,
        })
    }

    fn replica(&self, kind: Kind, random: &mut Random) -> Option<Happening> {
        let first = &self.deployment.operations[0];
        let replica = self.any_replica(random);
        let hours = random.whole(HOUR, 2 * HOUR);
        let share = 1.0 / self.deployment.wanted(self.from) as f64;
        let page_from = |least: f64| if share >= least { Due::Page } else { Due::Ticket };
        let all = |due, effect| happening(due, None, hours, vec![effect]);
        let fail = |due, reason, share| {
            let effect = Effect::Fail { operation: first.name, reason, share, replica: Some(replica) };
            happening(due, Some(first.name), hours, vec![effect])
        };
        Some(match kind {
            // A quarter of all logins hang: that is an outage. A sixth is retried on another replica.
            Kind::HangOne if self.minutes_for(100.0) <= 20 => {
                all(page_from(0.25), Effect::Hang { share: 1.0, replica: Some(replica) })
            }
            // A fifth of one in six is 3 % of all: it uses up the budget of a month within a day.
            Kind::SickErrors if self.minutes_for(100.0) <= 10 => fail(Due::Page, AWAY, 0.2),
            Kind::SickRejections if self.minutes_for(200.0) <= 10 => {
                fail(Due::Ticket, first.reasons[0].reason, random.between(0.3, 0.6))
            }
            Kind::Leak => {
                let per_minute = random.between(1.0, 2.0);
                let effect = Effect::Leak { operation: first.name, per_minute, replica };
                happening(Due::Ticket, Some(first.name), 5 * HOUR, vec![effect])
            }
            // Half of the replicas, or the only one.
            Kind::ReplicaDown => all(page_from(0.5), Effect::Down { replica }),
            Kind::ReplicaGone => all(Due::Ticket, Effect::Gone { replica: Some(replica) }),
            _ => return None,
        })
    }

    fn house(&self, kind: Kind, random: &mut Random) -> Option<Happening> {
        let replica = self.any_replica(random);
        let all = |due, minutes, effect| Some(happening(due, None, minutes, vec![effect]));
        let hours = |random: &mut Random| random.whole(HOUR, 3 * HOUR);
        match kind {
            // Known keys still verify: it hurts once the issuer rotates.
            Kind::KeysStale => all(Due::Ticket, 28 * HOUR, Effect::KeyFetchesStop { replica }),
            Kind::FetchesFail => {
                all(Due::Ticket, random.whole(3 * HOUR, 5 * HOUR), Effect::KeyFetchesFail { replica: None })
            }
            Kind::Expired => {
                all(Due::Page, hours(random), Effect::Certificate { replica: Some(replica), left: -3_600.0 })
            }
            Kind::ExpiresSoon => all(
                Due::Ticket,
                5 * HOUR,
                Effect::Certificate { replica: None, left: random.between(3.0, 10.0) * (DAY * 60) as f64 },
            ),
            Kind::RotationsFail => all(Due::Ticket, 3 * HOUR, Effect::RotationsFail { every: 10 }),
            Kind::Compromised => {
                all(Due::Page, 30, Effect::CredentialEvent { event: "compromised", per_minute: 0.2 })
            }
            Kind::RetiredKey => all(Due::Ticket, 30, Effect::RetiredKey { per_second: 0.1 }),
            Kind::FailOpen => {
                let per_second = (self.rate * 0.02).max(0.3);
                all(Due::Page, random.whole(15, 40), Effect::FailOpen { per_second })
            }
            Kind::LimitFills => {
                all(Due::Ticket, random.whole(2 * HOUR, 3 * HOUR), Effect::Limit { share: 0.6, to: 0.97 })
            }
            _ => None,
        }
    }
}
