//! What somebody may do to a folder.

use super::world::{File, Random, World};

/// The kinds of mutations.
pub(super) const KINDS: [&str; 12] = [
    "a bit is flipped",
    "a line is edited",
    "a line is edited, and its hash is mended",
    "lines are deleted",
    "two lines are swapped",
    "a line is inserted",
    "a line is written twice",
    "a file is gone",
    "the end is cut off",
    REWRITES[0],
    REWRITES[1],
    REWRITES[2],
];

/// Those that leave a chain which holds.
pub(super) const REWRITES: [&str; 3] = [
    "lines are rewritten to the end",
    "lines are sealed again with a later key",
    "the end is cut off and the chain goes on",
];

/// Returns the folder after a mutation of this kind. Something is different in it, always.
pub(super) fn mutate(world: &World, kind: usize, random: &mut Random) -> World {
    let mut mutated = world.clone();
    let count = world.lines().count();
    let at = random.below(count);
    match kind {
        0 => {
            let line = mutated.line(at);
            let place = random.below(line.len());
            line[place] ^= 1 << random.below(8);
        }
        1 => mutated.edit(at),
        2 => {
            mutated.edit(at);
            mutated.rewrite(at, at + 1, stolen(world, at, random), false);
        }
        3 => delete(&mut mutated, at, random),
        4 => {
            let other = (at + 1 + random.below(count - 1)) % count;
            let (one, two) = (mutated.line(at).clone(), mutated.line(other).clone());
            *mutated.line(at) = two;
            *mutated.line(other) = one;
        }
        5 => insert(&mut mutated, at, random),
        6 => {
            let (file, line) = mutated.at(at);
            let twin = mutated.files[file].lines[line].clone();
            let (file, line) = mutated.at(random.below(count));
            mutated.files[file].lines.insert(line, twin);
        }
        7 => drop(mutated.files.remove(mutated.at(at).0)),
        8 => cut(&mut mutated, at, random),
        9 => {
            mutated.edit(at);
            mutated.rewrite(at, count, None, false);
        }
        10 => {
            // The key of the moment of the intrusion: of the line after the last one, or of one that is rewritten.
            mutated.edit(at);
            let intrusion = at + 1 + random.below(count - at);
            mutated.rewrite(at, count, Some(world.first + intrusion as u64), random.below(2) == 0);
        }
        _ => go_on(&mut mutated, world, at, random),
    }
    mutated
}

/// The key of a later line, or none.
fn stolen(world: &World, at: usize, random: &mut Random) -> Option<u64> {
    (random.below(2) == 0).then(|| world.first + at as u64 + 1 + random.below(50) as u64)
}

fn delete(mutated: &mut World, at: usize, random: &mut Random) {
    let (file, line) = mutated.at(at);
    let lines = &mut mutated.files[file].lines;
    let end = (line + 1 + random.below(3)).min(lines.len());
    lines.drain(line..end);
}

/// A line of another place, with another subject, and a hash that holds.
fn insert(mutated: &mut World, at: usize, random: &mut Random) {
    let before = mutated.line(at).clone();
    mutated.edit(at);
    mutated.rewrite(at, at + 1, None, false);
    let forged = std::mem::replace(mutated.line(at), before);
    let (file, line) = mutated.at(at);
    mutated.files[file].lines.insert(line + random.below(2), forged);
}

fn cut(mutated: &mut World, at: usize, random: &mut Random) {
    let (file, line) = mutated.at(at);
    mutated.files.truncate(file + 1);
    mutated.files[file].lines.truncate(line + 1);
    if random.below(2) == 0 {
        let last = &mut mutated.files[file].lines[line];
        last.truncate(random.below(last.len()));
    } else {
        mutated.files[file].lines.truncate(line);
    }
}

/// journald's CVE-2023-31439: the end is cut off, and other lines follow that are sealed with keys of the time after it.
fn go_on(mutated: &mut World, world: &World, at: usize, random: &mut Random) {
    let count = world.lines().count();
    (at..count).for_each(|number| mutated.edit(number));
    let is_stolen = random.below(3) > 0;
    let sequence = is_stolen.then(|| world.first + count as u64);
    mutated.rewrite(at, count, sequence, random.below(2) == 0);
    if random.below(2) == 0 {
        // In a file of its own, as after a rotation.
        let (file, line) = mutated.at(at);
        let rest: Vec<Vec<u8>> = mutated
            .files
            .drain(file..)
            .enumerate()
            .flat_map(|(number, file)| file.lines.into_iter().skip(if number == 0 { line } else { 0 }))
            .collect();
        let kept: Vec<Vec<u8>> = world.files[file].lines.iter().take(line).cloned().collect();
        if !kept.is_empty() {
            mutated.files.push(File { first: world.files[file].first, lines: kept });
        }
        mutated.files.push(File { first: world.first + at as u64, lines: rest });
    }
}
