//! What of other crates stands in the public signatures of a crate: in public items without their bodies, and in implementations
//! for public types. `unreachable_pub` is on, so that `pub` alone is public. Sees no type that only a macro names.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree, token_stream};

use crate::scan::{Scan, is_for_tests, scan};

type Trees = Peekable<token_stream::IntoIter>;

/// Which file shows which of these crates.
pub(crate) fn shown(
    texts: &BTreeMap<String, String>,
    crates: &BTreeSet<String>,
) -> BTreeSet<(String, String)> {
    let public: BTreeSet<String> = texts.values().flat_map(|text| public_types(text)).collect();
    let mut shown = BTreeSet::new();
    for (file, text) in texts {
        let mut signatures = Signatures { public: &public, found: TokenStream::new() };
        signatures.items(text.parse().expect("the file is Rust"));
        let (all, signatures) = (scan(&[], text), scan(&[], &signatures.found.to_string()));
        let mut named = named(&all, &signatures);
        // A module of the same name hides the crate.
        named.retain(|name| crates.contains(name) && !text.contains(&format!("mod {name};")));
        shown.extend(named.into_iter().map(|name| (file.clone(), name)));
    }
    shown
}

/// The first names of every path in the signatures, be they imported.
fn named(all: &Scan, signatures: &Scan) -> BTreeSet<String> {
    let is_used = |name: &Option<String>| name.as_ref().is_some_and(|name| signatures.words.contains(name));
    let imports = all.imports.iter().filter(|import| is_used(&import.name));
    let imports = imports.chain(&signatures.imports).map(|import| &import.written);
    imports.chain(&signatures.paths).filter_map(|written| written.path.first().cloned()).collect()
}

/// The public types that a file declares.
fn public_types(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_type =
        |words: &&[&str]| words[0] == "pub" && ["struct", "enum", "trait", "type"].contains(&words[1]);
    let name = |word: &str| word.chars().take_while(|each| each.is_alphanumeric() || *each == '_').collect();
    words.windows(3).filter(is_type).map(|words| name(words[2])).collect()
}

struct Signatures<'p> {
    public: &'p BTreeSet<String>,
    found: TokenStream,
}

impl Signatures<'_> {
    /// Reads what stands in a file, a module, an implementation or a macro.
    fn items(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Punct(mark) if mark.as_char() == '#' => skip_attribute(&mut trees),
                TokenTree::Ident(word) if word == "pub" && !is_restricted(&mut trees) => {
                    self.public(&mut trees);
                }
                TokenTree::Ident(word) if word == "impl" => self.implementation(&mut trees),
                TokenTree::Ident(word) if word == "fn" => drop(head(&mut trees)),
                TokenTree::Group(group) => self.items(group.stream()),
                _ => {}
            }
        }
    }

    /// Reads an item from behind its `pub`.
    fn public(&mut self, trees: &mut Trees) {
        let keyword = trees.peek().map(ToString::to_string).unwrap_or_default();
        let (head, body) = head(trees);
        match (&*keyword, body) {
            ("mod", Some(body)) => self.items(body.stream()),
            ("struct", body) => {
                let (tuples, rest): (Vec<_>, Vec<_>) =
                    head.into_iter().partition(|tree| is_group(tree, Delimiter::Parenthesis));
                self.found.extend(rest);
                let tuples = tuples.into_iter().filter_map(|tree| match tree {
                    TokenTree::Group(group) => Some(group),
                    _ => None,
                });
                for fields in body.into_iter().chain(tuples) {
                    self.fields(&fields);
                }
            }
            ("trait", body) => {
                self.add(head);
                if let Some(body) = body {
                    self.members(body.stream());
                }
            }
            ("enum", body) => {
                self.add(head);
                self.add(body.into_iter().flat_map(|body| body.stream()).collect());
            }
            _ => self.add(head),
        }
    }

    /// The public ones of these fields.
    fn fields(&mut self, fields: &Group) {
        let mut trees = fields.stream().into_iter().peekable();
        while let Some(tree) = trees.next() {
            let is_public = tree.to_string() == "pub" && !is_restricted(&mut trees);
            if is_public {
                let is_in_field = |tree: &TokenTree| tree.to_string() != ",";
                let field: TokenStream = std::iter::from_fn(|| trees.next_if(is_in_field)).collect();
                self.add(field);
            }
        }
    }

    /// Reads an implementation from behind its `impl`: all of one of a trait for a public type, the public functions of another.
    fn implementation(&mut self, trees: &mut Trees) {
        let (head, body) = head(trees);
        let Some(body) = body else { return };
        let words: Vec<String> = head.clone().into_iter().map(|tree| tree.to_string()).collect();
        match words.iter().rposition(|word| word == "for") {
            None => self.items(body.stream()),
            Some(place) => {
                if words[place..].iter().any(|word| self.public.contains(word)) {
                    self.add(head);
                    self.members(body.stream());
                }
            }
        }
    }

    /// Everything in a trait, or in an implementation of one, but for the bodies.
    fn members(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while trees.peek().is_some() {
            let (head, _) = head(&mut trees);
            self.add(head);
        }
    }

    /// Takes tokens without attributes, values, and the names of arguments and fields.
    fn add(&mut self, stream: TokenStream) {
        let words: Vec<String> = stream.clone().into_iter().take(2).map(|tree| tree.to_string()).collect();
        let has_value =
            matches!(&words[..], [first, second] if first == "static" || first == "const" && second != "fn");
        let is_kept = |tree: &TokenTree| !has_value || tree.to_string() != "=";
        let mut trees = stream.into_iter().take_while(is_kept).peekable();
        let mut is_lifetime = false;
        while let Some(tree) = trees.next() {
            let was_quote = std::mem::replace(&mut is_lifetime, tree.to_string() == "'");
            match tree {
                TokenTree::Punct(mark) if mark.as_char() == '#' => drop(trees.next()),
                // The bound of a lifetime is no type of an argument.
                TokenTree::Ident(_) if !was_quote && trees.peek().is_some_and(is_single_colon) => {}
                TokenTree::Group(group) => {
                    let mut inner = Signatures { public: self.public, found: TokenStream::new() };
                    inner.add(group.stream());
                    self.found.extend([TokenTree::from(Group::new(group.delimiter(), inner.found))]);
                }
                tree => self.found.extend([tree]),
            }
        }
        // So that no two signatures make one path.
        self.found.extend(";".parse::<TokenStream>().expect("a mark"));
    }
}

/// What comes before a body, a value or the semicolon that ends the item; and the body. The braces of `use` are none.
fn head(trees: &mut Trees) -> (TokenStream, Option<Group>) {
    let is_import = trees.peek().is_some_and(|tree| tree.to_string() == "use");
    let mut head = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace && !is_import => {
                return (head, Some(body));
            }
            TokenTree::Punct(end) if end.as_char() == ';' => break,
            TokenTree::Punct(mark) if mark.as_char() == '#' => drop(trees.next()),
            tree => head.extend([tree]),
        }
    }
    (head, None)
}

fn skip_attribute(trees: &mut Trees) {
    let is_test = trees.peek().is_some_and(is_for_tests);
    trees.next();
    if is_test {
        drop(head(trees));
    }
}

/// Whether the `pub` before is one of this crate, such as `pub(crate)`.
fn is_restricted(trees: &mut Trees) -> bool {
    trees.next_if(|tree| is_group(tree, Delimiter::Parenthesis)).is_some()
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn is_single_colon(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ':' && mark.spacing() == Spacing::Alone)
}
