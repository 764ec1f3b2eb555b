//! The page of the guide lists every key that a line can have, and no other.

use std::collections::BTreeSet;

use super::keys::keys;
use super::written::records;
use super::*;

const PAGE: &str = include_str!("../../../guide/records.md");

/// The keys in the first cells of the tables under a heading.
fn listed(heading: &str) -> BTreeSet<String> {
    let section = PAGE.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let cells =
        section.lines().filter(|line| line.starts_with("| `")).filter_map(|row| row.split(" |").next());
    let keys: Vec<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned)).collect();
    let set: BTreeSet<String> = keys.iter().cloned().collect();
    assert_eq!(set.len(), keys.len(), "a key is there twice under {heading}");
    set
}

/// The keys of all lines, as `a.b` if `b` is in the object `a`.
fn written(format: Format) -> BTreeSet<String> {
    let origin = origin();
    let all: BTreeSet<String> =
        records().iter().flat_map(|record| keys(&line_of(format, record, &frame(&origin)))).collect();
    let is_object = |key: &String| all.iter().any(|other| other.starts_with(&format!("{key} > ")));
    all.iter().filter(|key| !is_object(key)).map(|key| key.replace(" > ", ".")).collect()
}

#[test]
fn page_lists_every_field_of_ecs() {
    assert_eq!(listed("## Elastic Common Schema\n"), written(Format::Ecs));
}

#[test]
fn page_lists_every_field_of_ocsf() {
    assert_eq!(listed("## OCSF\n"), written(Format::Ocsf));
}

#[test]
fn page_lists_every_record_of_the_trail_itself() {
    let names: BTreeSet<String> = owns().iter().map(|own| own.name().to_owned()).collect();
    assert_eq!(listed("## Records of the trail itself\n"), names);
}
