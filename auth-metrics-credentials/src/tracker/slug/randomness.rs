//! Measures how random a text is: how rarely its neighbouring characters are neighbours in names. Knows no list of words.

/// How rare a small letter is after another, in half bits: a row for the first, a digit of base 36 for the second.
/// Counted over the 43,000 words that four or more names of packages in the registries of npm and `PyPI` share.
const RARITY: [&[u8; 26]; 26] = [
    b"e989fd9g9hc796g8i686bceebf",
    b"6bbc6eef6eg6ce5ci78c8ghfci",
    b"6fcd7fg69j78dg5ci8a7agihdk",
    b"69cb4bbe6edacd7cj99caeeecj",
    b"8b88accgdhf896caf578ebdadh",
    b"7edd78hg5ig6cf6ej8a99jfe9k",
    b"7dcd4eb97hh9b97bi69d9hfgch",
    b"5edc5fhi6hfcce6ddac88ifiai",
    b"9a79aa9jgid8957aga87ebidjb",
    b"6ecd6fge8feecg7cee3d7fdfeh",
    b"6cdb4dbd5gfacb8cha7b9eehai",
    b"6eca5eeh5ie8cg6clf9a9ehhai",
    b"5abc5eeh6gfaad67fe9d9gggcj",
    b"7e876b7f8fbdeb8die75bbgfcg",
    b"bb99fdagcec88598j6889cacfh",
    b"6fcc6ee97ie7ef79j799aigg6k",
    b"acabdeff9ig6bebbeab92fcegg",
    b"5daa5ech6hbcab6cic98achhak",
    b"8e8c6ef87hbbbd88de859fdhbk",
    b"6ebe5df85hfbdf6ck79aahdgai",
    b"99a99dbj8if886e9j666gfhdhf",
    b"6fce3fdf4ifdce7djdbcbgggdj",
    b"5dcc5de96iebd96cja8cdkffei",
    b"8b8b7ccd6efa9d96hba5cfed9h",
    b"798a9bbdcee88896fa77adcdhd",
    b"6dce3ega7fdbbd7egdcc9hfe98",
];

/// A letter after another says as much in a text of letters that are drawn, in half bits. Words are below that.
const DRAWN: i32 = 9;
const DIGIT_AFTER_LETTER: i32 = 4;
/// `v2`, `sha256` and `node17` are names; what goes on with a letter seldom is.
const LETTER_AFTER_DIGIT: i32 = 8;
/// Dates, versions and numbers.
const DIGIT_AFTER_DIGIT: i32 = -1;
/// Names have short parts.
const SEPARATOR: i32 = -7;
const SEPARATOR_AFTER_SEPARATOR: i32 = 4;

/// A stretch of a text that is more surprising than names are.
#[derive(Default)]
struct Stretch {
    surprise: i32,
    letters_and_digits: usize,
    /// How often a letter stands beside a digit.
    changes: usize,
}

/// Whether some stretch of this text, in small letters, is too surprising for a name. A known form of token leaves less
/// room for surprises.
pub(super) fn is_drawn(text: &str, is_a_token: bool) -> bool {
    let mut stretch = Stretch::default();
    let mut before = b'.';
    text.bytes().any(|each| {
        stretch.go_on(before, each);
        before = each;
        stretch.is_drawn(is_a_token)
    })
}

impl Stretch {
    fn go_on(&mut self, before: u8, each: u8) {
        self.surprise += surprise(before, each);
        if self.surprise <= 0 {
            *self = Stretch::default();
        }
        self.letters_and_digits += usize::from(each.is_ascii_alphanumeric());
        self.changes += usize::from(is_change(before, each));
    }

    /// The longer it is, the less it takes: short ones are abbreviations, types of machines, names from other languages.
    fn is_drawn(&self, is_a_token: bool) -> bool {
        let least = match (self.changes, self.letters_and_digits) {
            _ if is_a_token => 12,
            (2.., 16..) => 17,
            (2.., 12..) => 22,
            (2.., 10..) => 30,
            (_, 16..) => 26,
            (_, 12..) => 34,
            _ => return false,
        };
        self.surprise >= least
    }
}

/// How surprising a part without separators is, for names less than nothing.
pub(super) fn surprise_within(part: &str) -> i32 {
    part.as_bytes().windows(2).map(|pair| surprise(pair[0], pair[1])).sum()
}

/// Whether a letter stands beside a digit.
pub(super) fn is_change(before: u8, each: u8) -> bool {
    (before.is_ascii_digit() && each.is_ascii_alphabetic())
        || (before.is_ascii_alphabetic() && each.is_ascii_digit())
}

fn surprise(before: u8, each: u8) -> i32 {
    match (before, each) {
        // Rows of one letter are no secret.
        (b'a'..=b'z', b'a'..=b'z') if before == each => (rarity(before, each) - DRAWN).min(0),
        (b'a'..=b'z', b'a'..=b'z') => rarity(before, each) - DRAWN,
        (b'a'..=b'z', b'0'..=b'9') => DIGIT_AFTER_LETTER,
        (b'0'..=b'9', b'a'..=b'z') => LETTER_AFTER_DIGIT,
        (b'0'..=b'9', b'0'..=b'9') => DIGIT_AFTER_DIGIT,
        (_, b'a'..=b'z' | b'0'..=b'9') => 0,
        (b'a'..=b'z' | b'0'..=b'9', _) => SEPARATOR,
        _ => SEPARATOR_AFTER_SEPARATOR,
    }
}

fn rarity(before: u8, each: u8) -> i32 {
    match RARITY[usize::from(before - b'a')][usize::from(each - b'a')] {
        digit @ b'0'..=b'9' => i32::from(digit - b'0'),
        letter => 10 + i32::from(letter - b'a'),
    }
}
