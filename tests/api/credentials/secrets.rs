//! Secrets as they are issued, made up anew for each seed, and dressed up as people would.

use std::ops::Range;

/// Gives the same secrets for the same seed.
pub(crate) struct Random(fastrand::Rng);

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const BASE32: &str = "abcdefghijklmnopqrstuvwxyz234567";
const CROCKFORD: &str = "0123456789abcdefghjkmnpqrstvwxyz";
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BECH32: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

impl Random {
    fn within(&mut self, from: usize, to: usize) -> usize {
        self.0.usize(from..=to)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.within(0, all.len() - 1)]
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        (0..length).map(|_| char::from(alphabet.as_bytes()[self.within(0, alphabet.len() - 1)])).collect()
    }

    /// A text of a length between these.
    fn some(&mut self, alphabet: &str, from: usize, to: usize) -> String {
        let length = self.within(from, to);
        self.text(alphabet, length)
    }
}

pub(crate) type Class = (&'static str, fn(&mut Random) -> String);

/// What the rule was fitted to.
pub(crate) const FITTED: &[Class] = &[
    ("uuid", |random| uuid(random, "-")),
    ("hexadecimal", |random| random.some(HEX, 20, 56)),
    ("base36 password", |random| random.some(BASE36, 16, 40)),
    ("base32", |random| random.some(BASE32, 16, 52)),
    ("base64url", |random| random.some(BASE64URL, 20, 43)),
    ("slack bot", |random| {
        let kind = random.of(&["xoxb", "xoxp", "xoxa"]);
        let (team, user, secret) =
            (random.some(DIGITS, 10, 13), random.some(DIGITS, 10, 13), random.text(BASE62, 24));
        format!("{kind}-{team}-{user}-{secret}")
    }),
    ("kubeadm", |random| format!("{}.{}", random.text(BASE36, 6), random.text(BASE36, 16))),
    ("github classic", |random| format!("{}_{}", random.of(&["ghp", "gho", "ghu"]), random.text(BASE62, 36))),
    ("gitlab", |random| format!("{}-{}", random.of(&["glpat", "gldt", "glrt"]), random.text(BASE64URL, 20))),
    ("aws access key", |random| format!("{}{}", random.of(&["AKIA", "ASIA"]), random.text(BASE32, 16))),
    ("stripe", |random| {
        format!("{}_{}_{}", random.of(&["sk", "rk"]), random.of(&["live", "test"]), random.text(BASE62, 24))
    }),
    ("letters only", |random| random.some(LOWER, 24, 40)),
    ("jwt", |random| {
        format!(
            "eyJ{}.eyJ{}.{}",
            random.text(BASE64URL, 12),
            random.text(BASE64URL, 16),
            random.text(BASE64URL, 20)
        )
    }),
];

/// What it was not.
pub(crate) const HELD_OUT: &[Class] = &[
    ("uuid with underscores", |random| uuid(random, "_")),
    ("uuid without hyphens", |random| uuid(random, "")),
    ("uuid with dots", |random| uuid(random, ".")),
    ("uuid version 7", |random| {
        let (middle, tail) = (random.text(HEX, 3), random.text(HEX, 12));
        format!(
            "0199{}-{}-7{middle}-9{}-{tail}",
            random.text(HEX, 4),
            random.text(HEX, 4),
            random.text(HEX, 3)
        )
    }),
    ("ulid", |random| format!("01j{}", random.text(CROCKFORD, 23))),
    ("ksuid", |random| random.text(BASE62, 27)),
    ("nanoid of thirty", |random| random.text(BASE64URL, 30)),
    ("cuid2", |random| format!("{}{}", random.text(LOWER, 1), random.text(BASE36, 23))),
    ("hexadecimal in groups", |random| {
        (0..8).map(|_| random.text(HEX, 4)).collect::<Vec<_>>().join(random.of(&["-", ".", "_"]))
    }),
    ("fingerprint", |random| (0..16).map(|_| random.text(HEX, 2)).collect::<Vec<_>>().join("-")),
    ("sha256 prefix", |random| format!("sha256-{}", random.some(HEX, 16, 48))),
    ("license key", |random| (0..5).map(|_| random.text(CROCKFORD, 5)).collect::<Vec<_>>().join("-")),
    ("base58", |random| random.some(BASE58, 22, 44)),
    ("bitcoin wif", |random| format!("5K{}", random.text(BASE58, 49))),
    ("age key", |random| format!("age1{}", random.text(BECH32, 58))),
    ("slack session", |random| {
        let (one, two, three) =
            (random.some(DIGITS, 8, 13), random.some(DIGITS, 8, 13), random.some(DIGITS, 8, 13));
        format!("xoxs-{one}-{two}-{three}-{}", random.text(HEX, 10))
    }),
    ("slack refresh", |random| format!("xoxe-{}-{}", random.within(1, 9), random.text(BASE62, 40))),
    ("slack rotated", |random| format!("xoxe.xoxp-1-{}", random.text(BASE64URL, 40))),
    ("slack short", |random| {
        format!("{}-{}", random.of(&["xoxr", "xoxo", "xoxc", "xoxd"]), random.text(BASE36, 12))
    }),
    ("slack of figures", |random| {
        format!("xoxs-{}-{}", random.some(DIGITS, 9, 12), random.some(DIGITS, 9, 12))
    }),
    ("slack app", |random| {
        format!("xapp-1-A{}-{}-{}", random.text(BASE36, 10), random.text(DIGITS, 13), random.text(HEX, 20))
    }),
    ("github other", |random| format!("{}_{}", random.of(&["ghs", "ghr"]), random.text(BASE62, 36))),
    ("github fine-grained", |random| {
        format!("github_pat_{}_{}", random.text(BASE62, 22), random.text(BASE62, 20))
    }),
    ("aws secret", |random| random.text(BASE62, 40)),
    ("aws role id", |random| format!("AROA{}", random.text(BASE32, 17))),
    ("gcp api key", |random| format!("AIza{}", random.text(BASE64URL, 35))),
    ("gcp oauth", |random| format!("GOCSPX-{}", random.text(BASE64URL, 28))),
    ("gcp access token", |random| format!("ya29.{}", random.some(BASE64URL, 30, 50))),
    ("npm", |random| format!("npm_{}", random.text(BASE62, 36))),
    ("pypi", |random| format!("pypi-AgEIcHlwaS5vcmc{}", random.text(BASE64URL, 30))),
    ("sendgrid", |random| format!("SG.{}.{}", random.text(BASE64URL, 22), random.text(BASE64URL, 30))),
    ("twilio", |random| format!("{}{}", random.of(&["AC", "SK"]), random.text(HEX, 32))),
    ("mailgun", |random| format!("key-{}", random.text(BASE36, 32))),
    ("mailchimp", |random| format!("{}-us{}", random.text(HEX, 32), random.within(1, 20))),
    ("telegram", |random| format!("bot{}-AA{}", random.text(DIGITS, 10), random.text(BASE64URL, 33))),
    ("discord", |random| {
        format!("{}.{}.{}", random.text(BASE64URL, 24), random.text(BASE64URL, 6), random.text(BASE64URL, 27))
    }),
    ("openai", |random| format!("sk-proj-{}", random.text(BASE64URL, 48))),
    ("hugging face", |random| format!("hf_{}", random.text(BASE62, 34))),
    ("digitalocean", |random| format!("dop_v1_{}", random.text(HEX, 48))),
    ("shopify", |random| format!("shpat_{}", random.text(HEX, 32))),
    ("vault", |random| format!("{}{}", random.of(&["hvs.", "s."]), random.text(BASE62, 24))),
    ("consul", |random| format!("consul-{}", uuid(random, "-"))),
    ("docker", |random| format!("dckr_pat_{}", random.text(BASE64URL, 27))),
    ("tailscale", |random| format!("tskey-auth-{}-{}", random.text(BASE62, 12), random.text(BASE62, 24))),
    ("linear", |random| format!("lin_api_{}", random.text(BASE62, 40))),
    ("whsec", |random| format!("whsec_{}", random.text(BASE62, 32))),
    ("new relic", |random| format!("NRAK-{}", random.text(BASE36, 27))),
    ("grafana", |random| format!("glsa_{}_{}", random.text(BASE62, 32), random.text(HEX, 8))),
    ("square", |random| format!("sq0atp-{}", random.text(BASE64URL, 22))),
    ("session cookie", |random| format!("s.{}.{}", random.text(BASE64URL, 24), random.text(BASE64URL, 27))),
    ("jwt payload alone", |random| format!("eyJ{}", random.some(BASE64URL, 24, 50))),
    ("password of twenty letters", |random| random.some(LOWER, 28, 44)),
    ("password without vowels", |random| random.some("bcdfghjklmnpqrstvwxz2456789", 16, 32)),
    ("hexadecimal of sixteen", |random| random.text(HEX, 16)),
    ("container id", |random| random.text(HEX, 24)),
];

/// What people type or write down, and how many of a hundred may pass at the most.
pub(crate) const TYPED: &[(Class, usize)] = &[
    (("password of an app", |random| groups(random, LOWER, 4, 4)), 21),
    (("seed in groups", |random| groups(random, BASE32, 8, 4)), 1),
    (("short seed in groups", |random| groups(random, BASE32, 4, 4)), 7),
    (("hexadecimal in four groups", |random| groups(random, HEX, 4, 4)), 7),
    (("recovery code", |random| groups(random, HEX, 2, 5)), 28),
    (("password of an app in one piece", |random| random.text(LOWER, 16)), 12),
    (("fourteen letters", |random| random.text(LOWER, 14)), 25),
    (("number of a card", |random| format!("card-4{}", random.text(DIGITS, 15))), 1),
];

fn groups(random: &mut Random, alphabet: &str, count: usize, length: usize) -> String {
    (0..count).map(|_| random.text(alphabet, length)).collect::<Vec<_>>().join("-")
}

fn uuid(random: &mut Random, between: &str) -> String {
    let parts = [(8, ""), (4, ""), (3, "4"), (3, "9"), (12, "")];
    parts.map(|(length, first)| format!("{first}{}", random.text(HEX, length))).join(between)
}

/// What people put around a secret; the secret alone, too.
const AROUND: [(&str, &str); 14] = [
    ("", ""),
    ("db-", ""),
    ("prod.", ""),
    ("key_", ""),
    ("partner-acme-", ""),
    ("x", ""),
    ("token", ""),
    ("login-eu-west-1-", ""),
    ("", "-prod"),
    ("", ".old"),
    ("db-", "-replica"),
    ("svc.", ".signing"),
    ("a-", "-2026"),
    ("", "-key"),
];

/// Secrets of a class in small letters, each alone and in two names: those that have the form of a slug, since any other is
/// refused for that alone.
pub(crate) fn of_class((_, make): Class, seeds: Range<u64>) -> Vec<String> {
    let dressed = |seed: u64| {
        let secret = make(&mut Random(fastrand::Rng::with_seed(seed << 20))).to_lowercase();
        let around = [0, 1 + seed as usize % 7, 8 + seed as usize % 6].map(|place| AROUND[place]);
        around.map(|(before, after)| format!("{before}{secret}{after}"))
    };
    seeds.flat_map(dressed).filter(|slug| has_form(slug)).collect()
}

/// `[a-z][a-z0-9_.-]*`, at most 64 bytes.
pub(crate) fn has_form(slug: &str) -> bool {
    let is_part = |each: u8| each.is_ascii_lowercase() || each.is_ascii_digit() || b"_.-".contains(&each);
    slug.len() <= 64
        && slug.starts_with(|first: char| first.is_ascii_lowercase())
        && slug.bytes().all(is_part)
}
