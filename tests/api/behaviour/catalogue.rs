//! The catalogue says what a scrape has, where it comes from and what was never called.

use auth_metrics::catalogue::{Budget, Catalogue};
use auth_metrics::testing::{self, Scope};
use auth_metrics::{
    AuthMetrics, Exposure, FailureReason, OperationKind, Outcome, Reason, ReasonSet, auth_metered,
};
use auth_metrics_tests_scrape::Scrape;

use crate::declare_unknown;

#[expect(dead_code, reason = "not all are made: that they are exported is the point")]
#[derive(Debug, FailureReason)]
enum DoorError {
    InvalidCredentials,
    UnknownSubject,
    AccountLocked,
}

#[derive(Debug, FailureReason)]
enum BadgeError {
    TokenExpired,
}

const DOOR_LINE: u32 = line!() + 1;
#[auth_metered(op = "door", service = building)]
async fn door(building: &str, known: bool) -> Result<usize, DoorError> {
    if known { Ok(building.len()) } else { Err(DoorError::UnknownSubject) }
}

#[auth_metered(op = "badge", kind = token)]
fn badge() -> Result<(), BadgeError> {
    Err(BadgeError::TokenExpired)
}

#[auth_metered(op = "badge", kind = token)]
fn badge_of<E: FailureReason>(error: E) -> Result<(), E> {
    Err(error)
}

fn metrics(exposure: Exposure) -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").exposure(exposure).build().unwrap()
}

/// The samples of a scrape by family, in its order.
fn scraped(metrics: &AuthMetrics) -> Vec<(String, usize)> {
    let families = Scrape::of(metrics).families.into_iter();
    families.map(|family| (family.name, family.samples.len())).collect()
}

#[track_caller]
fn assert_foretold(metrics: &AuthMetrics, services: usize) {
    let catalogue = metrics.catalogue();
    let foretold = catalogue.families(services).map(|(family, series)| (family.name.to_owned(), series));
    assert_eq!(foretold.collect::<Vec<_>>(), scraped(metrics));

    let of_operations: usize = catalogue.iter().map(|operation| operation.series(services)).sum();
    assert_eq!(of_operations + catalogue.shared_series(services), catalogue.series(services));
    let scrape = Scrape::of(metrics);
    for operation in &catalogue {
        let samples = scrape.samples().filter(|sample| sample.label("operation") == Some(operation.name()));
        assert_eq!(samples.count(), operation.series(services));
    }
}

#[test]
fn series_are_those_of_a_scrape_whatever_the_exposure_and_the_services() {
    let totals = [Exposure::Strict, Exposure::Standard, Exposure::Full].map(|exposure| {
        let metrics = metrics(exposure);
        assert_foretold(&metrics, 1);
        let foretold = metrics.catalogue().series(3);
        metrics.record_service_registration("north");
        metrics.record_service_registration("south");
        assert_foretold(&metrics, 3);
        assert_eq!(
            foretold,
            metrics.catalogue().series(3),
            "what is foretold does not wait for the services"
        );
        foretold
    });
    assert!(totals.is_sorted_by(|less, more| less < more), "{totals:?}");
}

#[test]
fn series_follow_the_buckets_of_the_handle() {
    let metrics = AuthMetrics::builder().buckets([0.1, 1.0]).build().unwrap();
    assert_foretold(&metrics, 1);
    let wide = AuthMetrics::builder().buckets([0.1, 1.0, 10.0]).build().unwrap();
    let operations = wide.catalogue().iter().count();
    assert_eq!(wide.catalogue().series(1) - metrics.catalogue().series(1), operations);
}

#[tokio::test]
async fn traffic_adds_no_series_to_those_foretold() {
    let metrics = metrics(Exposure::Standard);
    let foretold = metrics.catalogue().series(3);
    for building in ["north", "south", "gateway"] {
        assert!(metrics.scope(door(building, true)).await.is_ok());
        assert!(metrics.scope(door(building, false)).await.is_err());
    }
    assert!(metrics.in_scope(badge).is_err());
    assert_foretold(&metrics, 3);
    assert_eq!(metrics.catalogue().series(3), foretold);
}

