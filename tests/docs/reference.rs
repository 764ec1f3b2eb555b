//! The tables of the guide list what the code has, and each page of the guide is shown, tested and linked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use auth_metrics::events::{self, CONTEXT_MALFORMED, EVENTS, OBSERVER_PANICS};
use auth_metrics::read::{Histogram, Visitor};
use auth_metrics::{AuthMetrics, Family, Reason};
use auth_metrics_credentials::CredentialTracker;

const CRATES: [&str; 8] = [
    "auth-metrics",
    "auth-metrics-actix",
    "auth-metrics-audit",
    "auth-metrics-credentials",
    "auth-metrics-detect",
    "auth-metrics-otlp",
    "auth-metrics-rocket",
    "auth-metrics-rules",
];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap()
}

/// The rows of the tables below a heading of a page, without their heads, cell by cell.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let after = page.split(heading).nth(1).unwrap_or_else(|| panic!("there is no heading {heading}"));
    let section = after.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.filter(|row| !row.starts_with("| `kind` |")).map(cells).collect()
}

#[test]
fn metrics_page_lists_every_family_with_its_type_and_labels() {
    let page = read("auth-metrics/guide/metrics.md");
    let of_events: &[&Family] = &[&EVENTS, &OBSERVER_PANICS, &CONTEXT_MALFORMED];
    let credentials = auth_metrics_credentials::families::FAMILIES;
    let detection = auth_metrics_detect::families::FAMILIES;
    let audit = auth_metrics_audit::families::FAMILIES;
    for (heading, families) in [
        ("## The core", auth_metrics::FAMILIES),
        ("## Of events", of_events),
        ("## Of `auth-metrics-credentials`", credentials),
        ("## Of `auth-metrics-detect`", detection),
        ("## Of `auth-metrics-audit`", audit),
        ("## Of `auth-metrics-otlp`", auth_metrics_otlp::families::FAMILIES),
    ] {
        let shown = |family: &Family| {
            let labels: Vec<_> = family.labels.iter().map(|label| format!("`{label}`")).collect();
            let labels = if labels.is_empty() { "–".to_owned() } else { labels.join(", ") };
            [format!("`{}`", family.name), family.family_type.label().to_owned(), labels]
        };
        let exported: Vec<_> = families.iter().map(|family| shown(family)).collect();
        // `gauge = 1` says more than the type.
        let family = |row: Vec<String>| {
            let family_type = row[1].trim_end_matches(" = 1").to_owned();
            [row[0].clone(), family_type, row[2].clone()]
        };
        let listed: Vec<_> = rows(&page, heading).into_iter().map(family).collect();
        assert_eq!(listed, exported);
    }
}

