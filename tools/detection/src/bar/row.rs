//! A measure with its bar.

/// Which side of the bar is good.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bar {
    AtLeast(f64, f64),
    AtMost(f64, f64),
    /// Only told.
    None,
}

/// A measure of a world.
#[derive(Clone, Debug)]
pub struct Row {
    pub measure: String,
    pub must: String,
    pub aim: String,
    pub result: String,
    pub baseline: String,
    /// Whether it is as it must be, if it must be anything.
    pub held: Option<bool>,
    pub aimed: bool,
    /// The seeds that miss it, if several are pooled.
    pub missed_in: Vec<u64>,
}

impl Row {
    pub(super) fn new(measure: &str, (value, places): (f64, usize), bar: Bar) -> Row {
        let said = |sign: &str, bound: f64| format!("{sign} {bound}");
        let (must, aim, held, aimed) = match bar {
            Bar::AtLeast(must, aim) => (said("≥", must), said("≥", aim), Some(value >= must), value >= aim),
            Bar::AtMost(must, aim) => (said("≤", must), said("≤", aim), Some(value <= must), value <= aim),
            Bar::None => (String::new(), String::new(), None, false),
        };
        let result = format!("{value:.places$}");
        let (measure, baseline) = (measure.to_owned(), String::new());
        Row { measure, must, aim, result, baseline, held, aimed, missed_in: Vec::new() }
    }

    pub(super) fn told(mut self, result: String) -> Row {
        self.result = result;
        self
    }

    pub(super) fn beside(mut self, baseline: String) -> Row {
        self.baseline = baseline;
        self
    }

    /// Whether it is as it must be, in a word.
    pub fn word(&self) -> String {
        match (self.held, self.aimed) {
            (None, _) if self.aim.is_empty() => String::new(),
            (None, false) => "behind aim".to_owned(),
            (None, true) => "aim".to_owned(),
            (Some(false), _) => self.complaint(),
            (Some(true), true) => "ok, aim".to_owned(),
            (Some(true), false) => "ok".to_owned(),
        }
    }

    /// Says that it is missed, or nothing.
    pub fn complaint(&self) -> String {
        if self.held != Some(false) {
            return String::new();
        }
        format!("MISSED {}", self.missed_seeds()).trim_end().to_owned()
    }

    /// The seeds that miss it, if there are several worlds.
    pub fn missed_seeds(&self) -> String {
        if self.missed_in.is_empty() {
            return String::new();
        }
        let seeds: Vec<String> = self.missed_in.iter().map(u64::to_string).collect();
        format!("(seed {})", seeds.join(", "))
    }
}
