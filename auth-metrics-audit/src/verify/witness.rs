//! Asks a scrape or a Prometheus for the greatest `auth_audit_sequence` that it has seen: HTTP/1.1 without TLS, one request, with deadlines.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::VerifyOptions;

const DEADLINE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const MOST_BYTES: u64 = 64 << 20;
const NAME: &str = "auth_audit_sequence";

/// Asks the witness: a number, a number with the hash of its line, or a URL. `matching` narrows the series:
/// `instance="a:9090",sink="file"`.
pub(super) fn ask(
    options: VerifyOptions,
    witness: &str,
    matching: Option<&str>,
    range: &str,
) -> Result<VerifyOptions, String> {
    if let Ok(number) = witness.parse() {
        return Ok(options.witness(number));
    }
    if let Some((number, hash)) = witness.split_once(':')
        && let Ok(number) = number.parse()
    {
        return options.witness_line(number, hash).map_err(|error| error.to_string());
    }
    let Some(rest) = witness.strip_prefix("http://") else {
        let hint = if witness.starts_with("https://") {
            "https is not supported: fetch the number with curl, and pass it as `--witness N`"
        } else {
            "it must be a number, a number and a hash, or begin with http://"
        };
        return Err(hint.to_owned());
    };
    let matching = matching.unwrap_or("sink=\"file\"");
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if path.ends_with("/metrics") {
        return Ok(options.witness(in_scrape(&get(host, path)?, matching)?));
    }
    let asked = |query: String| {
        let path = format!("{}/api/v1/query?query={}", path.trim_end_matches('/'), encoded(&query));
        in_answer(&get(host, &path)?)
    };
    let number = asked(format!("max(max_over_time({NAME}{{{matching}}}[{range}]))"))?;
    let falls = asked(format!("max(resets({NAME}{{{matching}}}[{range}]))"))?;
    Ok(VerifyOptions { falls, ..options.witness(number) })
}

fn get(host: &str, path: &str) -> Result<String, String> {
    let with_port = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let failed = |error: std::io::Error| format!("{host} does not answer: {error}");
    let mut refused = std::io::Error::other("it has no address");
    for address in with_port.to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, DEADLINE) {
            Ok(stream) => {
                return exchange(stream, host, path).map_err(failed).and_then(|answer| body(&answer));
            }
            Err(error) => refused = error,
        }
    }
    Err(failed(refused))
}

fn exchange(mut stream: TcpStream, host: &str, path: &str) -> std::io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/plain, application/json\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer)?;
    Ok(answer)
}

/// Returns the body of an answer, put together if it came in chunks.
fn body(answer: &[u8]) -> Result<String, String> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("the answer is no HTTP")?;
    let (head, body) = answer.split_at_checked(end).ok_or("the answer is no HTTP")?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        return Err(format!(
            "it answers with status {}",
            super::show::escaped(status.get(..3).unwrap_or("?"))
        ));
    }
    let body = body.get(4..).unwrap_or_default();
    let is_chunked =
        head.lines().any(|line| line.starts_with("transfer-encoding:") && line.contains("chunked"));
    let body = if is_chunked { unchunked(body).ok_or("the answer is cut off")? } else { body.to_vec() };
    String::from_utf8(body).map_err(|_| "the answer is no text".to_owned())
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = rest.get(end + 2..)?;
        if size == 0 {
            return Some(body);
        }
        let (chunk, after) = rest.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n")?;
    }
}

/// Reads the answer of Prometheus' query API.
fn in_answer(body: &str) -> Result<u64, String> {
    let answer: serde_json::Value =
        serde_json::from_str(body).map_err(|_| "the answer is not Prometheus'")?;
    let value = answer.pointer("/data/result/0/value/1").and_then(serde_json::Value::as_str);
    value
        .and_then(sequence)
        .ok_or_else(|| format!("it has not seen {NAME} in that time: try --range or --match"))
}

