//! Which format a scraper gets, by its `Accept` header. Knows nothing of requests.

use super::{OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};

/// A format and how it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    OpenMetrics { content_type: &'static str },
}

/// The longest `Accept` that is read. Prometheus sends 300 bytes.
const LONGEST: usize = 4 * 1024;

/// What was asked for before the specification; it differs in nothing that is written here.
const DRAFT: &str = "application/openmetrics-text; version=0.0.1; charset=utf-8";

macro_rules! escapings {
    ($($escaping:literal)*) => {
        /// How a scraper that knows names in UTF-8 wants others to be spelled, with the content type that says so. No name here needs
        /// it. The last two are one: the specification's word, and that of Prometheus.
        const ESCAPINGS: &[(&str, &str)] = &[$((
            $escaping,
            concat!("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=", $escaping),
        )),*];
    };
}

escapings! { "underscores" "dots" "values" "allow-utf8" "allow-utf-8" }

impl Format {
    /// Returns `OpenMetrics` for those who name it and like the text no more, and the text for all others.
    ///
    /// A wildcard never stands for `OpenMetrics`, since those who send one may not know it. What can't be read is answered with the text
    /// too, in bounded time.
    pub(crate) fn accepted<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Format {
        Accepted::read(headers).map_or(Format::Text, |accepted| accepted.best())
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Format::Text => TEXT_CONTENT_TYPE,
            Format::OpenMetrics { content_type } => content_type,
        }
    }
}

/// How much each of what can be answered is liked; the more specific of two ranges counts.
#[derive(Default)]
struct Accepted {
    openmetrics: Option<Liked>,
    draft: Option<Liked>,
    any_openmetrics: Option<Liked>,
    text: Option<Liked>,
    any_text: Option<Liked>,
    anything: Option<Liked>,
}

#[derive(Clone, Copy)]
struct Liked {
    /// In thousandths.
    weight: u16,
    /// Which range it was.
    place: usize,
    /// With the escaping that it asks for.
    content_type: &'static str,
}

impl Accepted {
    /// None if a header is too long or has odd bytes, or if a weight is none.
    fn read<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Option<Accepted> {
        let (mut accepted, mut length, mut place) = (Accepted::default(), 0_usize, 0);
        for header in headers {
            length = length.saturating_add(header.len()).saturating_add(1);
            if length > LONGEST || !header.is_ascii() {
                return None;
            }
            for range in split(std::str::from_utf8(header).ok()?, ',') {
                accepted.add(range, place)?;
                place += 1;
            }
        }
        Some(accepted)
    }

    fn add(&mut self, range: &str, place: usize) -> Option<()> {
        let mut parts = split(range, ';');
        let media = parts.next()?.to_ascii_lowercase();
        let (mut weight, mut version, mut content_type) = (1_000, None, OPENMETRICS_CONTENT_TYPE);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = unquoted(value.trim());
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => weight = thousandths(value)?,
                "version" => version = Some(value),
                "escaping" => {
                    let escaping = ESCAPINGS.iter().find(|(escaping, _)| *escaping == value);
                    content_type = escaping.map_or(content_type, |(_, content_type)| content_type);
                }
                _ => {}
            }
        }
        let liked = match (media.as_str(), version) {
            ("application/openmetrics-text", Some("1.0.0")) => &mut self.openmetrics,
            ("application/openmetrics-text", Some("0.0.1")) => &mut self.draft,
            ("application/openmetrics-text", None) => &mut self.any_openmetrics,
            // 1.0.0 is 0.0.4 with names in UTF-8.
            ("text/plain", None | Some("0.0.4" | "1.0.0")) => &mut self.text,
            ("text/*", _) => &mut self.any_text,
            ("*/*", _) => &mut self.anything,
            _ => return Some(()),
        };
        if liked.is_none_or(|liked| liked.weight < weight) {
            *liked = Some(Liked { weight, place, content_type });
        }
        Some(())
    }

    fn best(&self) -> Format {
        let openmetrics = self.openmetrics.or(self.any_openmetrics);
        let draft = self.draft.map(|draft| Liked { content_type: DRAFT, ..draft });
        let best = match (openmetrics, draft) {
            (Some(openmetrics), Some(draft)) if openmetrics.weight < draft.weight => Some(draft),
            (openmetrics, draft) => openmetrics.or(draft),
        };
        let text = self.text.or(self.any_text).or(self.anything);
        match best {
            Some(best) if best.weight > 0 && text.is_none_or(|text| self.prefers(best, text)) => {
                Format::OpenMetrics { content_type: best.content_type }
            }
            _ => Format::Text,
        }
    }

    /// What is liked as much comes first if it is named, or named first.
    fn prefers(&self, openmetrics: Liked, text: Liked) -> bool {
        let is_first = self.text.is_none() || openmetrics.place < text.place;
        openmetrics.weight > text.weight || openmetrics.weight == text.weight && is_first
    }
}

/// The parts between separators that stand in no quotes, without blanks around them.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_end = move |each: char| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match each {
            '"' if !was_escaped => is_quoted = !is_quoted,
            '\\' if !was_escaped => is_escaped = is_quoted,
            _ => {}
        }
        each == separator && !is_quoted
    };
    text.split(is_end).map(str::trim)
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// A weight from 0 to 1; further digits than the three that a header may have are cut off.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let is_number =
        !(whole.is_empty() && fraction.is_empty()) && fraction.bytes().all(|digit| digit.is_ascii_digit());
    match whole {
        "" | "0" if is_number => {
            let digits = fraction.bytes().chain([b'0'; 3]).take(3);
            Some(digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
        }
        "1" if fraction.bytes().all(|digit| digit == b'0') => Some(1_000),
        _ => None,
    }
}
