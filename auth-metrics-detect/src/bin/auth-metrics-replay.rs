//! Runs the detection over a log: `auth-metrics-replay --help`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::process::ExitCode;

use auth_metrics_detect::replay::{Arguments, HELP, Options, run};

/// Nothing could be done: the arguments, the file or its header are wrong.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    match Arguments::parse(arguments) {
        // Nobody is left to tell if the output is gone.
        Ok(Arguments::Help) => {
            io::stdout().write_all(HELP.as_bytes()).map_or(ExitCode::SUCCESS, |()| ExitCode::SUCCESS)
        }
        Ok(Arguments::Replay(file, options)) if file == "-" => replay(io::stdin().lock(), &options),
        Ok(Arguments::Replay(file, options)) => match File::open(&file) {
            Ok(opened) => replay(BufReader::with_capacity(1 << 16, opened), &options),
            Err(error) => {
                unusable(&format!("can't open `{file}`: {error}; name a CSV file, or `-` for standard input"))
            }
        },
        Err(error) => unusable(&error),
    }
}

fn replay(input: impl BufRead, options: &Options) -> ExitCode {
    match run(input, io::stdout().lock(), io::stderr().lock(), options) {
        Ok(summary) => ExitCode::from(u8::from(summary.is_suspicious())),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => unusable(&error),
    }
}

fn unusable(error: &dyn std::fmt::Display) -> ExitCode {
    // Not `eprintln!`, which panics if standard error is gone.
    let _ = writeln!(io::stderr(), "auth-metrics-replay: {error}");
    ExitCode::from(UNUSABLE)
}
