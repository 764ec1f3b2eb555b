//! Writes worlds to files: the events, and beside them the truth about each.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::event::write_csv;
use crate::world::World;

/// Writes `NAME-SEED.csv`, and `NAME-SEED-truth.csv` with the campaign of each line.
///
/// # Errors
///
/// If a file can't be written.
pub fn keep(world: &World, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let file =
        |end: &str| File::create(folder.join(format!("{}-{}{end}.csv", world.kind.name(), world.seed)));
    let mut events = BufWriter::new(file("")?);
    write_csv(&world.events, &world.names, &mut events)?;
    events.flush()?;
    let mut truth = BufWriter::new(file("-truth")?);
    writeln!(truth, "campaign,taken")?;
    for event in &world.events {
        let campaign = event.truth.campaign;
        let name = campaign.checked_sub(1).map_or("", |at| world.campaigns[usize::from(at)].name);
        writeln!(truth, "{name},{}", u8::from(event.truth.taken))?;
    }
    truth.flush()
}
