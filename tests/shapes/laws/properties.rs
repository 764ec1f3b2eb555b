//! Where a future is `Send`, `Sync`, `'static` or `Unpin` without the attribute, it is with it.

use crate::fixture::Notes;

const fn send<T: Send>(_: &T) {}
const fn sync<T: Sync>(_: &T) {}
const fn unpin<T: Unpin>(_: &T) {}
const fn lasting<T: 'static>(_: &T) {}

macro_rules! of_both {
    ($code:ident: $($property:ident)+ => $value:expr) => {{
        { use crate::plain::code as $code; let value = $value; $($property(&value);)+ }
        { use crate::metered::code as $code; let value = $value; $($property(&value);)+ }
    }};
}

#[test]
fn futures_keep_what_they_are() {
    let notes = Notes::default();
    let roles = std::collections::HashMap::from([(1, 2)]);
    of_both!(code: send lasting => code::futures::future_static(1));
    let mut more = 1;
    of_both!(code: send => code::futures::future_of_a_cell(1.into(), [0; 512], &mut more));
    of_both!(code: send sync => code::bodies::totp(&[1], "1"));
    of_both!(code: send unpin lasting => code::futures::future_boxed(1));
    of_both!(code: send sync unpin lasting => code::futures::future_ready(1));
    of_both!(code: unpin lasting => code::futures::future_local("".into()));
    of_both!(code: send sync => code::futures::future_captures("a", &notes));
    of_both!(code: send sync => code::generics::first_allowed(&roles, [&1]));
    of_both!(code: send sync => code::drops::drops_made(notes.noisy("1"), notes.noisy("2")));
    of_both!(code: send lasting => code::web_axum::refuse());
    of_both!(code: send lasting => code::grpc::intercept(tonic::Request::new(())));
}

#[test]
fn a_future_borrows_only_what_its_type_says() {
    of_both!(code: send => {
        let gone = Notes::default();
        let future = code::futures::future_captures("a", &gone);
        drop(gone);
        future
    });
}

#[test]
fn a_future_grows_by_no_more_than_its_guard() {
    let (cell, mut more) = (std::cell::Cell::new(0), 0);
    let plain =
        size_of_val(&crate::plain::code::futures::future_of_a_cell(cell.clone(), [0; 512], &mut more));
    let grown =
        size_of_val(&crate::metered::code::futures::future_of_a_cell(cell, [0; 512], &mut more)) - plain;
    assert!(grown <= 72, "it grows by {grown} bytes");
}
