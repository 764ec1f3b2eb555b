//! A folder in memory: a few files with a few dozen lines, and the keys that an intruder may have found.

use std::fs;
use std::path::Path;

use crate::format::Format;
use crate::seal::lines::{CHAIN, Lines};
use crate::seal::{Ending, Hash, Keys, Seal, Tail, hex};
use crate::stored::names;
use sha2::{Digest, Sha256};

/// The seed of sealed worlds.
pub(super) const SEED: [u8; 32] = [0x5e; 32];

/// `SplitMix64`: the same mutations for the same seed.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}

/// A folder.
#[derive(Clone)]
pub(super) struct World {
    format: Format,
    pub(super) is_sealed: bool,
    pub(super) first: u64,
    pub(super) files: Vec<File>,
}

/// A file: the sequence in its name, and its lines with their newlines.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) first: u64,
    pub(super) lines: Vec<Vec<u8>>,
}

impl World {
    pub(super) fn new(random: &mut Random, is_sealed: bool) -> World {
        let format = [Format::Ecs, Format::Ocsf][random.below(2)];
        let first = [1, 1, 1, 1000][random.below(4)];
        let seal = if is_sealed { Seal::ratchet(&SEED).unwrap() } else { Seal::chain() };
        let tail = (first > 1).then_some(Tail { sequence: first - 1, hash: [0x77; 32] });
        let mut lines = Lines::new(format, seal, tail);
        let mut files = Vec::new();
        for _ in 0..=random.below(4) {
            let first = lines.chain.tail().sequence + 1;
            let count = 8 + random.below(8);
            files.push(File { first, lines: (0..count).map(|_| lines.next("alice")).collect() });
        }
        World { format, is_sealed, first, files }
    }

    pub(super) fn last(&self) -> u64 {
        self.first - 1 + self.lines().count() as u64
    }

    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &Vec<u8>> {
        self.files.iter().flat_map(|file| &file.lines)
    }

    /// The place of a line, by its number in the folder.
    pub(super) fn at(&self, mut number: usize) -> (usize, usize) {
        for (place, file) in self.files.iter().enumerate() {
            if number < file.lines.len() {
                return (place, number);
            }
            number -= file.lines.len();
        }
        panic!("there is no such line");
    }

    pub(super) fn line(&mut self, number: usize) -> &mut Vec<u8> {
        let (file, line) = self.at(number);
        &mut self.files[file].lines[line]
    }

    pub(super) fn write(&self, folder: &Path) {
        for file in &self.files {
            fs::write(folder.join(names::name(file.first)), file.lines.concat()).unwrap();
        }
    }

    /// Whether the first and the last line are still the true ones, so that a chain alone finds what was done between them.
    pub(super) fn keeps_its_ends(&self, mutated: &World) -> bool {
        let ends = |world: &World| (world.lines().next().cloned(), world.lines().next_back().cloned());
        ends(self) == ends(mutated)
    }

    /// Closes a line of somebody who may have the key of a later line.
    fn close(&self, body: &[u8], key: Option<(&Keys, u64)>, old: Option<Hash>) -> Vec<u8> {
        let hash = Hash::from(Sha256::digest(body));
        let seal = key.map(|(keys, sequence)| keys.forge(sequence, &hash)).or(old).filter(|_| self.is_sealed);
        let (name, seal_name, close) = match self.format {
            Format::Ecs => ("event.hash", "auth.seal", "}\n"),
            Format::Ocsf => ("hash", "seal", "}}\n"),
        };
        let mut line = [body, format!(",\"{name}\":\"{}\"", hex::text(&hash)).as_bytes()].concat();
        if let Some(seal) = seal {
            line.extend(format!(",\"{seal_name}\":\"{}\"", hex::text(&seal)).into_bytes());
        }
        line.extend(close.as_bytes());
        line
    }

    /// Computes the lines from this one on anew, so that the chain holds again. They are sealed with the key of the line `stolen`, or with
    /// the keys that follow from it once they are at it; without one the old seals stay.
    pub(super) fn rewrite(&mut self, from: usize, to: usize, stolen: Option<u64>, moves_on: bool) {
        let mut prev: Option<Hash> = None;
        let mut keys = stolen.map(|sequence| (Keys::new(&SEED, CHAIN, sequence), sequence));
        for number in from..to {
            let line = self.line(number).clone();
            let ending = Ending::of(line.trim_ascii_end()).unwrap();
            let mut body = ending.body().to_vec();
            if let Some(prev) = prev {
                let start = body.len() - 65;
                body[start..start + 64].copy_from_slice(hex::text(&prev).as_bytes());
            }
            if let Some((keys, at)) = &mut keys {
                while moves_on && *at < ending.sequence {
                    keys.advance();
                    *at += 1;
                }
            }
            let key = keys.as_ref().map(|(keys, _)| (keys, ending.sequence));
            let line = self.close(&body, key, ending.seal);
            prev = Ending::of(line.trim_ascii_end()).map(|ending| ending.hash);
            *self.line(number) = line;
        }
    }

    /// Changes who a line is about, and nothing else.
    pub(super) fn edit(&mut self, number: usize) {
        let line = self.line(number);
        let place = line.windows(5).position(|five| five == b"alice").unwrap();
        line[place..place + 5].copy_from_slice(b"bobby");
    }
}
