//! Runs the replay program over a world.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Instant;

use crate::event::write_csv;
use crate::judge::verdict::{self, Line, Summary, Verdict};
use crate::world::{World, stream};

/// How the program is called.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub program: PathBuf,
    /// Parts that are switched off.
    pub without: Vec<String>,
    pub memory: Option<u64>,
    /// The share of events that never reaches the program, as if its rings were full.
    pub drop: f64,
}

/// What the program said.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub verdicts: Vec<Verdict>,
    /// The probability before each event; not a number if the program never saw it.
    pub assessed: Vec<f64>,
    pub summary: Summary,
    /// Seconds from start to end.
    pub seconds: f64,
    /// The place of the last verdict with an id.
    pub by_id: HashMap<u64, usize>,
}

impl Said {
    /// Takes a line.
    pub fn take(&mut self, line: Line) {
        match line {
            Line::Began(verdict) => {
                self.by_id.insert(verdict.id, self.verdicts.len());
                self.verdicts.push(verdict);
            }
            Line::Ended { id, t } => {
                // If an id was used again, the last verdict with it ends.
                if let Some(&at) = self.by_id.get(&id) {
                    self.verdicts[at].ended = t;
                }
            }
            Line::Assessed(probability) => self.assessed.push(probability),
            Line::Summary(summary) => self.summary = summary,
        }
    }
}

/// Streams the events of a world through the program.
///
/// # Errors
///
/// If the program can't be run, fails, or prints something that is no verdict.
pub fn run(world: &World, setup: &Setup) -> Result<Said, String> {
    let begin = Instant::now();
    let seen = seen(world, setup.drop);
    let mut said = pipe(start(setup, true)?, setup, |stdin| feed(world, &seen, stdin))?;
    let mut said_of = said.assessed.into_iter();
    said.assessed =
        seen.iter().map(|&seen| if seen { said_of.next() } else { None }.unwrap_or(f64::NAN)).collect();
    said.seconds = begin.elapsed().as_secs_f64();
    Ok(said)
}

/// Runs the program over a log that is CSV already.
///
/// # Errors
///
/// If the program can't be run, fails, or prints something that is no verdict.
pub fn text(log: &str, setup: &Setup) -> Result<Said, String> {
    pipe(start(setup, false)?, setup, |mut stdin| stdin.write_all(log.as_bytes()))
}

fn pipe(
    mut child: Child,
    setup: &Setup,
    feed: impl FnOnce(ChildStdin) -> io::Result<()> + Send,
) -> Result<Said, String> {
    let stdin = child.stdin.take().ok_or("the replay program has no standard input")?;
    let stdout = child.stdout.take().ok_or("the replay program has no standard output")?;
    let mut said = Said::default();
    let read = std::thread::scope(|scope| {
        let writer = scope.spawn(|| feed(stdin));
        let read = listen(BufReader::with_capacity(1 << 16, stdout), &mut said);
        // If the program ended early, its exit status says more than a broken pipe.
        drop(writer.join());
        read
    });
    let status = child.wait().map_err(|error| error.to_string())?;
    read?;
    if !status.success() {
        return Err(format!("{} failed: {status}", setup.program.display()));
    }
    Ok(said)
}

fn start(setup: &Setup, assess: bool) -> Result<Child, String> {
    let mut command = Command::new(&setup.program);
    if assess {
        command.arg("--assess");
    }
    if let Some(memory) = setup.memory {
        command.args(["--memory", &memory.to_string()]);
    }
    for part in &setup.without {
        command.args(["--without", part]);
    }
    let piped = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    piped.map_err(|error| format!("{}: {error}", setup.program.display()))
}

/// Which events reach the program.
fn seen(world: &World, drop: f64) -> Vec<bool> {
    let mut random = stream(world.seed, "drop");
    world.events.iter().map(|_| !random.chance(drop)).collect()
}

fn feed(world: &World, seen: &[bool], to: impl Write) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(1 << 16, to);
    let events = world.events.iter().zip(seen).filter_map(|(event, &seen)| seen.then_some(event));
    write_csv(events, &world.names, &mut to)?;
    to.flush()
}

fn listen(from: impl BufRead, said: &mut Said) -> Result<(), String> {
    for line in from.lines() {
        let line = line.map_err(|error| error.to_string())?;
        if !line.trim().is_empty() {
            said.take(verdict::read(&line)?);
        }
    }
    Ok(())
}

/// Whether there is a program at a path.
///
/// # Errors
///
/// If there is none.
pub fn check(program: &Path) -> Result<(), String> {
    if program.is_file() { Ok(()) } else { Err(format!("no replay program at {}", program.display())) }
}
