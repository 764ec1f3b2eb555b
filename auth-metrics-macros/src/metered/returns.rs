//! Whose a `return` in a body is: what is skipped because it has `return`s of its own, and what may hide one.

use proc_macro2::{Delimiter, Ident, TokenTree};

use crate::name;

/// Macros of std, tracing, log and `serde_json` that contain no `return` of their own. A user's macro of such a name may:
/// the call that it returns from is then no attempt.
const HARMLESS: [&str; 4] = [
    "addr_of assert assert_eq assert_ne cfg column concat dbg debug debug_assert debug_assert_eq",
    "debug_assert_ne debug_span env eprintln error error_span event file format format_args include_bytes",
    "include_str info info_span json line matches module_path option_env panic println span stringify",
    "submit todo trace trace_span unimplemented unreachable vec warn warn_span write writeln",
];

/// Whether a `|` has nothing before it that it could stand between.
pub(super) fn begins_closure(before: Option<&TokenTree>, token: &TokenTree) -> bool {
    const WORDS: [&str; 5] = ["async", "else", "in", "move", "static"];
    let is_bar = matches!(token, TokenTree::Punct(bar) if bar.as_char() == '|');
    is_bar
        && match before {
            None => true,
            Some(TokenTree::Ident(word)) => WORDS.iter().any(|known| word == known),
            Some(TokenTree::Punct(mark)) => !matches!(mark.as_char(), '|' | '?'),
            Some(TokenTree::Group(_) | TokenTree::Literal(_)) => false,
        }
}

/// What is no part of the function that it stands in: an `async` block, or an item that is a function.
pub(super) fn block_of_its_own<'a>(
    token: &TokenTree,
    rest: &'a [TokenTree],
) -> Option<(Vec<TokenTree>, &'a [TokenTree])> {
    let length = match (token, rest) {
        (TokenTree::Ident(word), rest) if word == "async" => match rest {
            [body, ..] if is_braced(body) => 1,
            [TokenTree::Ident(by), body, ..] if by == "move" && is_braced(body) => 2,
            _ => return None,
        },
        (TokenTree::Ident(word), [TokenTree::Ident(_), ..]) if word == "fn" => function(rest)?,
        _ => return None,
    };
    let (block, after) = rest.split_at_checked(length)?;
    Some((std::iter::once(token).chain(block).cloned().collect(), after))
}

/// How many tokens there are from a function's name to the end of its body.
fn function(tokens: &[TokenTree]) -> Option<usize> {
    let is_mark = |token: Option<&TokenTree>, marks: [char; 2]| matches!(token, Some(TokenTree::Punct(mark)) if marks.contains(&mark.as_char()));
    // Braces before `>` or `,` are a constant in the return type.
    let ends = |at: usize, token: &TokenTree| {
        is_mark(Some(token), [';'; 2])
            || is_braced(token) && !is_mark(at.checked_add(1).and_then(|next| tokens.get(next)), ['>', ','])
    };
    let end = tokens.iter().enumerate().find(|(at, token)| ends(*at, token))?.0;
    end.checked_add(1)
}

fn is_braced(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(body) if body.delimiter() == Delimiter::Brace)
}

/// Whether `async` begins what can't be told: no block, closure or function.
pub(super) fn is_strange_async(word: &Ident, rest: &[TokenTree]) -> bool {
    let is_bar =
        |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(bar)) if bar.as_char() == '|');
    word == "async"
        && match rest.first() {
            Some(TokenTree::Ident(next)) if next == "move" => !is_bar(rest.get(1)),
            Some(TokenTree::Ident(next)) => ["fn", "unsafe", "extern"].iter().all(|known| next != known),
            first => !is_bar(first),
        }
}

/// Whether a macro is called that may return from the function, or is defined: it may have any name.
pub(super) fn is_foreign_macro(name: &Ident, rest: &[TokenTree]) -> bool {
    let [TokenTree::Punct(mark), after @ ..] = rest else { return false };
    mark.as_char() == '!'
        && match after {
            [TokenTree::Group(given), ..] => {
                HARMLESS.iter().flat_map(|line| line.split(' ')).all(|harmless| name != harmless)
                    || name::any_word(given.stream(), &|word| word == "return")
            }
            _ => name == "macro_rules",
        }
}
