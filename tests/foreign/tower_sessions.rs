//! The errors of tower-sessions.

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use auth_metrics::reasons;
            use auth_metrics_foreign_tests::{assert_complete, assert_mapped, cases, variants};

            fn text() -> String {
                "text".to_owned()
            }

            #[test]
            fn every_variant_has_its_reason() {
                use ::$name::session::Error as OfSession;
                use ::$name::session_store::Error as OfStore;
                use reasons::$name::{session_error, session_store_error};

                let source = |file| variants(&[stringify!($name)], file, "Error");
                let json = serde_json::from_str::<u8>("{").unwrap_err();
                let sessions = cases!(OfSession {
                    SerdeJson(json) => InternalError;
                    Store(OfStore::Decode(text())) => InternalError;
                    Store(OfStore::Backend(text())) => DependencyUnavailable;
                });
                assert_complete(&source("session.rs"), &sessions, &[]);
                assert_mapped(&sessions, session_error, session_error::REASONS, &[]);

                let stores = cases!(OfStore {
                    Encode(text()) => InternalError;
                    Decode(text()) => InternalError;
                    Backend(text()) => DependencyUnavailable;
                });
                assert_complete(&source("session_store.rs"), &stores, &[]);
                assert_mapped(&stores, session_store_error, session_store_error::REASONS, &[]);
            }
        }
    };
}

version!(tower_sessions014);
version!(tower_sessions015);
