//! Reads and proves an audit trail: `auth-metrics-audit --help`.

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use auth_metrics_audit::verify::command::{Arguments, Unusable, run};

/// The folder is not proven.
const NOT_PROVEN: u8 = 1;
/// Nothing could be done: the arguments, the folder or a file of it are wrong.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let done = Arguments::parse(arguments)
        .and_then(|arguments| run(&arguments, BufWriter::new(io::stdout().lock()), io::stderr().lock()));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_PROVEN),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => unusable(&error),
    }
}

fn unusable(error: &Unusable) -> ExitCode {
    // Not `eprintln!`, which panics if standard error is gone.
    let _ = writeln!(io::stderr(), "auth-metrics-audit: {error}");
    ExitCode::from(UNUSABLE)
}
