//! Keeps the folder `observability/` of this repository in step with what this binary exports.

use auth_metrics::observability::assert_up_to_date;

#[test]
fn rules_are_those_of_this_binary() {
    assert_up_to_date("../observability/");
}
