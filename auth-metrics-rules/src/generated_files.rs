//! `GeneratedFiles`: the files, how they are written, and the test that keeps them in step with the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use std::{env, fs, io};

use similar::TextDiff;

use super::query::Subject;
use super::{Options, RulesError, dashboard, rules};
use auth_metrics::AuthMetrics;
use auth_metrics::catalogue::Catalogue;

/// Set to `1`, it rewrites the files in place of comparing them.
const OVERWRITE: &str = "AUTH_METRICS_OVERWRITE";

/// How many lines of a file's difference are shown.
const SHOWN: usize = 60;

/// How long a shorter difference is looked for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Generated files, by name. The same catalogue and options give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFiles {
    files: BTreeMap<&'static str, String>,
}

/// Makes the rules, their tests and the dashboard.
///
/// # Errors
///
/// What makes no sense in the catalogue or the options; see [`RulesError`].
pub fn generate(catalogue: &Catalogue, options: &Options) -> Result<GeneratedFiles, RulesError> {
    options.check(catalogue)?;
    let subject = Subject { catalogue, options };
    let mut files: BTreeMap<_, _> = rules::files(subject)?.into_iter().collect();
    files.extend([dashboard::file(subject)?]);
    Ok(GeneratedFiles { files })
}

impl GeneratedFiles {
    /// Every file's name and text, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.files.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Writes all files into a folder, which is made if it is not there. Each is written beside its place and then moved, and
    /// none is moved before all are written.
    ///
    /// # Errors
    ///
    /// The path that could not be written; the files that were there are as they were, unless moving one fails after another was
    /// moved.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(), RulesError> {
        let folder = folder.as_ref();
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            |source| RulesError::Write { path, source }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let beside = |name: &str| folder.join(format!(".{name}.new"));
        let written = self
            .iter()
            .try_for_each(|(name, text)| fs::write(beside(name), text).map_err(failed(&folder.join(name))));
        if written.is_err() {
            // What can't be removed either is told by the error already.
            self.iter().for_each(|(name, _)| drop(fs::remove_file(beside(name))));
        }
        written?;
        self.iter().try_for_each(|(name, _)| {
            fs::rename(beside(name), folder.join(name)).map_err(failed(&folder.join(name)))
        })
    }

    /// How the files of a folder differ from these; nothing if they don't.
    fn difference(&self, folder: &Path) -> Option<String> {
        let mut told = String::new();
        for (name, text) in self.iter() {
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
        (!told.is_empty()).then_some(told)
    }
}

/// Fails unless the files in a folder are those of this binary's catalogue with the default options. A relative folder is one of
/// the package: that is where cargo runs tests. With `AUTH_METRICS_OVERWRITE=1` the files are rewritten instead.
///
/// # Panics
///
/// The files differ, are missing or can't be written, or the binary has no annotated function; the message says what to do.
pub fn assert_up_to_date(folder: impl AsRef<Path>) {
    match AuthMetrics::builder().service_id("observability").build() {
        Ok(metrics) => assert_up_to_date_with(&metrics.catalogue(), &Options::new(), folder),
        Err(error) => fail(&error.to_string()),
    }
}

/// [`assert_up_to_date`] with a catalogue, whose handle says namespace, buckets and exposure, and with options.
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
/// As [`assert_up_to_date`].
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
            "{} is not what the catalogue gives (- in the folder, + generated):\n{difference}run this test with {OVERWRITE}=1 to rewrite it",
            folder.display()
        ));
    }
}

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
        let _ = writeln!(told, "… {more} lines more");
    }
}
