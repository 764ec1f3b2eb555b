//! How the files are written and compared.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use auth_metrics_rules::{Options, Part, RulesError, assert_up_to_date_with, generate};

use crate::catalogue::catalogue;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("observability").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// The message of a failed assertion; none if it held.
fn told(folder: &PathBuf, options: &Options) -> Option<String> {
    let catalogue = catalogue();
    let failed =
        catch_unwind(AssertUnwindSafe(|| assert_up_to_date_with(&catalogue, options, folder))).err()?;
    Some(failed.downcast_ref::<String>().unwrap().clone())
}

#[test]
fn the_same_catalogue_gives_the_same_bytes() {
    let (one, other) =
        (generate(&catalogue(), &Options::new()).unwrap(), generate(&catalogue(), &Options::new()).unwrap());
    assert_eq!(one, other);
}

#[test]
fn written_files_are_up_to_date_and_nothing_else_is_left() {
    let folder = folder("written");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    assert_eq!(told(&folder, &Options::new()), None);
    let entries = fs::read_dir(&folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let generated = generate(&catalogue(), &Options::new()).unwrap();
    let mut expected: Vec<_> =
        generated.iter().map(|(name, _)| name.split('/').next().unwrap().to_owned()).collect();
    expected.dedup();
    assert_eq!(names, expected);
}

#[test]
fn a_drift_is_told_line_by_line() {
    let folder = folder("drift");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    let message = told(&folder, &Options::new().lockouts(33)).unwrap();
    assert!(message.contains("--- rules.yml\n+++ generated\n"), "{message}");
    assert!(message.lines().any(|line| line.starts_with('-') && line.contains("+ 20")), "{message}");
    assert!(message.lines().any(|line| line.starts_with('+') && line.contains("+ 33")), "{message}");
    assert!(message.contains("AUTH_METRICS_OVERWRITE=1"), "{message}");
}

#[test]
fn lines_that_are_far_apart_are_told_without_what_is_between_them() {
    let folder = folder("scattered");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    let file = folder.join("rules.yml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("# mine\n{text}# mine too\n")).unwrap();
    let message = told(&folder, &Options::new()).unwrap();
    let changed = message
        .lines()
        .filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++"));
    assert_eq!(changed.collect::<Vec<_>>(), ["-# mine", "-# mine too"]);
    assert!(message.lines().count() < 20, "{message}");
}

#[test]
fn file_that_is_no_longer_generated_is_told_and_removed() {
    let folder = folder("left_over");
    let mine = folder.join("tests/mine.test.yml");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    fs::write(&mine, "rule_files: []\n").unwrap();
    let fewer = Options::new().without(Part::RateLimits);
    let message = told(&folder, &fewer).unwrap();
    assert!(
        message.contains("tests/AuthRateLimitNearExhaustion.test.yml is no longer generated"),
        "{message}"
    );
    assert!(!message.contains("mine"), "{message}");
    generate(&catalogue(), &fewer).unwrap().write_to(&folder).unwrap();
    assert!(!folder.join("tests/AuthRateLimitNearExhaustion.test.yml").exists() && mine.exists());
    assert_eq!(told(&folder, &fewer), None);
}

#[test]
fn a_missing_file_is_told() {
    let folder = folder("missing");
    let nothing = told(&folder, &Options::new()).unwrap();
    assert!(nothing.contains("none of the generated files yet") && nothing.lines().count() < 5, "{nothing}");
    generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap();
    fs::remove_file(folder.join("tests/AuthHang.test.yml")).unwrap();
    let message = told(&folder, &Options::new()).unwrap();
    assert!(message.contains("tests/AuthHang.test.yml is missing"), "{message}");
}

#[test]
fn a_copy_under_another_name_is_left_alone() {
    let folder = folder("copy");
    let pack = generate(&catalogue(), &Options::new()).unwrap();
    pack.write_to(&folder).unwrap();
    let mine = folder.join("alertmanager-prod.yml");
    fs::copy(folder.join("alertmanager.yml"), &mine).unwrap();
    assert_eq!(told(&folder, &Options::new()), None);
    pack.write_to(&folder).unwrap();
    assert!(mine.exists());
}

#[test]
fn nothing_is_half_written_where_a_file_can_not_be() {
    let folder = folder("blocked");
    let pack = generate(&catalogue(), &Options::new()).unwrap();
    fs::create_dir_all(folder.join("rules.yml.new")).unwrap();
    let RulesError::Write { path, .. } = pack.write_to(&folder).unwrap_err() else { panic!("another error") };
    assert_eq!(path, folder.join("rules.yml"));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| name == "rules.yml.new" || fs::read_dir(folder.join(name)).unwrap().count() == 0),
        "{left:?}"
    );
}

#[test]
fn a_folder_that_is_a_file_is_refused_with_its_path() {
    let folder = folder("file");
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    fs::write(&folder, "a file").unwrap();
    let refused = generate(&catalogue(), &Options::new()).unwrap().write_to(&folder).unwrap_err();
    assert!(refused.to_string().contains("could not be written"), "{refused}");
    assert_eq!(fs::read_to_string(&folder).unwrap(), "a file");
    fs::remove_file(&folder).unwrap();
}
