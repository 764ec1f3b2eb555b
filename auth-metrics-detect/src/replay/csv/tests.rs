//! What the reader of CSV takes, and what it names as broken.

use std::io::{BufReader, Read};

use super::*;
use crate::timing::simulation::Dice;

/// A record, or the line and the cause of one that is broken.
type Got = Result<(u64, Vec<String>), (u64, Cause)>;

fn read(records: &mut Records<impl BufRead>) -> Vec<Got> {
    let mut got = Vec::new();
    while let Some(record) = records.next().unwrap() {
        got.push(match record {
            Ok(record) => {
                Ok((record.line, (0..record.len()).map(|at| record.field(at).unwrap().to_owned()).collect()))
            }
            Err(broken) => Err((broken.line, broken.cause)),
        });
    }
    got
}

fn all(input: &[u8]) -> Vec<Got> {
    read(&mut Records::new(input))
}

#[expect(clippy::unnecessary_wraps, reason = "beside `bad`")]
fn good(line: u64, fields: &[&str]) -> Got {
    Ok((line, fields.iter().map(|&field| field.to_owned()).collect()))
}

fn bad(line: u64, cause: Cause) -> Got {
    Err((line, cause))
}

#[test]
fn quotes_commas_and_line_ends() {
    let cases: &[(&[u8], &[Got])] = &[
        (b"", &[]),
        (b"a,b\nc,d", &[good(1, &["a", "b"]), good(2, &["c", "d"])]),
        (b"a,b\r\nc,d\r\n", &[good(1, &["a", "b"]), good(2, &["c", "d"])]),
        (b"\xEF\xBB\xBFa\nb\r", &[good(1, &["a"]), good(2, &["b"])]),
        (b",\n,,", &[good(1, &["", ""]), good(2, &["", "", ""])]),
        (b"\"a,b\",\"c \"\"d\"\"\"\n", &[good(1, &["a,b", "c \"d\""])]),
        (b"\"a\r\nb\n\",c\r\nd\n", &[good(1, &["a\r\nb\n", "c"]), good(4, &["d"])]),
        (b"\"\"\n\"\"\"\"\r\n", &[good(1, &[""]), good(2, &["\""])]),
        (b"a\"b,c\rd\n", &[good(1, &["a\"b", "c\rd"])]),
        (b"a\n\n\r\n", &[good(1, &["a"]), good(2, &[""]), good(3, &[""])]),
    ];
    for (input, expected) in cases {
        assert_eq!(all(input), *expected, "{:?}", input.escape_ascii().to_string());
    }
}

#[test]
fn reading_goes_on_behind_what_is_broken() {
    let cases: &[(&[u8], &[Got])] = &[
        (b"a\n\"b\"c\nd\n", &[good(1, &["a"]), bad(2, Cause::Quotes), good(3, &["d"])]),
        (b"a\n\"b\nc\nd", &[good(1, &["a"]), bad(2, Cause::Quotes), good(3, &["c"]), good(4, &["d"])]),
        (b"\"a\r\"\nb", &[good(1, &["a\r"]), good(2, &["b"])]),
        (b"\"a\"\rb\nc", &[bad(1, Cause::Quotes), good(2, &["c"])]),
        (b"\"a", &[bad(1, Cause::Quotes)]),
        (b"a\n\xFF,b\nc", &[good(1, &["a"]), bad(2, Cause::NoUtf8), good(3, &["c"])]),
        (b"\xC3,\xA9\nc", &[bad(1, Cause::NoUtf8), good(2, &["c"])]),
        (b"\"a\n\xFF\"\nc", &[bad(1, Cause::NoUtf8), good(3, &["c"])]),
    ];
    for (input, expected) in cases {
        assert_eq!(all(input), *expected, "{:?}", input.escape_ascii().to_string());
    }
}

#[test]
fn long_records_are_cut_off_in_bounded_memory() {
    let mut open = b"a\nb,\"c\n".to_vec();
    (0..1000).for_each(|line| open.extend(format!("line {line}\n").bytes()));
    let long_line = [b"a\n".as_slice(), &[b'x'; 5000], b"\nb\n"].concat();
    let fits = [b"\"".as_slice(), &[b'\n'; 97], b"\"\nb\n"].concat();
    for (input, records, broken) in [(open, 1002, 1), (long_line, 3, 1), (fits, 2, 0)] {
        let mut reader = Records::with_longest(BufReader::with_capacity(7, input.as_slice()), 100);
        let got = read(&mut reader);
        assert_eq!((got.len(), got.iter().filter(|got| got.is_err()).count()), (records, broken));
        assert!(reader.raw.capacity() <= 512 && reader.text.capacity() <= 512);
    }
}

#[test]
fn field_of_a_megabyte_is_read() {
    let input = format!("a\n\"{}\",b\nc\n", "x\n".repeat(1 << 19));
    let got = all(input.as_bytes());
    assert_eq!((got.len(), &got[2]), (3, &good(3 + (1 << 19), &["c"])));
}

/// Gives a few bytes at a time.
struct Trickle<'a>(&'a [u8], Dice);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = [1, 2, 3, 5, 64][random(&mut self.1, 5)].min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a small number")]
fn random(dice: &mut Dice, below: u32) -> usize {
    (dice.uniform() * f64::from(below)) as usize
}

#[test]
fn what_is_written_is_read_whatever_the_chunks() {
    for seed in 0..300 {
        let mut dice = Dice::new(seed);
        let (mut input, mut expected, mut line) = (String::new(), Vec::new(), 1);
        for _ in 0..random(&mut dice, 20) {
            let mut fields = Vec::new();
            for _ in 0..=random(&mut dice, 4) {
                let length = random(&mut dice, 8);
                let pick = |_| ['a', '"', ',', '\n', '\r', 'é', '🦀', ' '][random(&mut dice, 8)];
                fields.push((0..length).map(pick).collect::<String>());
            }
            let quoted: Vec<_> =
                fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            input += &quoted.join(",");
            input += if random(&mut dice, 2) == 0 { "\n" } else { "\r\n" };
            let lines = fields.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
            expected.push(Ok((line, fields)));
            line += lines + 1;
        }
        assert_eq!(all(input.as_bytes()), expected, "{input:?}");
        let trickle = Trickle(input.as_bytes(), Dice::new(seed));
        assert_eq!(read(&mut Records::new(BufReader::with_capacity(3, trickle))), expected);
    }
}

#[test]
fn noise_neither_panics_nor_depends_on_chunks() {
    for seed in 0..2000 {
        let mut dice = Dice::new(seed);
        let bytes = [b'"', b',', b'\n', b'\r', b'a', 0xC3, 0xA9, 0xFF, b'"', b'\n'];
        let input: Vec<u8> = (0..random(&mut dice, 60)).map(|_| bytes[random(&mut dice, 10)]).collect();
        let trickle = Trickle(&input, Dice::new(seed));
        let chunked = read(&mut Records::with_longest(BufReader::with_capacity(2, trickle), 16));
        assert_eq!(read(&mut Records::with_longest(input.as_slice(), 16)), chunked, "{input:?}");
        let lines: Vec<u64> =
            chunked.iter().map(|got| got.as_ref().map_or_else(|bad| bad.0, |good| good.0)).collect();
        assert!(lines.is_sorted(), "{lines:?}");
    }
}
