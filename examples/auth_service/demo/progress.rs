//! The progress bar. Without a terminal, nothing is drawn.

use indicatif::{ProgressBar, ProgressStyle};

/// How far the crowd is.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for so many visits. It draws to stderr, and only when that is a terminal.
    pub(super) fn new(visits: usize) -> Self {
        let bar = ProgressBar::new(u64::try_from(visits).unwrap_or(u64::MAX));
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let shape = if colour { "{bar:40.green/dim}" } else { "{bar:40}" };
        let template = format!("  {shape} {{percent:>3}} %  {{pos}} of {{len}} visits  {{elapsed}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("━━─"));
        }
        if bar.is_hidden() {
            eprintln!("  {visits} visits, about 15 seconds");
        }
        Self { bar }
    }

    /// One visit is over.
    pub(super) fn visit_is_over(&self) {
        self.bar.inc(1);
    }

    /// All are.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
