//! How large the future of a function is: plain, metered, and under autometrics.

/// The bytes of one shape of function.
pub struct Size {
    pub shape: &'static str,
    pub plain: usize,
    pub ours: usize,
    pub autometrics: usize,
}

/// The same functions under another attribute.
macro_rules! functions {
    ($module:ident, #[$attribute:meta]) => {
        mod $module {
            use crate::contenders::Login;

            #[$attribute]
            pub async fn nothing() -> Login {
                Ok(1)
            }

            #[$attribute]
            pub async fn borrowed(name: &str, password: &str) -> Login {
                Ok((name.len() + password.len()) as u64)
            }

            #[$attribute]
            pub async fn owned(name: String, password: Vec<u8>) -> Login {
                Ok((name.len() + password.len()) as u64)
            }

            #[$attribute]
            pub async fn large(buffer: [u8; 1024]) -> Login {
                Ok(u64::from(buffer[17]))
            }

            #[$attribute]
            pub async fn waiting(name: String, buffer: [u8; 1024]) -> Login {
                std::future::ready(()).await;
                Ok(name.len() as u64 + u64::from(buffer[17]))
            }
        }
    };
}

functions!(plain, #[allow(clippy::unused_async)]);
functions!(ours, #[auth_metrics::auth_metered(op = "sized")]);
functions!(under_autometrics, #[autometrics::autometrics]);

macro_rules! sizes {
    ($($shape:literal: $function:ident($($argument:expr),*);)*) => {
        vec![$(Size {
            shape: $shape,
            plain: size_of_val(&plain::$function($($argument),*)),
            ours: size_of_val(&ours::$function($($argument),*)),
            autometrics: size_of_val(&under_autometrics::$function($($argument),*)),
        }),*]
    };
}

pub fn measure() -> Vec<Size> {
    sizes! {
        "no argument": nothing();
        "`&str, &str`": borrowed("user", "secret");
        "`String, Vec<u8>`": owned(String::new(), Vec::new());
        "`[u8; 1024]`": large([0; 1024]);
        "`String, [u8; 1024]`, held across an await": waiting(String::new(), [0; 1024]);
    }
}
