//! Simulates weeks of services with incidents, runs Prometheus rules over them, and tells what the alerts found and what they cost.
//!
//! A seed draws a world: deployments of different sizes with their noise, and incidents, which are the truth. promtool makes blocks of
//! what would have been scraped, Prometheus evaluates the rules, and the alarms are compared with the truth:
//!
//! - An incident is found if an alert that is about it begins to fire between its start and a quarter of an hour after its end. Where a
//!   page is due, a ticket is too quiet. An alert that was on already found nothing.
//! - An alarm is false if it begins where no incident of that deployment is. Incidents of more than six hours excuse only alerts of their
//!   own nature. Within an hour, an alert with the same labels is the same alarm; one that stays counts once more each day.
//! - `for` is applied minute by minute. Nothing is recorded or evaluated while Prometheus is away.
//!
//! Two things differ from a Prometheus that was there: a series that ends has no stale marker, so it is seen for five minutes more; and
//! all groups are evaluated each minute, in the order in which they read each other.
//!
//! The rules have other authors than the worlds, and are known here by their text alone.
//!
//! `cargo run --release --package auth-metrics-simulation -- --help` lists the arguments.

mod arguments;
mod backfill;
mod calendar;
mod catalogue;
mod deployment;
mod drift;
mod episode;
mod evaluate;
mod happening;
mod house;
mod incident;
mod kind;
mod latency;
mod nature;
mod noise;
mod operation;
mod picture;
mod process;
mod prometheus;
mod rules;
mod score;
mod series;
mod simulate;
mod table;
mod traffic;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use arguments::Arguments;
use deployment::World;
use evaluate::Alarm;
use rules::Rules;
use score::Score;
use table::Form;

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

/// Whether the bar is held.
fn run() -> Result<bool, String> {
    let Some(arguments) = Arguments::read(std::env::args().skip(1))? else {
        println!("{}", arguments::USAGE);
        return Ok(true);
    };
    let text = match &arguments.rules {
        Some(path) => fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?,
        None => catalogue::rules()?,
    };
    let rules = Rules::read(&text)?;
    let mut score = Score::default();
    for seed in arguments.seeds.clone() {
        let world = World::new(seed, arguments.weeks);
        let alarms = judge_world(&world, &rules, &arguments)?;
        let judged = Score::of(&world, &alarms);
        if seed == *arguments.seeds.start() {
            draw(&world, &alarms, &judged, &arguments)?;
        }
        score.join(judged);
    }
    score.alerts = rules.alerts.iter().map(|alert| (alert.name.clone(), alert.severity.clone())).collect();
    let form = if arguments.markdown { Form::Markdown } else { Form::Plain };
    print!("{}", table::all(&score, form));
    Ok(table::holds(&score))
}

fn draw(world: &World, alarms: &[Alarm], judged: &Score, arguments: &Arguments) -> Result<(), String> {
    let Some(path) = &arguments.picture else { return Ok(()) };
    let week = arguments.week.unwrap_or_else(|| picture::fullest_week(world)).clamp(1, world.weeks);
    let drawn = picture::draw(world, alarms, judged, week);
    fs::write(path, drawn).map_err(|error| format!("{}: {error}", path.display()))
}

fn judge_world(world: &World, rules: &Rules, arguments: &Arguments) -> Result<Vec<Alarm>, String> {
    let folder = arguments.folder(world.seed);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let alarms = evaluate_in(&folder, world, rules);
    if arguments.keep.is_none() {
        drop(fs::remove_dir_all(&folder));
    }
    alarms
}

fn evaluate_in(folder: &Path, world: &World, rules: &Rules) -> Result<Vec<Alarm>, String> {
    let begin = Instant::now();
    let seed = world.seed;
    let progress = |said: &str| eprintln!("[{:4} s] seed {seed}: {said}", begin.elapsed().as_secs());
    let (series, samples) = backfill::live(world, folder, &progress)?;
    progress(&format!("{series} series, {samples} samples scraped"));
    let samples = evaluate::record(rules, world, folder, &progress)?;
    progress(&format!("{} recording rules, {samples} samples recorded", rules.records()));
    evaluate::alarms(rules, world, folder, &progress)
}
