//! D12 `new_source` and `impossible_travel`: a user succeeds from somewhere new, or from two places at once. Both only if asked for.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};
use crate::place::Place;

/// What no aeroplane does: so far, and so fast.
const KILOMETRES: f32 = 500.0;
const KILOMETRES_AN_HOUR: f32 = 800.0;
const EARTH_RADIUS: f32 = 6371.0;

pub(crate) fn new_source(pair: u64) -> Finding {
    Finding::new(Detector::NewSource, Convicted::Nobody(pair), Sentence::NewSource).notice(Action::Allow)
}

/// Whether a user who was at one place is at another one too early.
pub(crate) fn travel(subject: u64, from: Place, to: Place, seconds: f64) -> Option<Finding> {
    let kilometres = distance(from, to);
    #[expect(clippy::cast_possible_truncation, reason = "hours")]
    let hours = (seconds / 3600.0).max(1.0 / 60.0) as f32;
    let is_impossible = kilometres >= KILOMETRES && kilometres / hours >= KILOMETRES_AN_HOUR;
    let sentence = Sentence::Travel { kilometres, hours };
    is_impossible.then(|| {
        Finding::new(Detector::ImpossibleTravel, Convicted::Subject(subject), sentence).action(Action::StepUp)
    })
}

/// The great-circle distance (haversine formula), in kilometres.
fn distance(from: Place, to: Place) -> f32 {
    let [latitude, other] = [from.latitude, to.latitude].map(f32::to_radians);
    let [north, east] = [other - latitude, (to.longitude - from.longitude).to_radians()];
    let half = (north / 2.0).sin().powi(2) + latitude.cos() * other.cos() * (east / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS * half.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIENNA: Place = Place { latitude: 48.2, longitude: 16.37 };
    const TOKYO: Place = Place { latitude: 35.68, longitude: 139.69 };
    const GRAZ: Place = Place { latitude: 47.07, longitude: 15.44 };

    #[test]
    fn distances_are_those_of_an_atlas() {
        assert!((distance(VIENNA, TOKYO) - 9130.0).abs() < 50.0);
        assert!((distance(VIENNA, GRAZ) - 145.0).abs() < 5.0);
    }

    #[test]
    fn only_what_no_aeroplane_does_is_impossible() {
        assert!(travel(1, VIENNA, TOKYO, 3600.0).is_some());
        assert!(travel(1, VIENNA, TOKYO, 13.0 * 3600.0).is_none());
        assert!(travel(1, VIENNA, GRAZ, 1.0).is_none());
    }
}
