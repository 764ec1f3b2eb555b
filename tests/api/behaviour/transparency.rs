//! With the attribute a function behaves as without it.

use std::cell::RefCell;
use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
enum Never {}

/// Notes its name when it drops.
struct Noisy<'a>(&'static str, &'a RefCell<Vec<&'static str>>);

impl Drop for Noisy<'_> {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

macro_rules! drop_order {
    ($($attribute:meta)?, $name:ident, $async_name:ident) => {
        $(#[$attribute])?
        fn $name(_first: Noisy<'_>, second: Noisy<'_>, third: Noisy<'_>, (fourth, _fifth): (Noisy<'_>, Noisy<'_>)) -> Result<(), Never> {
            let _local = Noisy("local", second.1);
            let _used = (&fourth, &third);
            Ok(())
        }

        $(#[$attribute])?
        async fn $async_name(_first: Noisy<'_>, second: Noisy<'_>, (third, _fourth): (Noisy<'_>, Noisy<'_>)) -> Result<(), Never> {
            let _local = Noisy("local", second.1);
            std::future::ready(()).await;
            let _used = &third;
            Ok(())
        }
    };
}

drop_order!(, plain, plain_async);
drop_order!(auth_metered(op = "drop_order"), metered, metered_async);

#[test]
fn arguments_drop_in_the_order_of_a_plain_function() {
    let order = |call: &dyn Fn(&RefCell<Vec<&'static str>>)| {
        let notes = RefCell::new(Vec::new());
        call(&notes);
        notes.into_inner()
    };
    let plainly = order(&|notes| {
        plain(
            Noisy("1", notes),
            Noisy("2", notes),
            Noisy("3", notes),
            (Noisy("4", notes), Noisy("5", notes)),
        )
        .unwrap();
    });
    let metered = order(&|notes| {
        let scope = Scope::new();
        scope.run_sync(|| {
            metered(
                Noisy("1", notes),
                Noisy("2", notes),
                Noisy("3", notes),
                (Noisy("4", notes), Noisy("5", notes)),
            )
            .unwrap();
        });
    });
    assert_eq!(metered, plainly);
}

#[tokio::test]
async fn arguments_drop_in_the_order_of_a_plain_async_function() {
    let plainly = RefCell::new(Vec::new());
    plain_async(Noisy("1", &plainly), Noisy("2", &plainly), (Noisy("3", &plainly), Noisy("4", &plainly)))
        .await
        .unwrap();
    let notes = RefCell::new(Vec::new());
    let call =
        metered_async(Noisy("1", &notes), Noisy("2", &notes), (Noisy("3", &notes), Noisy("4", &notes)));
    Scope::new().run(call).await.unwrap();
    assert_eq!(notes, plainly);
}

struct Store {
    names: Vec<String>,
}

impl Store {
    #[auth_metered(op = "borrow_mut")]
    fn first(&mut self) -> Result<&mut String, Never> {
        Ok(&mut self.names[0])
    }

    #[auth_metered(op = "borrow_mut")]
    async fn second(&mut self, mut skip: usize) -> Result<&mut String, Never> {
        skip += 1;
        Ok(&mut self.names[skip])
    }

    #[auth_metered(op = "consume")]
    async fn consume(mut self: Arc<Self>, mut name: String) -> Result<Arc<Store>, Never> {
        name.push('!');
        Arc::get_mut(&mut self).unwrap().names.push(name);
        Ok(self)
    }
}

#[tokio::test]
async fn borrows_of_mutable_self_are_returned() {
    let mut store = Store { names: vec!["a".to_owned(), "b".to_owned()] };
    let scope = Scope::new();
    scope.run_sync(|| store.first().unwrap().push('1'));
    scope.run(store.second(0)).await.unwrap().push('2');
    assert_eq!(store.names, ["a1", "b2"]);
    let store = scope.run(Arc::new(store).consume("c".to_owned())).await.unwrap();
    assert_eq!(store.names, ["a1", "b2", "c!"]);
}

#[auth_metered(op = "send")]
async fn only_send(cell: std::cell::Cell<u8>, receiver: std::sync::mpsc::Receiver<u8>) -> Result<u8, Never> {
    tokio::task::yield_now().await;
    Ok(cell.get() + receiver.recv().unwrap_or(0))
}

#[test]
fn future_of_arguments_that_are_send_but_not_sync_is_send() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    sender.send(2).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let future = assert_send(Scope::new().run(only_send(std::cell::Cell::new(1), receiver)));
    assert_eq!(runtime.block_on(future).unwrap(), 3);
}

async fn bare(bytes: [u8; 512], name: &str) -> Result<usize, Never> {
    tokio::task::yield_now().await;
    Ok(usize::from(bytes[0]) + name.len())
}

#[auth_metered(op = "size")]
async fn wrapped(bytes: [u8; 512], name: &str) -> Result<usize, Never> {
    tokio::task::yield_now().await;
    Ok(usize::from(bytes[0]) + name.len())
}

#[test]
fn wrapped_future_grows_by_no_more_than_its_guard() {
    let grown = size_of_val(&wrapped([0; 512], "")) - size_of_val(&bare([0; 512], ""));
    assert!(grown <= 64, "a wrapped future grows by {grown} bytes");
}
