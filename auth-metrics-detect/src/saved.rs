//! `Saved`: how parts of a state become bytes and back. Little endian; nothing that is read is trusted.

use std::sync::Arc;

/// A part of a state.
pub(crate) trait Saved: Sized {
    fn save(&self, out: &mut Vec<u8>);

    /// Reads it back; none if it is cut short, or was never saved like this.
    fn load(input: &mut &[u8]) -> Option<Self>;
}

/// A struct is its fields, in this order.
macro_rules! saved {
    ($name:ty { $($field:ident),* $(,)? }) => {
        impl crate::saved::Saved for $name {
            fn save(&self, out: &mut Vec<u8>) {
                $(crate::saved::Saved::save(&self.$field, out);)*
            }

            fn load(input: &mut &[u8]) -> Option<Self> {
                $(let $field = crate::saved::Saved::load(input)?;)*
                Some(Self { $($field),* })
            }
        }
    };
}
pub(crate) use saved;

/// A choice is its place in the list.
macro_rules! chosen {
    ($name:ty { $($value:path),* $(,)? }) => {
        impl crate::saved::Saved for $name {
            fn save(&self, out: &mut Vec<u8>) {
                let place = [$($value),*].iter().position(|value| value == self);
                out.push(u8::try_from(place.unwrap_or_default()).unwrap_or_default());
            }

            fn load(input: &mut &[u8]) -> Option<Self> {
                let place = <u8 as crate::saved::Saved>::load(input)?;
                [$($value),*].get(usize::from(place)).copied()
            }
        }
    };
}
pub(crate) use chosen;

macro_rules! integers {
    ($($integer:ty)*) => {
        $(impl Saved for $integer {
            fn save(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn load(input: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = input.split_first_chunk()?;
                *input = rest;
                Some(<$integer>::from_le_bytes(*bytes))
            }
        })*
    };
}

integers! { u8 u16 u32 u64 }

macro_rules! floats {
    ($($float:ty)*) => {
        $(impl Saved for $float {
            fn save(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn load(input: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = input.split_first_chunk()?;
                *input = rest;
                Some(<$float>::from_le_bytes(*bytes)).filter(|float| float.is_finite())
            }
        })*
    };
}

floats! { f32 f64 }

impl Saved for bool {
    fn save(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn load(input: &mut &[u8]) -> Option<bool> {
        match u8::load(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<T: Saved> Saved for Option<T> {
    fn save(&self, out: &mut Vec<u8>) {
        self.is_some().save(out);
        if let Some(value) = self {
            value.save(out);
        }
    }

    fn load(input: &mut &[u8]) -> Option<Option<T>> {
        if bool::load(input)? { Some(Some(T::load(input)?)) } else { Some(None) }
    }
}

impl<T: Saved> Saved for Box<T> {
    fn save(&self, out: &mut Vec<u8>) {
        T::save(self, out);
    }

    fn load(input: &mut &[u8]) -> Option<Box<T>> {
        T::load(input).map(Box::new)
    }
}

impl<T: Saved + Copy + Default, const N: usize> Saved for [T; N] {
    fn save(&self, out: &mut Vec<u8>) {
        for value in self {
            value.save(out);
        }
    }

    fn load(input: &mut &[u8]) -> Option<[T; N]> {
        let mut values = [T::default(); N];
        for value in &mut values {
            *value = T::load(input)?;
        }
        Some(values)
    }
}

impl Saved for Arc<str> {
    fn save(&self, out: &mut Vec<u8>) {
        (self.len() as u64).save(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn load(input: &mut &[u8]) -> Option<Arc<str>> {
        let length = usize::try_from(u64::load(input)?).ok()?;
        let (text, rest) = input.split_at_checked(length)?;
        *input = rest;
        Some(std::str::from_utf8(text).ok()?.into())
    }
}

/// Saves a table; its length is known to whoever reads it.
pub(crate) fn save_all<T: Saved>(values: &[T], out: &mut Vec<u8>) {
    for value in values {
        value.save(out);
    }
}

/// Fills a table.
pub(crate) fn load_all<T: Saved>(values: &mut [T], input: &mut &[u8]) -> Option<()> {
    for value in values {
        *value = T::load(input)?;
    }
    Some(())
}

/// The checksum of bytes: CRC-32 (IEEE 802.3).
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| (crc >> 8) ^ TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)];
    !bytes.iter().fold(u32::MAX, step)
}

/// What each byte does to the checksum.
static TABLE: [u32; 256] = {
    let (mut table, mut byte) = ([0; 256], 0_u32);
    while byte < 256 {
        let (mut crc, mut bit) = (byte, 0);
        while bit < 8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
            bit += 1;
        }
        table[byte as usize] = crc;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_crc_32() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn nothing_that_is_cut_short_is_read() {
        let mut bytes = Vec::new();
        Arc::<str>::from("text").save(&mut bytes);
        Some(7_u64).save(&mut bytes);
        for length in 0..bytes.len() {
            let mut input = &bytes[..length];
            assert!(Arc::<str>::load(&mut input).and_then(|_| Option::<u64>::load(&mut input)).is_none());
        }
        assert!(f32::load(&mut &f32::NAN.to_le_bytes()[..]).is_none());
    }
}
