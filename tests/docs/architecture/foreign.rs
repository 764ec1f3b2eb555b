//! Which types of other crates a user of each published crate can meet: those that a feature brings, named here with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::signatures::shown;
use crate::{CRATES, graph, root, sources};

/// Files of a crate, by the beginning of their path, and the crates that their signatures may name.
struct Allowed {
    of: &'static str,
    files: &'static str,
    crates: &'static [&'static str],
    why: &'static str,
}

const ALLOWED: &[Allowed] = &[
    Allowed { of: "auth-metrics", files: "__private.rs", crates: &["inventory"], why: "for expansions only" },
    Allowed {
        of: "auth-metrics",
        files: "encode/scrape.rs",
        crates: &["http"],
        why: "feature http1: the answer of a router",
    },
    Allowed {
        of: "auth-metrics",
        files: "handle/error.rs",
        crates: &["prometheus"],
        why: "feature prometheus: what the registry says",
    },
    Allowed {
        of: "auth-metrics",
        files: "lib.rs",
        crates: &["prometheus"],
        why: "feature prometheus: the crate itself",
    },
    Allowed {
        of: "auth-metrics",
        files: "registry.rs",
        crates: &["prometheus"],
        why: "feature prometheus: the registry",
    },
    Allowed {
        of: "auth-metrics",
        files: "limits/governed.rs",
        crates: &["governor"],
        why: "feature governor010: the limiter that is governed",
    },
    Allowed {
        of: "auth-metrics",
        files: "limits/layer.rs",
        crates: &["http", "tower_layer", "tower_service"],
        why: "feature tower: a layer over requests and responses",
    },
    Allowed {
        of: "auth-metrics",
        files: "reasons/crates/",
        crates: &[
            "actix_web4",
            "axum_login018",
            "bb8_09",
            "diesel2",
            "sea_orm1",
            "http",
            "ldap3_012",
            "rocket_http",
            "tokio",
            "totp_rs5",
        ],
        why: "a feature for each: the errors that it reads",
    },
    Allowed {
        of: "auth-metrics",
        files: "testing.rs",
        crates: &["tokio"],
        why: "feature testing: a task that is spawned inside of a scope is tokio's",
    },
    Allowed {
        of: "auth-metrics-actix",
        files: "attempts.rs",
        crates: &["actix_web"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-actix",
        files: "context.rs",
        crates: &["actix_web"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-actix",
        files: "scrape.rs",
        crates: &["actix_web"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-rocket",
        files: "attempts.rs",
        crates: &["rocket"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-rocket",
        files: "context.rs",
        crates: &["rocket"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-rocket",
        files: "outcomes.rs",
        crates: &["rocket"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-rocket",
        files: "reason.rs",
        crates: &["rocket"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-rocket",
        files: "scrape.rs",
        crates: &["rocket"],
        why: "the framework that the crate is named after",
    },
    Allowed {
        of: "auth-metrics-audit",
        files: "sink/logs.rs",
        crates: &["fasyslog", "opentelemetry033"],
        why: "a feature for each: where copies of the trail go",
    },
    Allowed {
        of: "auth-metrics-detect",
        files: "attach/subscription.rs",
        crates: &["futures_core"],
        why: "feature tokio: a subscription is a stream",
    },
    Allowed {
        of: "auth-metrics-detect",
        files: "redis/mod.rs",
        crates: &["redis"],
        why: "feature redis: the client whose server is used",
    },
    Allowed {
        of: "auth-metrics",
        files: "events/context_layer.rs",
        crates: &["http", "tower_layer", "tower_service"],
        why: "feature tower: the layer that makes the context of each request",
    },
    Allowed {
        of: "auth-metrics",
        files: "tower/layer.rs",
        crates: &["tower_layer"],
        why: "feature tower: the layer that meters services",
    },
    Allowed {
        of: "auth-metrics",
        files: "tower/reading.rs",
        crates: &["http"],
        why: "feature tower: the responses that it reads",
    },
    Allowed {
        of: "auth-metrics",
        files: "tower/service.rs",
        crates: &["tower_service"],
        why: "feature tower: a service around a service",
    },
    Allowed {
        of: "auth-metrics-credentials",
        files: "rotation/lease/redis.rs",
        crates: &["redis"],
        why: "feature redis-lease: the client of the store",
    },
];

/// The dependencies of a crate that are not of this workspace, by their names in code, and whether each is optional.
fn dependencies(of: &str) -> BTreeMap<String, bool> {
    let manifest = fs::read_to_string(root().join(of).join("Cargo.toml")).unwrap();
    let lines = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap().lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.contains("workspace = true"));
    let one = |line: &str| {
        let (name, rest) = line.split_once(" = ")?;
        Some((name.replace('-', "_"), rest.contains("optional = true")))
    };
    lines.filter_map(one).collect()
}

fn is_allowed(of: &str, file: &str, name: &str) -> bool {
    let is = |allowed: &&Allowed| {
        allowed.of == of && file.starts_with(allowed.files) && allowed.crates.contains(&name)
    };
    ALLOWED.iter().any(|allowed| is(&allowed))
}

/// Whether a crate is there for the types of this one.
fn is_named_after(of: &str, name: &str) -> bool {
    [("auth-metrics-actix", "actix_web"), ("auth-metrics-rocket", "rocket")].contains(&(of, name))
}

#[test]
fn no_foreign_type_is_in_a_public_signature_but_what_a_feature_brings() {
    let mut all = BTreeSet::new();
    for (of, _) in CRATES {
        let dependencies = dependencies(of);
        let shown = shown(&graph::texts(&sources(of)), &dependencies.keys().cloned().collect());
        for (file, name) in shown {
            if file.ends_with("tests.rs") {
                continue;
            }
            let is_brought = dependencies[&name] || is_named_after(of, &name) || file == "__private.rs";
            let is_right = is_allowed(of, &file, &name) && is_brought;
            assert!(
                is_right,
                "{of}: the public signatures of {file} name {name}: wrap it, or put it behind a feature and on the list"
            );
            all.insert((*of, file, name));
        }
    }
    for Allowed { of, files, crates, why } in ALLOWED {
        for name in *crates {
            let is_there = all
                .iter()
                .any(|(crate_, file, shown)| crate_ == of && file.starts_with(files) && shown == name);
            assert!(is_there, "{of}: {files} no longer names {name} ({why}): take it off the list");
        }
    }
}

/// Whether this text shows the crate `foreign`.
fn is_shown(text: &str) -> bool {
    let texts = BTreeMap::from([("lib.rs".to_owned(), text.to_owned())]);
    !shown(&texts, &BTreeSet::from(["foreign".to_owned()])).is_empty()
}

#[test]
fn foreign_types_are_found_wherever_a_signature_has_them() {
    for text in [
        "pub use foreign::Type;",
        "pub use foreign;",
        "use foreign::Type; pub fn a(_: &[Type; 2]) {}",
        "use foreign::{self as other, Type as Renamed}; pub struct A(pub Renamed);",
        "pub struct A { b: u8, pub(crate) c: u8, pub d: Vec<foreign::Type> }",
        "pub enum A { B(u8), C { d: foreign::Type } }",
        "pub fn a<T: foreign::Trait>(_: T) {}",
        "pub fn a<T>(_: T) where T: foreign::Trait {}",
        "pub async fn a() -> foreign::Type { todo() }",
        "pub const A: foreign::Type = 1;",
        "pub type A = Option<foreign::Type>;",
        "pub trait A: foreign::Trait {}",
        "pub trait A { fn a(&self) -> foreign::Type; }",
        "pub struct A; impl A { pub fn a(self) -> foreign::Type { todo() } }",
        "pub struct A; impl foreign::Trait for A {}",
        "pub struct A<'a>(&'a u8); impl<'a, 'b: 'a> foreign::Trait<'b> for A<'a> {}",
        "pub struct A; impl From<foreign::Type> for A { fn from(_: foreign::Type) -> A { A } }",
        "pub struct A; impl Iterator for A { type Item = foreign::Type; }",
        "pub mod a { pub fn b(_: foreign::Type) {} }",
        "pin_project! { pub struct A { pub b: foreign::Type } }",
    ] {
        assert!(is_shown(text), "{text}");
    }
}

#[test]
fn foreign_types_behind_a_signature_are_not_shown() {
    for text in [
        "use foreign::Type; fn a(_: Type) {}",
        "pub(crate) use foreign::Type; pub(crate) fn a(_: Type) {}",
        "pub fn a() { foreign::b() }",
        "pub struct A(foreign::Type);",
        "pub struct A { b: foreign::Type, pub(super) c: foreign::Type, pub d: u8 }",
        "pub const A: u8 = foreign::B;",
        "pub struct A; impl A { fn a(_: foreign::Type) {} }",
        "struct A; impl foreign::Trait for A {}",
        "use foreign::name; pub fn a(name: u8) {}",
        "mod foreign; pub use foreign::Type;",
        "#[foreign::attribute] pub fn a() {}",
        "/// [`foreign::Type`]\npub fn a() {}",
        "#[cfg(test)] pub fn a(_: foreign::Type) {}",
    ] {
        assert!(!is_shown(text), "{text}");
    }
}
