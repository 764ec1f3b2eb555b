//! `#[auth_metered]` on an `impl` or a `trait`: each `#[op("name", ..)]` in it becomes the attribute of its method.
//! Everything else stays token for token.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Expr, Lit, Result, Token, Visibility};

use super::args;
use super::around;
use super::fragments::{ungroup, ungrouped};
use super::reading::CLASSIFY_ALONE;
use crate::diag::Diag;
use crate::name;
use crate::runtime::Runtime;

/// An `impl` or a `trait`.
pub(super) struct Block {
    head: TokenStream,
    /// Where it says `impl` or `trait`.
    keyword: Span,
    body: Group,
}

/// The block under the attribute, if the item is one.
pub(super) fn read(item: &TokenStream) -> Option<Block> {
    let mut head: Vec<TokenTree> = item.clone().into_iter().collect();
    let Some(TokenTree::Group(body)) = head.pop().map(ungroup) else { return None };
    let head: TokenStream = head.into_iter().collect();
    let keyword = keyword.parse2(head.clone()).ok()?;
    (body.delimiter() == Delimiter::Brace).then_some(Block { head, keyword, body })
}

fn keyword(input: ParseStream<'_>) -> Result<Span> {
    Attribute::parse_outer(input)?;
    input.parse::<Visibility>()?;
    input.parse::<Option<Token![default]>>()?;
    input.parse::<Option<Token![unsafe]>>()?;
    input.parse::<Option<Token![auto]>>()?;
    let span = input.span();
    let ahead = input.lookahead1();
    if ahead.peek(Token![impl]) || ahead.peek(Token![trait]) {
        input.parse::<TokenStream>()?;
        return Ok(span);
    }
    Err(ahead.error())
}

