//! The planted cases, and those that only look like one. The mark of a line begins with `planted` and the patterns that end with it, or
//! with `near`.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv6Addr};

use auth_metrics::Reason;

use super::world::{Random, Step};

const SUCCESS_AFTER_FAILURES: &str = "success_after_failures";
const SESSION_FROM_NEW_PEER: &str = "session_from_new_peer";
const TOKEN_WITHOUT_LOGIN: &str = "token_without_login";

/// A case under way: its own subject and session, and what happened so far.
struct Case<'r> {
    name: String,
    steps: VecDeque<Step>,
    random: &'r mut Random,
}

impl Case<'_> {
    fn step(&mut self, step: Step) {
        self.steps.push_back(step);
    }

    fn login(&mut self, failure: impl Into<Option<Reason>>) {
        let operation = self.random.of(&["login", "login_passkey"]);
        let subject = Some(format!("subject-{}", self.name));
        self.step(Step { operation, subject, failure: failure.into(), ..Step::default() });
    }

    fn rejections(&mut self, number: usize) {
        for _ in 0..number {
            let reasons =
                [Reason::InvalidCredentials, Reason::AccountLocked, Reason::MfaInvalid, Reason::RateLimited];
            let reason = self.random.of(&reasons);
            self.login(reason);
        }
    }

    /// An attempt of the session, from the network of this number, none without a number.
    fn session(&mut self, operation: &'static str, network: Option<u8>, failure: impl Into<Option<Reason>>) {
        let host = u8::try_from(self.random.below(256)).unwrap();
        let peer = network.map(|network| match network {
            100.. => IpAddr::from(Ipv6Addr::from([0x2001, 0xdb8, network.into(), host.into(), 0, 0, 0, 1])),
            _ if host < 64 => {
                IpAddr::from(std::net::Ipv4Addr::from([203, 0, network, host]).to_ipv6_mapped())
            }
            _ => IpAddr::from([203, 0, network, host]),
        });
        let session = Some(format!("session-{}", self.name));
        self.step(Step { operation, session, peer, failure: failure.into(), ..Step::default() });
    }

    fn successes(&mut self, operation: &'static str, networks: &[u8]) {
        for network in networks {
            self.session(operation, Some(*network), None);
        }
    }

    /// Marks the latest step.
    fn planted(&mut self, patterns: &str) {
        self.mark("planted", patterns);
    }

    fn mark(&mut self, word: &str, patterns: &str) {
        let mark = format!("{word} {patterns} {}", self.name);
        self.steps.back_mut().unwrap().mark = Some(mark);
    }
}

type Play = (&'static str, fn(&mut Case<'_>));

