//! What the alerts on a replica's trail have in common.

use super::super::super::query::{Subject, window};
use super::super::alert::Sample;
pub(super) use super::super::replica::{REPLICA, WHO, base, risen};
use auth_metrics::Family;

pub(super) const OF_SINK: &str = "job, instance, sink";
pub(super) const SINK: &str = "{{ $labels.sink }}";
pub(super) const FILE: (&str, &str) = ("sink", "file");

/// Longer than a scrape lasts, so that no alert rests on one.
pub(super) fn two_scrapes(subject: Subject<'_>) -> String {
    window((subject.options.scrape_interval.as_secs() + 1).div_ceil(60).max(2))
}

/// A series of the sink that writes files.
pub(super) fn of_file(subject: Subject<'_>, family: &Family, values: &str) -> Sample {
    Sample::of(subject, family, &[FILE], values)
}
