//! What is owed of sums, whose rounding must not add up.

use super::spread::Spread;

#[test]
fn rounding_of_many_deltas_does_not_add_up() {
    let (mut spread, mut received, mut sum) = (Spread::default(), 0.0, 0.0);
    for count in 1..=100_000_u64 {
        // Neither this nor its multiples are exact.
        sum += 0.1 / f64::from(u32::try_from(count % 97 + 1).unwrap());
        spread.see(&[1.0], &[count, 0], sum);
        let (counts, owed) = spread.send();
        assert_eq!(counts, [1, 0]);
        received += owed;
        spread.settle();
        assert!((received - sum).abs() <= sum * f64::EPSILON, "after {count}: {received} {sum}");
    }
}

#[test]
fn sum_goes_on_where_a_histogram_begins_again() {
    let mut spread = Spread::default();
    assert!(!spread.see(&[1.0], &[2, 1], 3.0));
    assert!(spread.see(&[1.0], &[1, 0], 0.5), "it fell");
    assert_eq!(spread.now(), (vec![1, 0], 0.5));
    assert_eq!(spread.send(), (vec![3, 1], 3.5));
    spread.withdraw();
    assert_eq!(spread.send(), (vec![3, 1], 3.5), "nobody took it");
    spread.settle();
    assert_eq!(spread.send(), (vec![0, 0], 0.0));
    assert!(!spread.is_owed());
}
