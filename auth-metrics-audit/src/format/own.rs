//! What both formats say of the trail itself, and at the end of each line. Each member is one of ours, whatever the schema.

use super::frame::{Frame, MOST_OPEN};
use super::json::Json;
use crate::record::{Checkpoint, Head, Own};

/// The longest end of a line: all that comes after the heads of a checkpoint.
const END: usize = 256;

/// Writes what a record of the trail's own says.
pub(super) fn append(own: &Own, json: &mut Json<'_>) {
    match own {
        Own::Boot { version, clean, sealed } => {
            json.ours("version").word(version);
            if let Some(clean) = clean {
                json.ours("clean").flag(*clean);
            }
            json.ours("sealed").flag(*sealed);
        }
        Own::Gap { attempts, steps, cause } => {
            json.ours("attempts").number(*attempts);
            json.ours("steps").number(*steps);
            json.ours("cause").word(cause.label());
        }
        Own::Checkpoint(checkpoint) | Own::Shutdown(checkpoint) => append_checkpoint(checkpoint, json),
        Own::Rotated { cause, before } => {
            json.ours("cause").word(cause.label());
            json.ours("before").text(before);
        }
        Own::Recovered(recovered) => {
            json.ours("bytes").number(recovered.bytes);
            json.ours("sha256").word(&recovered.sha256);
            json.ours("moved_to").text(&recovered.moved_to);
        }
        Own::Reopened { cause } => json.ours("cause").word(cause.label()),
    }
}

fn append_checkpoint(checkpoint: &Checkpoint, json: &mut Json<'_>) {
    let Checkpoint { by_handle, captured, written, dropped, heads } = checkpoint;
    if let Some((started, ended)) = by_handle {
        json.ours("started").number(*started);
        json.ours("ended").number(*ended);
    }
    for (key, count) in [("captured", captured), ("written", written), ("dropped", dropped)] {
        json.ours(key).number(*count);
    }
    if !heads.is_empty() {
        json.open_list("heads");
        for Head { sink, chain, sequence, hash } in heads {
            let sequence = sequence.to_string();
            if !json.item(&[sink, ":", chain, ":", &sequence, ":", hash], MOST_OPEN - END) {
                break;
            }
        }
        json.close_list();
    }
}

/// Writes the end of a line: whether something was cut, and its place in the chain.
pub(super) fn append_place(frame: &Frame<'_>, is_truncated: bool, sequence: &str, json: &mut Json<'_>) {
    if is_truncated || json.is_cut() {
        json.ours("truncated").flag(true);
    }
    json.ours("chain").word(frame.chain);
    json.at(sequence).number(frame.sequence);
    json.ours("prev").word(frame.prev);
}
