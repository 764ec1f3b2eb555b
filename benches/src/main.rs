//! auth-metrics side by side with its peers, in one process, the contenders interleaved in rounds.

mod alloc;
mod calls;
mod compile_blocks;
mod compile_time;
mod contenders;
mod memory;
mod picture;
mod pin;
mod progress;
mod report;
mod scrape;
mod size;
mod stats;

use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

const USAGE: &str = "\
usage: auth-metrics-benches [--rounds N] [--quick] [--json FILE]   measure; the table goes to stdout
       auth-metrics-benches --compile-time [--json FILE]           500 functions: plain, metered, under autometrics
       auth-metrics-benches --compile-blocks                       an annotated impl against an attribute on each method
       auth-metrics-benches picture JSON SVG                       draw the results

  --rounds N   how many rounds (41)
  --quick      5 rounds of short batches: does it work, not how fast is it
  --json FILE  where the numbers go (results/hot-path.json, results/compile-time.json)";

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    /// How many calls a batch has.
    pub calls: u64,
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    if cfg!(debug_assertions) {
        return Err("measure what is shipped: cargo run --release".to_owned());
    }
    let mut effort = Effort { rounds: 41, calls: 100_000 };
    let mut json = None;
    let mut compile_time = false;
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} wants a value\n\n{USAGE}"));
        match argument {
            "picture" => return picture::draw(&PathBuf::from(value()?), &PathBuf::from(value()?)),
            "--rounds" => {
                effort.rounds = value()?.parse().map_err(|_| format!("--rounds wants a number\n\n{USAGE}"))?
            }
            "--quick" => effort = Effort { rounds: 5, calls: 16_000 },
            "--compile-time" => compile_time = true,
            "--compile-blocks" => return compile_blocks::measure(),
            "--json" => json = Some(PathBuf::from(value()?)),
            "--help" => {
                println!("{USAGE}");
                return Ok(());
            }
            other => return Err(format!("what is {other}?\n\n{USAGE}")),
        }
    }
    if effort.rounds == 0 {
        return Err("at least one round".to_owned());
    }
    let results = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("results");
    if compile_time {
        return compile_time::measure(&json.unwrap_or(results.join("compile-time.json")));
    }
    let json = json.unwrap_or(results.join("hot-path.json"));

    pin::this_thread_to(0);
    // Before anything else is known to the process: a handle of its own, small and large.
    let memory = memory::measure();
    let size = size::measure();
    let calls = calls::measure(effort)?;
    let scrapes = scrape::measure(effort)?;
    report::write(&report::Results { effort, calls, scrapes, memory, size }, &json)
}
