//! A body whose future can be seen: it ends in `Box::pin(async move { .. })`, `async move { .. }`, or such a block with
//! `.boxed()` or `.instrument(span)`. Such a body keeps its shape: other attributes look for it (`#[instrument]` does),
//! and a future that is made in place outlives what an `async` block holds, where a box that is boxed once more must
//! outlive its output too.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::returns::{begins_closure, block_of_its_own, is_foreign_macro, is_strange_async};

/// Methods of tracing and futures that give a future with the same output.
const ADAPTERS: [&str; 4] = ["boxed", "boxed_local", "in_current_span", "instrument"];

/// An `async` block that the function returns.
pub(super) struct Block<'a> {
    /// `async` or `async move`, as the user wrote it.
    pub(super) keywords: &'a [TokenTree],
    pub(super) body: &'a Group,
}

/// The parts of a body that returns such futures and no others.
pub(super) struct Shaped {
    /// All but the last expression.
    pub(super) statements: TokenStream,
    pub(super) last: TokenStream,
}

/// The body with `change` made to what each of its blocks contains, and `around` to each early return. Nothing, if it may
/// return anything else.
pub(super) fn changed(
    body: &TokenStream,
    change: &dyn Fn(&Block<'_>) -> TokenTree,
    around: &dyn Fn(TokenStream) -> TokenTree,
) -> Option<Shaped> {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    let start = (0..tokens.len()).rev().find(|&at| starts_last(&tokens, at))?;
    let (statements, last) = tokens.split_at_checked(start)?;
    let (last, []) = future(last, change)? else { return None };
    let changer = Changer { change, around };
    Some(Shaped { statements: changer.statements(statements, false)?, last })
}

/// Whether the last expression can start there: after a statement.
fn starts_last(tokens: &[TokenTree], at: usize) -> bool {
    let is_after_statement = match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None => true,
        Some(TokenTree::Punct(end)) => end.as_char() == ';',
        Some(TokenTree::Group(block)) => block.delimiter() == Delimiter::Brace,
        Some(_) => false,
    };
    let is_path = match tokens.get(at) {
        Some(TokenTree::Ident(_)) => true,
        Some(TokenTree::Punct(colon)) => colon.as_char() == ':',
        _ => false,
    };
    is_after_statement && is_path
}

