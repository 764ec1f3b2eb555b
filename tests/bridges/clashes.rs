//! Names that both have: they are told before anything is appended.

use auth_metrics::{AppendError, AuthMetrics};

use crate::samples::samples;
use crate::world::World;

/// What `append_text` says of a text, which it leaves as it is.
#[track_caller]
fn refused(metrics: &AuthMetrics, theirs: &str) -> Option<String> {
    let mut text = theirs.to_owned();
    match metrics.append_text(&mut text) {
        Ok(()) => None,
        Err(AppendError::Clash { metric }) => {
            assert_eq!(text, theirs, "it is unchanged");
            Some(metric)
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn each_name_of_a_scrape_clashes_however_the_other_text_has_it() {
    let world = World::new(3);
    let ours = world.metrics.encode_text();
    let described = ours.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let sampled = samples(&ours).into_keys().map(|(name, _)| name);
    let mut names: Vec<String> = described.map(str::to_owned).chain(sampled).collect();
    names.sort();
    names.dedup();
    assert!(names.len() > 20);
    for name in names {
        let labelled = format!("{name}{{a=\"b c\"}} 1\n");
        for line in [
            format!("# HELP {name} Theirs.\n"),
            format!("# TYPE {name} untyped\n"),
            format!("{name} 1\n"),
            format!("{name} 1 1700000000000\n"),
            format!("{name} {{a=\"b\"}} 1\n"),
            format!("\t{name}\t1\n"),
            labelled,
        ] {
            let theirs = format!("# A comment about {name}.\norders 1\n{line}queue 2\n");
            assert_eq!(refused(&world.metrics, &theirs).as_deref(), Some(&*name), "{line}");
        }
    }
}

#[test]
fn base_name_of_a_counter_clashes_as_openmetrics_has_it() {
    let metrics = AuthMetrics::builder().build().unwrap();
    for theirs in ["# TYPE auth_operations gauge\nauth_operations 1\n# EOF\n", "auth_operations_created 1\n"]
    {
        let mut text = theirs.to_owned();
        assert!(matches!(metrics.append_openmetrics(&mut text), Err(AppendError::Clash { .. })), "{theirs}");
        assert_eq!(text, theirs);
    }
}

#[test]
fn names_in_comments_helps_and_labels_are_no_clash() {
    let metrics = AuthMetrics::builder().namespace("acme").build().unwrap();
    let theirs = "# auth_operations_total\n#auth_operations_total 1\n# HELP orders acme_auth_operations_total\n\
                  orders{name=\"acme_auth_operations_total\"} 1\nauth_operations_total 1\n\
                  acme_auth_operations_totals 1\n";
    assert_eq!(refused(&metrics, theirs), None);
}

#[test]
fn handle_does_not_follow_itself() {
    let world = World::new(0);
    let text = world.metrics.encode_text();
    let first = text.split(' ').nth(2).map(str::to_owned);
    assert_eq!(refused(&world.metrics, &text), first);
    let mut text = world.metrics.encode_openmetrics();
    let clash = world.metrics.append_openmetrics(&mut text).unwrap_err();
    assert!(clash.to_string().contains("give this handle a namespace of its own"), "{clash}");
    assert_eq!(text, world.metrics.encode_openmetrics());
}
