//! `GeneratedFiles`: the files, how they are written, and the test that keeps them in step with the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;
use std::{env, fs, io};

use similar::TextDiff;

use super::document::GENERATED;
use super::query::Subject;
use super::{Options, RulesError, alertmanager, dashboard, kubernetes, mixin, rules, runbooks};
use auth_metrics::AuthMetrics;
use auth_metrics::catalogue::Catalogue;

/// Rewrites the files instead of comparing them, if set to `1`.
const OVERWRITE: &str = "AUTH_METRICS_OVERWRITE";

/// Files that some options or an earlier version generate, and others don't.
const ONCE: [&str; 5] = [
    "kubernetes/dashboard.yaml",
    "kubernetes/monitor.yaml",
    "kubernetes/rules.yaml",
    "rules.days.test.yml",
    "rules.test.yml",
];

/// How many lines of a file's difference the message shows.
const SHOWN: usize = 60;

/// How long to search for a shorter difference.
const PATIENCE: Duration = Duration::from_secs(1);

/// The generated files, by name. The same catalogue and options always give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFiles {
    files: BTreeMap<String, String>,
}

/// Generates the rules, their tests and the dashboard.
///
/// # Errors
///
/// The catalogue is empty, or an option is invalid; see [`RulesError`].
pub fn generate(catalogue: &Catalogue, options: &Options) -> Result<GeneratedFiles, RulesError> {
    options.check(catalogue)?;
    let subject = Subject { catalogue, options };
    let mut files: BTreeMap<String, String> = rules::files(subject)?.into_iter().collect();
    let rules = files.get(rules::RULES).cloned().unwrap_or_default();
    let alerts = rules::names(subject);
    let dashboard = dashboard::file(subject, &alerts)?;
    let mut all = vec![alertmanager::file(options, &alerts)?, mixin::file(catalogue.namespace())];
    if let Some(kubernetes) = &options.kubernetes {
        let (name, text) = &dashboard;
        all.extend(kubernetes::files(kubernetes, options.scrape_interval, &rules, (name, text))?);
    }
    all.push(dashboard);
    files.extend(all.into_iter().map(|(name, text)| (name.to_owned(), text)));
    let (name, page) = runbooks::file(subject, &alerts);
    files.insert(name.to_owned(), page);
    Ok(GeneratedFiles { files })
}

impl GeneratedFiles {
    /// Returns the name and text of every file, sorted by name. A name may begin with a folder: `tests/AuthHang.test.yml`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Returns the text of a file, or `None` if no file has this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Writes all files into a folder, and creates folders that are missing. First writes all files under temporary names, then moves them
    /// into place, then removes files that an earlier version generated and this one does not.
    ///
    /// # Errors
    ///
    /// A path could not be written or removed. Existing files stay as they were, unless a move fails after another file was moved.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(), RulesError> {
        let folder = folder.as_ref();
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            |source| RulesError::Write { path, source }
        };
        let new = |name: &str| folder.join(format!("{name}.new"));
        let written = self.iter().try_for_each(|(name, text)| {
            let path = folder.join(name);
            let within = path.parent().unwrap_or(folder);
            fs::create_dir_all(within).map_err(failed(within))?;
            write_anew(&new(name), text).map_err(failed(&path))
        });
        let moved = written.and_then(|()| {
            self.iter().try_for_each(|(name, _)| {
                fs::rename(new(name), folder.join(name)).map_err(failed(&folder.join(name)))
            })
        });
        if moved.is_err() {
            // The error already names what can't be written here.
            self.iter().for_each(|(name, _)| drop(fs::remove_file(new(name))));
        }
        moved?;
        self.left_over(folder)
            .into_iter()
            .try_for_each(|name| fs::remove_file(folder.join(&name)).map_err(failed(&folder.join(&name))))
    }

    /// The files in the folder that were generated once and are no longer.
    fn left_over(&self, folder: &Path) -> Vec<String> {
        let within = ["", "tests/", "kubernetes/"].into_iter();
        // A link leads to a folder of somebody else.
        let own = |within: &&str| !folder.join(within.trim_end_matches('/')).is_symlink();
        let names = within.filter(own).flat_map(|within| {
            let entries = fs::read_dir(folder.join(within)).into_iter().flatten().flatten();
            entries.map(move |entry| format!("{within}{}", entry.file_name().to_string_lossy()))
        });
        // Only names that were generated once: a copy under a name of yours is yours.
        let is_test = |name: &str| name.starts_with("tests/Auth") && name.ends_with(".test.yml");
        let is_known = |name: &str| is_test(name) || ONCE.contains(&name);
        let is_generated = |name: &String| {
            is_known(name)
                && fs::read_to_string(folder.join(name)).is_ok_and(|text| text.starts_with(GENERATED))
        };
        let mut found: Vec<String> =
            names.filter(|name| self.get(name).is_none() && is_generated(name)).collect();
        found.sort_unstable();
        found
    }

    /// Returns how the files of a folder differ from these, or `None` if they don't.
    fn difference(&self, folder: &Path) -> Option<String> {
        let mut told = String::new();
        if self.iter().all(|(name, _)| !folder.join(name).exists()) {
            return Some("it has none of the generated files yet\n".to_owned());
        }
        // The rules first: the others follow from them.
        let mut files: Vec<(&str, &str)> = self.iter().collect();
        files.sort_by_key(|(name, _)| {
            (*name != rules::RULES, name.contains("dashboard") || name.starts_with("kubernetes"))
        });
        for (name, text) in files {
            match fs::read_to_string(folder.join(name)) {
                Ok(there) if there == text => {}
                Ok(there) => tell_difference(&mut told, name, &there, text),
                // A `String` takes whatever it is given.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let _ = writeln!(told, "{name} is missing");
                }
                Err(error) => {
                    let _ = writeln!(told, "{name} can't be read: {error}");
                }
            }
        }
        for name in self.left_over(folder) {
            // A `String` takes whatever it is given.
            let _ = writeln!(told, "{name} is no longer generated, and will be removed");
        }
        (!told.is_empty()).then_some(told)
    }
}

