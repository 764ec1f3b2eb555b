//! Nobody observes the model.

/// Never made.
pub(crate) enum About {}

/// Never made.
pub(crate) enum Captured {}

/// Never made.
pub(crate) enum Ending {}

pub(crate) struct Capture;

impl Capture {
    pub(crate) fn take(&self, captured: &Captured, _: &Ending, _: Option<&About>) {
        match *captured {}
    }
}
