//! The same values, errors, panics and side effects, in the same order.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use auth_metrics::testing::Scope;

use super::{assert_counted, assert_same, both};
use crate::fixture::{Notes, block_on};

/// Compares over one scope: `op: (started, successes, [reason count, ..]), code => expression`.
macro_rules! same {
    ($code:ident: $($op:literal $started:literal $successes:literal [$($reason:ident $count:literal),*] $body:expr;)*) => {$({
        let scope = Scope::new();
        let (plain, metered) = both!(scope, $code => $body);
        assert_same(&plain, &metered);
        assert_counted(&scope, $op, $started, $successes, &[$((stringify!($reason), $count)),*]);
    })*};
}

#[test]
fn generic_functions_return_the_same() {
    let roles = HashMap::from([("admin", 1), ("user", 2)]);
    same!(code:
        "decode_claims" 2 1 [token_malformed 1]
            (code::generics::decode_claims::<u32>("7"), code::generics::decode_claims::<u32>("x"));
        "compare_digest" 2 1 [token_expired 1]
            (code::generics::compare_digest(&[1, 2], &[1, 2]), code::generics::compare_digest(&[1], &[2]));
        "pick" 2 1 [token_expired 1] (
            code::generics::pick([1, 2], |values| values.last()),
            code::generics::pick([1, 2], |values| values.get(2))
        );
        "first_allowed" 2 1 [token_expired 1] (
            block_on(code::generics::first_allowed(&roles, [&"none", &"user"])),
            block_on(code::generics::first_allowed(&roles, [&"none"]))
        );
        "chain_read" 2 1 [timeout 1] {
            let chain = code::generics::Chain::<Late, Late>::new();
            (chain.read(Ok(1)), chain.read(Err(Late)))
        };
        "chain_fill" 2 1 [timeout 1] {
            let chain = code::generics::Chain::<Late, Late>::new;
            (block_on(chain().fill(Ok(1))).is_ok(), block_on(chain().fill(Err(Late))).is_err())
        };
        "session_find" 4 1 [unknown_subject 1, token_malformed 1, session_expired 1] {
            let users = || code::generics::Users(HashMap::from([("ada".to_owned(), 7)]));
            let session = |expired| code::generics::AuthSession { backend: users(), expired };
            (["ada", "bob", ""].map(|name| block_on(session(false).find(name)).is_ok()),
                block_on(session(true).find("ada")).is_err())
        };
    );
}

#[derive(Debug, auth_metrics::FailureReason)]
#[reason(timeout)]
struct Late;

#[test]
fn every_self_lends_and_returns_the_same() {
    same!(code:
        "store_get" 2 1 [unknown_subject 1] {
            let store = code::selves::Store::default().grown("a", "1").unwrap();
            format!("{:?} {:?}", store.get("a"), store.get("b"))
        };
        "store_get_mut" 2 1 [unknown_subject 1] {
            let mut store = code::selves::Store::default().grown("a", "1").unwrap();
            store.get_mut("a").unwrap().push('2');
            assert!(store.get_mut("b").is_err());
            store
        };
        "store_load" 2 1 [unknown_subject 1] {
            let mut store = code::selves::Store::default().grown("a", "1").unwrap();
            block_on(store.load("a")).unwrap().push('3');
            assert!(block_on(store.load("b")).is_err());
            store
        };
        "store_shared" 2 1 [unknown_subject 1] {
            let store = Arc::new(code::selves::Store::default().grown("a", "1").unwrap());
            (block_on(Arc::clone(&store).shared("a".to_owned())), block_on(store.shared("b".to_owned())))
        };
        "store_counted" 1 1 [] {
            Rc::strong_count(&Rc::new(code::selves::Store::default().grown("a", "1").unwrap()).counted().unwrap())
        };
        "store_pinned" 2 1 [unknown_subject 1] {
            let mut store = pin!(code::selves::Store::default().grown("a", "1").unwrap());
            (block_on(store.as_mut().pinned("a")), block_on(store.pinned("b")))
        };
        "store_boxed" 1 1 [] Box::new(code::selves::Store::default()).boxed();
        "store_locked" 1 1 [] {
            let store = Mutex::new(code::selves::Store::default());
            code::selves::Store::locked(&store).unwrap().reads = 4;
            store
        };
        "store_ids" 2 1 [unknown_subject 1] {
            let empty = code::selves::Store::default();
            assert!(empty.ids().is_err());
            let store = empty.grown("a", "1").unwrap().grown("b", "2").unwrap();
            store.ids().unwrap().rev().map(str::to_owned).collect::<Vec<_>>()
        };
        "store_longest" 2 1 [unknown_subject 1] {
            let store = code::selves::Store::default().grown("a", "1").unwrap();
            format!("{:?} {:?}", block_on(store.longest("a", "1")), block_on(store.longest("b", "1")))
        };
        "store_find" 2 1 [unknown_subject 1] {
            let store = code::selves::Store::default().grown("a", "1").unwrap();
            format!("{:?} {:?}", store.find(&|value| value == "1"), store.find(&|_| false))
        };
    );
}

