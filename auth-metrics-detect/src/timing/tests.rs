//! What the monitor promises, on simulated services. `-- --nocapture` prints the table.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use super::simulation::World;
use super::*;

const RUNS: u64 = 60;

fn run(world: World, seed: u64) -> (TimingMonitor, Vec<Leak>) {
    let mut monitor = TimingMonitor::new();
    let mut leaks = Vec::new();
    world.run(seed, |at, unknown, seconds| leaks.extend(monitor.push(at, unknown, seconds)));
    (monitor, leaks)
}

fn alarms(world: World, runs: u64) -> usize {
    (0..runs).filter(|&seed| !run(world, seed).1.is_empty()).count()
}

#[test]
fn equal_paths_raise_no_alarm_and_leaks_are_found() {
    println!("alarms in {RUNS} runs: attempts | equal | 55 ms | 5 ms | 2 ms | 1 ms");
    let rows = [200, 500, 2000, 10_000].map(|attempts| {
        let row =
            [0.0, -0.055, 0.005, 0.002, 0.001].map(|gap| alarms(World { gap, ..World::new(attempts) }, RUNS));
        println!("{attempts:6} | {row:?}");
        row
    });
    assert!(rows.iter().all(|row| row[0] == 0), "{rows:?}");
    assert!(rows.iter().all(|row| row[1] == 60), "{rows:?}");
    assert_eq!((rows[2][2], rows[3][2], rows[3][3]), (60, 60, 60), "5 ms at 2,000; 5 ms and 2 ms at 10,000");
}

#[test]
fn equal_paths_stay_silent_for_100_000_attempts() {
    for seed in 0..20 {
        let (monitor, leaks) = run(World { waves: 7.0, days: 7.0, ..World::new(100_000) }, 1000 + seed);
        assert!(leaks.is_empty(), "{leaks:?}");
        assert!(
            monitor.z().abs() < ALARM_Z && monitor.gap().abs() < 0.001,
            "{} {}",
            monitor.z(),
            monitor.gap()
        );
    }
}

/// Services that differ from the default, none of them with a leak.
fn odd_services() -> Vec<(&'static str, World)> {
    let base = World::new(2000);
    vec![
        ("a wave of load in 64 attempts", World { waves: 31.0, ..base }),
        ("load triples", World { swing: 3.0, waves: 20.0, follows: 4.0, ..base }),
        ("a week of days", World { waves: 7.0, days: 7.0, swing: 2.5, ..base }),
        ("heavy tails", World { tail: 0.3, outliers: 0.05, ..base }),
        ("whole milliseconds", World { tick: 0.001, hash: 0.004, ..base }),
        ("ticks of a slow clock", World { tick: 0.0156, ..base }),
        ("few unknown subjects", World { unknown: 0.01, ..base }),
        ("few known subjects", World { unknown: 0.95, follows: 0.0, ..base }),
        ("short clumps", World { clump: 4.0, ..base }),
        ("long clumps", World { clump: 30.0, waves: 10.0, ..base }),
        ("clumps and moods", World { clump: 10.0, mood: (0.9, 0.2), ..base }),
        ("no hash", World { hash: 0.0004, noise: 0.3, ..base }),
    ]
}

#[test]
fn odd_services_with_equal_paths_raise_no_alarm() {
    for (name, world) in odd_services() {
        for attempts in [200, 2000] {
            let waves = world.waves * attempts as f64 / 2000.0;
            assert_eq!(alarms(World { attempts, waves, ..world }, RUNS), 0, "{name}");
        }
    }
}

#[test]
fn leaks_of_odd_services_are_found() {
    let leaking = |world: World, gap| World { gap, attempts: 10_000, ..world };
    for (name, world) in odd_services() {
        let gap = if name == "no hash" { 0.0015 } else { -0.030_f64.min(world.hash * 0.9) };
        assert_eq!(alarms(leaking(world, gap), 15), 15, "{name}");
    }
}

#[test]
fn gap_has_a_size_and_a_sign() {
    for (gap, within) in [(0.005, 0.001), (-0.055, 0.003), (-0.005, 0.001)] {
        let (monitor, leaks) = run(World { gap, ..World::new(10_000) }, 5);
        assert!((f64::from(monitor.gap()) - gap).abs() < within, "{gap}: {}", monitor.gap());
        assert!((monitor.z() > 0.0) == (gap > 0.0));
        let [leak] = leaks[..] else { panic!("{leaks:?}") };
        assert!((leak.gap_seconds > 0.0) == (gap > 0.0) && leak.z.abs() >= ALARM_Z && leak.pairs >= 200);
        assert!(leak.pairs < monitor.pairs());
    }
}

