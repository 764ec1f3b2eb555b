//! Has Prometheus evaluate the rules: recorded series level by level, then each alert.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::backfill::{self, pieces};
use crate::calendar::{Minute, START, WEEK};
use crate::deployment::World;
use crate::prometheus::{Course, Prometheus};
use crate::rules::{Alert, Record, Rules};

/// How many questions are asked, and programs run, at the same time.
pub fn workers() -> usize {
    thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8))
}

pub type Labels = BTreeMap<String, String>;

/// The minutes in which an expression holds, by the labels of its result.
type Active = (Labels, Vec<Minute>);

/// An alert that fires, from a minute to before another.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    pub alert: String,
    pub severity: String,
    pub labels: Labels,
    pub from: Minute,
    pub to: Minute,
}

/// Does each job once, on several threads, and stops at the first error.
fn each<T: Sync, R: Send>(
    jobs: &[T],
    work: impl Fn(&T) -> Result<R, String> + Sync,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<R>, String> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results = Mutex::new(Vec::new());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..workers() {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match work(job) {
                        Ok(result) => results.lock().map(|mut all| all.push(result)).unwrap_or_default(),
                        Err(error) => {
                            next.store(jobs.len(), Ordering::Relaxed);
                            failed.lock().map(|mut first| *first = Some(error)).unwrap_or_default();
                        }
                    }
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    match failed.into_inner().map_err(|error| error.to_string())? {
        Some(error) => Err(error),
        None => results.into_inner().map_err(|error| error.to_string()),
    }
}

/// Records all levels into the folder's `data`, and returns how many samples that is.
///
/// # Errors
///
/// If Prometheus refuses an expression, or promtool a file.
pub fn record(
    rules: &Rules,
    world: &World,
    folder: &Path,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<u64, String> {
    let pieces = pieces(0, world.end());
    let mut samples = 0;
    for (number, level) in rules.levels.iter().enumerate() {
        let prometheus = Prometheus::start(folder)?;
        let work = |&(from, to): &(Minute, Minute)| -> Result<(u64, PathBuf), String> {
            let path = folder.join(format!("recorded-{number}-{from}.om"));
            Ok((write_piece(level, world, &prometheus, (from, to), &path)?, path))
        };
        let name = |done: usize| {
            progress(&format!(
                "recording rules, level {} of {}: {done} of {}",
                number + 1,
                rules.levels.len(),
                pieces.len()
            ));
        };
        let written = each(&pieces, work, &name)?;
        drop(prometheus);
        let backfill = backfill::Backfill::start(folder, workers());
        for (count, path) in written {
            samples += count;
            if count > 0 {
                backfill.add(path)?;
            } else {
                fs::remove_file(&path).map_err(|error| error.to_string())?;
            }
        }
        backfill.finish()?;
    }
    Ok(samples)
}

fn write_piece(
    level: &[Record],
    world: &World,
    prometheus: &Prometheus,
    (from, to): (Minute, Minute),
    path: &Path,
) -> Result<u64, String> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let mut samples = 0;
    for record in level {
        for course in prometheus.courses(&record.expression, from, to)? {
            let written = write_course(&mut writer, record, &course, world);
            samples += written.map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    let end = writer.write_all(b"# EOF\n").and_then(|()| writer.flush());
    end.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(samples)
}

/// Nothing is recorded while Prometheus is away.
fn write_course(writer: &mut impl Write, record: &Record, course: &Course, world: &World) -> io::Result<u64> {
    let mut labels = course.metric.clone();
    labels.remove("__name__");
    labels.extend(record.labels.clone());
    let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value:?}")).collect();
    let series = format!("{}{{{}}}", record.name, labels.join(","));
    let mut samples = 0;
    for (at, value) in &course.values {
        let minute = minute_of(*at);
        if world.is_watched(minute) {
            writeln!(writer, "{series} {value} {}", *at as i64)?;
            samples += 1;
        }
    }
    Ok(samples)
}

fn minute_of(seconds: f64) -> Minute {
    (seconds as i64 - START) / 60
}

/// Evaluates all alerts, and returns every time one fired.
///
/// # Errors
///
/// If Prometheus refuses an expression.
pub fn alarms(
    rules: &Rules,
    world: &World,
    folder: &Path,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Alarm>, String> {
    let prometheus = Prometheus::start(folder)?;
    // A week has fewer minutes than the points that Prometheus gives at once.
    let weeks: Vec<(Minute, Minute)> =
        (0..world.weeks).map(|week| (week * WEEK, (week + 1) * WEEK)).collect();
    let all = rules.alerts.len();
    let jobs: Vec<(usize, (Minute, Minute))> =
        (0..all).flat_map(|alert| weeks.iter().map(move |&week| (alert, week))).collect();
    let work = |&(alert, (from, to)): &(usize, (Minute, Minute))| -> Result<(usize, Vec<Active>), String> {
        let courses = prometheus.courses(&rules.alerts[alert].expression, from, to)?;
        let minutes =
            |course: Course| (course.metric, course.values.iter().map(|(at, _)| minute_of(*at)).collect());
        Ok((alert, courses.into_iter().map(minutes).collect()))
    };
    let name = |done: usize| progress(&format!("alerts: {} of {all}", done / weeks.len()));
    let mut active: BTreeMap<(usize, Labels), Vec<Minute>> = BTreeMap::new();
    for (alert, courses) in each(&jobs, work, &name)? {
        for (labels, minutes) in courses {
            active.entry((alert, labels)).or_default().extend(minutes);
        }
    }
    let watch = Watch::new(world);
    Ok(active
        .into_iter()
        .flat_map(|((alert, labels), mut minutes)| {
            minutes.sort_unstable();
            watch.fire(&rules.alerts[alert], &labels, &minutes)
        })
        .collect())
}

/// The minutes in which alerts are evaluated.
#[derive(Debug)]
pub struct Watch {
    /// The position of each minute among those that are evaluated.
    positions: Vec<Option<usize>>,
    evaluated: Vec<Minute>,
}

impl Watch {
    pub fn new(world: &World) -> Watch {
        Watch::of(world.end(), |minute| world.is_watched(minute))
    }

    fn of(end: Minute, is_watched: impl Fn(Minute) -> bool) -> Watch {
        let evaluated: Vec<Minute> = (0..end).filter(|&minute| is_watched(minute)).collect();
        let mut positions = vec![None; end as usize];
        for (position, &minute) in evaluated.iter().enumerate() {
            positions[minute as usize] = Some(position);
        }
        Watch { positions, evaluated }
    }

    /// The times at which an alert fires whose expression holds in these minutes. A Prometheus that comes back goes on where it was, so
    /// the time that it was away does not count.
    fn fire(&self, alert: &Alert, labels: &Labels, minutes: &[Minute]) -> Vec<Alarm> {
        let mut labels = labels.clone();
        labels.remove("__name__");
        labels.extend(alert.labels.clone());
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for position in
            minutes.iter().filter_map(|&minute| self.positions.get(minute as usize).copied().flatten())
        {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == position => *last = position,
                _ => runs.push((position, position)),
            }
        }
        let fires = |(first, last): (usize, usize)| {
            let from = first + alert.hold as usize;
            (from <= last).then(|| Alarm {
                alert: alert.name.clone(),
                severity: alert.severity.clone(),
                labels: labels.clone(),
                from: self.evaluated[from],
                to: self.evaluated[last] + 1,
            })
        };
        runs.into_iter().filter_map(fires).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(hold: i64) -> Alert {
        let (name, expression) = ("Loud".to_owned(), String::new());
        Alert { name, expression, hold, severity: "page".to_owned(), labels: Labels::new() }
    }

    fn times(watch: &Watch, hold: i64, minutes: &[Minute]) -> Vec<(Minute, Minute)> {
        watch.fire(&alert(hold), &Labels::new(), minutes).iter().map(|alarm| (alarm.from, alarm.to)).collect()
    }

    #[test]
    fn an_alert_fires_once_it_has_held_for_its_time() {
        let watch = Watch::of(100, |_| true);
        assert_eq!(times(&watch, 0, &[5]), [(5, 6)]);
        assert_eq!(times(&watch, 2, &[5, 6]), []);
        assert_eq!(times(&watch, 2, &[5, 6, 7, 8, 20, 21, 22]), [(7, 9), (22, 23)]);
    }

    #[test]
    fn the_time_without_prometheus_does_not_count() {
        let watch = Watch::of(100, |minute| !(10..40).contains(&minute));
        assert_eq!(times(&watch, 3, &[8, 9, 20, 21, 22, 40, 41, 42]), [(41, 43)]);
    }
}