#[test]
fn functions_that_give_futures_return_the_same() {
    let notes = Notes::default();
    same!(code:
        "future_static" 2 1 [session_expired 1]
            (block_on(code::futures::future_static(3)), block_on(code::futures::future_static(11)));
        "future_captures" 2 1 [session_expired 1]
            ["a", ""].map(|name| format!("{:?}", block_on(code::futures::future_captures(name, &Notes::default()))));
        "future_elided" 2 1 [session_expired 1]
            ["a", ""].map(|name| format!("{:?}", block_on(code::futures::future_elided(name))));
        "future_pinned" 2 1 [session_expired 1] {
            drop(code::futures::future_pinned("never", &notes));
            let got = ["a", ""].map(|name| format!("{:?}", block_on(code::futures::future_pinned(name, &notes))));
            (got, notes.taken())
        };
        "future_boxed" 2 1 [session_expired 1]
            (block_on(code::futures::future_boxed(3)), block_on(code::futures::future_boxed(11)));
        "future_local" 2 1 [session_expired 1]
            (block_on(code::futures::future_local("a".into())), block_on(code::futures::future_local("".into())));
        "future_classified" 2 1 [session_expired 1]
            (block_on(code::futures::future_classified(3_u8)), block_on(code::futures::future_classified(11_u8)));
        "future_of_a_cell" 1 1 [] {
            let mut more = 1;
            *block_on(code::futures::future_of_a_cell(2.into(), [3; 512], &mut more)).unwrap() += 4;
            more
        };
        "future_alias" 2 1 [session_expired 1]
            (block_on(code::futures::future_alias(&3)), block_on(code::futures::future_alias(&11)));
        "future_ready" 3 2 [session_expired 1]
            (code::futures::future_ready(1).into_inner(), block_on(code::futures::future_ready(3)),
                block_on(code::futures::future_ready(11)));
        "future_after_closure" 4 1 [session_expired 3] {
            let calls = [(1, true), (1, false), (2, false), (255, true)];
            calls.map(|(age, known)| block_on(code::futures::future_after_closure(age, known)))
        };
        "future_in_span" 2 1 [session_expired 1]
            ["3", ""].map(|age| block_on(code::futures::future_in_span(age)));
        // What a macro returns can't be seen: that is no attempt, so nothing is counted of it.
        "future_unseen" 1 1 []
            [3, 11].map(|age| block_on(code::futures::future_unseen(age)));
        "future_recursive" 6 5 [session_expired 1] {
            let got = (block_on(code::futures::future_recursive(4, &notes)),
                block_on(code::futures::future_recursive(200, &notes)));
            (got, notes.taken())
        };
        "async_recursive" 5 4 [session_expired 1]
            (block_on(code::futures::async_recursive(3)), block_on(code::futures::async_recursive(101)));
    );
}

