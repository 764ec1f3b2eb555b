use std::pin::Pin;

use auth_metrics::auth_metered;

pub trait Stream {
    type Item;
}

pub struct Sessions;

impl Stream for Sessions {
    type Item = Result<u8, std::convert::Infallible>;
}

#[auth_metered(op = "sessions")]
fn shown() -> impl Stream<Item = Result<u8, std::convert::Infallible>> {
    Sessions
}

#[auth_metered(op = "sessions")]
fn boxed() -> Pin<Box<dyn Stream<Item = Result<u8, std::convert::Infallible>>>> {
    Box::pin(Sessions)
}

type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + 'a>>;

#[auth_metered(op = "sessions")]
fn by_name() -> BoxStream<'static, Result<u8, std::convert::Infallible>> {
    Box::pin(Sessions)
}

fn main() {}
