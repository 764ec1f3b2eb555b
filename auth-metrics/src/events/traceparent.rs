//! `TraceContext`: the trace of a request, as W3C's `traceparent` header carries it.

use std::fmt;

/// Which trace and span a request belongs to.
///
/// ```
/// use auth_metrics::events::TraceContext;
///
/// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let trace = TraceContext::from_traceparent(header).unwrap();
/// assert_eq!(trace.trace_id_hex().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert!(trace.is_sampled());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceContext {
    trace_id: [u8; 16],
    span_id: [u8; 8],
    sampled: bool,
}

/// The length of a `traceparent` of version 00. Later versions may add to it after another `-`.
const LENGTH: usize = 55;

impl TraceContext {
    /// Makes one; `None` if an id is all zeros, which marks a missing one.
    pub fn new(trace_id: [u8; 16], span_id: [u8; 8], sampled: bool) -> Option<TraceContext> {
        let is_valid = trace_id != [0; 16] && span_id != [0; 8];
        is_valid.then_some(TraceContext { trace_id, span_id, sampled })
    }

    /// Reads a `traceparent` header (W3C Trace Context, level 1 and 2). Returns `None` if it is malformed: then there is no trace.
    ///
    /// A later version is read as far as version 00 goes. Whitespace around it is part of it, and so malformed: HTTP libraries trim the
    /// values of headers.
    pub fn from_traceparent(header: &str) -> Option<TraceContext> {
        let (known, rest) = header.as_bytes().split_at_checked(LENGTH)?;
        let [version] = hex(known.get(..2)?)?;
        let is_version = match version {
            0 => rest.is_empty(),
            0xff => false,
            _ => rest.first().is_none_or(|next| *next == b'-'),
        };
        let is_divided = [2, 35, 52].iter().all(|at| known.get(*at) == Some(&b'-'));
        if !is_version || !is_divided {
            return None;
        }
        let [flags] = hex(known.get(53..)?)?;
        TraceContext::new(hex(known.get(3..35)?)?, hex(known.get(36..52)?)?, flags & 1 == 1)
    }

    /// Returns the id of the trace.
    pub fn trace_id(&self) -> [u8; 16] {
        self.trace_id
    }

    /// Returns the id of the span.
    pub fn span_id(&self) -> [u8; 8] {
        self.span_id
    }

    /// Returns the id of the trace as it is written: 32 lowercase hexadecimal digits.
    pub fn trace_id_hex(&self) -> impl fmt::Display + use<> {
        Hex(self.trace_id_digits())
    }

    /// Returns the id of the span as it is written: 16 lowercase hexadecimal digits.
    pub fn span_id_hex(&self) -> impl fmt::Display + use<> {
        Hex(self.span_id_digits())
    }

    pub(crate) fn trace_id_digits(&self) -> [u8; 32] {
        digits(&self.trace_id)
    }

    pub(crate) fn span_id_digits(&self) -> [u8; 16] {
        digits(&self.span_id)
    }

    /// Returns whether the trace is recorded.
    pub fn is_sampled(&self) -> bool {
        self.sampled
    }
}

impl fmt::Debug for TraceContext {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trace, span) = (self.trace_id_hex(), self.span_id_hex());
        let (trace, span) = (format_args!("{trace}"), format_args!("{span}"));
        let mut shown = out.debug_struct("TraceContext");
        shown.field("trace_id", &trace).field("span_id", &span).field("sampled", &self.sampled).finish()
    }
}

/// Digits as they are written.
struct Hex<const DIGITS: usize>([u8; DIGITS]);

impl<const DIGITS: usize> fmt::Display for Hex<DIGITS> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

/// Four bytes as lowercase hexadecimal digits, all at once: a scrape writes many.
fn eight_digits(bytes: [u8; 4]) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut each = u64::from(u32::from_be_bytes(bytes));
    each = (each | each << 16) & 0x0000_ffff_0000_ffff;
    each = (each | each << 8) & 0x00ff_00ff_00ff_00ff;
    each = (each | each << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // From ten on they are letters.
    let letters = (each + 6 * EACH) >> 4 & EACH;
    (each + u64::from(b'0') * EACH + letters * u64::from(b'a' - b'0' - 10)).to_be_bytes()
}

/// An id of four bytes and more as digits, two for each byte.
fn digits<const DIGITS: usize>(id: &[u8]) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    let (fours, _) = id.as_chunks::<4>();
    for (eight, four) in digits.as_chunks_mut::<8>().0.iter_mut().zip(fours) {
        *eight = eight_digits(*four);
    }
    digits
}

/// Reads lowercase hexadecimal digits, two for each byte.
fn hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return None,
            };
            *byte = *byte << 4 | value;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(header: &str) -> Option<TraceContext> {
        TraceContext::from_traceparent(header)
    }

    #[test]
    fn ids_and_the_flag_are_read() {
        let trace = read(HEADER).unwrap();
        assert_eq!(trace.trace_id()[..3], [0x4b, 0xf9, 0x2f]);
        assert_eq!(trace.span_id(), [0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
        assert!(trace.is_sampled());
        assert_eq!(trace.span_id_hex().to_string(), "00f067aa0ba902b7");
        assert_eq!(
            format!("{trace:?}"),
            "TraceContext { trace_id: 4bf92f3577b34da6a3ce929d0e0e4736, span_id: 00f067aa0ba902b7, sampled: true }"
        );
    }

    #[test]
    fn only_the_lowest_bit_says_sampled() {
        for (flags, sampled) in [("00", false), ("01", true), ("02", false), ("03", true), ("fe", false)] {
            let header = HEADER.replace("-01", &format!("-{flags}"));
            assert_eq!(read(&header).map(|trace| trace.is_sampled()), Some(sampled), "{flags}");
        }
    }

    #[test]
    fn later_version_is_read_as_far_as_it_is_known() {
        let later = HEADER.replacen("00", "cc", 1);
        for rest in ["", "-", "-what-the-future-will-be-like", "-é"] {
            assert_eq!(read(&format!("{later}{rest}")), read(HEADER), "{rest}");
        }
        assert_eq!(read(&format!("{later}.more")), None);
    }

    #[test]
    fn malformed_headers_are_no_trace() {
        for header in [
            "",
            "00",
            &HEADER[..54],
            &format!("{HEADER}-"),
            &format!("{HEADER}0"),
            &format!(" {HEADER}"),
            &format!("{HEADER} "),
            &format!("{HEADER},{HEADER}"),
            &HEADER.to_uppercase(),
            &HEADER.replacen("00", "ff", 1),
            &HEADER.replacen("00", "0x", 1),
            &HEADER.replace("4736-", "4736_"),
            &HEADER.replace("4bf", "4bg"),
            &HEADER.replace("4bf", "+bf"),
            &HEADER.replace("4bf9", "4b\u{e9}"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(trace_id: [u8; 16], span_id: [u8; 8], flags: u8) {
            let (trace, span) = (u128::from_be_bytes(trace_id), u64::from_be_bytes(span_id));
            let header = format!("00-{trace:032x}-{span:016x}-{flags:02x}");
            prop_assert_eq!(read(&header), TraceContext::new(trace_id, span_id, flags & 1 == 1));
        }

        #[test]
        fn any_text_is_read_or_refused(header in "\\PC{0,80}", near in "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-fA-F]{16}-[0-9a-g]{2}.?") {
            for header in [header, near] {
                let is_written = |trace: TraceContext| {
                    header[3..].starts_with(&format!("{}-{}-", trace.trace_id_hex(), trace.span_id_hex()))
                };
                prop_assert!(read(&header).is_none_or(is_written));
            }
        }
    }
}
