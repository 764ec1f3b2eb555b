//! Whatever a group hands out, the text is strict, the registry gathers the same, and nothing else is shown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::group::{Observations, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family, FamilyType};
use auth_metrics_tests_scrape::{Labels, le};
use proptest::prelude::*;

use crate::{assert_agreed, group_failed, told};

static FAMILIES: [Family; 9] = [
    Family::counter("bare_total", &[], "No labels."),
    Family::gauge("bare_level", &[], "No labels."),
    Family::histogram("bare_seconds", &[], "No labels."),
    Family::counter("one_total", &["one"], "A label."),
    Family::gauge("one_level", &["failure_reason"], "A label that is hidden."),
    Family::histogram("one_seconds", &["outcome"], "A label that is hidden."),
    Family::counter("two_total", &["outcome", "failure_reason"], "Two that are hidden."),
    Family::gauge("two_level", &["b", "a"], "Two that are not in the order of their names."),
    Family::histogram("two_seconds", &["one", "failure_reason"], "Two."),
];

static STRANGER: Family = Family::gauge("stranger", &[], "Of no group.");

#[derive(Clone, Debug)]
enum Value {
    Count(u64),
    Level(f64),
    Histogram(Vec<f64>, Vec<u64>),
}

#[derive(Clone, Debug)]
struct Told {
    /// An index of `FAMILIES`; one beyond is the stranger.
    family: usize,
    labels: Vec<String>,
    value: Value,
}

/// Mostly what formats trip over, and what an exposure hides.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '"', '\\', '\n', '\r', ',', '{', '}', '=', '#', ' ', '\0', 'n', 'é', '\u{2028}',
    ]);
    let odd = prop::collection::vec(prop_oneof![odd, any::<char>()], 0..8);
    let known = prop::sample::select(vec![
        "",
        "success",
        "rejected",
        "interim",
        "unknown_subject",
        "invalid_credentials",
        "account_locked",
    ]);
    prop_oneof![odd.prop_map(|characters| characters.into_iter().collect()), known.prop_map(str::to_owned)]
}

fn value() -> impl Strategy<Value = Value> {
    let level = prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), -9.0..9.0_f64];
    let bounds = prop::collection::btree_set(1..50_u64, 1..6);
    // Whole quarters of a second: their sum is exact in whatever order.
    let observed = prop::collection::vec(0..60_u64, 0..6);
    prop_oneof![
        prop_oneof![any::<u64>(), 0..9_u64].prop_map(Value::Count),
        level.prop_map(Value::Level),
        (bounds, observed).prop_map(|(bounds, observed)| {
            Value::Histogram(bounds.iter().map(|bound| *bound as f64 / 4.0).collect(), observed)
        }),
    ]
}

/// Mostly with the number of labels and the type that the family has.
fn sample() -> impl Strategy<Value = Told> {
    let labels = prop::collection::vec(text(), 3);
    (0..=FAMILIES.len(), labels, prop::collection::vec(value(), 24), 0..10_usize).prop_map(
        |(family, mut labels, values, luck)| {
            let known = FAMILIES.get(family);
            if luck > 0 {
                labels.truncate(known.map_or(0, |known| known.labels.len()));
            }
            let fits = |value: &&Value| known.is_some_and(|known| luck == 1 || fits(known, value));
            let value = values.iter().find(fits).unwrap_or(&values[0]).clone();
            Told { family, labels, value }
        },
    )
}

fn fits(family: &Family, value: &Value) -> bool {
    matches!(
        (family.family_type, value),
        (FamilyType::Counter, Value::Count(_))
            | (FamilyType::Gauge, Value::Level(_))
            | (FamilyType::Histogram, Value::Histogram(..))
    )
}

fn observed(bounds: &[f64], quarters: &[u64]) -> Observations {
    let observed = Observations::new(bounds).unwrap();
    for quarters in quarters {
        observed.observe(Duration::from_millis(250 * quarters));
    }
    observed
}

fn collect(told: &[Told], samples: &mut Samples) {
    for Told { family, labels, value } in told {
        let family = FAMILIES.get(*family).unwrap_or(&STRANGER);
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        match value {
            Value::Count(count) => samples.counter(family, &labels, *count),
            Value::Level(level) => samples.gauge(family, &labels, *level),
            Value::Histogram(bounds, quarters) => {
                samples.histogram(family, &labels, &observed(bounds, quarters));
            }
        }
    }
}

/// What is to be shown of it, and how much is refused.
fn expected(told: &[Told]) -> (BTreeMap<(usize, Vec<String>), Value>, u64) {
    let (mut shown, mut refused) = (BTreeMap::new(), 0);
    for Told { family, labels, value } in told {
        let is_number = !matches!(value, Value::Level(level) if level.is_nan());
        let known = FAMILIES.get(*family);
        let fitting =
            known.filter(|known| fits(known, value) && known.labels.len() == labels.len() && is_number);
        let key = (*family, labels.clone());
        if fitting.is_some() && !shown.contains_key(&key) {
            shown.insert(key, value.clone());
        } else {
            refused += 1;
        }
    }
    (shown, refused)
}

fn handle(told_samples: &[Told], exposure: Exposure, constant: &[(String, String)]) -> AuthMetrics {
    let builder = AuthMetrics::builder().service_id("gateway").exposure(exposure);
    let metrics = builder.const_labels(constant.to_vec()).build().unwrap();
    let kept: Arc<[Told]> = told_samples.into();
    let families: Vec<&'static Family> = FAMILIES.iter().collect();
    metrics.group(|| told::<0>(&families, move |samples| collect(&kept, samples))).unwrap();
    metrics
}

