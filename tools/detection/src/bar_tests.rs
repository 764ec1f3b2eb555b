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

#[test]
fn a_good_seed_does_not_make_up_for_a_bad_one() {
    let world = |seed: u64, found: usize| {
        let score = Score { worlds: 1, honest: 100, due: 100, found, ..Score::default() };
        let mut judged = Judged { score, ..Judged::default() };
        note_missed(Kind::Normal, seed, &mut judged);
        judged
    };
    let mut pooled = world(1, 100);
    pooled.join(world(2, 97));
    let rows = rows(Kind::Normal, &pooled);
    let recall = row(&rows, "recall, sources");
    assert_eq!(recall.result, "0.985 (197 of 200)");
    assert_eq!(recall.word(), "MISSED (seed 2)");
}

#[test]
fn times_are_told_and_not_judged() {
    let score = Score { worlds: 1, nanoseconds: 1e9, ..Score::default() };
    let judged = Judged { score, ..Judged::default() };
    assert_eq!(row(&rows(Kind::Benign, &judged), "nanoseconds").held, None);
}

#[test]
fn a_proxy_has_to_be_said_to_look_like_one() {
    let held = |proxies| {
        let judged = Judged { score: Score { worlds: 1, proxies, ..Score::default() }, ..Judged::default() };
        row(&rows(Kind::Proxy, &judged), "sources said to look").held
    };
    assert_eq!((held(0), held(1)), (Some(false), Some(true)));
}
