//! `docs/errors.md` has a heading for every error text that a user can see, and none that nobody sees.
//! The texts are those of `tests/ui/fail` and of `documented`. Its code blocks are compiled as tests of the documentation, from `lib.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files
}

struct Text {
    /// Whether rustc gave it a number: the macros' own errors have none.
    numbered: bool,
    text: String,
}

/// The first line of every error in `tests/ui/fail`, and of those that come from the environment.
fn texts() -> Vec<Text> {
    let mut texts = Vec::new();
    let shown = [files(&here("../ui/fail"), "stderr"), files(&here("documented"), "stderr")];
    for file in shown.concat() {
        for line in fs::read_to_string(file).unwrap().lines().filter(|line| line.starts_with("error")) {
            let (prefix, text) = line.split_once(": ").unwrap();
            texts.push(Text { numbered: prefix != "error", text: text.to_owned() });
        }
    }
    assert!(texts.len() > 100, "only {} errors were found in tests/ui/fail", texts.len());
    texts
}

/// What the runtime's traits put in the place of the compiler's texts: their attributes, as they are written.
fn texts_of_traits() -> Vec<String> {
    let mut texts = Vec::new();
    for file in files(&here("../../auth-metrics/src"), "rs") {
        let source = fs::read_to_string(file).unwrap();
        let attributes = source.split("#[diagnostic::on_unimplemented(").skip(1);
        texts.extend(attributes.map(|attribute| attribute.split("\n)]\n").next().unwrap().to_owned()));
    }
    texts
}

/// Their messages, `…` for each type.
fn messages_of_traits() -> BTreeSet<String> {
    let mut messages = BTreeSet::new();
    for text in texts_of_traits() {
        let message = text.trim_start().strip_prefix("message = \"").expect("the message comes first");
        messages.insert(message.split('"').next().unwrap().replace("{Self}", "…"));
    }
    assert!(messages.len() > 3, "only {} messages of traits were found", messages.len());
    messages
}

fn page() -> String {
    fs::read_to_string(here("../../docs/errors.md")).unwrap()
}

fn headings(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("### ")).collect()
}

/// Whether a heading, where `…` stands for any text, is the heading of this text.
fn is_of(heading: &str, text: &str) -> bool {
    let mut parts = heading.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    true
}

#[test]
fn every_error_text_has_one_heading() {
    let (page, traits) = (page(), messages_of_traits());
    let headings = headings(&page);
    for Text { numbered, text } in texts() {
        if numbered && !traits.iter().any(|message| is_of(message, &text)) {
            continue;
        }
        let found: Vec<_> = headings.iter().filter(|heading| is_of(heading, &text)).collect();
        assert_eq!(
            found.len(),
            1,
            "docs/errors.md needs one heading for this error: {text}\nit has {found:#?}"
        );
    }
    for message in traits {
        assert!(headings.contains(&&*message), "docs/errors.md has no heading for {message}");
    }
}

#[test]
fn a_trait_adds_two_notes_of_one_line_at_most() {
    for text in texts_of_traits() {
        assert!(text.matches("note = ").count() <= 2 && !text.contains("\\n"), "{text}");
    }
}

#[test]
fn no_heading_is_left_over() {
    let (page, texts) = (page(), texts());
    for heading in headings(&page) {
        let is_seen = texts.iter().any(|text| is_of(heading, &text.text));
        assert!(is_seen, "no case shows the error of this heading of docs/errors.md: {heading}");
    }
}

#[test]
fn every_heading_leads_to_code() {
    let page = page();
    for section in page.split("\n## ").skip(1) {
        let last = section.split("\n### ").last().unwrap();
        assert!(last.contains("```rust\n"), "nothing in docs/errors.md shows how to mend {last}");
    }
}

#[test]
fn text_of_a_missing_reason_names_features_that_exist() {
    let manifest = fs::read_to_string(here("../../auth-metrics/Cargo.toml")).unwrap();
    let text = fs::read_to_string(here("../ui/fail/error_of_another_crate.stderr")).unwrap();
    let (_, features) = text.split_once("major version, such as ").unwrap();
    let features: Vec<&str> = features.split(';').next().unwrap().split('`').skip(1).step_by(2).collect();
    assert_eq!(features.len(), 2, "{features:?}");
    for feature in features {
        let is_there = manifest.lines().any(|line| line.starts_with(&format!("{feature} = [")));
        assert!(is_there, "there is no feature {feature}");
    }
}

#[test]
fn placeholders_stand_for_any_text_and_nothing_else_does() {
    assert!(is_of("`…` is given twice", "`op` is given twice"));
    assert!(is_of("a … b … c", "a 1 b 2 c"));
    assert!(is_of("a kind…", "a kind"));
    assert!(!is_of("`…` is given twice", "`op` is given"));
    assert!(!is_of("a kind", "a kind: b"));
    assert!(!is_of("a … b … c", "a 1 c"));
}
