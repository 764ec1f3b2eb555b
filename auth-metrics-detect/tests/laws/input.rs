//! Texts that nobody thought of, and more names than there is room for.

use auth_metrics_detect::{Action, Attempt, Detector, EngineBuilder, Peer};

use crate::world::{self, START, SUCCESS, UNKNOWN, WRONG, Watch, builder, den};

#[test]
fn strange_subjects_are_subjects() {
    let megabyte = "é".repeat(1 << 19);
    let subjects = ["\0", "a\0b", "a\nb", "\u{1b}[31mred\u{1b}[0m", "\u{202e}nna", "' OR 1=1 --", &megabyte];
    let mut watch = Watch::new();
    let bytes = watch.engine.bytes();
    for (number, subject) in subjects.iter().cycle().enumerate().take(100) {
        let at = START + number as f64;
        watch.login(at, den(number as u32), subject, SUCCESS);
        watch.login(at, den(number as u32), subject, WRONG);
        assert_eq!(watch.engine.assess(subject, den(number as u32)).why.label(), "familiar", "{number}");
    }
    assert_eq!(watch.engine.bytes(), bytes);
    let hashes: Vec<_> = subjects.iter().map(|subject| watch.engine.subject_hash(subject)).collect();
    assert!((1..hashes.len()).all(|index| !hashes[..index].contains(&hashes[index])));
    for told in &watch.told {
        assert!(!told.why.contains(['\0', '\n', '\u{1b}', 'é']), "{}", told.why);
    }
}

#[test]
fn empty_texts_are_unknown() {
    let mut watch = Watch::new();
    for number in 0..200 {
        let at = START + f64::from(number);
        watch.feed(&world::login(at, den(number), "", WRONG).device(""));
        watch.feed(&Attempt::new(at, "", SUCCESS));
        watch.feed(&Attempt::new(at, "login", WRONG).subject(""));
        watch.feed(&Attempt::new(at, "login", WRONG).peer(Peer::Name("")).device("laptop"));
    }
    // An account without a name is none that many sources guess at, and none that anybody got into.
    assert!(!watch.has(Detector::AccountGuessing) && !watch.has(Detector::CompromiseSuspected));
    watch.login(START + 300.0, den(1), "", SUCCESS);
    let risk = watch.engine.assess("", den(2));
    assert_ne!(risk.why.label(), "familiar");
    let nothing = watch.engine.assess_attempt(&Attempt::new(START, "", SUCCESS));
    assert!((0.0..=1.0).contains(&nothing.probability));
}

#[test]
fn operations_and_services_without_end_share_one_place() {
    let mut watch = Watch::new();
    let bytes = watch.engine.bytes();
    for number in 0..100_000 {
        let (service, operation) = (format!("service-{number}"), format!("operation-{}\n", number % 777));
        watch.feed(&world::login(START, den(1), "ann", UNKNOWN).service(&service));
        watch.feed(&Attempt::new(START, &operation, SUCCESS).service("gateway"));
    }
    assert_eq!(watch.engine.bytes(), bytes);
    let priors = watch.engine.priors();
    assert!(priors.len() < 100, "{}", priors.len());
    let (service, operation, _) = priors.last().unwrap();
    assert_eq!((&**service, &**operation), ("other", "other"));
    // What was there first is still told apart.
    assert_eq!(&*priors[0].0, "service-0");
}

#[test]
fn attack_on_an_operation_that_found_no_place_is_found() {
    let mut watch = Watch::new();
    for number in 0..200 {
        watch.feed(&Attempt::new(START, &format!("operation-{number}"), SUCCESS));
    }
    for number in 0..12 {
        let name = format!("user-{number}");
        let attempt = Attempt::new(START + f64::from(number) * 5.0, "late", WRONG).subject(&name);
        watch.feed(&attempt.peer(Peer::Address(den(1))));
    }
    assert!(watch.is_convicted(den(1)));
    assert_eq!(watch.attacks()[0].operation, "other/other");
}

#[test]
fn sources_with_names_are_convicted_and_have_no_network() {
    let mut watch = Watch::new();
    for number in 0..12 {
        let name = format!("user-{number}");
        let attempt = Attempt::new(START + f64::from(number) * 5.0, "login", WRONG).subject(&name);
        watch.feed(&attempt.peer(Peer::Name("host.example")));
    }
    let scope = auth_metrics_detect::Scope::Source(watch.engine.source_hash(&Peer::Name("host.example")));
    assert!(watch.attacks().iter().any(|told| told.scope == scope));
}

#[test]
fn state_is_as_large_as_it_was_told() {
    for memory in [256 << 10, 512 << 10, 3 << 20, 64 << 20] {
        let engine = builder().memory(memory).build().unwrap();
        assert!(engine.bytes() <= memory, "{} of {memory}", engine.bytes());
        assert!(engine.bytes() > memory / 10 * 7, "{} of {memory}", engine.bytes());
    }
    for memory in [0, (256 << 10) - 1, (64 << 20) + 1, usize::MAX] {
        assert!(builder().memory(memory).build().is_err(), "{memory}");
    }
}

fn actions(slow: f32, challenge: f32, step_up: f32, block: f32) -> EngineBuilder {
    builder().slow_from(slow).challenge_from(challenge).step_up_from(step_up).block_from(block)
}

#[test]
fn each_action_has_a_probability_of_its_own() {
    let risk = |builder: EngineBuilder| builder.build().unwrap().assess("ann", den(1)).action;
    let all = [Action::Slow, Action::Challenge, Action::StepUp, Action::Block];
    for (place, action) in all.into_iter().enumerate() {
        let from = |other| if other <= place { 0.0 } else { 2.0 };
        assert_eq!(risk(actions(from(0), from(1), from(2), from(3))), action);
    }
    assert_eq!(risk(actions(2.0, 2.0, 2.0, 2.0)), Action::Allow);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for precision in [0.0, 0.49, 1.0, 1.5, -1.0, f32::NAN, f32::INFINITY] {
        assert!(builder().target_precision(precision).build().is_err(), "{precision}");
    }
    for seconds in [0, 59, 61 * 86_400] {
        let half_life = std::time::Duration::from_secs(seconds);
        assert!(builder().half_life(half_life).build().is_err(), "{seconds}");
    }
    for [slow, challenge, step_up, block] in
        [[0.9, 0.5, 0.99, 1.0], [-0.1, 0.5, 0.9, 1.0], [0.1, f32::NAN, 0.9, 1.0]]
    {
        assert!(actions(slow, challenge, step_up, block).build().is_err(), "{slow} {challenge}");
    }
    assert!(actions(0.0, 0.0, 0.0, 0.0).target_precision(0.5).build().is_ok());
}
