//! D7 `token_replay`: a single-use token was used again. One is enough. Forgery is D1 with other weights.

use super::Source;
use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::evidence::sigmoid;

/// At a known user's source it may be a client that sent its request twice.
pub(crate) fn replay(source: &Source, is_familiar: bool) -> Finding {
    let finding = Finding::new(Detector::TokenReplay, Convicted::Source(source.hash), Sentence::TokenReplay)
        .counted(source.forged.max(1), source.contacts)
        .weighed(source.walk, source.prior.unwrap_or_default(), sigmoid(source.log_odds()));
    if is_familiar { finding.notice(Action::Challenge) } else { finding.action(Action::Block) }
}
