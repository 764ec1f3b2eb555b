//! Sinks that behave badly.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use auth_metrics_audit::{Line, Sink};

/// Keeps every line.
#[derive(Clone)]
pub(crate) struct Kept {
    name: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Kept {
    pub(crate) fn new(name: &'static str) -> Kept {
        Kept { name, lines: Arc::default() }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Sink for Kept {
    fn name(&self) -> &'static str {
        self.name
    }

    fn confirms(&self) -> bool {
        true
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.text().to_owned());
        Ok(())
    }
}

/// Fails every tenth time, and panics every hundredth.
#[derive(Default)]
pub(crate) struct Failing(u32);

impl Sink for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn write(&mut self, _line: &Line<'_>) -> io::Result<()> {
        self.0 += 1;
        if self.0.is_multiple_of(100) {
            std::panic::resume_unwind(Box::new("a panic of the sink"));
        }
        if self.0.is_multiple_of(10) { Err(io::Error::other("the tenth")) } else { Ok(()) }
    }
}

/// Takes nothing until it is let go.
pub(crate) struct Hanging(Receiver<()>);

impl Hanging {
    pub(crate) fn new() -> (Sender<()>, Hanging) {
        let (sender, receiver) = channel();
        (sender, Hanging(receiver))
    }
}

impl Sink for Hanging {
    fn name(&self) -> &'static str {
        "hanging"
    }

    fn write(&mut self, _line: &Line<'_>) -> io::Result<()> {
        // Until the other end is dropped.
        let _ = self.0.recv();
        Ok(())
    }
}