/// The future that the tokens begin with, changed, and the tokens after it.
fn future<'a>(
    tokens: &'a [TokenTree],
    change: &dyn Fn(&Block<'_>) -> TokenTree,
) -> Option<(TokenStream, &'a [TokenTree])> {
    if let Some((block, rest)) = block(tokens) {
        let keywords: TokenStream = block.keywords.iter().cloned().collect();
        let (changed, (methods, rest)) = (change(&block), methods(rest));
        return Some((quote!(#keywords #changed #methods), rest));
    }
    let arguments_at = tokens.iter().position(|token| matches!(token, TokenTree::Group(_)))?;
    let (path, rest) = tokens.split_at_checked(arguments_at)?;
    let (TokenTree::Group(arguments), rest) = rest.split_first()? else { return None };
    if !is_box_pin(path) || arguments.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let inside: Vec<TokenTree> = arguments.stream().into_iter().collect();
    let (changed, comma) = future(&inside, change)?;
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
    if !comma.iter().all(is_comma) {
        return None;
    }
    let mut pinned = Group::new(Delimiter::Parenthesis, changed);
    pinned.set_span(arguments.span());
    let path: TokenStream = path.iter().cloned().collect();
    Some((quote!(#path #pinned), rest))
}

/// The calls that follow a block and leave its output as it is, and the tokens after them.
fn methods(mut rest: &[TokenTree]) -> (TokenStream, &[TokenTree]) {
    let mut methods = TokenStream::new();
    while let [TokenTree::Punct(dot), TokenTree::Ident(name), TokenTree::Group(given), after @ ..] = rest {
        if dot.as_char() != '.' || ADAPTERS.iter().all(|adapter| name != adapter) {
            break;
        }
        methods.extend(quote!(#dot #name #given));
        rest = after;
    }
    (methods, rest)
}

/// The `async` block that the tokens begin with, and the tokens after it.
fn block(tokens: &[TokenTree]) -> Option<(Block<'_>, &[TokenTree])> {
    let length = match tokens {
        [TokenTree::Ident(word), TokenTree::Group(_), ..] if word == "async" => 1,
        [TokenTree::Ident(word), TokenTree::Ident(by), TokenTree::Group(_), ..]
            if word == "async" && by == "move" =>
        {
            2
        }
        _ => return None,
    };
    let (keywords, rest) = tokens.split_at_checked(length)?;
    let (TokenTree::Group(body), rest) = rest.split_first()? else { return None };
    (body.delimiter() == Delimiter::Brace).then_some((Block { keywords, body }, rest))
}

/// Whether the tokens are `Box::pin`, by whatever path.
fn is_box_pin(path: &[TokenTree]) -> bool {
    let is_part = |token: &TokenTree| match token {
        TokenTree::Ident(name) => name != "return",
        TokenTree::Punct(colon) => colon.as_char() == ':',
        _ => false,
    };
    let names: Vec<&Ident> = path
        .iter()
        .filter_map(|token| if let TokenTree::Ident(name) = token { Some(name) } else { None })
        .collect();
    path.iter().all(is_part)
        && matches!(names.as_slice(), [.., owner, pin] if *owner == "Box" && *pin == "pin")
}

struct Changer<'a> {
    change: &'a dyn Fn(&Block<'_>) -> TokenTree,
    around: &'a dyn Fn(TokenStream) -> TokenTree,
}

impl Changer<'_> {
    /// Statements whose early returns are changed. `closed` is whether they may stand in a closure, whose `return`s are not
    /// those of the function.
    fn statements(&self, tokens: &[TokenTree], closed: bool) -> Option<TokenStream> {
        let mut changed = TokenStream::new();
        let (mut rest, mut before, mut is_closed) = (tokens, None, closed);
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            if let Some((block, after)) = block_of_its_own(token, after) {
                changed.extend(block);
                rest = after;
            } else {
                match token {
                    TokenTree::Ident(word) if word == "return" => {
                        let (returned, after) = future(after, self.change)?;
                        if is_closed || !ends_statement(after) {
                            return None;
                        }
                        changed.extend([token.clone(), (self.around)(returned)]);
                        rest = after;
                    }
                    TokenTree::Ident(name)
                        if is_foreign_macro(name, after) || is_strange_async(name, after) =>
                    {
                        return None;
                    }
                    TokenTree::Group(group) => {
                        let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                        let mut kept = Group::new(group.delimiter(), self.statements(&inside, is_closed)?);
                        kept.set_span(group.span());
                        changed.extend([TokenTree::from(kept)]);
                    }
                    token => {
                        is_closed = match token {
                            TokenTree::Punct(end) if end.as_char() == ';' => closed,
                            token => is_closed || begins_closure(before, token),
                        };
                        changed.extend([token.clone()]);
                    }
                }
            }
            before = Some(token);
        }
        Some(changed)
    }
}

fn ends_statement(tokens: &[TokenTree]) -> bool {
    match tokens.first() {
        None => true,
        Some(TokenTree::Punct(end)) => matches!(end.as_char(), ';' | ','),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The body with `changed` in each block that the function returns, and `early` before each early return.
    fn shown(body: &str) -> Option<String> {
        let change = |_: &Block<'_>| TokenTree::Group(Group::new(Delimiter::Brace, quote!(changed)));
        let around = |returned| TokenTree::Group(Group::new(Delimiter::Brace, quote!(early; #returned)));
        let shaped = changed(&body.parse().ok()?, &change, &around)?;
        Some(format!("{} {}", shaped.statements, shaped.last))
    }

    fn early_returns(body: &str) -> Option<usize> {
        shown(body).map(|shown| shown.matches("early").count())
    }

    const RETURN: &str = "if c { return Box::pin(async { Err(E) }); } Box::pin(async move { Ok(1) })";

    #[test]
    fn an_early_return_after_an_async_closure_is_changed() {
        for closure in [
            "let f = async |x: u8| x;",
            "let f = async move |x: u8| match x { 0 => 1, y => y };",
            "let f = async || -> u8 { 1 };",
            "let f = async { 1 };",
            "async fn f(x: u8) -> u8 { return x; }",
            "async unsafe fn f() -> Digest<{ LEN }> { return Digest; }",
            "fn f() -> Digest<{ LEN }, 2> { return Digest; }",
        ] {
            assert_eq!(early_returns(&format!("{closure} {RETURN}")), Some(1), "{closure}");
        }
    }

    #[test]
    fn what_may_return_anything_is_left_alone() {
        for statement in [
            "let f = async |x: u8| { return x; };",
            "let f = async $block;",
            "try_login!(c);",
            "macro_rules! info { () => { return Box::pin(async { Err(E) }) } } info!();",
        ] {
            assert_eq!(early_returns(&format!("{statement} {RETURN}")), None, "{statement}");
        }
    }

    #[test]
    fn methods_that_may_change_the_output_are_left_alone() {
        let is_seen = |method: &str| shown(&format!("async move {{ Ok(1) }}.{method}(x)")).is_some();
        for method in ["in_span", "map_err", "traced"] {
            assert!(!is_seen(method), "{method}");
        }
        for method in ["instrument", "in_current_span", "boxed", "boxed_local"] {
            assert!(is_seen(method), "{method}");
        }
    }
}
