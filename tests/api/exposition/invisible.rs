//! Characters that nobody sees are no part of a service id: what looks the same is the same.

use auth_metrics::AuthMetrics;
use proptest::prelude::*;

use crate::fixture::{builder, handle};
use auth_metrics_tests_scrape::Scrape;

/// The first and the last of each range of `Default_Ignorable_Code_Point`, as Perl's tables of Unicode 14 list them.
const RANGES: [(u32, u32); 17] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
];

/// Whether an id with this character in it is kept, by the builder and by whoever records.
fn is_kept(character: char) -> bool {
    let id = format!("or{character}ders");
    let built = AuthMetrics::builder().service_id(&*id).build().is_ok();
    let metrics = handle();
    metrics.record_successful_auth(&id);
    let scrape = Scrape::of(&metrics);
    let kept = scrape.value("service_auth_successful_total", &[("service_id", &id)]) == Some(1.0);
    let folded = scrape.value("service_auth_successful_total", &[("service_id", "other")]) == Some(1.0);
    let counted = scrape.value("auth_label_overflow_total", &[("label", "service_id")]) == Some(1.0);
    assert_eq!((kept, folded, counted), (built, !built, !built), "{character:?}");
    built
}

#[test]
fn every_range_of_invisible_characters_is_refused_from_its_first_to_its_last() {
    let in_a_range = |code| RANGES.iter().any(|(first, last)| (*first..=*last).contains(&code));
    for (first, last) in RANGES {
        for code in [first - 1, first, u32::midpoint(first, last), last, last + 1] {
            let Some(character) = char::from_u32(code) else { continue };
            assert_eq!(is_kept(character), !in_a_range(code), "U+{code:04X}");
        }
    }
}

#[test]
fn ids_that_look_the_same_are_counted_together_with_what_does_not_fit() {
    let metrics = builder().build().unwrap();
    for id in ["orders", "orders\u{200b}", "or\u{ad}ders", "\u{202a}orders\u{202c}", "orders\u{e0041}"] {
        metrics.record_successful_auth(id);
    }
    let counts = |id| Scrape::of(&metrics).value("service_auth_successful_total", &[("service_id", id)]);
    assert_eq!([counts("orders"), counts("other")], [Some(1.0), Some(4.0)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// The tables of the regex crate know the properties by their names.
    #[test]
    fn no_invisible_character_is_part_of_a_service_id(
        invisible in r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]",
        control in r"\p{Bidi_Control}",
    ) {
        for text in [invisible, control] {
            prop_assert!(text.chars().all(|each| !is_kept(each)), "{:?}", text);
        }
    }

    #[test]
    fn every_other_character_is_part_of_a_service_id(
        visible in r"[^\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]",
    ) {
        prop_assert!(visible.chars().all(is_kept), "{:?}", visible);
    }
}
