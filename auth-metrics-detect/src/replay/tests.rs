//! Logs in, lines out.

use std::fmt::Write as _;
use std::io;

use super::*;

const HEADER: &str = "t,source,subject,operation,outcome,reason\n";

struct Ran {
    out: String,
    errors: String,
    summary: Summary,
}

fn run_with(input: &[u8], options: &Options) -> Ran {
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let summary = run(input, &mut out, &mut errors, options).unwrap();
    Ran { out: String::from_utf8(out).unwrap(), errors: String::from_utf8(errors).unwrap(), summary }
}

fn ran(input: &str) -> Ran {
    run_with(input.as_bytes(), &Options::default())
}

fn skipped(input: &[u8]) -> (u64, Vec<String>) {
    let Ran { errors, summary, .. } = run_with(input, &Options::default());
    assert_eq!(errors.lines().count() as u64, summary.malformed);
    (summary.events, errors.lines().map(|line| line.split(": ").next().unwrap().to_owned()).collect())
}

#[test]
fn malformed_lines_are_named_and_skipped() {
    let header = "t,source,subject,operation,outcome,reason,latency_seconds\n";
    let good = "1,10.0.0.1,alice,login,success,,\n";
    for broken in [
        "1,10.0.0.1,alice,login,success\n",
        "1,10.0.0.1,alice,login,success,\n",
        "soon,10.0.0.1,alice,login,success,,\n",
        ",10.0.0.1,alice,login,success,,\n",
        "nan,10.0.0.1,alice,login,success,,\n",
        "inf,10.0.0.1,alice,login,success,,\n",
        "1e999,10.0.0.1,alice,login,success,,\n",
        "1,10.0.0.1,alice,,success,,\n",
        "1,10.0.0.1,alice,login,won,,\n",
        "1,10.0.0.1,alice,login,Success,,\n",
        "1,10.0.0.1,alice,login,,,\n",
        "1,10.0.0.1,alice,login,success,,fast\n",
        "1,10.0.0.1,alice,login,success,,-0.1\n",
        "1,10.0.0.1,alice,login,success,,nan\n",
        "1,10.0.0.1,alice,login,success,,inf\n",
        "1,10.0.0.1,\"alice\"x,login,success,,\n",
        "\n",
    ] {
        let input = [header, good, broken, good, "\n\r\n"].concat();
        assert_eq!(skipped(input.as_bytes()), (2, vec!["line 3".to_owned()]), "{broken:?}");
    }
    let input = [header.as_bytes(), good.as_bytes(), b"1,\xFF,a,login,success,,\n", good.as_bytes()].concat();
    assert_eq!(skipped(&input), (2, vec!["line 3".to_owned()]));
}

#[test]
fn record_over_several_lines_is_named_by_its_first() {
    let input =
        [HEADER, "1,a,\"b\nc\",login,success,\n", "x,a,\"b\nc\",login,success,\n", "y,,,login,success,\n"];
    let expected = vec!["line 4".to_owned(), "line 6".to_owned()];
    assert_eq!(skipped(input.concat().as_bytes()), (1, expected));
}

#[test]
fn columns_are_found_by_name() {
    let log = "\u{feff}\"note\",reason,outcome,latency_seconds,operation,t,subject,source,device\r\n\
        ,invalid_credentials,rejected,0.061,login, 5 ,alice,10.0.0.1,cookie,surplus\r\n";
    let Ran { summary, errors, .. } = ran(log);
    assert_eq!((summary.events, summary.malformed, errors.as_str()), (1, 0, ""));
}

#[test]
fn input_without_its_header_is_an_error() {
    let failed =
        |input: &[u8]| run(input, io::sink(), io::sink(), &Options::default()).unwrap_err().to_string();
    assert!(failed(b"").contains("the input is empty"));
    assert!(failed(b"t,source,subject,operation,outcome\n").contains("no column `reason`"));
    assert!(failed(b"1,10.0.0.1,alice,login,success,\n").contains("no column `t`"));
    assert!(failed(b"t,\xFF\n").contains("line 1"));
    let options = Options { engine: Engine::builder().memory(7), ..Options::default() };
    let error = run(HEADER.as_bytes(), io::sink(), io::sink(), &options).unwrap_err();
    assert!(error.to_string().contains("262,144"));
}

#[test]
fn log_is_suspicious_above_one_in_a_hundred() {
    let good = "1,10.0.0.1,alice,login,success,\n";
    for (goods, is_suspicious) in [(98, true), (99, false), (100, false)] {
        let input = [HEADER, &good.repeat(goods), "?\n"].concat();
        assert_eq!(ran(&input).summary.is_suspicious(), is_suspicious, "{goods}");
    }
}

