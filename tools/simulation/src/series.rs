//! Series as Prometheus would have scraped them, and their text for promtool.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::calendar::{Minute, seconds};

/// A value that does not move is written every so many minutes: within the five that Prometheus looks back, so that no query can tell.
const QUIET: Minute = 4;
/// Around a change every scrape is written, so that a rate over minutes sees what it would have seen.
const AROUND: usize = 30;

/// A series by its number in the store.
pub type Id = usize;

#[derive(Debug)]
struct Series {
    /// Name and labels.
    text: String,
    /// Whether each scrape is written, moved or not: rules may count samples.
    dense: bool,
    points: Vec<(Minute, f64)>,
}

/// All series, and the points that are not yet written.
#[derive(Debug, Default)]
pub struct Store {
    series: Vec<Series>,
    known: HashMap<String, Id>,
}

impl Store {
    /// The series of a name and labels, which is the same one after a restart.
    pub fn id(&mut self, text: String, dense: bool) -> Id {
        if let Some(&id) = self.known.get(&text) {
            return id;
        }
        let id = self.series.len();
        self.known.insert(text.clone(), id);
        self.series.push(Series { text, dense, points: Vec::new() });
        id
    }

    pub fn push(&mut self, id: Id, minute: Minute, value: f64) {
        self.series[id].points.push((minute, value));
    }

    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Writes all points, forgets them, and returns how many were written.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn drain_into(&mut self, writer: &mut impl Write) -> io::Result<u64> {
        let mut written = 0;
        for series in &mut self.series {
            let kept = if series.dense { vec![true; series.points.len()] } else { kept(&series.points) };
            for (&(minute, value), _) in series.points.iter().zip(&kept).filter(|(_, kept)| **kept) {
                writeln!(writer, "{} {value} {}", series.text, seconds(minute))?;
                written += 1;
            }
            series.points.clear();
        }
        writer.write_all(b"# EOF\n")?;
        Ok(written)
    }
}

/// Which points are written.
fn kept(points: &[(Minute, f64)]) -> Vec<bool> {
    let last = points.len().saturating_sub(1);
    let mut kept = vec![false; points.len()];
    // The points around a change of the value, around a hole, and at both ends, where the neighbours are not known.
    let mut dense_until = AROUND;
    for at in 0..points.len() {
        let changes =
            at > 0 && (points[at].1 - points[at - 1].1 != 0.0 || points[at].0 - points[at - 1].0 != 1);
        if changes {
            kept[at.saturating_sub(AROUND)..at].fill(true);
            dense_until = at + AROUND;
        }
        kept[at] = at < dense_until || at + AROUND > last;
    }
    let mut before = Minute::MIN / 2;
    for (keep, &(minute, _)) in kept.iter_mut().zip(points) {
        *keep |= minute - before >= QUIET;
        if *keep {
            before = minute;
        }
    }
    kept
}

/// A name with labels, as `OpenMetrics` spells it.
pub fn spelled(name: &str, labels: &[(&str, &str)]) -> String {
    let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
    format!("{name}{{{}}}", labels.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(points: &[(Minute, f64)]) -> Vec<Minute> {
        points.iter().zip(kept(points)).filter(|(_, kept)| *kept).map(|(point, _)| point.0).collect()
    }

    #[test]
    fn no_point_is_further_from_the_next_than_the_scrapes_or_the_look_back_allow() {
        let mut points: Vec<(Minute, f64)> =
            (0..600).map(|minute| (minute, f64::from(minute > 300))).collect();
        points.retain(|(minute, _)| !(400..450).contains(minute));
        let minutes = written(&points);
        assert!(minutes.len() < 400, "{}", minutes.len());
        for pair in minutes.windows(2) {
            assert!(pair[1] - pair[0] <= QUIET || pair == [399, 450], "{pair:?}");
        }
    }

    #[test]
    fn every_scrape_within_half_an_hour_of_a_change_is_written() {
        let points: Vec<(Minute, f64)> = (0..600).map(|minute| (minute, f64::from(minute >= 300))).collect();
        let minutes = written(&points);
        assert!((271..=329).all(|minute| minutes.contains(&minute)));
    }

    #[test]
    fn a_name_after_a_restart_is_the_same_series() {
        let mut store = Store::default();
        let first = store.id(spelled("up", &[("job", "a")]), true);
        let other = store.id(spelled("up", &[("job", "b")]), true);
        assert_ne!(first, other);
        assert_eq!(first, store.id("up{job=\"a\"}".to_owned(), true));
    }
}
