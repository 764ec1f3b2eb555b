//! A disk that is full under a program at work.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use auth_metrics_audit::verify::VerifyOptions;
use auth_metrics_audit::{Audit, Error};

use crate::world::{Scratch, World, checked, sink, until};

fn run(arguments: &[&str], folder: &Path) {
    let status = Command::new(arguments[0]).args(&arguments[1..]).arg(folder).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// A disk of 1 MiB. It is unmounted however the test ends.
struct Disk(Scratch);

impl Disk {
    fn new() -> Disk {
        let scratch = Scratch::new();
        run(&["mount", "-t", "tmpfs", "-o", "size=1m", "audit-test"], &scratch);
        Disk(scratch)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy".as_ref(), self.0.as_os_str()]).status();
    }
}

const ROOM: u64 = 50;

/// Run as root: `cargo test -p auth-metrics-audit --test process full_disk -- --ignored`.
#[test]
#[ignore = "mounts a tmpfs of 1 MiB, so it needs root: run by ./check"]
fn full_disk_keeps_what_fits_counts_the_rest_and_goes_on() {
    let disk = Disk::new();
    let (folder, filler) = (disk.0.audit(), disk.0.join("filler"));
    let mut world = World::new(sink(&folder).capacity(usize::try_from(ROOM).unwrap()));
    world.ends(10);
    world.flush();
    // Takes what is left, to the last page.
    let _ = fs::write(&filler, vec![0; 1 << 20]);
    while world.faults("full") == 0 {
        world.ends(1);
        let _ = world.audit.flush(Duration::from_millis(1));
    }
    assert!(!world.audit.is_writable());
    world.ends(3 * ROOM);
    assert!(world.metrics.events().flush(crate::world::LONG));
    let result = |result| world.count("auth_audit_events_total", &[("result", result)]);
    let waiting = world.count("auth_audit_queue_events", &[]);
    assert!(waiting >= ROOM, "{waiting}");
    assert_eq!(result("dropped_full"), world.ended - waiting - result("written"));
    assert_eq!(checked(&folder, VerifyOptions::new()).torn, 0, "a part of a line was left");

    fs::remove_file(&filler).unwrap();
    until(|| world.count("auth_audit_queue_events", &[]) == 0);
    until(|| world.audit.is_writable());
    let dropped = world.count("auth_audit_events_total", &[("result", "dropped_full")]);
    world.ends(10);
    world.audit.shutdown(crate::world::LONG).unwrap();
    let report = checked(&folder, VerifyOptions::new().from(1));
    assert_eq!(report.attempts_total() + report.dropped, world.ended);
    assert_eq!((report.dropped, report.gaps), (dropped, 1));
}

/// Run as root, too.
#[test]
#[ignore = "mounts a tmpfs, so it needs root: run by ./check"]
fn disk_that_may_only_be_read_is_told_and_gone_on_with() {
    let disk = Disk::new();
    let folder = disk.0.audit();
    let mut world = World::new(sink(&folder));
    world.ends(10);
    world.audit.shutdown(crate::world::LONG).unwrap();
    drop(world);
    run(&["mount", "-o", "remount,ro"], &disk.0);
    let refused = Audit::builder().file(sink(&folder)).build();
    assert!(matches!(refused, Err(Error::Folder { .. })));
    run(&["mount", "-o", "remount,rw"], &disk.0);
    World::new(sink(&folder)).audit.shutdown(crate::world::LONG).unwrap();
    assert_eq!(checked(&folder, VerifyOptions::new().from(1)).attempts_total(), 10);
}
