//! The page of runbooks and the alerts are in step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use auth_metrics_rules::{GeneratedFiles, Options, Part, generate};

use crate::catalogue::{builder, catalogue};
use crate::families;

const SECTIONS: [&str; 7] = [
    "**Severity**",
    "**Meaning**",
    "**Impact**",
    "**Diagnosis**",
    "**Mitigation**",
    "**False when**",
    "**How to tune**",
];

fn pack() -> GeneratedFiles {
    generate(&catalogue(), &Options::new()).unwrap()
}

/// Has a namespace, selectors and numbers of its own.
fn other_pack() -> GeneratedFiles {
    let named = builder().namespace("acme").build().unwrap().catalogue();
    let options = Options::new().select("job", "identity").lockouts(7).slo_target(0.995).exclude("login");
    generate(&named, &options).unwrap()
}

fn page(pack: &GeneratedFiles) -> &str {
    pack.get("runbooks.md").unwrap()
}

fn sections(page: &str) -> Vec<(&str, &str)> {
    let sections = page.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap());
    sections.filter(|(title, _)| title.starts_with("Auth")).collect()
}

/// The queries of a text, and what is left of it.
fn queries_and_prose(text: &str) -> (Vec<&str>, String) {
    let (mut queries, mut prose, mut is_query) = (Vec::new(), String::new(), false);
    for line in text.lines() {
        match line.trim() {
            "```promql" => is_query = true,
            "```" => is_query = false,
            query if is_query => queries.push(query),
            line => prose = prose + line + "\n",
        }
    }
    (queries, prose)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_' || each == ':'))
}

fn rules(pack: &GeneratedFiles) -> &str {
    pack.get("rules.yml").unwrap()
}

