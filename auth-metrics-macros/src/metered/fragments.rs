//! Fragments of a `macro_rules!`, which arrive in invisible groups. Knows nothing of what they are for.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A `$body:block` of a `macro_rules!` arrives in an invisible group.
pub(super) fn ungroup(token: TokenTree) -> TokenTree {
    if let TokenTree::Group(group) = &token
        && group.delimiter() == Delimiter::None
    {
        let mut inside = group.stream().into_iter();
        if let (Some(only), None) = (inside.next(), inside.next()) {
            return ungroup(only);
        }
    }
    token
}

/// The tokens of an attribute; a `$attribute:meta` of a `macro_rules!` arrives in an invisible group.
pub(super) fn ungrouped(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                all.extend(ungrouped(group.stream()));
            }
            token => all.push(token),
        }
    }
    all
}