#[test]
fn operations_by_hand_are_foretold_too() {
    let metrics = metrics(Exposure::Standard);
    metrics.declare_as::<BadgeError>("kiosk", OperationKind::Token);
    assert_foretold(&metrics, 1);
    let catalogue = metrics.catalogue();
    let kiosk = catalogue.get("kiosk").unwrap();
    assert!(kiosk.functions().is_empty());
    assert_eq!((kiosk.kind(), kiosk.takes_service()), (OperationKind::Token, false));

    for service in ["gateway", "north"] {
        metrics.attempt_for(service, "kiosk").finish(Outcome::Failure(Reason::Overloaded));
    }
    assert_foretold(&metrics, 2);
    let catalogue = metrics.catalogue();
    let kiosk = catalogue.get("kiosk").unwrap();
    assert!(kiosk.takes_service());
    let reasons = [Reason::TokenExpired, Reason::Overloaded, Reason::Cancelled, Reason::Panicked];
    assert_eq!(kiosk.reasons(), ReasonSet::of(&reasons));
}

#[test]
fn latency_by_hand_makes_no_operation() {
    let metrics = metrics(Exposure::Standard);
    metrics.record_auth_latency("gateway", "stopwatch", std::time::Duration::from_millis(3));
    assert!(metrics.catalogue().get("stopwatch").is_none());
}

#[test]
fn functions_say_where_they_stand_and_what_they_can_give() {
    let catalogue = metrics(Exposure::Standard).catalogue();
    let [door] = catalogue.get("door").unwrap().functions() else { panic!("door is one function") };
    assert_eq!((door.module(), door.file(), door.line()), (module_path!(), file!(), DOOR_LINE));
    assert!(door.takes_service());

    let badge = catalogue.get("badge").unwrap();
    let reasons: Vec<_> = badge.functions().iter().map(auth_metrics::catalogue::Function::reasons).collect();
    assert_eq!(reasons, [Some(BadgeError::REASONS), None]);
    assert!(badge.functions()[0].line() < badge.functions()[1].line());
    assert_eq!((badge.kind(), badge.takes_service()), (OperationKind::Token, false));
    assert!(catalogue.get("dormant").is_some(), "{}", auth_metrics_tests_linked::LINKED);
}

#[tokio::test]
async fn operations_that_were_never_called_are_unseen() {
    let unseen = |catalogue: &Catalogue, op| catalogue.unseen().any(|operation| operation.name() == op);
    let (scope, other) = (Scope::new(), Scope::new());
    assert!(unseen(&scope.metrics().catalogue(), "door"));
    let dropped = scope.metrics().scope(door("north", true));
    drop(dropped);
    assert!(unseen(&scope.metrics().catalogue(), "door"), "a future that is never polled is no attempt");
    assert!(scope.metrics().scope(door("north", true)).await.is_ok());
    assert!(scope.metrics().scope(door("south", true)).await.is_ok());
    assert!(scope.metrics().in_scope(|| badge_of(BadgeError::TokenExpired)).is_err());

    let catalogue = scope.metrics().catalogue();
    assert_eq!(catalogue.get("door").unwrap().attempts(), 2);
    assert!(!unseen(&catalogue, "door") && !unseen(&catalogue, "badge") && unseen(&catalogue, "dormant"));
    assert!(unseen(&other.metrics().catalogue(), "door"), "each handle has seen its own");
}

#[test]
fn table_has_a_line_for_each_function_and_names_the_unseen() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(badge).is_err());
    let table = scope.metrics().catalogue().to_string();
    let row = table.lines().position(|line| line.starts_with("badge ")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[row].contains(" token "), "{table}");
    assert!(lines[row].contains(file!()) && lines[row + 1].trim_start().starts_with(file!()), "{table}");
    let unseen = lines.iter().find(|line| line.starts_with("no attempts yet: ")).unwrap();
    assert!(unseen.contains("dormant") && !unseen.contains("badge"), "{table}");
}

#[test]
fn catalogue_within_its_budget_passes() {
    let metrics = metrics(Exposure::Standard);
    declare_unknown(&metrics);
    let series = metrics.catalogue().series(4);
    metrics.in_scope(|| testing::assert_catalogue(&Budget { series, services: 4 }));
}