#[test]
fn bodies_do_the_same() {
    let notes = Notes::default();
    let form = |name: &str, code: &str, tries: &[u8]| (name.to_owned(), code.to_owned(), tries.to_vec());
    same!(code:
        "form_login" 5 1 [malformed_request 1, timeout 1, invalid_credentials 1, account_locked 1] {
            let forms = [form("ada", "1 2", &[1]), form("ada", "x", &[]), form("", "1", &[]), form("ada", "0", &[]),
                form("ada", "1", &[1, 9])];
            let got = forms.map(|(name, code, tries)| {
                let form = code::bodies::Form { name, code, tries };
                format!("{:?}", block_on(code::bodies::form_login(form, (5, ""), None, &notes)))
            });
            (got, notes.taken())
        };
        "patterns" 2 1 [invalid_credentials 1] ["ada", ""].map(|name| {
            let form = code::bodies::Form { name: name.to_owned(), ..code::bodies::Form::default() };
            format!("{:?}", block_on(code::bodies::patterns([1, 0, 0, 2], form, (3, 4), &5, Err(6), Vec::new())))
        });
        "countdown" 4 0 [account_locked 4] code::bodies::countdown(3);
        "conditional" 2 1 [invalid_credentials 1]
            (code::bodies::conditional(1, 2), code::bodies::conditional(200, 200));
        "retry" 2 1 [account_locked 1] {
            let mut seen = Vec::new();
            let won = code::bodies::retry(6, &mut |part| { seen.push(part); part == 3 });
            (won, code::bodies::retry(2, &mut |_| false), seen)
        };
        "is_member" 2 1 [permission_denied 1]
            (code::bodies::is_member(&["a"], "a"), code::bodies::is_member(&["a"], "b"));
        "totp" 3 1 [invalid_credentials 1, malformed_request 1]
            ["7", "8", "x"].map(|code| format!("{:?}", block_on(code::bodies::totp(&[7], code))));
        "grant_code" 2 1 [invalid_credentials 1]
            (block_on(code::bodies::grant_code("a".to_owned(), 1)), block_on(code::bodies::grant_code(String::new(), 1)));
        "grant_number" 2 1 [invalid_credentials 1]
            (code::bodies::grant_number(3), code::bodies::grant_number(10));
        "grant_whole" 2 1 [invalid_credentials 1]
            (block_on(code::bodies::grant_whole(vec![1])), block_on(code::bodies::grant_whole(Vec::new())));
        "grant_parts" 2 1 [invalid_credentials 1]
            (code::bodies::grant_parts([1, 2]), code::bodies::grant_parts([0, 2]));
    );
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code =>
        ["site", ""].map(|site| format!("{:?}", block_on(code::bodies::names(site, 1, 2, 3, 4, 5, 6, 7)))));
    assert_same(&plain, &metered);
    let labels = [("service_id", "site"), ("operation", "names")];
    assert_eq!(scope.snapshot().value("auth_operations_started_total", &labels), Some(1.0));
}

#[test]
fn panics_are_the_same() {
    same!(code:
        "panics" 2 0 [panicked 2] [true, false].map(|early| {
            let panic = catch_unwind(|| block_on(code::bodies::panics(early)).is_ok()).unwrap_err();
            panic.downcast_ref::<&str>().map(|text| (*text).to_owned())
        });
        "drops_panic" 1 0 [panicked 1] {
            let notes = Notes::default();
            let call = || code::drops::drops_panic(notes.noisy("first"), notes.noisy("second"));
            assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
            notes.taken()
        };
    );
}

#[test]
fn arguments_drop_in_the_same_order() {
    same!(code:
        "drops_now" 2 1 [internal_error 1] [false, true].map(|refuse| {
            let notes = Notes::default();
            let pair = code::drops::Pair { left: notes.noisy("left"), right: notes.noisy("right") };
            let kept = code::drops::drops_now(
                notes.noisy("first"), pair, notes.noisy("third"), notes.noisy("fourth"), refuse);
            (kept.is_ok(), notes.taken())
        });
        "drops_held" 1 1 [] {
            let notes = Notes::default();
            (code::drops::drops_held(notes.noisy("first")), notes.taken())
        };
        "drops_held_later" 1 1 [] {
            let notes = Notes::default();
            (block_on(code::drops::drops_held_later(notes.noisy("first"))), notes.taken())
        };
        "drops_made" 1 1 [] {
            let notes = Notes::default();
            let made = code::drops::drops_made(notes.noisy("first"), notes.noisy("second"));
            notes.push("made");
            drop(block_on(made));
            notes.taken()
        };
        "renames" 1 1 [] {
            let notes = Notes::default();
            block_on(code::drops::renames(notes.noisy("first"))).unwrap();
            notes.taken()
        };
    );
}

