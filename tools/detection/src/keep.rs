//! Writes worlds to files: the events, and beside them the truth about each.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::event::write_csv;
use crate::judge::score::Score;
use crate::world::World;

/// Writes `NAME-SEED-wrong.csv` with the false verdicts, and with the sources that were missed.
///
/// # Errors
///
/// If the file can't be written.
pub fn keep_wrong(world: &World, score: &Score, folder: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(create(world, "-wrong", folder)?);
    writeln!(file, "detector,whom,t or campaign")?;
    for (detector, wrong) in &score.wrongs {
        for (whom, t) in wrong {
            writeln!(file, "{detector},{whom},{t:.3}")?;
        }
    }
    for (source, campaigns) in &score.missed {
        writeln!(file, "missed,{source},{campaigns}")?;
    }
    file.flush()
}

fn create(world: &World, end: &str, folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    File::create(folder.join(format!("{}-{}{end}.csv", world.kind.name(), world.seed)))
}

/// Writes `NAME-SEED.csv`, and `NAME-SEED-truth.csv` with the campaign of each line.
///
/// # Errors
///
/// If a file can't be written.
pub fn keep(world: &World, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut events = BufWriter::new(create(world, "", folder)?);
    write_csv(&world.events, &world.names, &mut events)?;
    events.flush()?;
    let mut truth = BufWriter::new(create(world, "-truth", folder)?);
    writeln!(truth, "campaign,taken")?;
    for event in &world.events {
        let campaign = event.truth.campaign;
        let name = campaign.checked_sub(1).map_or("", |at| world.campaigns[usize::from(at)].name);
        writeln!(truth, "{name},{}", u8::from(event.truth.taken))?;
    }
    truth.flush()
}
