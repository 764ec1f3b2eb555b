//! Makes worlds of honest people and attackers, runs the replay program of the detection engine over them, and tells what it found
//! and what it cost.
//!
//! A seed and a name make a world: people who log in, err, travel and share addresses, and campaigns of attackers, which are the truth.
//! The engine is another process: it reads the events as CSV and prints its verdicts, which are compared with the truth:
//!
//! - A source is convicted by a verdict of severity `attack` or `critical` that names it. It is a true one if the source has made a hostile
//!   attempt by then, else it is false. IPv6 sources are compared by their /64.
//! - A campaign is found by the first verdict of that severity about one of its sources, their network, an account that it tried three times
//!   within a day, or by a verdict that names nobody while it is the loudest of the last hour.
//! - What fails in an outage is no evidence: sources and delays are judged by the attempts that the service answered.
//! - A verdict that names nobody is a false campaign if no campaign was on within the last hour.
//!
//! The engine has other authors than the worlds, and is known here by its output alone.
//!
//! `cargo run --release --package auth-metrics-detection-report -- --help` lists the arguments.

mod ablation;
mod address;
mod arguments;
mod bar;
mod episode;
mod event;
mod honest;
mod hostile;
mod judge;
mod keep;
mod over;
mod picture;
mod report;
mod scene;
mod table;
mod time;
mod timing;
mod world;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use arguments::Arguments;
use judge::replay::Said;
use judge::{Judged, replay};
use world::{Kind, World};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Whether the bar is held, or need not be.
fn run() -> Result<bool, String> {
    let Some(arguments) = Arguments::read(std::env::args().skip(1))? else {
        print!("{}", arguments::usage());
        return Ok(true);
    };
    if let Some(path) = &arguments.report {
        let held = report::write(path, &arguments, judge)?;
        return Ok(held || !arguments.hold);
    }
    let mut held = true;
    for &kind in &arguments.worlds {
        let judged = judge(kind, &arguments)?;
        if let Some(path) = arguments.picture.as_ref().filter(|_| kind == arguments.worlds[0]) {
            let drawn = picture::draw(&judged.score, &title(kind, &arguments));
            fs::write(path, drawn).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let rows = bar::rows(kind, &judged);
        held &= rows.iter().all(|row| row.held != Some(false));
        println!("## {}: {}\n", kind.name(), kind.about());
        println!("{}", table::bar(&rows, arguments.form));
        if arguments.details {
            println!("{}", table::campaigns(&judged.score, arguments.form));
            println!("{}", table::detectors(&judged.score, arguments.form));
            println!("{}", table::reliability(&judged.score.calibration, arguments.form));
        }
    }
    if arguments.timing {
        let cells = timing::measure(&arguments.setup, timing::FEW_RUNS)?;
        held &= !cells.iter().any(timing::Cell::is_missed);
        println!("## {}: {}\n\n{}", timing::WORLD, timing::ABOUT, timing::compared(&cells, arguments.form));
    }
    Ok(held || !arguments.hold)
}

fn title(kind: Kind, arguments: &Arguments) -> String {
    let (first, last) = (arguments.seeds.start(), arguments.seeds.end());
    let seeds = if first == last { format!("seed {first}") } else { format!("seeds {first} to {last}") };
    format!("World {}, {seeds}", kind.name())
}

/// Judges all seeds of a world.
fn judge(kind: Kind, arguments: &Arguments) -> Result<Judged, String> {
    let begin = Instant::now();
    let mut pooled = Judged::default();
    for seed in arguments.seeds.clone() {
        let progress = |said: &str| {
            eprintln!("[{:5.1} s] {} seed {seed}: {said}", begin.elapsed().as_secs_f64(), kind.name());
        };
        let world = make(kind, seed, arguments)?;
        let (honest, all) = (world.honest_attempts(), world.events.len());
        progress(&format!("{honest} honest attempts, {} hostile", all - honest));
        let mut judged = if arguments.setup.program.as_os_str().is_empty() {
            Judged::of(&world, &Said::default())
        } else {
            replay::check(&arguments.setup.program)?;
            Judged::run(&world, &arguments.setup)?
        };
        if let Some(folder) = &arguments.keep {
            let kept = keep::keep_wrong(&world, &judged.score, folder);
            kept.map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        bar::note_missed(kind, seed, &mut judged);
        progress("judged");
        pooled.join(judged);
    }
    Ok(pooled)
}

fn make(kind: Kind, seed: u64, arguments: &Arguments) -> Result<World, String> {
    let spelled = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let world = match &arguments.over {
        Some(path) => {
            let log = fs::read_to_string(path).map_err(|error| spelled(path, &error))?;
            over::world(seed, &log).map_err(|error| spelled(path, &error))?
        }
        None => World::new(kind, seed),
    };
    if let Some(folder) = &arguments.keep {
        keep::keep(&world, folder).map_err(|error| spelled(folder, &error))?;
    }
    Ok(world)
}
