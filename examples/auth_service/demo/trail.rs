//! The last section: what the audit trail proves, and the story of one account as `auth-metrics-audit show` prints it.

use std::path::PathBuf;

use auth_metrics::events::Pseudonym;
use auth_metrics_audit::verify::command::{Arguments, Unusable, run};

use super::paint::{Hue, Paint};
use super::table::put;

/// Whose story is told, and from where.
pub(super) struct Story {
    pub(super) folder: PathBuf,
    pub(super) subject: Pseudonym,
}

impl Story {
    /// Runs `verify` and `show` on the folder. Returns what they print, and whether the folder is proven.
    pub(super) fn tell(&self, paint: Paint) -> Result<(String, bool), Unusable> {
        let folder = self.folder.to_string_lossy().into_owned();
        let mut page = String::new();
        title(&mut page, &format!("auth-metrics-audit verify {folder}"), paint);
        let (report, is_proven) = output(&["verify", &folder])?;
        lines(&mut page, &report);
        title(&mut page, "One stolen account: auth-metrics-audit show … --subject ITS_PSEUDONYM", paint);
        let (story, _) = output(&["show", &folder, "--subject", &self.subject.to_string()])?;
        lines(&mut page, &story);
        Ok((page, is_proven))
    }
}

fn output(arguments: &[&str]) -> Result<(String, bool), Unusable> {
    let arguments = Arguments::parse(arguments.iter().map(ToString::to_string))?;
    let mut out = Vec::new();
    let is_proven = run(&arguments, &mut out, std::io::sink())?;
    Ok((String::from_utf8_lossy(&out).into_owned(), is_proven))
}

fn title(page: &mut String, text: &str, paint: Paint) {
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, text)));
}

fn lines(page: &mut String, text: &str) {
    text.lines().for_each(|line| put(page, format_args!("  {line}\n")));
}
