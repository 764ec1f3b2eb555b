//! Says how far it is, on stderr.

use std::io::{IsTerminal, Write};
use std::time::Instant;

pub struct Progress {
    what: &'static str,
    of: usize,
    done: usize,
    begin: Instant,
}

impl Progress {
    pub fn new(what: &'static str, of: usize) -> Progress {
        let progress = Progress { what, of, done: 0, begin: Instant::now() };
        progress.show();
        progress
    }

    pub fn step(&mut self) {
        self.done += 1;
        self.show();
    }

    fn show(&self) {
        let mut err = std::io::stderr().lock();
        let line = format!(
            "{}: round {} of {}, {:.0} s",
            self.what,
            self.done,
            self.of,
            self.begin.elapsed().as_secs_f64()
        );
        let end = if self.done == self.of { "\n" } else { "" };
        let written = if err.is_terminal() {
            write!(err, "\r{line}   {end}").and_then(|()| err.flush())
        } else if self.done.is_multiple_of(self.of.div_ceil(5)) || self.done == self.of {
            writeln!(err, "{line}")
        } else {
            Ok(())
        };
        // Nobody listens: then nobody misses it.
        drop(written);
    }
}