fn constant() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = prop::sample::subsequence(vec!["a_constant", "zone", "Region_9"], 0..3);
    (names, prop::collection::vec(text(), 3))
        .prop_map(|(names, values)| names.into_iter().map(str::to_owned).zip(values).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_right_is_shown_and_what_is_wrong_is_counted(
        told in prop::collection::vec(sample(), 0..40),
        constant in constant(),
    ) {
        let metrics = handle(&told, Exposure::Full, &constant);
        let scrape = assert_agreed(&metrics);
        let (shown, refused) = expected(&told);
        let failed = scrape.sum("auth_metrics_internal_errors_total", &[("kind", "group_failed")]);
        prop_assert_eq!(failed, Some(refused as f64));
        let mut lines = 0;
        for ((family, values), value) in &shown {
            let family = &FAMILIES[*family];
            let names = family.labels.iter().map(|name| (*name).to_owned());
            let labels: Labels = names.zip(values.iter().cloned()).chain(constant.iter().cloned()).collect();
            let labels: Vec<(&str, &str)> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let find = |ending: &str, labels: &[(&str, &str)]| scrape.value(&format!("{}{ending}", family.name), labels);
            match value {
                Value::Count(count) => {
                    prop_assert_eq!(find("", &labels), Some(*count as f64));
                    lines += 1;
                }
                Value::Level(level) => {
                    prop_assert_eq!(find("", &labels).map(f64::to_bits), Some(level.to_bits()));
                    lines += 1;
                }
                Value::Histogram(bounds, quarters) => {
                    let at_most = |bound: f64| quarters.iter().filter(|each| **each as f64 / 4.0 <= bound).count() as f64;
                    for bound in bounds {
                        let bucket = find("_bucket", &[&labels[..], &[("le", le(*bound).as_str())]].concat());
                        prop_assert_eq!(bucket, Some(at_most(*bound)));
                    }
                    prop_assert_eq!(find("_count", &labels), Some(quarters.len() as f64));
                    prop_assert_eq!(find("_sum", &labels), Some(quarters.iter().sum::<u64>() as f64 / 4.0));
                    lines += bounds.len() + 3;
                }
            }
        }
        let of_the_group: usize =
            FAMILIES.iter().map(|family| scrape.family(family.name).samples.len()).sum();
        prop_assert_eq!(of_the_group, lines);
    }

    #[test]
    fn each_exposure_shows_as_much_in_all_and_its_own_readers_agree(told in prop::collection::vec(sample(), 0..40)) {
        for exposure in [Exposure::Strict, Exposure::Standard, Exposure::Full] {
            let metrics = handle(&told, exposure, &[]);
            let scrape = assert_agreed(&metrics);
            let snapshot = metrics.snapshot();
            let lines = metrics.encode_text().lines().filter(|line| !line.starts_with('#')).count();
            prop_assert_eq!(metrics.catalogue().series(1), lines);
            // Sums of other values depend on the order.
            for name in ["bare_seconds", "one_seconds", "two_seconds"] {
                for ending in ["_count", "_sum"] {
                    let name = format!("{name}{ending}");
                    prop_assert_eq!(snapshot.value(&name, &[]), scrape.sum(&name, &[]), "{}", name);
                }
            }
        }
    }

    #[test]
    fn counts_and_levels_are_conserved_under_each_exposure(
        counts in prop::collection::vec((text(), text(), 0..1_000_u64), 0..30),
    ) {
        for exposure in [Exposure::Strict, Exposure::Standard, Exposure::Full] {
            let told: Vec<Told> = counts.iter().flat_map(|(one, other, count)| {
                let count = *count;
                [
                    Told { family: 6, labels: vec![one.clone(), other.clone()], value: Value::Count(count) },
                    Told { family: 4, labels: vec![other.clone()], value: Value::Level(count as f64) },
                ]
            }).collect();
            let metrics = handle(&told, exposure, &[]);
            let scrape = assert_agreed(&metrics);
            for name in ["two_total", "one_level"] {
                prop_assert_eq!(metrics.snapshot().value(name, &[]), scrape.sum(name, &[]));
            }
            let (_, refused) = expected(&told);
            prop_assert!(group_failed(&scrape) >= refused as f64);
        }
    }

    #[test]
    fn histograms_add_up_whatever_their_bounds(
        histograms in prop::collection::vec(
            (prop::collection::btree_set(1..12_u64, 1..8), prop::collection::vec(0..14_u64, 0..9)), 1..6),
    ) {
        let told: Vec<Told> = histograms.iter().enumerate().map(|(index, (bounds, quarters))| {
            let bounds = bounds.iter().map(|bound| *bound as f64 / 4.0).collect();
            let labels = vec![index.to_string(), "timeout".to_owned()];
            Told { family: 8, labels, value: Value::Histogram(bounds, quarters.clone()) }
        }).collect();
        let snapshot = handle(&told, Exposure::Full, &[]).snapshot();
        let all = snapshot.histogram("two_seconds", &[("failure_reason", "timeout")]).unwrap();
        let quarters: Vec<u64> = histograms.iter().flat_map(|(_, quarters)| quarters.clone()).collect();
        let common = (1..12_u64).filter(|bound| histograms.iter().all(|(bounds, _)| bounds.contains(bound)));
        let common: Vec<f64> = common.map(|bound| bound as f64 / 4.0).collect();
        prop_assert_eq!(all.bounds(), common);
        prop_assert_eq!((all.count(), all.sum()), (quarters.len() as u64, quarters.iter().sum::<u64>() as f64 / 4.0));
        for (bound, count) in all.cumulative() {
            prop_assert_eq!(count, quarters.iter().filter(|each| **each as f64 / 4.0 <= bound).count() as u64);
        }
    }
}
