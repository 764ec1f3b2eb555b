//! What is saved comes back, and what is damaged does not.

use auth_metrics::AuthMetrics;
use auth_metrics_detect::{Action, Engine};

use crate::world::{HOUR, Random, START, SUCCESS, Told, WRONG, Watch, builder, den, home, login};

/// Users, guessers and a campaign; times from `from` on.
fn traffic(watch: &mut Watch, from: f64) {
    let mut random = Random(from.to_bits());
    for number in 0..1_500 {
        let at = from + f64::from(number) * 6.0;
        watch.user(random.below(200), at, number % 30 == 0);
        if number % 9 == 0 {
            watch.login(at, den(random.below(60)), &format!("recognisable-{}", random.below(400)), WRONG);
        }
        if number % 40 == 0 {
            watch.login(at, den(999), &format!("user-{}", random.below(200)), WRONG);
        }
    }
}

fn saved() -> (Watch, Vec<u8>) {
    let mut watch = Watch::new();
    traffic(&mut watch, START);
    let saved = watch.engine.snapshot();
    (watch, saved)
}

/// Whether a state is restored; how often the engine says that it could not.
fn restored(engine: &Engine) -> (bool, f64) {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    engine.install(&metrics).unwrap();
    let rejected = metrics.snapshot().value("auth_detect_errors_total", &[("kind", "state_rejected")]);
    let is_known = engine.assess("user-1", home(1)).why.label() == "familiar";
    (is_known, rejected.unwrap())
}

#[test]
fn restored_engine_goes_on_where_it_was() {
    let (mut watch, saved) = saved();
    let mut again = Watch::of(Engine::builder().restore(saved.clone()));
    assert_eq!(again.engine.snapshot(), saved);
    assert_eq!(restored(&again.engine), (true, 0.0));
    for peer in [den(999), den(3), home(3)] {
        let [now, before] = [&again.engine, &watch.engine].map(|engine| engine.assess("user-3", peer));
        assert_eq!((now.action, now.why), (before.action, before.why));
        // The share of bad strangers is said as of now, and not as of the last of them.
        assert!((now.probability - before.probability).abs() < 0.01, "{now:?} {before:?}");
    }
    let before = watch.told.len();
    for later in [START + 2.6 * HOUR, START + 9.0 * HOUR] {
        traffic(&mut watch, later);
        traffic(&mut again, later);
    }
    assert!(watch.told.len() > before + 3, "{:#?}", watch.told);
    assert_eq!(again.told, watch.told[before..]);
    assert_eq!(again.engine.snapshot(), watch.engine.snapshot());
}

#[test]
fn verdicts_survive_a_restart_and_their_ids_are_not_given_again() {
    let (watch, saved) = saved();
    let mut again = Watch::of(builder().restore(saved));
    traffic(&mut again, START + 40.0 * HOUR);
    let known: Vec<u64> = watch.told.iter().map(|told| told.id).collect();
    let begun = |told: &&Told| told.until.is_none();
    assert!(again.told.iter().filter(begun).all(|told| !known.contains(&told.id)), "{:#?}", again.told);
    assert!(again.told.iter().any(|told| told.until.is_some() && known.contains(&told.id)));
}

#[test]
fn counts_of_the_engine_before_are_not_counted_again() {
    let mut watch = Watch::new();
    (0..60_000).for_each(|number| watch.login(START + f64::from(number) * 0.01, den(number), "ann", WRONG));
    let evicted = |engine: &Engine| {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        engine.install(&metrics).unwrap();
        metrics.snapshot().value("auth_detect_evictions_total", &[("what", "sources")]).unwrap_or_default()
    };
    let again = builder().restore(watch.engine.snapshot()).build().unwrap();
    assert!(evicted(&watch.engine) > 10_000.0);
    assert_eq!(evicted(&again), 0.0);
}

/// The engine begins with nothing, says so, and works.
fn begins_anew(saved: Vec<u8>, what: &str) {
    let mut watch = Watch::of(builder().restore(saved));
    assert_eq!(restored(&watch.engine), (false, 1.0), "{what}");
    watch.login(START, den(1), "ann", SUCCESS);
    assert_eq!(watch.engine.assess("ann", den(1)).action, Action::Allow, "{what}");
}

