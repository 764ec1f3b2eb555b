//! The id of this process, so that points of two replicas never are one series.

use std::fmt::Write;
use std::sync::OnceLock;

static INSTANCE: OnceLock<Option<String>> = OnceLock::new();

/// A random UUID, the same in all of the process; none if the system has no random numbers.
pub(crate) fn instance_id() -> Option<&'static str> {
    INSTANCE.get_or_init(|| uuid(random()?).into()).as_deref()
}

fn random() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}

/// Of version 4.
fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            text.push('-');
        }
        // A `String` takes whatever it is given.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
