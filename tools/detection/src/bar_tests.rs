use super::*;
use crate::judge::accounts::Accounts;

fn row<'a>(rows: &'a [Row], measure: &str) -> &'a Row {
    rows.iter().find(|row| row.measure.starts_with(measure)).expect(measure)
}

#[test]
fn a_row_says_whether_it_is_as_it_must_be() {
    let score = Score {
        worlds: 1,
        honest: 100_000,
        due: 100,
        found: 99,
        convicted: 99,
        hostile: 100,
        false_sources: 6,
        taken: Accounts { due: 10, named: 9, wrong: 0 },
        ..Score::default()
    };
    let judged = Judged { score, ..Judged::default() };
    let rows = rows(Kind::Normal, &judged);
    assert_eq!(row(&rows, "recall, sources").word(), "ok");
    assert_eq!(row(&rows, "precision").word(), "MISSED");
    assert_eq!(row(&rows, "false sources").word(), "MISSED");
    assert_eq!(row(&rows, "taken accounts named").word(), "ok, aim");
    assert_eq!(row(&rows, "of these, notice").held, None);
}

#[test]
fn expired_passwords_may_cost_three_sources_and_no_campaign() {
    let score = Score { worlds: 2, honest: 100, upset_sources: 6, upset_campaigns: 1, ..Score::default() };
    let judged = Judged { score, ..Judged::default() };
    let rows = rows(Kind::Expiry, &judged);
    assert_eq!(row(&rows, "false sources in the two days").word(), "ok");
    assert_eq!(row(&rows, "false campaigns in the two days").word(), "MISSED");
}
