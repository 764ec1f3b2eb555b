//! More custom reasons than a binary can have, and one with two faults. A process of its own, as it speaks of all its
//! reasons.

use auth_metrics::{AuthMethod, AuthMetrics, Error, FailureReason, auth_metered, custom_reason};

macro_rules! quirks {
    ($name:ident: $($variant:ident $label:literal)*) => {
        #[derive(Clone, Copy, Debug, FailureReason)]
        #[expect(dead_code, reason = "most are there to be too many")]
        enum $name {
            $(#[reason(custom = $label, fault = client)] $variant,)*
        }
    };
}

quirks! { Many:
    A "quirk_a" B "quirk_b" C "quirk_c" D "quirk_d" E "quirk_e" F "quirk_f" G "quirk_g" H "quirk_h" I "quirk_i"
    J "quirk_j" K "quirk_k" L "quirk_l" M "quirk_m" N "quirk_n" O "quirk_o" P "quirk_p" Q "quirk_q" R "quirk_r"
}

quirks! { More: S "quirk_s" T "quirk_t" U "quirk_u" V "quirk_v" W "quirk_w" X "quirk_x" Y "quirk_y" Z "quirk_z" }

custom_reason! {
    /// The label has the fault `client` further up, and that counts.
    const SECOND_FAULT = "quirk_b", fault = server;
}

#[derive(Clone, Copy, Debug, FailureReason)]
enum AnyQuirk {
    #[reason(transparent)]
    Many(Many),
    #[reason(transparent)]
    More(More),
    #[reason(with = second_fault, among(timeout))]
    Second(()),
}

fn second_fault((): &()) -> auth_metrics::Reason {
    SECOND_FAULT
}

#[auth_metered(op = "quirky", source = AuthMethod::Oidc)]
fn quirky(error: AnyQuirk) -> Result<(), AnyQuirk> {
    Err(error)
}

#[test]
fn handle_is_refused_with_the_labels_that_are_wrong() {
    let refused = AuthMetrics::builder().service_id("gateway").build().map(drop);
    match &refused {
        Err(Error::CustomReasons { left_out, faults_differ }) => {
            assert_eq!(left_out, &["quirk_v", "quirk_w", "quirk_x", "quirk_y", "quirk_z"]);
            assert_eq!(faults_differ, &["quirk_b"]);
        }
        other => panic!("not refused for its reasons but {other:?}"),
    }
    assert_eq!(
        refused.unwrap_err().to_string(),
        "a binary has at most 21 custom reasons, and these are too many: quirk_v, quirk_w, quirk_x, quirk_y, quirk_z; \
         give each custom reason the same fault everywhere; these have two: quirk_b"
    );
}

#[test]
fn default_handle_counts_what_has_no_place_as_unknown_and_says_so() {
    let (known, left_out) = (AnyQuirk::More(More::U), AnyQuirk::More(More::Z));
    for error in [AnyQuirk::Many(Many::C), known, left_out, AnyQuirk::Second(())] {
        assert!(quirky(error).is_err());
    }
    let snapshot = AuthMetrics::current().snapshot();
    let failures = |reason| snapshot.value("auth_operation_failures_total", &[("failure_reason", reason)]);
    assert_eq!(failures("quirk_u"), Some(1.0));
    assert_eq!((failures("quirk_a"), failures("quirk_c")), (Some(0.0), Some(1.0)));
    assert_eq!(failures("quirk_z"), None);
    assert_eq!(failures("unknown"), Some(1.0));
    assert_eq!(failures("quirk_b"), Some(1.0));
    for family in ["auth_operations_total", "auth_source_operations_total"] {
        let outcome = |outcome| snapshot.value(family, &[("outcome", outcome)]);
        assert_eq!((outcome("rejected"), outcome("error")), (Some(3.0), Some(1.0)), "{family}");
    }
    let fault = [("failure_reason", "quirk_b"), ("fault", "client")];
    assert_eq!(snapshot.value("auth_failure_reason_info", &fault), Some(1.0));
    let internal = |kind| snapshot.value("auth_metrics_internal_errors_total", &[("kind", kind)]);
    assert_eq!((internal("reason_left_out"), internal("faults_differ")), (Some(5.0), Some(1.0)));
}
