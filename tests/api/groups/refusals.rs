//! Each mistake in a family is a typed error, and the handle is as it was.

use auth_metrics::group::{GroupError, Samples};
use auth_metrics::{AuthMetrics, Family};
use auth_metrics_tests_scrape::Scrape;

use crate::{Told, assert_agreed, group_failed, handle, told};

static GOOD: Family = Family::counter("session_lookups_total", &["result"], "Look-ups.");

fn good(samples: &mut Samples) {
    samples.counter(&GOOD, &["hit"], 3);
}

fn leaked(family: Family) -> &'static Family {
    Box::leak(Box::new(family))
}

/// Offers families to a handle that has a group already; it refuses them, says so and goes on.
#[track_caller]
fn refusal(families: Vec<Family>) -> GroupError {
    let metrics = AuthMetrics::builder().const_labels([("region", "eu")]).build().unwrap();
    metrics.group(|| told::<0>(&[&GOOD], good)).unwrap();
    let before = metrics.encode_text();
    let families: Vec<&'static Family> = families.into_iter().map(leaked).collect();
    let error = metrics.group(|| told::<1>(&families, |_| unreachable!("it is not attached"))).err().unwrap();
    let after =
        before.replace("{region=\"eu\",kind=\"group_failed\"} 0", "{region=\"eu\",kind=\"group_failed\"} 1");
    assert_eq!(metrics.encode_text(), after, "{error}");
    assert_agreed(&metrics);
    metrics.group(|| told::<2>(&[], |_| {})).expect("the next one is attached");
    error
}

fn counter(name: &'static str) -> Family {
    Family::counter(name, &[], "Help.")
}

fn gauge(name: &'static str) -> Family {
    Family::gauge(name, &[], "Help.")
}

fn histogram(name: &'static str) -> Family {
    Family::histogram(name, &[], "Help.")
}

#[test]
fn name_that_the_core_or_another_group_has_is_taken() {
    for family in [
        counter("auth_operations_total"),
        counter("rate_limit_exceeded_total"),
        gauge("auth_active_services"),
        gauge("rate_limit_current"),
        counter("auth_label_overflow_total"),
        histogram("service_auth_latency_seconds"),
        counter("session_lookups_total"),
    ] {
        let name = family.name;
        assert_eq!(refusal(vec![family]), GroupError::Taken(name));
    }
}

#[test]
fn name_whose_samples_another_family_has_is_taken() {
    for family in [
        histogram("jwt_token_verifications"),
        counter("service_auth_latency_seconds_total"),
        histogram("session_lookups"),
    ] {
        let name = family.name;
        assert_eq!(refusal(vec![family]), GroupError::Taken(name));
    }
}

#[test]
fn gauge_beside_a_counter_of_the_same_name_without_total_is_taken() {
    assert_eq!(refusal(vec![gauge("auth_operations")]), GroupError::Taken("auth_operations"));
    assert_eq!(refusal(vec![gauge("x"), counter("x_total")]), GroupError::Taken("x_total"));
}

#[test]
fn families_of_one_group_cannot_clash_either() {
    assert_eq!(refusal(vec![gauge("x"), gauge("x")]), GroupError::Taken("x"));
    assert_eq!(refusal(vec![histogram("x"), counter("x_total")]), GroupError::Taken("x_total"));
    assert_eq!(refusal(vec![counter("x_total"), histogram("x")]), GroupError::Taken("x"));
    assert_eq!(refusal(vec![gauge("x"), histogram("x")]), GroupError::Taken("x"));
    // What only a strict reader of OpenMetrics takes for the other.
    let count = counter("x_count_total");
    assert_eq!(refusal(vec![histogram("x"), count]), GroupError::Taken("x_count_total"));
    let created = counter("x_created_total");
    assert_eq!(refusal(vec![counter("x_total"), created]), GroupError::Taken("x_created_total"));
    let twice = counter("x_total_total");
    assert_eq!(refusal(vec![counter("x_total"), twice]), GroupError::Taken("x_total_total"));
}

#[test]
fn name_with_odd_characters_or_the_ending_of_another_type_is_refused() {
    for name in
        ["", "_total", "9_total", "a b_total", "ä_total", "a:b_total", "a-b_total", "requests", "a_Total"]
    {
        assert_eq!(refusal(vec![counter(name)]), GroupError::Name(name));
    }
    for name in ["", "x_total", "x_bucket", "x_sum", "x_count", "x_created", "x_info", "x\n", "\"", "x{"] {
        assert_eq!(refusal(vec![gauge(name)]), GroupError::Name(name));
        assert_eq!(refusal(vec![histogram(name)]), GroupError::Name(name));
    }
}

#[test]
fn label_that_no_sample_can_have_is_refused() {
    const LABELS: [&[&str]; 8] =
        [&["le"], &["__name__"], &["__x"], &[""], &["9"], &["a-b"], &["ä"], &["region"]];
    for labels in LABELS {
        for family in [
            Family::counter("x_total", labels, "Help."),
            Family::gauge("x", labels, "Help."),
            Family::histogram("x", labels, "Help."),
        ] {
            let name = family.name;
            assert_eq!(refusal(vec![family]), GroupError::Label { family: name, label: labels[0] });
        }
    }
    let twice = Family::gauge("x", &["one", "two", "one"], "Help.");
    assert_eq!(refusal(vec![twice]), GroupError::Label { family: "x", label: "one" });
}

#[test]
fn help_that_a_text_cannot_keep_is_refused() {
    for help in ["", "two\nlines", "two\r\nlines", "C:\\keys", " before", "after ", "\t"] {
        assert_eq!(refusal(vec![Family::gauge("x", &[], help)]), GroupError::Help("x"), "{help:?}");
    }
}

#[test]
fn mistake_in_the_last_family_leaves_out_the_others_too() {
    assert_eq!(refusal(vec![gauge("x"), histogram("y"), gauge("z_total")]), GroupError::Name("z_total"));
}

#[test]
fn refusal_names_the_family_and_says_what_to_do() {
    let said = |family| refusal(vec![family]).to_string();
    assert_eq!(
        said(gauge("rate_limit_current")),
        "the name rate_limit_current is taken, or that of its samples: give the family a name of its own"
    );
    assert_eq!(
        said(Family::gauge("x", &["le"], "Help.")),
        "the label \"le\" of x needs another name: letters, digits and _, not starting with a digit or __, once in a family, \
         not `le` and no constant label of the handle"
    );
    assert_eq!(
        said(Family::gauge("x", &[], "")),
        "the help of x must be one line of text without a backslash, or blanks around it"
    );
}

#[test]
fn refused_type_stays_refused_and_is_made_and_counted_once() {
    static BAD: Family = Family::gauge("bad_total", &[], "Help.");
    let metrics = handle();
    assert_eq!(metrics.group(|| told::<0>(&[&BAD], good)).err(), Some(GroupError::Name("bad_total")));
    for _ in 0..3 {
        let again = metrics.group(|| -> Told { unreachable!("it was refused") });
        assert_eq!(again.err(), Some(GroupError::Name("bad_total")));
    }
    assert_eq!(group_failed(&Scrape::of(&metrics)), 1.0);
    metrics.group(|| told::<1>(&[&GOOD], good)).expect("another type is attached");
}

#[test]
fn same_names_can_be_on_two_handles() {
    for metrics in [handle(), handle()] {
        metrics.group(|| told::<0>(&[&GOOD], good)).unwrap();
        let _: std::sync::Arc<Told> = metrics.group(|| unreachable!("it is there")).unwrap();
    }
}
