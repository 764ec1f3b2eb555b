//! Gives text to promtool, which makes blocks of it. Several run beside each other.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::calendar::{Minute, START};
use crate::deployment::World;
use crate::evaluate::workers;
use crate::series::Store;
use crate::simulate::Life;

/// promtool reads a file once for each block that it makes of it, so a file is one block: the longest that promtool makes, up to some days.
pub const BLOCK: Minute = 54 * 60;

/// Files that wait for promtool.
#[derive(Debug)]
pub struct Backfill {
    queue: SyncSender<PathBuf>,
    workers: Vec<JoinHandle<Result<(), String>>>,
}

impl Backfill {
    /// Starts workers that fill a folder's `data`.
    pub fn start(folder: &Path, workers: usize) -> Backfill {
        let (queue, files) = mpsc::sync_channel::<PathBuf>(2);
        let files = Arc::new(Mutex::new(files));
        let work = |files: Arc<Mutex<mpsc::Receiver<PathBuf>>>, data: PathBuf| {
            move || loop {
                let next = files.lock().map_err(|error| error.to_string())?.recv();
                let Ok(file) = next else { return Ok(()) };
                promtool(&file, &data)?;
                fs::remove_file(&file).map_err(|error| error.to_string())?;
            }
        };
        let workers =
            (0..workers).map(|_| thread::spawn(work(Arc::clone(&files), folder.join("data")))).collect();
        Backfill { queue, workers }
    }

    /// Hands over a file. Waits while enough of them wait.
    ///
    /// # Errors
    ///
    /// If every worker has failed.
    pub fn add(&self, file: PathBuf) -> Result<(), String> {
        self.queue.send(file).map_err(|_| "promtool has failed".to_owned())
    }

    /// Waits until all files are blocks.
    ///
    /// # Errors
    ///
    /// If promtool refuses a file.
    pub fn finish(self) -> Result<(), String> {
        drop(self.queue);
        self.workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| "a worker panicked".to_owned())?)
    }
}

fn promtool(file: &Path, data: &Path) -> Result<(), String> {
    let mut command = Command::new("promtool");
    command.args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"]);
    // Hours as promtool spells them.
    command.arg(format!("--max-block-duration={}h", BLOCK / 60)).arg(file).arg(data);
    let output = command.output().map_err(|error| format!("promtool: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("promtool, {}: {said}", output.status)) }
}

/// The pieces of the time from one minute to another that are blocks of their own.
pub fn pieces(from: Minute, to: Minute) -> Vec<(Minute, Minute)> {
    let mut all = Vec::new();
    let mut at = from;
    while at < to {
        let since_1970 = START / 60 + at;
        let next = (at + BLOCK - since_1970.rem_euclid(BLOCK)).min(to);
        all.push((at, next));
        at = next;
    }
    all
}

/// Lives the world, writes what was scraped, and returns how many series and samples that is.
///
/// # Errors
///
/// If a file can't be written, or promtool refuses it.
pub fn live(world: &World, folder: &Path, progress: &dyn Fn(&str)) -> Result<(usize, u64), String> {
    let backfill = Backfill::start(folder, workers());
    let mut store = Store::default();
    let mut lives: Vec<Life<'_>> =
        world.deployments.iter().map(|deployment| Life::new(deployment, world.seed)).collect();
    let mut samples = 0;
    for (from, to) in pieces(0, world.end()) {
        for minute in from..to {
            let watched = world.is_watched(minute);
            for life in &mut lives {
                life.minute(minute, watched, &mut store);
            }
        }
        let path = folder.join(format!("scraped-{from}.om"));
        samples += write(&path, &mut store).map_err(|error| format!("{}: {error}", path.display()))?;
        backfill.add(path)?;
        progress(&format!("day {} of {}: {} series", to / (24 * 60), world.end() / (24 * 60), store.len()));
    }
    backfill.finish()?;
    Ok((store.len(), samples))
}

fn write(path: &Path, store: &mut Store) -> std::io::Result<u64> {
    let mut writer = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let samples = store.drain_into(&mut writer)?;
    writer.flush()?;
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_touch_and_none_crosses_a_block() {
        let pieces = pieces(100, 30_000);
        assert_eq!((pieces[0].0, pieces[pieces.len() - 1].1), (100, 30_000));
        assert!(pieces.windows(2).all(|pair| pair[0].1 == pair[1].0));
        for (from, to) in pieces {
            let block = |minute: Minute| (START / 60 + minute).div_euclid(BLOCK);
            assert_eq!(block(from), block(to - 1));
        }
    }
}