/// Each case that there is.
const PLAYS: [Play; 26] = [
    ("five", |case| {
        case.rejections(5);
        case.login(None);
        case.planted(SUCCESS_AFTER_FAILURES);
    }),
    ("many", |case| {
        let number = 6 + case.random.below(75);
        case.rejections(number);
        case.login(None);
        case.planted(SUCCESS_AFTER_FAILURES);
    }),
    ("mixed", |case| {
        for _ in 0..5 {
            case.rejections(1);
            case.login(case_other(case.steps.len()));
        }
        case.login(None);
        case.planted(SUCCESS_AFTER_FAILURES);
    }),
    ("twice", |case| {
        for _ in 0..2 {
            case.rejections(5);
            case.login(None);
            case.planted(SUCCESS_AFTER_FAILURES);
        }
    }),
    ("four", |case| {
        case.rejections(4);
        case.login(None);
        case.mark("near", SUCCESS_AFTER_FAILURES);
    }),
    // The EQL finds it too, and says so.
    ("between", |case| {
        case.rejections(3);
        case.login(None);
        case.rejections(2);
        case.login(None);
        case.mark("between", SUCCESS_AFTER_FAILURES);
    }),
    ("unsuccessful", |case| case.rejections(9)),
    ("errors", |case| {
        (0..7).for_each(|step| case.login(case_other(step)));
        case.login(None);
        case.mark("near", SUCCESS_AFTER_FAILURES);
    }),
    ("token_after", |case| {
        case.rejections(5);
        let subject = Some(format!("subject-{}", case.name));
        case.step(Step { operation: "verify_token", subject, ..Step::default() });
        case.mark("near", SUCCESS_AFTER_FAILURES);
    }),
    ("tokens_before", |case| {
        for _ in 0..6 {
            let (subject, failure) = (Some(format!("subject-{}", case.name)), Some(Reason::TokenExpired));
            case.step(Step { operation: "verify_token", subject, failure, ..Step::default() });
        }
        case.login(None);
        case.mark("near", SUCCESS_AFTER_FAILURES);
    }),
    ("moved", |case| {
        case.successes("login", &[1]);
        case.successes("verify_token", &[1, 2]);
        case.planted(SESSION_FROM_NEW_PEER);
        case.successes("verify_token", &[1, 2]);
    }),
    ("moved_v6", |case| {
        case.successes("login", &[101]);
        case.successes("may_transfer", &[101, 102]);
        case.planted(SESSION_FROM_NEW_PEER);
    }),
    ("moved_and_refused", |case| {
        case.successes("login", &[1]);
        case.session("verify_token", Some(2), Reason::TokenExpired);
        case.planted(SESSION_FROM_NEW_PEER);
        case.successes("verify_token", &[2]);
    }),
    ("five_networks", |case| {
        case.successes("login", &[1]);
        for network in [2, 3, 4, 5, 1] {
            case.successes("verify_token", &[network]);
            case.planted(SESSION_FROM_NEW_PEER);
        }
    }),
    ("four_networks", |case| {
        case.successes("login", &[1]);
        for network in [2, 3, 4] {
            case.successes("verify_token", &[network]);
            case.planted(SESSION_FROM_NEW_PEER);
        }
        case.successes("verify_token", &[1, 2, 3, 4, 1]);
        case.mark("near", SESSION_FROM_NEW_PEER);
    }),
    ("hosts", |case| {
        case.successes("login", &[1, 1]);
        case.successes("verify_token", &[1, 1, 1]);
        case.mark("near", SESSION_FROM_NEW_PEER);
    }),
    ("unknown_first", |case| {
        case.session("login", None, None);
        case.successes("verify_token", &[1]);
        case.session("verify_token", None, None);
        case.successes("verify_token", &[1]);
        case.mark("near", SESSION_FROM_NEW_PEER);
    }),
    ("subject_moved", |case| {
        let subject = Some(format!("subject-{}", case.name));
        for network in [1, 2] {
            let (session, peer) = (format!("session-{}-{network}", case.name), [203, 0, network, 1].into());
            let step = Step {
                operation: "login",
                subject: subject.clone(),
                session: Some(session),
                ..Step::default()
            };
            case.step(Step { peer: Some(peer), ..step });
        }
        case.mark("near", SESSION_FROM_NEW_PEER);
    }),
    ("stolen", |case| {
        case.successes("verify_token", &[1]);
        case.planted(TOKEN_WITHOUT_LOGIN);
        case.successes("verify_token", &[1]);
    }),
    ("stolen_after_refused", |case| {
        case.session("verify_token", Some(1), Reason::TokenExpired);
        case.successes("verify_token", &[1]);
        case.planted(TOKEN_WITHOUT_LOGIN);
    }),
    ("stolen_after_allowed", |case| {
        case.successes("may_transfer", &[1]);
        case.successes("verify_token", &[1]);
        case.planted(TOKEN_WITHOUT_LOGIN);
        case.successes("login", &[1]);
    }),
    ("stolen_after_rejected", |case| {
        case.session("login", Some(1), Reason::InvalidCredentials);
        case.successes("verify_token", &[1]);
        case.planted(TOKEN_WITHOUT_LOGIN);
    }),
    ("logged_in", |case| {
        case.successes("login", &[1]);
        case.successes("verify_token", &[1]);
        case.mark("near", TOKEN_WITHOUT_LOGIN);
    }),
    ("refused_only", |case| {
        case.session("verify_token", None, Reason::TokenMalformed);
        case.mark("near", TOKEN_WITHOUT_LOGIN);
    }),
    ("stolen_and_moved", |case| {
        case.successes("may_transfer", &[1]);
        case.successes("verify_token", &[2]);
        case.planted(&format!("{SESSION_FROM_NEW_PEER} {TOKEN_WITHOUT_LOGIN}"));
    }),
    ("guessed_and_moved", |case| {
        case.successes("login", &[1]);
        case.rejections(5);
        case.successes("login", &[2]);
        case.steps.back_mut().unwrap().subject = Some(format!("subject-{}", case.name));
        case.planted(&format!("{SUCCESS_AFTER_FAILURES} {SESSION_FROM_NEW_PEER}"));
    }),
];

/// A failure that is no rejection.
fn case_other(number: usize) -> Reason {
    let others = [Reason::DependencyUnavailable, Reason::MfaRequired, Reason::Cancelled, Reason::Timeout];
    others[number % others.len()]
}

/// Every case, so many times.
pub(super) fn cases(random: &mut Random, each: usize) -> Vec<VecDeque<Step>> {
    let mut cases = Vec::new();
    for (name, play) in PLAYS {
        for number in 0..each {
            let mut case = Case { name: format!("{name}-{number}"), steps: VecDeque::new(), random };
            play(&mut case);
            cases.push(case.steps);
        }
    }
    cases
}