/// The block with an attribute on each method that has `#[op("name")]`; after a mistake, without what was wrong.
pub(super) fn expand(arguments: TokenStream, block: &Block) -> TokenStream {
    let mut diag = Diag::default();
    let read = Shared::read(arguments, around::argument(&block.head, block.body.stream()));
    let mut methods = Methods::new(diag.keep(read), diag);
    let mut body = Group::new(Delimiter::Brace, methods.marked(block.body.stream()));
    body.set_span(block.body.span());
    methods.refuse_unused();
    if !methods.found && methods.shared.is_some() {
        let message = "no method here is metered: put `#[op(\"login\")]` on each method that authenticates";
        methods.diag.span(block.keyword, message);
    }
    let errors = methods.diag.finish(Some(())).err().map(Error::into_compile_error);
    let head = &block.head;
    quote!(#errors #head #body)
}

/// The block without its `#[op(..)]`s.
pub(super) fn unmarked(block: &Block) -> TokenStream {
    let mut methods = Methods::new(None, Diag::default());
    let mut body = Group::new(Delimiter::Brace, methods.marked(block.body.stream()));
    body.set_span(block.body.span());
    let head = &block.head;
    quote!(#head #body)
}

/// The arguments that all methods share.
struct Shared {
    runtime: Runtime,
    /// What the block says of itself, for each method.
    around: Option<TokenStream>,
    /// Each by its name.
    arguments: Vec<(Ident, TokenStream)>,
}

impl Shared {
    fn read(arguments: TokenStream, around: Option<TokenStream>) -> Result<Self> {
        let mut diag = Diag::default();
        let args = args::read(arguments.clone(), &mut diag);
        if let Some(op) = &args.op {
            let name = op.value.as_ref().map_or_else(|| "login".to_owned(), syn::LitStr::value);
            let message = format!("`op` is the name of one method: put `#[op({name:?})]` on that method");
            diag.span(op.span, message);
        }
        let beside = [
            args.reason.as_ref().map(|reason| reason.span),
            args.verdict.as_ref().map(|verdict| verdict.span),
            args.ok_is.as_ref().map(|ok_is| ok_is.span),
        ];
        for span in beside.into_iter().flatten().filter(|_| args.classify.is_some()) {
            diag.span(span, CLASSIFY_ALONE);
        }
        let runtime = Runtime::new(args.runtime.and_then(|path| path.value).as_ref());
        diag.finish(Some(()))?;
        Ok(Self { runtime, around, arguments: split.parse2(arguments)? })
    }
}

/// Every argument as it is written; they are known to be right.
fn split(input: ParseStream<'_>) -> Result<Vec<(Ident, TokenStream)>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let name = Ident::parse_any(input)?;
        let equals = input.parse::<Option<Token![=]>>()?;
        let value = if equals.is_some() { Some(input.parse::<Expr>()?) } else { None };
        all.push((name.clone(), quote!(#name #equals #value)));
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(all)
}

struct Methods {
    /// Nothing, if they can't be used.
    shared: Option<Shared>,
    diag: Diag,
    /// Whether there was an `#[op]` anywhere.
    found: bool,
    /// Whether an `#[op]` had a mistake, so that nobody knows what its method uses.
    has_mistake: bool,
    /// The shared arguments that some method has not overridden.
    used: BTreeSet<String>,
}

impl Methods {
    fn new(shared: Option<Shared>, diag: Diag) -> Self {
        Self { shared, diag, found: false, has_mistake: false, used: BTreeSet::new() }
    }

    /// Notes each shared argument that every method overrides. The path of this crate is used by the attributes themselves.
    fn refuse_unused(&mut self) {
        let shared = self.shared.iter().filter(|_| self.found && !self.has_mistake);
        for (name, _) in shared.flat_map(|shared| &shared.arguments) {
            if name != "crate" && !self.used.contains(&name.to_string()) {
                let message =
                    format!("no method here uses this `{name}`: each has its own, so drop this one");
                self.diag.span(name.span(), message);
            }
        }
    }

    /// One pass over one vector: what is ahead is borrowed, so that each token is read once however long the block is.
    fn marked(&mut self, body: TokenStream) -> TokenStream {
        let mut marked = Vec::new();
        let mut rest = body.into_iter().collect::<Vec<_>>().into_iter();
        while let Some(token) = rest.next() {
            match (&token, rest.as_slice()) {
                // A fragment of a `macro_rules!`, such as `$method:item`, arrives in an invisible group.
                (TokenTree::Group(fragment), _) if fragment.delimiter() == Delimiter::None => {
                    marked.push(around(fragment, self.marked(fragment.stream())));
                }
                (TokenTree::Punct(hash), [TokenTree::Group(attribute), item @ ..])
                    if hash.as_char() == '#' && attribute.delimiter() == Delimiter::Bracket =>
                {
                    let inside = ungrouped(attribute.stream());
                    let kept = match inside.first() {
                        Some(TokenTree::Ident(name)) if name == "op" || name == "cfg_attr" => {
                            self.meta(&inside, item).map(|inside| around(attribute, inside))
                        }
                        _ => Some(attribute.clone().into()),
                    };
                    rest.next();
                    marked.extend(kept.into_iter().flat_map(|kept| [token.clone(), kept]));
                }
                _ => marked.push(token),
            }
        }
        marked.into_iter().collect()
    }

    /// What an attribute becomes that stands before `item`; nothing, if it was an `#[op]` with a mistake.
    fn meta(&mut self, attribute: &[TokenTree], item: &[TokenTree]) -> Option<TokenStream> {
        match attribute {
            [TokenTree::Ident(name), given @ ..] if name == "op" => self.op(name, given, item),
            [TokenTree::Ident(name), TokenTree::Group(list)] if name == "cfg_attr" => {
                let list = ungrouped(list.stream());
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
                let mut parts = list.split(is_comma);
                let condition: TokenStream = parts.next().into_iter().flatten().cloned().collect();
                let parts: Vec<&[TokenTree]> = parts.collect();
                let then: Vec<TokenStream> = parts.iter().filter_map(|part| self.meta(part, item)).collect();
                // Where `#[op]`s were all that it held, the compiler would warn of what is left.
                let is_left = !then.is_empty() || parts.is_empty();
                is_left.then(|| quote!(#name(#condition, #(#then),*)))
            }
            other => Some(other.iter().cloned().collect()),
        }
    }

    fn op(&mut self, op: &Ident, given: &[TokenTree], item: &[TokenTree]) -> Option<TokenStream> {
        self.found = true;
        let Some(method) = method(item) else {
            self.has_mistake = true;
            self.diag.span(op.span(), "`#[op]` goes on a method: this item is never called");
            return None;
        };
        let given = match given {
            [TokenTree::Group(list)] => list.stream(),
            _ => TokenStream::new(),
        };
        let begins_with_name = |input: ParseStream<'_>| {
            let is_literal = input.peek(Lit);
            input.parse::<TokenStream>()?;
            Ok(is_literal)
        };
        if !begins_with_name.parse2(given.clone()).unwrap_or_default() {
            let meant = name::corrected_op(&method.to_string()).unwrap_or_else(|| "login".to_owned());
            self.has_mistake = true;
            self.diag
                .span(op.span(), format!("`#[op]` begins with the operation's name: `#[op({meant:?})]`"));
            return None;
        }
        let shared = self.shared.as_ref()?;
        let own = quote!(#op = #given);
        // What is wrong with them, the method's attribute will say.
        let names = args::read(own.clone(), &mut Diag::default()).names;
        let others = shared.arguments.iter().filter(|(name, _)| !names.contains(&name.to_string()));
        self.used.extend(others.clone().map(|(name, _)| name.to_string()));
        let mut others: Vec<TokenStream> = others.map(|(_, argument)| argument.clone()).collect();
        if !others.is_empty() {
            let mark = Ident::new(args::SHARED, Span::call_site());
            others.insert(0, quote!(#mark));
        }
        let ends_with_comma =
            matches!(given.into_iter().last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',');
        let comma = (!ends_with_comma).then(|| quote!(,));
        let attribute = shared.runtime.public(&quote!(auth_metered));
        let others = shared.around.iter().chain(&others);
        Some(quote!(#attribute(#own #comma #(#others),*)))
    }
}

/// The same group around other tokens.
fn around(group: &Group, tokens: TokenStream) -> TokenTree {
    let mut other = Group::new(group.delimiter(), tokens);
    other.set_span(group.span());
    other.into()
}

/// The name of the method that comes after an attribute, past those that follow it.
fn method(item: &[TokenTree]) -> Option<Ident> {
    let mut after_fn = false;
    match look_for_method(item, &mut after_fn) {
        ControlFlow::Break(method) => method,
        ControlFlow::Continue(()) => None,
    }
}

/// Breaks at the method's name, or where the item shows that it is none.
fn look_for_method(item: &[TokenTree], after_fn: &mut bool) -> ControlFlow<Option<Ident>> {
    for token in item {
        match token {
            TokenTree::Ident(name) if *after_fn => return ControlFlow::Break(Some(name.clone())),
            TokenTree::Ident(word) => *after_fn = word == "fn",
            TokenTree::Group(fragment) if fragment.delimiter() == Delimiter::None => {
                look_for_method(&fragment.stream().into_iter().collect::<Vec<_>>(), after_fn)?;
            }
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                return ControlFlow::Break(None);
            }
            TokenTree::Punct(end) if matches!(end.as_char(), ';' | '=') => return ControlFlow::Break(None),
            _ => *after_fn = false,
        }
    }
    ControlFlow::Continue(())
}