/// Every family of a snapshot, with the values of its last label.
fn exported(metrics: &AuthMetrics) -> BTreeMap<&'static str, BTreeSet<String>> {
    #[derive(Default)]
    struct LastLabels {
        current: &'static str,
        values: BTreeMap<&'static str, BTreeSet<String>>,
    }
    impl<'s> Visitor<'s> for LastLabels {
        fn family(&mut self, family: &'static Family) {
            self.current = family.name;
            self.values.entry(family.name).or_default();
        }
        fn label(&mut self, _position: usize, _value: &'s str) {}
        fn counter(&mut self, last: Option<&'s str>, _value: u64) {
            self.values.entry(self.current).or_default().extend(last.map(|value| format!("`{value}`")));
        }
        fn gauge(&mut self, _last: Option<&'s str>, _value: f64) {}
        fn histogram(&mut self, _histogram: &Histogram<'s>) {}
    }
    let mut exported = LastLabels::default();
    metrics.snapshot().visit(&mut exported);
    exported.values
}

/// The values of the last label of a family, in a handle that tracks credentials.
fn exported_values(family: &str) -> BTreeSet<String> {
    let metrics = AuthMetrics::builder().build().unwrap();
    let _tracker = CredentialTracker::new(&metrics);
    exported(&metrics)[family].clone()
}

#[test]
fn metrics_page_says_when_events_are_exported_and_with_which_labels() {
    let of_events = [EVENTS.name, OBSERVER_PANICS.name, CONTEXT_MALFORMED.name];
    let exports = |metrics: &AuthMetrics| {
        let exported = exported(metrics);
        of_events.map(|name| exported.contains_key(name))
    };
    let plain = AuthMetrics::builder().build().unwrap();
    let traced = AuthMetrics::builder().trace_context(events::trace::traceparent).build().unwrap();
    let observer = events::observer("reference", |_| {});
    let watched = AuthMetrics::builder().observe(observer).poll_events().build().unwrap();
    assert_eq!(exports(&plain), [false, false, false]);
    assert_eq!(exports(&traced), [false, false, true]);
    assert_eq!(exports(&watched), [true, true, true]);

    let rows = rows(&read("auth-metrics/guide/metrics.md"), "## Of events");
    let values = exported(&watched);
    for family in [&EVENTS, &CONTEXT_MALFORMED] {
        let row = rows.iter().find(|row| row[0] == format!("`{}`", family.name)).unwrap();
        for value in &values[family.name] {
            assert!(row[3].contains(value), "the row of {} does not name {value}", family.name);
        }
    }
}

#[test]
fn metrics_page_lists_every_kind_of_internal_error() {
    let page = read("auth-metrics/guide/metrics.md");
    let listed: BTreeSet<String> =
        rows(&page, "## The library's own faults").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(listed, exported_values("auth_metrics_internal_errors_total"));
}

#[test]
fn metrics_page_lists_every_label_that_overflows() {
    let page = read("auth-metrics/guide/metrics.md");
    let row =
        rows(&page, "## The core").into_iter().find(|row| row[0] == "`auth_label_overflow_total`").unwrap();
    let values = row[3].split("`label` is ").nth(1).unwrap();
    let quoted = values.split('`').skip(1).step_by(2).map(|value| format!("`{value}`"));
    let listed: BTreeSet<String> = quoted.filter(|value| value != "`auth-metrics-credentials`").collect();
    assert_eq!(listed, exported_values("auth_label_overflow_total"));
}

#[test]
fn reasons_page_lists_every_standard_reason() {
    let row = |reason: &Reason| {
        let mark = if reason.reveals_account() { " †" } else { "" };
        [
            format!("`{}`{mark}", reason.label()),
            reason.class().label().to_owned(),
            reason.fault().label().to_owned(),
            reason.http_status().to_string(),
        ]
    };
    let listed: Vec<_> = rows(&read("auth-metrics/guide/reasons.md"), "## Standard reasons")
        .into_iter()
        .map(|row| [row[0].clone(), row[1].clone(), row[2].clone(), row[3].clone()])
        .collect();
    assert_eq!(listed, Reason::ALL.iter().map(row).collect::<Vec<_>>());
}

/// What is called after the version of a crate, in the manifest of the core.
fn features_of_versions() -> BTreeSet<String> {
    let manifest = read("auth-metrics/Cargo.toml");
    let features = manifest.split("[features]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let features = features.lines().filter_map(|line| Some(line.split_once(" = [")?.0));
    features.filter(|name| name.ends_with(|end: char| end.is_ascii_digit())).map(str::to_owned).collect()
}

/// Whether a feature is for a metrics library, and not for errors.
fn is_of_metrics(feature: &str) -> bool {
    ["metrics0", "prometheus-client0"].iter().any(|library| feature.starts_with(library))
}

#[test]
fn back_ends_page_lists_every_version_of_every_library() {
    let (page, module) = (read("auth-metrics/guide/backends.md"), read("auth-metrics/src/bridges/mod.rs"));
    let features: Vec<String> =
        features_of_versions().into_iter().filter(|name| is_of_metrics(name)).collect();
    assert!(features.len() > 5);
    for feature in features {
        assert!(page.contains(&format!("`{feature}`")), "the page has no {feature}");
        assert!(module.contains(&format!("`{feature}`")), "the module has no {feature}");
    }
}

#[test]
fn reasons_page_lists_every_version_of_every_crate() {
    let mut of_versions = features_of_versions();
    // Of OpenTelemetry and tracing, traces and spans are used and no errors.
    of_versions.retain(|name| {
        !name.starts_with("opentelemetry") && !name.starts_with("tracing") && !is_of_metrics(name)
    });

    // `bb8; deadpool | 0.9; 0.12, 0.13` are bb8 0.9, deadpool 0.12 and deadpool 0.13.
    let page = read("auth-metrics/guide/reasons.md");
    let table = page.split("| crate | versions |").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut listed = BTreeSet::new();
    for row in table.lines().skip(4) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        for (crates, versions) in cells[0].split(';').zip(cells[1].split(';')) {
            for name in crates.split(',').map(str::trim) {
                for version in versions.split(',').filter_map(|version| version.split_whitespace().next()) {
                    let between = if name.ends_with(|end: char| end.is_ascii_digit()) { "_" } else { "" };
                    listed.insert(format!("{name}{between}{}", version.replace('.', "")));
                }
            }
        }
    }
    assert_eq!(listed, of_versions);
}

#[test]
fn every_page_of_the_guide_is_shown_tested_and_linked() {
    let (tested, linked) = (read("tests/docs/lib.rs"), read("docs/README.md"));
    for of in CRATES {
        let shown: String = ["src/guide.rs", "src/lib.rs"]
            .iter()
            .filter_map(|file| fs::read_to_string(root(of).join(file)).ok())
            .collect();
        let mut pages = 0;
        for entry in fs::read_dir(root(of).join("guide")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                shown.contains(&format!("include_str!(\"../guide/{name}\")")),
                "{of} does not show {name}"
            );
            assert!(
                tested.contains(&format!("\"../../{of}/guide/{name}\"")),
                "nothing tests the code of {of}'s {name}"
            );
            assert!(
                linked.contains(&format!("](../{of}/guide/{name})")),
                "docs/README.md has no link to {of}'s {name}"
            );
            pages += 1;
        }
        assert!(pages > 0, "{of} has no guide");
    }
}

#[test]
fn links_between_files_lead_somewhere() {
    let mut pages = vec![root("README.md")];
    for folder in ["docs", "auth-metrics/guide", "auth-metrics-credentials/guide", "auth-metrics-rules/guide"]
    {
        pages.extend(fs::read_dir(root(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if link.contains("::") || link.starts_with("http") || link.starts_with('#') {
                continue; // rustdoc's, somebody else's, or on the page itself
            }
            let file = link.split('#').next().unwrap();
            let target = page.parent().unwrap().join(file);
            assert!(target.exists(), "{} links to {link}, which is not there", page.display());
        }
    }
}
