//! How learned state is written into a snapshot and read back: little endian, checked on the way in.

use std::ops::RangeInclusive;

/// The largest amount. No count gets there, and its square is still finite.
pub(crate) const MOST: f32 = 1e15;

/// What a number may be if nothing narrower is known.
pub(crate) const ANY: RangeInclusive<f32> = -MOST..=MOST;

/// What a number may be that is never negative.
pub(crate) const AMOUNT: RangeInclusive<f32> = 0.0..=MOST;

/// What a square of a number may be.
pub(crate) const SQUARE: RangeInclusive<f32> = 0.0..=4.0 * MOST * MOST;

/// Appends numbers.
pub(crate) fn put(out: &mut Vec<u8>, values: &[f32]) {
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

/// Appends counts.
pub(crate) fn put_counts(out: &mut Vec<u8>, values: &[u32]) {
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

/// Appends small counts.
pub(crate) fn put_small(out: &mut Vec<u8>, values: &[u16]) {
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn take_bytes<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = input.split_first_chunk::<N>()?;
    *input = rest;
    Some(*bytes)
}

/// Takes numbers, if all of them are in `range`; a number that is not finite never is.
pub(crate) fn take<const N: usize>(input: &mut &[u8], range: RangeInclusive<f32>) -> Option<[f32; N]> {
    let mut values = [0.0; N];
    for value in &mut values {
        *value = f32::from_le_bytes(take_bytes(input)?);
        if !range.contains(value) {
            return None;
        }
    }
    Some(values)
}

/// Takes one number, if it is in `range`.
pub(crate) fn take_one(input: &mut &[u8], range: RangeInclusive<f32>) -> Option<f32> {
    take::<1>(input, range).map(|[value]| value)
}

/// Takes counts of at most `most`.
pub(crate) fn take_counts<const N: usize>(input: &mut &[u8], most: u32) -> Option<[u32; N]> {
    let mut values = [0; N];
    for value in &mut values {
        *value = u32::from_le_bytes(take_bytes(input)?);
    }
    values.iter().all(|value| *value <= most).then_some(values)
}

/// Takes one count of at most `most`.
pub(crate) fn take_count(input: &mut &[u8], most: u32) -> Option<u32> {
    take_counts::<1>(input, most).map(|[value]| value)
}

/// Takes small counts; each value is one.
pub(crate) fn take_small<const N: usize>(input: &mut &[u8]) -> Option<[u16; N]> {
    let mut values = [0; N];
    for value in &mut values {
        *value = u16::from_le_bytes(take_bytes(input)?);
    }
    Some(values)
}
