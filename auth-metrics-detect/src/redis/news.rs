//! An entry of the stream: pairs that succeeded, and verdicts, of one replica, as bytes.
//!
//! The replica (8 bytes), the number of pairs (2), each pair (8), then each verdict: detector (1) and hash (8). Little endian.

use crate::detector::Detector;
use crate::engine::Outgoing;
use crate::saved::Saved;

/// The most of each that is believed in one entry.
const PAIRS: usize = 256;
const VERDICTS: usize = 64;
const VERDICT_BYTES: usize = 9;

/// What one replica told.
#[derive(Debug, PartialEq)]
pub(super) struct News {
    pub(super) replica: u64,
    pub(super) pairs: Vec<u64>,
    pub(super) verdicts: Vec<(Detector, u64)>,
}

/// Writes an entry; none if there is no news.
pub(super) fn write(replica: u64, outgoing: &Outgoing) -> Option<Vec<u8>> {
    if outgoing.pairs.is_empty() && outgoing.verdicts.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(10 + outgoing.pairs.len() * 8 + outgoing.verdicts.len() * VERDICT_BYTES);
    replica.save(&mut out);
    u16::try_from(outgoing.pairs.len()).ok()?.save(&mut out);
    outgoing.pairs.iter().for_each(|pair| pair.save(&mut out));
    for (detector, hash) in &outgoing.verdicts {
        detector.save(&mut out);
        hash.save(&mut out);
    }
    Some(out)
}

/// Reads an entry; none if it is not one, or larger than any.
pub(super) fn read(mut input: &[u8]) -> Option<News> {
    let input = &mut input;
    let replica = u64::load(input)?;
    let pairs = usize::from(u16::load(input)?);
    if pairs > PAIRS {
        return None;
    }
    let pairs = (0..pairs).map(|_| u64::load(input)).collect::<Option<_>>()?;
    if !input.len().is_multiple_of(VERDICT_BYTES) || input.len() > VERDICTS * VERDICT_BYTES {
        return None;
    }
    let mut verdicts = Vec::with_capacity(input.len() / VERDICT_BYTES);
    while !input.is_empty() {
        verdicts.push((Detector::load(input)?, u64::load(input)?));
    }
    Some(News { replica, pairs, verdicts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let outgoing = Outgoing {
            pairs: vec![1, u64::MAX],
            verdicts: vec![(Detector::NetGuessing, 5), (Detector::SourceGuessing, 6)],
            ..Outgoing::default()
        };
        let bytes = write(7, &outgoing).unwrap();
        assert_eq!(
            read(&bytes),
            Some(News { replica: 7, pairs: outgoing.pairs, verdicts: outgoing.verdicts })
        );
        assert!(
            (0..bytes.len() - 18).all(|length| read(&bytes[..length]).is_none()),
            "nothing that is cut short"
        );
    }

    #[test]
    fn entries_that_are_none_are_refused() {
        let too_many = [&[0; 8][..], &257_u16.to_le_bytes(), &[0; 257 * 8]].concat();
        let no_detector = [&[0; 10][..], &[200], &[0; 8]].concat();
        for bytes in [&b""[..], b"text", &too_many, &no_detector, &[0; 11], &[0; 10 + 65 * 9]] {
            assert_eq!(read(bytes), None, "{} bytes", bytes.len());
        }
    }
}
