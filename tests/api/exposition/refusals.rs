//! What the strict reader refuses: without this, every test that reads through it would prove less than it says.

use auth_metrics_tests_scrape::Scrape;

fn refused(text: &str) -> String {
    Scrape::parse(text).expect_err(text)
}

#[test]
fn well_formed_text_is_read_with_its_escapes_undone() {
    let text =
        "# HELP a_total Help.\n# TYPE a_total counter\na_total{x=\"q\\\"b\\\\n\\n\",y=\"\"} 2\na_total 1e3\n";
    let scrape = Scrape::read(text);
    assert_eq!(scrape.value("a_total", &[("x", "q\"b\\n\n"), ("y", "")]), Some(2.0));
    assert_eq!(scrape.value("a_total", &[]), Some(1000.0));
}

#[test]
fn samples_need_a_help_and_a_type_of_their_name() {
    assert!(refused("a 1\n").contains("no HELP"));
    assert!(refused("# TYPE a counter\na 1\n").contains("no HELP"));
    assert!(refused("# HELP a Help.\na 1\n").contains("no TYPE"));
    assert!(refused("# HELP a Help.\n# TYPE b counter\n").contains("no TYPE"));
    assert!(refused("# HELP a Help.\n# TYPE a summary\n").contains("type"));
    assert!(refused("# HELP a Help.\n# TYPE a counter\nb 1\n").contains("another family"));
}

#[test]
fn families_and_series_stand_once() {
    let family = "# HELP a Help.\n# TYPE a counter\n";
    assert!(refused(&format!("{family}{family}")).contains("twice"));
    assert!(refused(&format!("{family}a{{x=\"1\",y=\"2\"}} 1\na{{y=\"2\",x=\"1\"}} 1\n")).contains("twice"));
}

#[test]
fn odd_samples_are_refused() {
    for odd in [
        "a{} 1",
        "a{x=\"1\",} 1",
        "a{x=\"1\" ,y=\"2\"} 1",
        "a{x=\"1\",x=\"2\"} 1",
        "a{x=1} 1",
        "a{9=\"1\"} 1",
        "a{x=\"\\t\"} 1",
        "a{x=\"1\"}1",
        "a{x=\"1\"}  1",
        "a  1",
        "a 1 1700000000",
        "a inf",
        "a +1",
        "a NaN",
        "a -1",
        "a +Inf",
        "a one",
        "a",
        "9a 1",
        "",
        "a{x=\"1} 1",
    ] {
        refused(&format!("# HELP a Help.\n# TYPE a counter\n{odd}\n"));
    }
    assert!(refused("# HELP a Help.\n# TYPE a counter\na 1").contains("does not end"));
}

#[test]
fn broken_histograms_are_refused() {
    let text = |samples: &str| format!("# HELP h Help.\n# TYPE h histogram\n{samples}\n");
    let whole = "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\nh_count 3";
    assert_eq!(Scrape::read(&text(whole)).value("h_count", &[]), Some(3.0));
    for (from, to) in [
        ("} 3", "} 1"),
        ("h_count 3", "h_count 2"),
        ("h_sum 4\n", ""),
        ("\nh_count 3", ""),
        ("h_bucket{le=\"+Inf\"} 3\n", ""),
        ("le=\"1\"", "le=\"one\""),
        ("le=\"1\"", "x=\"1\""),
        ("h_bucket{le=\"1\"} 2\n", "h_bucket{le=\"1\"} 2\nh_bucket{le=\"0.5\"} 2\n"),
        ("h_sum", "h_total"),
        ("h_sum", "h_sum{x=\"1\"}"),
    ] {
        assert!(whole.contains(from));
        refused(&text(&whole.replace(from, to)));
    }
}
