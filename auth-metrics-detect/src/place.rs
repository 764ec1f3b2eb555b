//! `Place`: where somebody is.

/// A place on earth, in degrees: north and east are positive.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a place has two coordinates")]
pub struct Place {
    /// From -90 to 90.
    pub latitude: f32,
    /// From -180 to 180.
    pub longitude: f32,
}
