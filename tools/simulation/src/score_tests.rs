//! The counting rules, each on a world of one deployment whose incidents the test chooses.

use auth_metrics_random::Random;

use super::*;
use crate::kind::{Due, Kind};

fn incident(kind: Kind, due: Due, operation: Option<&'static str>, from: Minute, to: Minute) -> Incident {
    Incident { kind, class: Class::Core, due, operation, from, to }
}

fn world(incidents: Vec<Incident>) -> World {
    let mut world = World::new(1, 2);
    world.deployments.truncate(1);
    world.deployments[0].job = "here".to_owned();
    world.deployments[0].incidents = incidents;
    world
}

fn alarm(alert: &str, severity: &str, from: Minute, to: Minute) -> Alarm {
    let labels = Labels::from([("job".to_owned(), "here".to_owned())]);
    Alarm { alert: alert.to_owned(), severity: severity.to_owned(), labels, from, to }
}

fn labelled(mut alarm: Alarm, key: &str, value: &str) -> Alarm {
    alarm.labels.insert(key.to_owned(), value.to_owned());
    alarm
}

fn stuffing() -> Vec<Incident> {
    vec![incident(Kind::StuffingTen, Due::Page, Some("login"), 1_000, 1_060)]
}

fn is_found(incidents: Vec<Incident>, alarms: &[Alarm]) -> bool {
    Score::of(&world(incidents), alarms).recall() > 0.5
}

fn false_ones(incidents: Vec<Incident>, alarms: &[Alarm]) -> Minute {
    Score::of(&world(incidents), alarms).false_alarms.iter().map(|alarm| alarm.count).sum()
}

#[test]
fn an_alert_must_begin_between_the_start_and_a_quarter_of_an_hour_after_the_end() {
    for (from, found) in [(999, false), (1_000, true), (1_075, true), (1_076, false)] {
        let alarms = [alarm("AuthRejectionSurge", "page", from, from + 30)];
        assert_eq!(is_found(stuffing(), &alarms), found, "{from}");
        assert_eq!(false_ones(stuffing(), &alarms), Minute::from(!found), "{from}");
    }
}

#[test]
fn an_alert_that_was_on_within_the_hour_before_found_nothing() {
    let before = alarm("AuthRejectionSurge", "page", 900, 950);
    let alarms = [before.clone(), alarm("AuthRejectionSurge", "page", 1_005, 1_050)];
    assert!(!is_found(stuffing(), &alarms));
    let later = [before, alarm("AuthRejectionSurge", "page", 1_011, 1_050)];
    assert!(is_found(stuffing(), &later));
}

#[test]
fn a_ticket_is_too_quiet_for_a_page_and_a_page_is_loud_enough_for_a_ticket() {
    let ticket_due = || vec![incident(Kind::StuffingTwice, Due::Ticket, None, 1_000, 1_200)];
    let told = |severity| [alarm("AuthRejectionSurge", severity, 1_010, 1_100)];
    assert!(!is_found(stuffing(), &told("ticket")));
    assert!(is_found(stuffing(), &told("page")));
    assert!(is_found(ticket_due(), &told("page")) && is_found(ticket_due(), &told("ticket")));
}

#[test]
fn an_alert_of_another_job_operation_or_nature_tells_nothing() {
    let surge = || alarm("AuthRejectionSurge", "page", 1_010, 1_030);
    assert!(is_found(stuffing(), &[labelled(surge(), "operation", "login")]));
    assert!(!is_found(stuffing(), &[labelled(surge(), "operation", "second_factor")]));
    assert!(!is_found(stuffing(), &[labelled(surge(), "job", "there")]));
    assert!(!is_found(stuffing(), &[alarm("AuthCredentialExpired", "page", 1_010, 1_030)]));
    // Nobody knows what it means, so it may mean this.
    assert!(is_found(stuffing(), &[alarm("AuthOdd", "page", 1_010, 1_030)]));
}

#[test]
fn a_false_alarm_within_an_hour_is_the_same_and_one_that_stays_counts_each_day() {
    let at = |from, to| alarm("AuthRejectionSurge", "page", from, to);
    assert_eq!(false_ones(vec![], &[at(100, 110), at(170, 180)]), 1);
    assert_eq!(false_ones(vec![], &[at(100, 110), at(171, 180)]), 2);
    let other = labelled(at(105, 110), "operation", "login");
    assert_eq!(false_ones(vec![], &[at(100, 110), other]), 2);
    assert_eq!(false_ones(vec![], &[at(100, 100 + 2 * DAY)]), 3);
}

#[test]
fn what_began_in_an_incident_and_stays_for_days_counts_for_each_whole_day_after_it() {
    let stays = |days| [alarm("AuthRejectionSurge", "page", 1_010, 1_076 + days * DAY)];
    assert_eq!(false_ones(stuffing(), &stays(0)), 0);
    assert_eq!(false_ones(stuffing(), &stays(2)), 2);
}

#[test]
fn a_long_incident_excuses_only_what_it_is_about() {
    let long = || vec![incident(Kind::SprayThirty, Due::Ticket, Some("login"), 1_000, 1_000 + 36 * HOUR)];
    let short = || vec![incident(Kind::SprayThirty, Due::Ticket, Some("login"), 1_000, 1_000 + 6 * HOUR)];
    let latency = [alarm("AuthLatencyHigh", "ticket", 1_100, 1_200)];
    assert_eq!((false_ones(long(), &latency), false_ones(short(), &latency)), (1, 0));
    assert_eq!(false_ones(long(), &[alarm("AuthRejectionSurge", "ticket", 1_100, 1_200)]), 0);
}

#[test]
fn hours_for_nothing_are_the_minutes_outside_of_incidents() {
    let score = Score::of(&world(stuffing()), &[alarm("AuthRejectionSurge", "page", 990, 1_100)]);
    assert_eq!(score.idle.values().sum::<Minute>(), 10 + (1_100 - 1_076));
}

#[test]
fn more_alarms_never_find_less_and_never_cost_less() {
    let mut random = Random::new(5, "alarms");
    for _ in 0..200 {
        let mut alarms = Vec::new();
        let mut cost = 0;
        for _ in 0..12 {
            // Far enough apart to stay alarms of their own.
            let from = random.whole(0, 20_000);
            let name = format!("AuthRejectionSurge{}", alarms.len());
            alarms.push(alarm(&name, "page", from, from + random.whole(1, 3_000)));
            let score = Score::of(&world(stuffing()), &alarms);
            let now: Minute = score.false_alarms.iter().map(|alarm| alarm.count).sum();
            assert!(now >= cost);
            let found = alarms.iter().any(|alarm| (1_000..=1_075).contains(&alarm.from));
            assert_eq!(score.recall() > 0.5, found);
            cost = now;
        }
    }
}
