//! The reader of uses on crates of a few lines: the level test is worth what this finds.

use std::collections::BTreeSet;

use crate::graph::Graph;

fn graph(files: &[(&str, &str)]) -> Graph {
    Graph::of(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect())
}

/// The uses of a crate in which `a` is as told, and `b` declares `B`.
#[track_caller]
fn assert_uses(a: &str, expected: &[&str]) {
    let root = "mod a; mod b; pub use b::{B as Renamed, C}; pub struct Own;";
    let b =
        "mod inner; pub use inner::*; pub use self::inner::D as E; pub struct B; pub fn b() {} pub struct C;";
    let files = [("lib.rs", root), ("a.rs", a), ("b/mod.rs", b), ("b/inner.rs", "pub struct D;")];
    let uses = graph(&files).uses();
    let found: Vec<&str> = uses.iter().filter(|each| each.from == "a.rs").map(|each| &*each.to).collect();
    assert_eq!(found, expected, "{a}");
}

#[test]
fn uses_are_found_however_they_are_written() {
    for text in [
        "use crate::b::B;",
        "use crate::{b::{B, b}};",
        "use super::b::b as other;",
        "fn a() { crate::b::b() }",
        "fn a(_: &[crate::b::B; 2]) {}",
        "use crate::b; fn a() { b::b() }",
        "use crate::b as c; fn a() { c::b() }",
        "use crate::{b::{self as c}}; fn a() { c::b() }",
        "macro_rules! a { () => { $crate::b::b() } }",
        "mod inside { use super::super::b::B; }",
        "use crate::b::*;",
        "use crate::C;",
        "use crate::Renamed;",
    ] {
        assert_uses(text, &["b/mod.rs"]);
    }
}

#[test]
fn names_that_are_handed_on_lead_to_the_file_that_declares_them() {
    assert_uses("use crate::b::D;", &["b/inner.rs"]);
    assert_uses("use crate::b::E;", &["b/inner.rs"]);
    assert_uses("use crate::b; fn a(_: b::E) {}", &["b/inner.rs"]);
    assert_uses("use crate::Own;", &["lib.rs"]);
}

#[test]
fn words_that_are_no_uses_are_none() {
    for text in [
        "// use crate::b::B;",
        "/// [`B`](crate::b::B)\nfn a() {}",
        "fn a() -> &'static str { \"crate::b::b()\" }",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(test)] use crate::b::B; fn a() {}",
        "#[cfg(all(test, unix))] mod tests { use crate::b::B; }",
        "use b::B;",
        "fn a() { ::b::b() }",
        "fn a() { other::b::b() }",
        "fn a<'a>() -> impl Iterator<Item = &'a u8> + use<'a> {}",
    ] {
        assert_uses(text, &[]);
    }
}

#[test]
fn exported_macro_is_used_where_it_is_written() {
    let of = |a: &str| {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", a),
            ("b.rs", "macro_rules! own { () => { $crate::own!() } }"),
        ];
        graph(&files).uses().into_iter().map(|each| each.from + " -> " + &each.to).collect::<Vec<_>>()
    };
    assert_eq!(of("fn a() { crate::own!() }"), ["a.rs -> b.rs"]);
    assert_eq!(of("fn a() {}"), Vec::<String>::new());
}

#[test]
fn circles_are_found_over_any_number_of_steps() {
    let circle = |d: &str| {
        let files = [
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b; mod c; mod d; pub use d::D;"),
            ("a/b.rs", "use super::c::inner::C; pub struct B;"),
            ("a/c/mod.rs", "pub mod inner;"),
            ("a/c/inner.rs", "use crate::a::D; pub struct C;"),
            ("a/d.rs", d),
        ];
        graph(&files).circles()
    };
    let all = ["a/b.rs", "a/c", "a/d.rs"].map(str::to_owned).to_vec();
    assert_eq!(circle("use super::b::B; pub struct D;"), BTreeSet::from([all]));
    assert_eq!(circle("pub struct D;"), BTreeSet::new());
}

#[test]
fn what_a_folder_hands_on_it_does_not_use() {
    let circle = |root: &str| {
        let inner = "use super::Own; pub struct Inner; pub fn inner() {}";
        graph(&[("lib.rs", "mod a;"), ("a/mod.rs", root), ("a/inner.rs", inner)]).circles()
    };
    assert_eq!(circle("mod inner; pub use inner::Inner; pub struct Own;"), BTreeSet::new());
    assert_eq!(circle("mod inner; pub use inner::inner; pub struct Own;"), BTreeSet::new());
    let both = ["a/inner.rs", "a/mod.rs"].map(str::to_owned).to_vec();
    assert_eq!(
        circle("mod inner; pub use inner::Inner; pub struct Own(Inner);"),
        BTreeSet::from([both.clone()])
    );
    assert_eq!(circle("mod inner; use inner::Inner; pub struct Own;"), BTreeSet::from([both]));
}