/// Writes a file that is not there, so that a link in its place is not followed.
fn write_anew(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

/// Asserts that the files in a folder match this binary's catalogue and the default options. With `AUTH_METRICS_OVERWRITE=1`, rewrites
/// the files instead. A relative path starts at the package's folder, where cargo runs tests.
///
/// # Panics
///
/// The files differ, are missing or can't be written, or the binary has no annotated function. The message says what to do.
#[track_caller]
pub fn assert_up_to_date(folder: impl AsRef<Path>) {
    match AuthMetrics::builder().service_id("observability").build() {
        Ok(metrics) => assert_up_to_date_with(&metrics.catalogue(), &Options::new(), folder),
        Err(error) => fail(&error.to_string()),
    }
}

/// Does the same as [`assert_up_to_date`] with your own catalogue and options. The handle of the catalogue decides namespace, buckets and
/// exposure.
///
/// ```no_run
/// # fn rules_are_up_to_date() -> Result<(), auth_metrics::Error> {
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_rules::{Options, assert_up_to_date_with};
///
/// let metrics = AuthMetrics::builder().service_id("gateway").namespace("acme").build()?;
/// let options = Options::new().slo_target(0.995).team_label("team", "identity");
/// assert_up_to_date_with(&metrics.catalogue(), &options, "observability/");
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// For the same reasons as [`assert_up_to_date`].
#[track_caller]
pub fn assert_up_to_date_with(catalogue: &Catalogue, options: &Options, folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    let files = match generate(catalogue, options) {
        Ok(files) => files,
        Err(error) => fail(&error.to_string()),
    };
    if env::var_os(OVERWRITE).is_some_and(|value| value == "1") {
        if let Err(error) = files.write_to(folder) {
            fail(&format!(
                "{error}: {}",
                std::error::Error::source(&error).map_or_else(String::new, ToString::to_string)
            ));
        }
        return;
    }
    if let Some(difference) = files.difference(folder) {
        fail(&format!(
            "{} is out of date (- in the folder, + generated):\n{difference}to rewrite it, run this test with {OVERWRITE}=1",
            folder.display()
        ));
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "it is an assertion")]
fn fail(message: &str) -> ! {
    panic!("{message}");
}

/// The lines that differ, with some around them.
fn tell_difference(told: &mut String, name: &str, there: &str, text: &str) {
    let difference = TextDiff::configure().timeout(PATIENCE).diff_lines(there, text);
    let unified = difference.unified_diff().header(name, "generated").to_string();
    for line in unified.lines().take(SHOWN) {
        told.push_str(line);
        told.push('\n');
    }
    let more = unified.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        // A `String` takes whatever it is given.
        let _ = writeln!(told, "… {more} more lines");
    }
}
