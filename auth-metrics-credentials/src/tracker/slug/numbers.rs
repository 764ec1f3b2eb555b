//! Recognizes numbers of cards, accounts and devices, and addresses. Dates, times and versions are not among them.

/// How many digits in one piece are more than names have, if they are no time.
const LONG: usize = 13;

/// Whether there is a number in it that is too long for a name.
pub(super) fn has_long_number(text: &str) -> bool {
    let runs = text.split(|each: char| !each.is_ascii_digit());
    runs.filter(|run| run.len() >= LONG).any(|run| !is_a_time(run))
}

/// Whether this part is a time in digits: milliseconds, microseconds or nanoseconds since 1970 from 2017 to 2036; a date with a
/// time, or with another date.
pub(super) fn is_a_time(digits: &str) -> bool {
    if digits.len() < LONG || !digits.bytes().all(|each| each.is_ascii_digit()) {
        return false;
    }
    let since_1970 = ("1500000000".."2100000000").contains(&&digits[..10]);
    let (date, rest) = digits.split_at(8);
    match digits.len() {
        13 | 19 => since_1970,
        16 => since_1970 || (is_a_date(date) && is_a_date(rest)),
        14 | 17 | 20 => is_a_date(date) && is_below(&rest[..2], 24) && is_below(&rest[2..4], 60),
        _ => false,
    }
}

fn is_a_date(digits: &str) -> bool {
    let (year, day) = digits.split_at(4);
    (year.starts_with("19") || year.starts_with("20"))
        && ("01"..="12").contains(&&day[..2])
        && ("01"..="31").contains(&&day[2..])
}

fn is_below(digits: &str, end: u8) -> bool {
    digits.parse::<u8>().is_ok_and(|number| number < end)
}

/// Whether there are the four numbers of an address in it, with dots. A version says more or fewer numbers, or has a `v` before
/// it.
pub(super) fn has_address(text: &str) -> bool {
    let is_digit = |edge: Option<char>| edge.is_some_and(|each| each.is_ascii_digit());
    text.split(['-', '_']).any(|part| {
        let numbers: Vec<&str> = part.split('.').collect();
        (4..=numbers.len()).any(|end| {
            let (before, after) = (numbers[..end - 4].last(), numbers.get(end));
            let goes_on = before.is_some_and(|part| is_digit(part.chars().last()))
                || after.is_some_and(|part| is_digit(part.chars().next()));
            !goes_on && numbers[end - 4..end].iter().all(|number| is_octet(number))
        })
    })
}

fn is_octet(number: &str) -> bool {
    let is_plain = number == "0" || !number.starts_with('0');
    is_plain && number.bytes().all(|each| each.is_ascii_digit()) && number.parse::<u8>().is_ok()
}
