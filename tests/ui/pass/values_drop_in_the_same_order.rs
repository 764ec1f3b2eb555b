//! Locals, what the last expression holds, and arguments drop as in the function without the attribute.
#![deny(warnings)]

use std::cell::RefCell;
use std::convert::Infallible;

use auth_metrics::auth_metered;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Noted(&'static str);

impl Noted {
    fn read(&self) -> Result<usize, Infallible> {
        Ok(self.0.len())
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

mod metered {
    use super::*;

    #[auth_metered(op = "now")]
    pub fn now(first: Noted, _second: Noted, (third, _fourth): (Noted, Noted)) -> Result<usize, Infallible> {
        let _local = Noted("local");
        drop(first);
        let _ = &third;
        Noted("temporary").read()
    }

    #[auth_metered(op = "later")]
    pub async fn later(first: Noted, _second: Noted, (third, _fourth): (Noted, Noted)) -> Result<usize, Infallible> {
        let _local = Noted("local");
        drop(first);
        let _ = &third;
        Noted("temporary").read()
    }

    #[auth_metered(op = "now_changed")]
    pub fn now_changed(first: Noted, mut second: Noted, third: Noted) -> Result<usize, Infallible> {
        second.0 = "changed";
        Ok(first.0.len() + third.0.len())
    }

    #[auth_metered(op = "later_changed")]
    pub async fn later_changed(first: Noted, mut second: Noted, third: Noted) -> Result<usize, Infallible> {
        second.0 = "changed";
        Ok(first.0.len() + third.0.len())
    }
}

mod plain {
    use super::*;

    pub fn now(first: Noted, _second: Noted, (third, _fourth): (Noted, Noted)) -> Result<usize, Infallible> {
        let _local = Noted("local");
        drop(first);
        let _ = &third;
        Noted("temporary").read()
    }

    pub async fn later(first: Noted, _second: Noted, (third, _fourth): (Noted, Noted)) -> Result<usize, Infallible> {
        let _local = Noted("local");
        drop(first);
        let _ = &third;
        Noted("temporary").read()
    }

    pub fn now_changed(first: Noted, mut second: Noted, third: Noted) -> Result<usize, Infallible> {
        second.0 = "changed";
        Ok(first.0.len() + third.0.len())
    }

    pub async fn later_changed(first: Noted, mut second: Noted, third: Noted) -> Result<usize, Infallible> {
        second.0 = "changed";
        Ok(first.0.len() + third.0.len())
    }
}

fn dropped() -> Vec<&'static str> {
    DROPPED.take()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = || (Noted("first"), Noted("second"), (Noted("third"), Noted("fourth")));

    let (first, second, rest) = arguments();
    plain::now(first, second, rest).unwrap();
    let expected = dropped();
    assert_eq!(expected.len(), 6);

    let (first, second, rest) = arguments();
    metered::now(first, second, rest).unwrap();
    assert_eq!(dropped(), expected);

    let (first, second, rest) = arguments();
    plain::later(first, second, rest).await.unwrap();
    let expected = dropped();

    let (first, second, rest) = arguments();
    metered::later(first, second, rest).await.unwrap();
    assert_eq!(dropped(), expected);

    let arguments = || (Noted("first"), Noted("second"), Noted("third"));
    let order = ["third", "changed", "first"];

    let (first, second, third) = arguments();
    plain::now_changed(first, second, third).unwrap();
    assert_eq!(dropped(), order);

    let (first, second, third) = arguments();
    metered::now_changed(first, second, third).unwrap();
    assert_eq!(dropped(), order);

    let (first, second, third) = arguments();
    plain::later_changed(first, second, third).await.unwrap();
    assert_eq!(dropped(), order);

    let (first, second, third) = arguments();
    metered::later_changed(first, second, third).await.unwrap();
    assert_eq!(dropped(), order);
}
