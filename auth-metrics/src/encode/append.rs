//! A handle's families behind the text of another exporter: one body for one scrape. Knows of that text only which names it has and how it
//! ends.

use std::collections::HashSet;
use std::fmt;

use super::lines::{Syntax, append};
use super::openmetrics::OpenMetrics;
use super::text::Text;
use crate::handle::AuthMetrics;
use crate::read::FullName;
use crate::terms::Family;

/// Why a handle's families can't follow a text. The text is unchanged then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppendError {
    /// The text has a metric of this name already, from other code or from a handle with the same namespace.
    Clash {
        /// The name.
        metric: String,
    },
    /// The text is `OpenMetrics`, which nothing of the text format may follow: use
    /// [`append_openmetrics`](AuthMetrics::append_openmetrics).
    IsOpenMetrics,
    /// The text has the format 0.0.4, which nothing of `OpenMetrics` may follow: use [`append_text`](AuthMetrics::append_text).
    IsText,
}

impl fmt::Display for AppendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppendError::Clash { metric } => {
                write!(out, "the text already has a metric {metric}: give this handle a namespace of its own")
            }
            AppendError::IsOpenMetrics => {
                out.write_str("the text is OpenMetrics: append to it with `append_openmetrics`")
            }
            AppendError::IsText => {
                out.write_str("the text has the format 0.0.4: append to it with `append_text`")
            }
        }
    }
}

impl std::error::Error for AppendError {}

/// The last line of `OpenMetrics`.
const END: &str = "# EOF";

impl AuthMetrics {
    /// Appends everything this handle has counted to the text of another exporter, in the Prometheus text format 0.0.4.
    ///
    /// Send the result with the content type [`TEXT_CONTENT_TYPE`](crate::TEXT_CONTENT_TYPE), whatever the other exporter would send.
    ///
    /// # Errors
    ///
    /// [`AppendError`] if the other text has a metric of the same name, or another format. It is unchanged then, so you can still send it.
    ///
    /// ```
    /// use auth_metrics::{AppendError, AuthMetrics};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let mut text = "# TYPE orders_total counter\norders_total 1\n".to_owned();
    /// metrics.append_text(&mut text)?;
    /// assert!(text.starts_with("# TYPE orders_total counter\norders_total 1\n# HELP service_auth_successful_total"));
    ///
    /// let twice = metrics.append_text(&mut text);
    /// assert_eq!(twice, Err(AppendError::Clash { metric: "service_auth_successful_total".into() }));
    /// # Ok(()) }
    /// ```
    pub fn append_text(&self, text: &mut String) -> Result<(), AppendError> {
        if without_end(text).is_some() {
            return Err(AppendError::IsOpenMetrics);
        }
        let length = text.len();
        self.append_behind::<Text>(text, length)
    }

    /// Appends everything this handle has counted to the text of another exporter, in the format `OpenMetrics` 1.0. The `# EOF` of the
    /// other text, if it has one, moves to the end.
    ///
    /// Send the result with the content type [`OPENMETRICS_CONTENT_TYPE`](crate::OPENMETRICS_CONTENT_TYPE).
    ///
    /// # Errors
    ///
    /// [`AppendError`] if the other text has a metric of the same name, or another format. It is unchanged then, so you can still send it.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let mut text = "# TYPE orders counter\norders_total 1\n# EOF\n".to_owned();
    /// metrics.append_openmetrics(&mut text)?;
    /// assert!(text.starts_with("# TYPE orders counter\norders_total 1\n# HELP service_auth_successful "));
    /// assert!(text.ends_with("\n# EOF\n"));
    /// assert_eq!(text.matches("# EOF").count(), 1);
    /// # Ok(()) }
    /// ```
    pub fn append_openmetrics(&self, text: &mut String) -> Result<(), AppendError> {
        if text.lines().any(is_counter_of_text) {
            return Err(AppendError::IsText);
        }
        let length = without_end(text).unwrap_or(text.len());
        self.append_behind::<OpenMetrics>(text, length)
    }

    /// Appends to what a text has before `length`.
    fn append_behind<S: Syntax>(&self, text: &mut String, length: usize) -> Result<(), AppendError> {
        if let Some(metric) = self.name_in(text) {
            return Err(AppendError::Clash { metric: metric.to_owned() });
        }
        text.truncate(length);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        append::<S>(self, text);
        Ok(())
    }

    /// The first name in a text that a family of this handle takes.
    fn name_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let namespace = self.options().namespace.as_deref();
        let full = |name: String| FullName { namespace, name: &name }.to_string();
        let taken: HashSet<String> = self.families().flat_map(Family::taken_names).map(full).collect();
        // The lines of a family follow each other.
        let mut last = "";
        text.lines().filter_map(name_of).find(|name| {
            let is_new = *name != last;
            last = name;
            is_new && taken.contains(*name)
        })
    }
}

/// How much of a text stands before its `# EOF`; none without one.
fn without_end(text: &str) -> Option<usize> {
    let rest = text.trim_end().strip_suffix(END)?;
    (rest.is_empty() || rest.ends_with('\n')).then_some(rest.len())
}

/// The metric that a line describes, or has a sample of.
fn name_of(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    match words.next()? {
        "#" => match words.next()? {
            "HELP" | "TYPE" | "UNIT" => words.next(),
            _ => None,
        },
        comment if comment.starts_with('#') => None,
        sample => sample.split('{').next(),
    }
}

/// Whether a line describes a counter as only the text format does: with the ending of its samples.
fn is_counter_of_text(line: &str) -> bool {
    let words: Vec<&str> =
        line.strip_prefix("# TYPE ").into_iter().flat_map(|rest| rest.split(' ')).collect();
    matches!(words[..], [name, "counter"] if name.ends_with("_total"))
}