#[test]
fn gap_below_a_millisecond_or_a_fiftieth_is_no_alarm() {
    for (hash, gap) in [(0.001, 0.0005), (1.0, 0.008)] {
        let (monitor, leaks) =
            run(World { hash, gap, noise: 0.01, swing: 1.0, outliers: 0.0, ..World::new(10_000) }, 3);
        assert!(leaks.is_empty() && monitor.z() > 20.0, "{leaks:?} {}", monitor.z());
    }
}

#[test]
fn leak_is_told_once_while_it_lasts() {
    for gap in [-0.055, 0.005, 0.003] {
        for seed in 0..10 {
            let (monitor, leaks) = run(World { gap, waves: 7.0, days: 7.0, ..World::new(50_000) }, seed);
            assert!(leaks.len() == 1 && monitor.is_leaking(), "{gap} {leaks:?}");
        }
    }
}

#[test]
fn leak_ends_when_it_is_mended_and_is_found_again() {
    for seed in 0..10 {
        let mut monitor = TimingMonitor::new();
        for (gap, days) in [(0.005, 0.0), (0.0, 1.0), (0.005, 2.0)] {
            let mut began = 0;
            World { gap, ..World::new(12_000) }.run(seed, |at, unknown, seconds| {
                began += usize::from(monitor.push(days * 86_400.0 + at, unknown, seconds).is_some());
            });
            assert_eq!((began, monitor.is_leaking()), if gap > 0.0 { (1, true) } else { (0, false) });
        }
    }
}

#[test]
fn evidence_fades_by_half_in_seven_days() {
    let (mut monitor, _) = run(World { days: 0.01, ..World::new(32_000) }, 1);
    let (pairs, z) = (monitor.pairs(), monitor.z());
    let week = 7.01 * 86_400.0;
    for attempt in 0..32 {
        monitor.push(week, attempt == 7, 0.060);
    }
    let share = f64::from(monitor.pairs() - 31) / f64::from(pairs);
    assert!((share - 0.5).abs() < 0.01, "{share}");
    assert!((monitor.z() - z).abs() < 0.1, "old evidence that agrees stays as sure");
}

#[test]
fn latency_that_is_none_is_ignored() {
    let (plain, _) = run(World::new(1000), 9);
    let mut odd = TimingMonitor::new();
    World::new(1000).run(9, |at, unknown, seconds| {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.001] {
            assert_eq!(odd.push(at, unknown, bad), None);
        }
        odd.push(at, unknown, seconds);
    });
    assert_eq!(saved(&plain), saved(&odd));
}

#[test]
fn time_that_is_none_spoils_nothing() {
    let world = World { gap: 0.005, ..World::new(4000) };
    let mut monitor = TimingMonitor::new();
    world.run(2, |at, unknown, seconds| {
        let at = [at, f64::NAN, f64::INFINITY, f64::MIN][(at as usize / 50) % 4];
        monitor.push(at, unknown, seconds);
    });
    assert!(monitor.pairs().abs_diff(run(world, 2).0.pairs()) < 1000, "{}", monitor.pairs());
}

#[test]
fn one_class_alone_is_no_evidence() {
    for class in [false, true] {
        let mut monitor = TimingMonitor::new();
        for attempt in 0_u8..200 {
            monitor.push(f64::from(attempt), class, f32::from(attempt));
        }
        assert!((monitor.pairs(), monitor.z().to_bits(), monitor.gap().to_bits()) == (0, 0, 0));
    }
}

#[test]
fn monitor_is_smaller_than_a_kibibyte() {
    assert!(size_of::<TimingMonitor>() < 1024, "{}", size_of::<TimingMonitor>());
}

fn saved(monitor: &TimingMonitor) -> Vec<u8> {
    let mut bytes = Vec::new();
    monitor.save(&mut bytes);
    bytes
}

#[test]
fn saved_monitor_goes_on_where_it_was() {
    for gap in [0.0, 0.005] {
        let (monitor, _) = run(World { gap, ..World::new(5003) }, 4);
        let bytes = saved(&monitor);
        assert_eq!(bytes.len(), saved(&TimingMonitor::new()).len());
        let loaded = TimingMonitor::load(&mut bytes.as_slice()).unwrap();
        assert_eq!((saved(&loaded), loaded.is_leaking()), (bytes, gap > 0.0));
    }
}

#[test]
fn bytes_that_are_no_monitor_are_refused() {
    let bytes = saved(&run(World::new(5003), 4).0);
    for length in 0..bytes.len() {
        assert!(TimingMonitor::load(&mut &bytes[..length]).is_none());
    }
    let broken = |at: usize, word: [u8; 4]| {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&word);
        TimingMonitor::load(&mut bytes.as_slice())
    };
    assert!(broken(4, 32_u32.to_le_bytes()).is_none(), "a full block");
    assert!(broken(0, u32::MAX.to_le_bytes()).is_none(), "more classes than attempts");
    assert!(broken(400, f32::NAN.to_le_bytes()).is_none());
}