#[test]
fn catalogue_over_its_budget_fails_and_names_the_largest() {
    let metrics = metrics(Exposure::Standard);
    declare_unknown(&metrics);
    let series = metrics.catalogue().series(4) - 1;
    let budget = Budget { series, services: 4 };
    let assertion = || metrics.in_scope(|| testing::assert_catalogue(&budget));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(assertion)).unwrap_err();
    let message = panicked.downcast::<String>().unwrap();
    let first =
        format!("the metrics cost {} series for 4 services, but only {series} are allowed", series + 1);
    assert_eq!(message.lines().next(), Some(&*first));

    let figures = message.lines().skip(1).map(|line| line.split_whitespace().next().unwrap());
    let figures: Vec<usize> = figures.map(|figure| figure.parse().unwrap()).collect();
    assert_eq!(figures.iter().sum::<usize>(), series + 1, "{message}");
    assert!(figures[..10].is_sorted_by(|more, less| more >= less), "{message}");
    let largest = message.lines().nth(1).unwrap();
    assert!(largest.ends_with(&format!("  door, {}:{DOOR_LINE}", file!())), "{message}");
}

#[test]
fn assertion_inside_a_scope_speaks_of_its_handle() {
    let narrow = AuthMetrics::builder().buckets([1.0]).build().unwrap();
    declare_unknown(&narrow);
    let budget = Budget { series: narrow.catalogue().series(1), services: 1 };
    narrow.in_scope(|| testing::assert_catalogue(&budget));
    assert!(Scope::new().metrics().catalogue().check(&budget).is_err(), "the default buckets cost more");
}

#[expect(dead_code, reason = "that it is declared is the point")]
#[derive(Debug, FailureReason)]
enum LookupError {
    UnknownSubject,
    DependencyUnavailable,
}

#[test]
fn operation_that_only_hides_unknown_subjects_is_an_oracle() {
    let oracles = |exposure, declare: fn(&AuthMetrics)| {
        let metrics = metrics(exposure);
        declare(&metrics);
        let catalogue = metrics.catalogue();
        let found: Vec<String> = catalogue.account_oracles().map(|each| each.name().to_owned()).collect();
        found
    };
    let lookup: fn(&AuthMetrics) = |metrics| metrics.declare::<LookupError>("lookup");
    assert_eq!(oracles(Exposure::Standard, lookup), ["lookup"]);
    assert_eq!(oracles(Exposure::Strict, lookup), ["lookup"]);
    assert!(oracles(Exposure::Full, lookup).is_empty(), "nothing is to be hidden");

    let hidden: fn(&AuthMetrics) = |metrics| {
        metrics.declare::<LookupError>("login");
        metrics.declare::<DoorError>("login");
    };
    assert!(oracles(Exposure::Standard, hidden).is_empty(), "a wrong secret looks the same");
    let decision: fn(&AuthMetrics) =
        |metrics| metrics.declare_as::<LookupError>("may", OperationKind::Authorization);
    assert!(oracles(Exposure::Standard, decision).is_empty(), "its subject is known already");
}

#[test]
fn strict_hides_unknown_subjects_behind_wrong_secrets_only() {
    #[expect(dead_code, reason = "that it is declared is the point")]
    #[derive(Debug, FailureReason)]
    enum StateError {
        UnknownSubject,
        AccountLocked,
        MfaRequired,
        PermissionDenied,
    }
    #[expect(dead_code, reason = "that it is declared is the point")]
    #[derive(Debug, FailureReason)]
    enum CodeError {
        UnknownSubject,
        MfaInvalid,
    }
    let oracles = |exposure| {
        let metrics = metrics(exposure);
        metrics.declare::<StateError>("lookup");
        metrics.declare::<CodeError>("code");
        let catalogue = metrics.catalogue();
        let mut found: Vec<String> = catalogue.account_oracles().map(|each| each.name().to_owned()).collect();
        found.sort();
        found
    };
    assert_eq!(oracles(Exposure::Strict), ["lookup"], "an account that is not locked is not refused");
    assert_eq!(oracles(Exposure::Standard), ["code", "lookup"]);
}

#[test]
fn oracle_fails_the_assertion_and_the_message_has_a_way_out() {
    let metrics = metrics(Exposure::Standard);
    metrics.declare::<LookupError>("lookup");
    assert!(metrics.catalogue().to_string().contains("\naccount oracle: lookup"), "{}", metrics.catalogue());
    let budget = Budget { series: usize::MAX, services: 1 };
    let error = metrics.catalogue().check(&budget).unwrap_err();
    assert_eq!(error.oracles.len(), 1);
    let message = error.to_string();
    for part in ["lookup", "`unknown_subject`", "`invalid_credentials`", "`Exposure::Full`"] {
        assert!(message.contains(part), "{message}");
    }
    let panicked = std::panic::catch_unwind(|| {
        metrics.in_scope(|| testing::assert_catalogue(&budget));
    });
    assert_eq!(*panicked.unwrap_err().downcast::<String>().unwrap(), message);
}