#[test]
#[allow(deprecated)]
fn stacked_attributes_keep_their_meaning() {
    same!(code:
        "traced_outside" 2 1 [session_expired 1]
            (block_on(code::stacked::traced_outside(1, b"ab")), block_on(code::stacked::traced_outside(1, b"")));
        "traced_inside" 2 1 [token_signature_invalid 1]
            (block_on(code::stacked::traced_inside(1, vec![1])), block_on(code::stacked::traced_inside(1, vec![])));
        "traced_now" 2 1 [session_expired 1] (code::stacked::traced_now(1), code::stacked::traced_now(0));
        "kept" 1 1 [] code::stacked::kept(1);
        "old_above" 2 1 [session_expired 1] (code::stacked::old_above(1), code::stacked::old_above(0));
        "tracked" 2 1 [token_signature_invalid 1] (code::stacked::tracked(Some(1)), code::stacked::tracked(None));
        "old_below" 1 1 [] block_on(code::stacked::old_below(1));
        "by_status" 2 1 [permission_denied 1] [200, 403].map(|code| block_on(code::stacked::status(code)));
        "by_class" 2 2 [] [200, 403].map(|code| block_on(code::stacked::status(code)));
        "answers" 2 1 [invalid_credentials 1] [true, false].map(code::stacked::answer);
        "refusals" 2 2 [] [true, false].map(code::stacked::answer);
        "counted_outside" 2 1 [session_expired 1]
            (block_on(code::stacked::counted_twice(1)), block_on(code::stacked::counted_twice(0)));
        "counted_inside" 2 1 [session_expired 1]
            (block_on(code::stacked::counted_twice(1)), block_on(code::stacked::counted_twice(0)));
    );
}

#[test]
fn trait_methods_return_the_same() {
    use std::sync::Arc as Shared;
    same!(code:
        "bind" 5 2 [invalid_credentials 2, dependency_unavailable 1] {
            use code::traits::LoginHandler;
            let open = Shared::new(code::traits::Directory { host: Some("ldap".to_owned()) });
            let shut: Box<dyn LoginHandler> = Box::new(code::traits::Directory { host: None });
            (block_on(open.bind("ada", b"right")), block_on(LoginHandler::bind(&open, "ada", b"wrong")),
                block_on(shut.bind("ada", b"right")),
                block_on(open.bind_twice("ada", [b"right", b"wrong"])))
        };
        "verify_bearer" 3 1 [invalid_credentials 2] {
            use code::traits::Verifier;
            let mut lengths = code::traits::Lengths::default();
            let got = ["Bearer abc", "Basic abc", "Bearer "]
                .map(|header| format!("{:?}", block_on(lengths.verify_bearer(header))));
            (got, lengths.name(), lengths)
        };
        "grant" 2 1 [invalid_credentials 1] {
            use code::traits::Grants;
            let directory = code::traits::Directory { host: None };
            (block_on(directory.grant("read")), block_on(directory.grant("admin")))
        };
        "grant_future" 2 1 [invalid_credentials 1] {
            use code::traits::Grants;
            let lengths = code::traits::Lengths(vec![1, 2]);
            (block_on(lengths.grant("ab")), block_on(lengths.grant("")))
        };
    );
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code => {
        use code::traits::Local;
        let lengths = code::traits::Lengths(vec![1, 2]);
        format!("{:?} {:?}", block_on(lengths.unlock("1".into())), block_on(lengths.unlock("".into())))
    });
    assert_same(&plain, &metered);
    let labels = [("service_id", "local"), ("operation", "unlock")];
    assert_eq!(scope.snapshot().value("auth_operations_started_total", &labels), Some(2.0));
}