#[test]
fn snapshot_that_is_cut_short_is_rejected() {
    let (_, saved) = saved();
    let lengths =
        (0..200).chain((0..150).map(|part| saved.len() / 150 * part)).chain(saved.len() - 200..saved.len());
    for length in lengths {
        let engine = builder().restore(saved[..length].to_vec()).build().unwrap();
        assert_ne!(engine.assess("user-1", home(1)).why.label(), "familiar", "{length}");
    }
    begins_anew(saved[..saved.len() - 1].to_vec(), "one byte less");
    begins_anew([&saved[..], b"\0"].concat(), "one byte more");
    begins_anew(Vec::new(), "nothing");
    begins_anew(vec![0; 1 << 20], "zeros");
    begins_anew(vec![0xff; 1 << 20], "ones");
}

#[test]
fn snapshot_with_a_flipped_bit_is_rejected() {
    let (_, saved) = saved();
    let mut random = Random(6);
    for number in 0..200 {
        let place = if number < 100 { number } else { random.next() as usize % saved.len() };
        let mut damaged = saved.clone();
        damaged[place] ^= 1 << random.below(8);
        let engine = builder().restore(damaged).build().unwrap();
        assert_ne!(engine.assess("user-1", home(1)).why.label(), "familiar", "{place}");
    }
    let mut other_version = saved;
    other_version[7] ^= 2;
    begins_anew(other_version, "another version");
}

/// The checksum of a snapshot: CRC-32, a nibble at a time.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 4);
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    });
    [bytes, (!crc).to_le_bytes().to_vec()].concat()
}

#[test]
fn snapshot_that_was_written_to_harm_harms_nobody() {
    let (_, saved) = saved();
    assert_eq!(sealed(saved.clone()), saved);
    let mut random = Random(8);
    for number in 0..30 {
        let mut written = saved.clone();
        for _ in 0..=number {
            // Beside the tables: counts, clocks, lengths.
            let from_end = random.once_in(2);
            let place = 24 + random.below(600) as usize;
            let place = if from_end { written.len() - place } else { place };
            written[place] = [0, 1, 0x7f, 0x80, 0xff][random.below(5) as usize];
        }
        let mut watch = Watch::of(builder().restore(sealed(written)));
        (0..100).for_each(|user| watch.user(user, START + 3.0 * HOUR + f64::from(user), user % 9 == 0));
        restored(&watch.engine);
        assert!(watch.engine.bytes() <= 512 << 10);
    }
}

#[test]
fn snapshot_of_another_engine_is_rejected() {
    let (_, saved) = saved();
    for (other, what) in [
        (Engine::builder().key([8; 16]), "another key"),
        (builder().memory(1 << 20), "another memory"),
        (builder().half_life(std::time::Duration::from_secs(HOUR as u64)), "another half-life"),
    ] {
        let engine = other.restore(saved.clone()).build().unwrap();
        assert_eq!(restored(&engine), (false, 1.0), "{what}");
    }
    assert_eq!(restored(&builder().restore(None).build().unwrap()), (false, 0.0));
    assert_eq!(restored(&builder().restore(saved).build().unwrap()), (true, 0.0));
}

#[test]
fn snapshot_has_the_key_and_no_identity() {
    let mut watch = Watch::new();
    traffic(&mut watch, START);
    watch.feed(
        &login(START + HOUR, "203.0.113.77".parse().unwrap(), "recognisable@example.org", SUCCESS)
            .device("recognisable-device"),
    );
    let saved = watch.engine.snapshot();
    let has = |text: &[u8]| saved.windows(text.len()).any(|window| window == text);
    assert!(has(&[7; 16]) && has(b"login") && has(b"gateway"));
    assert!(!has(b"recognisable") && !has(b"example.org") && !has(b"user-"));
    // An address by its octets, on both sides of the wire.
    assert!(!has(&[203, 0, 113, 77]) && !has(&[77, 113, 0, 203]) && !has(b"203.0.113"));
}