/// Users of a week, then a guesser from one address, with names that JSON has to escape.
fn attacked() -> String {
    let mut log = HEADER.to_owned();
    for hour in 0..150 {
        for user in 0..5 {
            let t = hour * 3600 + user * 7;
            writeln!(log, "{t},2001:db8:0:{user}::1,\"user \"\"{user}\"\"\",login,success,").unwrap();
        }
    }
    for guess in 0..40 {
        let t = 150 * 3600 + guess * 60;
        writeln!(log, "{t}.5,2001:db8:bad:1:{guess:x}::1,victim {guess},login,rejected,invalid_credentials")
            .unwrap();
    }
    log += "560000,2001:db8:0:1::1,\"user \"\"1\"\"\",login,success,\n";
    log + "900000,2001:db8:0:1::1,\"user \"\"1\"\"\",login,success,\n"
}

#[test]
fn guesser_is_named_by_its_network_of_64_bits() {
    let Ran { out, summary, .. } = ran(&attacked());
    let began = out.lines().find(|line| line.contains("\"source_guessing\"")).unwrap();
    for part in [
        "\"event\":\"began\",\"id\":",
        ",\"detector\":\"source_guessing\",\"severity\":\"attack\",\"action\":\"",
        ",\"operation\":\"login\",\"source\":\"2001:db8:bad:1::/64\",\"shared\":false,\"probability\":0.999",
        ",\"evidence\":{\"probability\":0.999",
        ",\"why\":\"",
    ] {
        assert!(began.contains(part), "{part}: {began}");
    }
    assert!(began.starts_with("{\"t\":54") && began.ends_with("\"}"), "{began}");
    let id = began.split("\"id\":").nth(1).unwrap().split(',').next().unwrap();
    let ended = format!("\"event\":\"ended\",\"id\":{id},\"detector\":\"source_guessing\"}}");
    assert!(out.lines().any(|line| line.ends_with(&ended)), "{out}");
    let last = out.lines().last().unwrap();
    assert!(
        last.starts_with(
            "{\"summary\":{\"events\":792,\"malformed\":0,\"detections\":{\"source_guessing\":1,"
        ),
        "{last}"
    );
    assert!(
        last.contains("\"prior\":{\"login\":0.") && last.contains(&format!("\"bytes\":{},", summary.bytes))
    );
    assert!(summary.detections.contains(&(Detector::SourceGuessing, 1)));
}

#[test]
fn prefix_of_the_log_gives_a_prefix_of_the_lines() {
    let log = attacked();
    let found = |input: &str| {
        let options = Options { assess: true, ..Options::default() };
        let out = run_with(input.as_bytes(), &options).out;
        out[..out.find("{\"summary\"").unwrap()].to_owned()
    };
    let whole = found(&log);
    assert_eq!(whole, found(&log), "the same bytes give the same lines");
    for cut in (HEADER.len()..log.len()).step_by(997) {
        assert!(whole.starts_with(&found(&log[..cut])), "cut at byte {cut}");
    }
}

#[test]
fn assess_prints_each_good_event_before_what_it_begins() {
    let options = Options { assess: true, ..Options::default() };
    let Ran { out, summary, .. } = run_with(attacked().as_bytes(), &options);
    let assessed = out.lines().filter(|line| line.contains("\"assess\":{\"probability\":")).count();
    assert_eq!(assessed as u64, summary.events);
    let began = out.lines().position(|line| line.contains("\"source_guessing\"")).unwrap();
    assert!(out.lines().nth(began - 1).unwrap().starts_with("{\"t\":54"), "the attempt itself comes first");
}

#[test]
fn attempt_up_to_five_seconds_late_happens_at_the_latest_time() {
    let times = ["100", "97", "95", "94.9", "101"];
    let rows = times.map(|t| format!("{t},a,b,login,success,\n")).concat();
    let options = Options { assess: true, ..Options::default() };
    let out = run_with([HEADER, &rows].concat().as_bytes(), &options).out;
    let seen: Vec<_> =
        out.lines().filter_map(|line| line.strip_prefix("{\"t\":")?.split(',').next()).collect();
    assert_eq!(seen, ["100", "100", "100", "94.9", "101"]);
}

/// Takes some writes, then nobody is there.
struct Gone(usize);

impl Write for Gone {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.0 -= 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn reader_that_goes_away_ends_the_run() {
    for lines in 0..3 {
        let error = run(attacked().as_bytes(), Gone(lines), io::sink(), &Options::default()).unwrap_err();
        assert!(error.is_broken_pipe());
    }
}
