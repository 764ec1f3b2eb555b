//! The text of names: their cases, the rule for an operation's name, and which known name a typo meant.

use proc_macro2::{TokenStream, TokenTree};

/// The longest label that code chooses, in bytes.
const LABEL_LIMIT: usize = 64;

/// The operation that what does not fit is folded into; no function can have its name.
pub(crate) const OVERFLOW_OP: &str = "other";

/// `token_expired` as `TokenExpired`.
pub(crate) fn upper_camel(label: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    label.split('_').map(word).collect()
}

/// `TokenExpired` as `token_expired`; a run of capitals is one word, as in `MFARequired`.
pub(crate) fn snake_case(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut snake = String::with_capacity(name.len() + 4);
    let mut letters = name.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(letter) = letters.next() {
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before != '_'
                    && (!before.is_uppercase() || letters.peek().is_some_and(|next| next.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
        before = Some(letter);
    }
    snake
}

/// Whether `op` can be an operation's name: `[a-z][a-z0-9_]*`, at most 64 bytes, and not the overflow's.
pub(crate) fn is_op(op: &str) -> bool {
    is_label(op) && op != OVERFLOW_OP
}

/// Whether `text` has the form of a label: `[a-z][a-z0-9_]*`, at most 64 bytes.
pub(crate) fn is_label(text: &str) -> bool {
    text.len() <= LABEL_LIMIT
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The operation's name that `wrong` comes closest to, where it has letters enough.
pub(crate) fn corrected_op(wrong: &str) -> Option<String> {
    corrected(wrong).filter(|op| is_op(op))
}

/// The label that `wrong` comes closest to, where it has letters enough.
pub(crate) fn corrected(wrong: &str) -> Option<String> {
    let ascii: String =
        wrong.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let snake = snake_case(&ascii);
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    let joined = words.join("_");
    let mut label = joined.trim_start_matches(|letter: char| !letter.is_ascii_lowercase()).to_owned();
    label.truncate(LABEL_LIMIT);
    is_label(&label).then_some(label)
}

/// The up to three of `known` that a writer of `wrong` may have meant, nearest first; one alone where that is certain.
pub(crate) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = snake_case(wrong);
    let mut ranked: Vec<(usize, &str)> =
        known.filter_map(|known| Some((misfit(&wrong, known)?, known))).collect();
    ranked.sort_by_key(|(misfit, _)| *misfit);
    let is_certain = ranked.first().is_some_and(|(_, known)| is_nearly(&wrong, known));
    ranked.into_iter().take(if is_certain { 1 } else { 3 }).map(|(_, known)| known).collect()
}

/// How far `known` is from `wrong`; nothing where they have neither letters nor a word in common.
fn misfit(wrong: &str, known: &str) -> Option<usize> {
    let edits = distance(wrong, known);
    let shared = wrong
        .split('_')
        .filter(|word| word.len() > 2 && *word != "not" && known.split('_').any(|other| other == *word))
        .count();
    let is_typo = edits <= known.len().max(wrong.len()) / 3;
    (is_typo || shared > 0).then(|| (edits + 20).saturating_sub(shared * 6 + usize::from(is_typo) * 8))
}

/// Whether two words differ by one letter at most, and only where they are long enough for a slip.
pub(crate) fn is_nearly(word: &str, known: &str) -> bool {
    word == known || (known.len() > 5 && distance(word, known) <= 1)
}

/// The number of letters to insert, delete or replace to make `to` of `from`.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (above, from) in from.chars().enumerate() {
        let (mut diagonal, mut left) = (above, above + 1);
        for (cell, to) in row.iter_mut().skip(1).zip(to.chars()) {
            left = (left + 1).min(*cell + 1).min(diagonal + usize::from(from != to));
            diagonal = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// ``` `a`, `b` or `c` ``` ; empty for no names.
pub(crate) fn alternatives(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [all @ .., last] => {
            let all: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", all.join(", "))
        }
    }
}

/// `: did you mean ...?`, or `otherwise` where no known name is near.
pub(crate) fn did_you_mean(names: &[&str], otherwise: &str) -> String {
    if names.is_empty() { otherwise.to_owned() } else { format!(": did you mean {}?", alternatives(names)) }
}

/// Whether any word of the tokens satisfies `is`, at any depth.
pub(crate) fn any_word(tokens: TokenStream, is: &dyn Fn(&str) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => any_word(group.stream(), is),
        TokenTree::Ident(word) => is(&word.to_string()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::REASONS;

    #[test]
    fn every_label_survives_the_way_to_a_variant_and_back() {
        for row in REASONS {
            assert_eq!(snake_case(&upper_camel(row.label)), row.label);
        }
    }

    #[test]
    fn runs_of_capitals_and_digits_are_one_word() {
        assert_eq!(snake_case("MFARequired"), "mfa_required");
        assert_eq!(snake_case("InvalidJWT"), "invalid_jwt");
        assert_eq!(snake_case("Oauth2Failed"), "oauth2_failed");
        assert_eq!(snake_case("r#Timeout"), "timeout");
    }

    #[test]
    fn operation_names_are_lowercase_words_of_limited_length() {
        assert!(is_op("login") && is_op("verify_totp2") && is_op(&"a".repeat(64)));
        for wrong in ["", "Login", "2fa", "_login", "log-in", "log in", "é", "other", &"a".repeat(65)] {
            assert!(!is_op(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_operation_name_is_corrected_where_it_has_letters() {
        assert_eq!(corrected_op("user.LoginV2").as_deref(), Some("user_login_v2"));
        assert_eq!(corrected_op("2FA check").as_deref(), Some("fa_check"));
        assert_eq!(corrected_op(&"Ab".repeat(40)).map(|op| op.len()), Some(64));
        assert_eq!(corrected_op("--"), None);
        assert_eq!(corrected_op("Other"), None);
    }

    #[test]
    fn typos_and_swapped_words_find_the_label_that_was_meant() {
        let meant = |wrong| nearest(wrong, REASONS.iter().map(|row| row.label)).first().copied();
        assert_eq!(meant("invalid_credential"), Some("invalid_credentials"));
        assert_eq!(meant("InvalidCredentials"), Some("invalid_credentials"));
        assert_eq!(meant("expired_token"), Some("token_expired"));
        assert_eq!(meant("locked"), Some("account_locked"));
        assert_eq!(meant("zebra"), None);
    }

    #[test]
    fn no_more_than_three_names_are_offered() {
        assert_eq!(nearest("token_wrong", REASONS.iter().map(|row| row.label)).len(), 3);
        assert_eq!(did_you_mean(&["a", "b", "c"], ""), ": did you mean `a`, `b` or `c`?");
    }
}