/// Reads the text of a scrape: the greatest of all series that match.
fn in_scrape(body: &str, matching: &str) -> Result<u64, String> {
    let wanted: Vec<&str> = matching.split(',').map(str::trim).filter(|label| !label.is_empty()).collect();
    let found = body.lines().filter_map(|line| {
        let (labels, value) = line.strip_prefix(NAME)?.strip_prefix('{')?.rsplit_once('}')?;
        let fits = wanted.iter().all(|wanted| labels.split(',').any(|label| label.trim() == *wanted));
        if fits { sequence(value.split_whitespace().next()?) } else { None }
    });
    found.max().ok_or_else(|| format!("the scrape has no {NAME}{{{matching}}}: try --match"))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked")]
fn sequence(value: &str) -> Option<u64> {
    // Prometheus has floats only; 2^53 lines are not reached.
    let value: f64 = value.parse().ok()?;
    (0.0..9e15).contains(&value).then_some(value as u64)
}

/// Spells a text in a URL.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&crate::seal::hex::text(&[byte]));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Hash;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread;

    /// Answers a request with each of these, and returns their first lines.
    fn server(answers: &[&str]) -> (String, thread::JoinHandle<Vec<String>>) {
        let answers: Vec<_> = answers.iter().map(ToString::to_string).collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = thread::spawn(move || {
            let one = |answer: String| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().unwrap().unwrap();
                lines.find(|line| line.as_ref().unwrap().is_empty());
                stream.write_all(answer.as_bytes()).unwrap();
                first
            };
            answers.into_iter().map(one).collect()
        });
        (format!("http://{address}"), served)
    }

    /// The number of the witness, the hash of its line, and how often it fell.
    fn asked(witness: &str, matching: Option<&str>) -> Result<(u64, Option<Hash>, u64), String> {
        let VerifyOptions { witness, hash, falls, .. } = ask(VerifyOptions::new(), witness, matching, "7d")?;
        Ok((witness.unwrap_or_default(), hash, falls))
    }

    #[test]
    fn prometheus_is_asked_for_the_greatest_and_whether_it_fell() {
        let body = r#"{"status":"success","data":{"result":[{"metric":{},"value":[1.7,"48113"]}]}}"#;
        let (one, two) = body.split_at(20);
        let one = format!("{:x};name=x\r\n{one}\r\n", one.len());
        let two = format!("{:X}\r\n{two}\r\n0\r\n\r\n", two.len());
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let fell = body.replace("48113", "2");
        let (url, served) =
            server(&[&format!("{head}{one}{two}"), &format!("HTTP/1.1 200 OK\r\n\r\n{fell}")]);
        assert_eq!(asked(&url, Some("instance=\"a\"")), Ok((48_113, None, 2)));
        let queries = ["max%28max_over_time%28", "max%28resets%28"].map(|query| {
            let of = "auth_audit_sequence%7binstance%3d%22a%22%7d%5b7d%5d%29%29";
            format!("GET /api/v1/query?query={query}{of} HTTP/1.1")
        });
        assert_eq!(served.join().unwrap(), queries);
    }

    #[test]
    fn scrape_is_read_itself() {
        let (url, served) = server(&[
            "HTTP/1.1 200 OK\r\n\r\n# TYPE auth_audit_sequence gauge\nauth_audit_sequence{sink=\"file\"} 12\nauth_audit_sequence{sink=\"tracing\"} 99\n",
        ]);
        assert_eq!(asked(&format!("{url}/metrics"), None), Ok((12, None, 0)));
        assert_eq!(served.join().unwrap(), ["GET /metrics HTTP/1.1"]);
    }

    #[test]
    fn what_is_no_answer_is_said() {
        for answer in [
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            "nonsense",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx",
            "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"success\",\"data\":{\"result\":[]}}",
        ] {
            let (url, served) = server(&[answer]);
            assert!(asked(&url, None).is_err(), "{answer}");
            served.join().unwrap();
        }
        assert_eq!(asked("12", None), Ok((12, None, 0)));
        assert_eq!(asked(&format!("12:{}", "ab".repeat(32)), None), Ok((12, Some([0xab; 32]), 0)));
        assert!(asked("12:ab", None).is_err_and(|why| why.contains("64")));
        assert!(asked("https://prometheus", None).is_err_and(|why| why.contains("curl")));
        assert!(asked("prometheus", None).is_err());
        assert_eq!(
            (sequence("NaN"), sequence("-1"), sequence("+Inf"), sequence("1.5e4")),
            (None, None, None, Some(15_000))
        );
    }
}
