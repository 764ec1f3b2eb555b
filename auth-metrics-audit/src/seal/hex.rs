//! Lowercase hexadecimal digits, which is all that the chain needs.

/// The hash of a line.
pub(crate) type Hash = [u8; 32];

/// Appends two digits for each byte. A line has hundreds of them, so this is plain.
pub(crate) fn append(bytes: &[u8], line: &mut Vec<u8>) {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    line.reserve(2 * bytes.len());
    for byte in bytes {
        line.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Returns two digits for each byte.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut line = Vec::with_capacity(bytes.len() * 2);
    append(bytes, &mut line);
    String::from_utf8(line).unwrap_or_default()
}

/// Returns the hash that 64 lowercase digits spell.
pub(crate) fn hash(digits: &[u8]) -> Option<Hash> {
    let mut hash = [0; 32];
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = value(high)? << 4 | value(low)?;
    }
    Some(hash)
}

/// Returns the bytes that digits of either case spell.
pub(crate) fn bytes(digits: &str) -> Option<Vec<u8>> {
    let lower = digits.to_ascii_lowercase();
    let pairs = lower.as_bytes().chunks(2);
    pairs
        .map(|pair| if let &[high, low] = pair { Some(value(high)? << 4 | value(low)?) } else { None })
        .collect()
}

/// Returns whether all are lowercase digits.
pub(crate) fn is_digits(digits: &[u8]) -> bool {
    digits.iter().all(|digit| value(*digit).is_some())
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_back_as_bytes() {
        assert_eq!(hash(text(&[0xa7; 32]).as_bytes()), Some([0xa7; 32]));
        assert_eq!(bytes("00FFa7"), Some(vec![0, 255, 0xa7]));
    }

    #[test]
    fn other_text_is_refused() {
        assert_eq!(hash(&[b'A'; 64]), None);
        assert_eq!(hash(&[b'0'; 63]), None);
        assert_eq!(bytes("0"), None);
        assert_eq!(bytes("zz"), None);
    }
}
