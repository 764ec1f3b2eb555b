//! Secrets as they are issued, made up anew for each seed, and dressed up as people would.

use std::ops::Range;

/// A generator that gives the same secrets for the same seed.
pub(crate) struct Dice(u64);

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

impl Dice {
    /// Splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn within(&mut self, from: usize, to: usize) -> usize {
        from + (self.next() % (to - from + 1) as u64) as usize
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

pub(crate) type Class = (&'static str, fn(&mut Dice) -> String);

/// What the rule was fitted to.
pub(crate) const FITTED: &[Class] = &[
    ("uuid", |dice| uuid(dice, "-")),
    ("hexadecimal", |dice| dice.some(HEX, 20, 56)),
    ("base36 password", |dice| dice.some(BASE36, 16, 40)),
    ("base32", |dice| dice.some(BASE32, 16, 52)),
    ("base64url", |dice| dice.some(BASE64URL, 20, 43)),
    ("slack bot", |dice| {
        let kind = dice.of(&["xoxb", "xoxp", "xoxa"]);
        let (team, user, secret) =
            (dice.some(DIGITS, 10, 13), dice.some(DIGITS, 10, 13), dice.text(BASE62, 24));
        format!("{kind}-{team}-{user}-{secret}")
    }),
    ("kubeadm", |dice| format!("{}.{}", dice.text(BASE36, 6), dice.text(BASE36, 16))),
    ("github classic", |dice| format!("{}_{}", dice.of(&["ghp", "gho", "ghu"]), dice.text(BASE62, 36))),
    ("gitlab", |dice| format!("{}-{}", dice.of(&["glpat", "gldt", "glrt"]), dice.text(BASE64URL, 20))),
    ("aws access key", |dice| format!("{}{}", dice.of(&["AKIA", "ASIA"]), dice.text(BASE32, 16))),
    ("stripe", |dice| {
        format!("{}_{}_{}", dice.of(&["sk", "rk"]), dice.of(&["live", "test"]), dice.text(BASE62, 24))
    }),
    ("letters only", |dice| dice.some(LOWER, 24, 40)),
    ("jwt", |dice| {
        format!(
            "eyJ{}.eyJ{}.{}",
            dice.text(BASE64URL, 12),
            dice.text(BASE64URL, 16),
            dice.text(BASE64URL, 20)
        )
    }),
];

/// What it was not.
pub(crate) const HELD_OUT: &[Class] = &[
    ("uuid with underscores", |dice| uuid(dice, "_")),
    ("uuid without hyphens", |dice| uuid(dice, "")),
    ("uuid with dots", |dice| uuid(dice, ".")),
    ("uuid version 7", |dice| {
        let (random, tail) = (dice.text(HEX, 3), dice.text(HEX, 12));
        format!("0199{}-{}-7{random}-9{}-{tail}", dice.text(HEX, 4), dice.text(HEX, 4), dice.text(HEX, 3))
    }),
    ("ulid", |dice| format!("01j{}", dice.text(CROCKFORD, 23))),
    ("ksuid", |dice| dice.text(BASE62, 27)),
    ("nanoid of thirty", |dice| dice.text(BASE64URL, 30)),
    ("cuid2", |dice| format!("{}{}", dice.text(LOWER, 1), dice.text(BASE36, 23))),
    ("hexadecimal in groups", |dice| {
        (0..8).map(|_| dice.text(HEX, 4)).collect::<Vec<_>>().join(dice.of(&["-", ".", "_"]))
    }),
    ("fingerprint", |dice| (0..16).map(|_| dice.text(HEX, 2)).collect::<Vec<_>>().join("-")),
    ("sha256 prefix", |dice| format!("sha256-{}", dice.some(HEX, 16, 48))),
    ("license key", |dice| (0..5).map(|_| dice.text(CROCKFORD, 5)).collect::<Vec<_>>().join("-")),
    ("base58", |dice| dice.some(BASE58, 22, 44)),
    ("bitcoin wif", |dice| format!("5K{}", dice.text(BASE58, 49))),
    ("age key", |dice| format!("age1{}", dice.text(BECH32, 58))),
    ("slack session", |dice| {
        let (one, two, three) =
            (dice.some(DIGITS, 8, 13), dice.some(DIGITS, 8, 13), dice.some(DIGITS, 8, 13));
        format!("xoxs-{one}-{two}-{three}-{}", dice.text(HEX, 10))
    }),
    ("slack refresh", |dice| format!("xoxe-{}-{}", dice.within(1, 9), dice.text(BASE62, 40))),
    ("slack rotated", |dice| format!("xoxe.xoxp-1-{}", dice.text(BASE64URL, 40))),
    ("slack short", |dice| {
        format!("{}-{}", dice.of(&["xoxr", "xoxo", "xoxc", "xoxd"]), dice.text(BASE36, 12))
    }),
    ("slack of figures", |dice| format!("xoxs-{}-{}", dice.some(DIGITS, 9, 12), dice.some(DIGITS, 9, 12))),
    ("slack app", |dice| {
        format!("xapp-1-A{}-{}-{}", dice.text(BASE36, 10), dice.text(DIGITS, 13), dice.text(HEX, 20))
    }),
    ("github other", |dice| format!("{}_{}", dice.of(&["ghs", "ghr"]), dice.text(BASE62, 36))),
    ("github fine-grained", |dice| format!("github_pat_{}_{}", dice.text(BASE62, 22), dice.text(BASE62, 20))),
    ("aws secret", |dice| dice.text(BASE62, 40)),
    ("aws role id", |dice| format!("AROA{}", dice.text(BASE32, 17))),
    ("gcp api key", |dice| format!("AIza{}", dice.text(BASE64URL, 35))),
    ("gcp oauth", |dice| format!("GOCSPX-{}", dice.text(BASE64URL, 28))),
    ("gcp access token", |dice| format!("ya29.{}", dice.some(BASE64URL, 30, 50))),
    ("npm", |dice| format!("npm_{}", dice.text(BASE62, 36))),
    ("pypi", |dice| format!("pypi-AgEIcHlwaS5vcmc{}", dice.text(BASE64URL, 30))),
    ("sendgrid", |dice| format!("SG.{}.{}", dice.text(BASE64URL, 22), dice.text(BASE64URL, 30))),
    ("twilio", |dice| format!("{}{}", dice.of(&["AC", "SK"]), dice.text(HEX, 32))),
    ("mailgun", |dice| format!("key-{}", dice.text(BASE36, 32))),
    ("mailchimp", |dice| format!("{}-us{}", dice.text(HEX, 32), dice.within(1, 20))),
    ("telegram", |dice| format!("bot{}-AA{}", dice.text(DIGITS, 10), dice.text(BASE64URL, 33))),
    ("discord", |dice| {
        format!("{}.{}.{}", dice.text(BASE64URL, 24), dice.text(BASE64URL, 6), dice.text(BASE64URL, 27))
    }),
    ("openai", |dice| format!("sk-proj-{}", dice.text(BASE64URL, 48))),
    ("hugging face", |dice| format!("hf_{}", dice.text(BASE62, 34))),
    ("digitalocean", |dice| format!("dop_v1_{}", dice.text(HEX, 48))),
    ("shopify", |dice| format!("shpat_{}", dice.text(HEX, 32))),
    ("vault", |dice| format!("{}{}", dice.of(&["hvs.", "s."]), dice.text(BASE62, 24))),
    ("consul", |dice| format!("consul-{}", uuid(dice, "-"))),
    ("docker", |dice| format!("dckr_pat_{}", dice.text(BASE64URL, 27))),
    ("tailscale", |dice| format!("tskey-auth-{}-{}", dice.text(BASE62, 12), dice.text(BASE62, 24))),
    ("linear", |dice| format!("lin_api_{}", dice.text(BASE62, 40))),
    ("whsec", |dice| format!("whsec_{}", dice.text(BASE62, 32))),
    ("new relic", |dice| format!("NRAK-{}", dice.text(BASE36, 27))),
    ("grafana", |dice| format!("glsa_{}_{}", dice.text(BASE62, 32), dice.text(HEX, 8))),
    ("square", |dice| format!("sq0atp-{}", dice.text(BASE64URL, 22))),
    ("session cookie", |dice| format!("s.{}.{}", dice.text(BASE64URL, 24), dice.text(BASE64URL, 27))),
    ("jwt payload alone", |dice| format!("eyJ{}", dice.some(BASE64URL, 24, 50))),
    ("password of twenty letters", |dice| dice.some(LOWER, 28, 44)),
    ("password without vowels", |dice| dice.some("bcdfghjklmnpqrstvwxz2456789", 16, 32)),
    ("hexadecimal of sixteen", |dice| dice.text(HEX, 16)),
    ("container id", |dice| dice.text(HEX, 24)),
];

/// What people type or write down, and how many of a hundred may pass at the most.
pub(crate) const TYPED: &[(Class, usize)] = &[
    (("password of an app", |dice| groups(dice, LOWER, 4, 4)), 21),
    (("seed in groups", |dice| groups(dice, BASE32, 8, 4)), 1),
    (("short seed in groups", |dice| groups(dice, BASE32, 4, 4)), 5),
    (("hexadecimal in four groups", |dice| groups(dice, HEX, 4, 4)), 7),
    (("recovery code", |dice| groups(dice, HEX, 2, 5)), 25),
    (("password of an app in one piece", |dice| dice.text(LOWER, 16)), 12),
    (("fourteen letters", |dice| dice.text(LOWER, 14)), 25),
    (("number of a card", |dice| format!("card-4{}", dice.text(DIGITS, 15))), 1),
];

fn groups(dice: &mut Dice, alphabet: &str, count: usize, length: usize) -> String {
    (0..count).map(|_| dice.text(alphabet, length)).collect::<Vec<_>>().join("-")
}

fn uuid(dice: &mut Dice, between: &str) -> String {
    let parts = [(8, ""), (4, ""), (3, "4"), (3, "9"), (12, "")];
    parts.map(|(length, first)| format!("{first}{}", dice.text(HEX, length))).join(between)
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
        let secret = make(&mut Dice(seed << 20)).to_lowercase();
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