fn of_lines<'a>(rules: &'a str, start: &str) -> BTreeSet<&'a str> {
    rules.lines().filter_map(|line| line.trim().strip_prefix(start)).collect()
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The names of the templates in the source.
fn templates() -> BTreeSet<String> {
    let files = fs::read_dir(repository("auth-metrics-rules/runbooks")).unwrap();
    files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_alert_has_its_runbook_and_every_runbook_its_alert() {
    let pack = pack();
    let alerts = of_lines(rules(&pack), "- alert: ");
    let described: Vec<&str> = sections(page(&pack)).into_iter().map(|(title, _)| title).collect();
    assert!(alerts.len() > 15);
    assert_eq!(described.len(), alerts.len());
    assert_eq!(alerts, described.into_iter().collect());
    let templates = templates();
    assert_eq!(templates.iter().map(String::as_str).collect::<BTreeSet<_>>(), alerts);
}

#[test]
fn every_runbook_has_every_section_once_and_in_order() {
    let pack = pack();
    for (title, text) in sections(page(&pack)) {
        let mut rest = text;
        for section in SECTIONS {
            assert_eq!(text.matches(section).count(), 1, "{title}: {section}");
            rest = rest.split_once(section).unwrap_or_else(|| panic!("{title}: {section} is too early")).1;
        }
        let diagnosis = text.split("**Diagnosis**").nth(1).unwrap().split("**Mitigation**").next().unwrap();
        let (queries, prose) = queries_and_prose(diagnosis);
        assert!(queries.len() >= 2 && prose.contains("\n2. "), "{title} has too few steps");
        assert_eq!(queries_and_prose(text).0.len(), queries.len(), "{title} has queries elsewhere");
    }
}

#[test]
fn severity_is_that_of_the_alert() {
    let pack = pack();
    let rules = rules(&pack);
    for (title, text) in sections(page(&pack)) {
        let rule = rules.split(&format!("- alert: {title}\n")).nth(1).unwrap();
        let rule = rule.split("- alert: ").next().unwrap();
        let severity = rule.split("severity: ").nth(1).unwrap().lines().next().unwrap();
        assert!(text.contains(&format!("**Severity** {severity}.")), "{title} is a {severity}");
        let row = page(&pack).lines().find(|line| line.starts_with(&format!("| [{title}]"))).unwrap();
        assert!(row.contains(&format!("| {severity} |")), "{row}");
    }
}

#[test]
fn queries_name_what_exists_and_need_no_editing() {
    let packs = [(pack(), "", "job_"), (other_pack(), "acme_", "job_")];
    for (pack, namespace, _) in &packs {
        let recorded = of_lines(rules(pack), "- record: ");
        for (title, text) in sections(page(pack)) {
            let (queries, _) = queries_and_prose(text);
            for word in queries.iter().flat_map(|query| words(query)) {
                assert!(!["S", "O"].contains(&word), "{title} has to be edited");
                if word.contains(':') {
                    assert!(recorded.contains(word), "{title}: nothing records {word}");
                    continue;
                }
                let unprefixed = word.strip_prefix(namespace).unwrap_or(word);
                let base = unprefixed.trim_end_matches("_bucket").trim_end_matches("_count");
                let known = families().any(|family| family.name == base || family.name == unprefixed);
                assert!(
                    !known || unprefixed.len() + namespace.len() == word.len(),
                    "{title}: {word} has no namespace"
                );
                let ours = ["auth_", "service_auth_", "jwt_", "rate_limit_"];
                assert!(known || !ours.iter().any(|start| unprefixed.starts_with(start)), "{title}: {word}");
            }
            for label in queries.iter().flat_map(|query| labels(query)) {
                assert!(is_label(label), "{title}: no series has the label {label}");
            }
        }
    }
}

/// The labels that a query groups, joins or selects by.
fn labels(query: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for clause in ["by (", "on (", "ignoring (", "group_left ("] {
        let lists = query.split(clause).skip(1).map(|rest| rest.split(')').next().unwrap());
        found.extend(lists.flat_map(|list| list.split(", ")).filter(|label| !label.is_empty()));
    }
    for (at, _) in query.match_indices(['=', '!']) {
        if query[at..].starts_with("=\"")
            || query[at..].starts_with("=~\"")
            || query[at..].starts_with("!~\"")
        {
            let before = query[..at].rsplit(['{', ',', ' ']).next().unwrap();
            found.push(before);
        }
    }
    found
}

fn is_label(label: &str) -> bool {
    ["job", "instance", "le"].contains(&label) || families().any(|family| family.labels.contains(&label))
}

#[test]
fn no_placeholder_is_left() {
    for pack in [pack(), other_pack()] {
        let (_, prose) = queries_and_prose(page(&pack));
        for rest in prose.split('{').skip(1) {
            let name = rest.split('}').next().unwrap();
            let is_placeholder = name.chars().all(|each| each.is_ascii_lowercase() || "_:".contains(each));
            assert!(!is_placeholder, "{{{name}}} does not exist");
        }
    }
}

#[test]
fn page_has_the_names_selectors_and_numbers_of_its_pack() {
    let pack = other_pack();
    let page = page(&pack);
    let (queries, prose) = queries_and_prose(page);
    assert!(prose.contains("`acme_`") && prose.contains("`job=\"identity\"`"));
    assert!(prose.contains("7 within ten minutes") && prose.contains("(7 here; the default is 20)"));
    assert!(prose.contains("99.5 %") && prose.contains("7.2 %"), "the burn rates are those of the objective");
    assert!(queries.len() > 50);
    for query in queries {
        assert!(query.contains("job=\"identity\""), "{query}");
        let by_operation = query.contains("acme_auth_operations_total");
        assert!(!by_operation || query.contains("operation!~\"login\""), "{query}");
    }
}

#[test]
fn table_of_the_burn_rates_is_that_of_the_rules() {
    let week = Options::new().slo_window(Duration::from_secs(7 * 86_400)).slo_target(0.99);
    for pack in [pack(), other_pack(), generate(&catalogue(), &week).unwrap()] {
        let mut rows = 0;
        for (title, text) in sections(page(&pack)).into_iter().filter(|(title, _)| title.contains("Burn")) {
            let alerts: Vec<&str> =
                rules(&pack).split("- alert: ").filter(|rule| rule.starts_with(title)).collect();
            for row in text.lines().filter(|line| line.starts_with("| ") && !line.contains('`')) {
                let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
                let limit: f64 = cells[3].trim_end_matches(" %").parse().unwrap();
                let limit = format!("> {} and", (limit * 1e4).round() / 1e6);
                let lines = [
                    format!("long: {}", cells[0]),
                    format!("short: {}", cells[1]),
                    format!("for: {}", cells[2]),
                ];
                let fits = |alert: &&&str| {
                    alert.contains(&limit) && lines.iter().all(|line| alert.contains(&format!("{line}\n")))
                };
                assert_eq!(alerts.iter().filter(fits).count(), 1, "{title}: {row}");
                rows += 1;
            }
        }
        assert_eq!(rows, 4);
    }
}

#[test]
fn link_to_a_runbook_that_the_pack_lacks_is_no_link() {
    let without = generate(&catalogue(), &Options::new().without(Part::Keys)).unwrap();
    let alerts = of_lines(rules(&without), "- alert: ");
    let targets = page(&without).split("](#").skip(1).map(|rest| rest.split(')').next().unwrap());
    for target in targets {
        assert!(alerts.iter().any(|alert| alert.to_ascii_lowercase() == target), "{target}");
    }
}

#[test]
fn options_under_how_to_tune_exist() {
    let sources =
        ["options.rs", "options/mod.rs"].map(|path| repository("auth-metrics-rules/src").join(path));
    let source: String = sources.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let pack = pack();
    for (title, text) in sections(page(&pack)) {
        for rest in text.split("`Options::").skip(1) {
            let option =
                rest.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_')).next().unwrap();
            assert!(source.contains(&format!("pub fn {option}(")), "{title}: Options::{option}");
        }
        for rest in text.split("Part::").skip(1) {
            let part = rest.split(|each: char| !each.is_ascii_alphanumeric()).next().unwrap();
            assert!(source.contains(&format!("    {part},\n")), "{title}: Part::{part}");
        }
    }
}

#[test]
fn page_of_the_documentation_is_that_of_the_default_pack() {
    let (path, pack) = (repository("docs/runbooks.md"), pack());
    if env::var_os("AUTH_METRICS_OVERWRITE").is_some_and(|value| value == "1") {
        fs::write(&path, page(&pack)).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap();
    assert!(
        there == page(&pack),
        "docs/runbooks.md is out of date: run this test with AUTH_METRICS_OVERWRITE=1"
    );
}

#[test]
fn alerts_link_to_the_runbooks_of_their_version() {
    let expected = format!("/blob/v{}/docs/runbooks.md#authlockoutstorm", env!("CARGO_PKG_VERSION"));
    assert!(rules(&pack()).contains(&expected), "{expected}");
}
