//! Certificates that OpenSSL made; their private keys are gone.

use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::{CertificateError, Credential, CredentialError, SlugError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixture::{NOW, Setup, at};

pub(crate) const LEAF: &str = include_str!("data/leaf.pem");
/// The leaf, the intermediate, which expires first, and the root.
const CHAIN: &str = include_str!("data/chain.pem");

/// 2027-03-01 12:00 UTC.
pub(crate) const LEAF_ENDS: u64 = 1_803_902_400;
/// 2026-12-01 UTC.
const INTERMEDIATE_ENDS: u64 = 1_796_083_200;

fn refusal(pem: impl AsRef<[u8]>) -> CertificateError {
    match Credential::from_pem("ingress", pem).unwrap_err() {
        CredentialError::Certificate { slug, error } if slug == "ingress" => error,
        other => panic!("{other}"),
    }
}

#[test]
fn a_certificate_expires_at_its_not_after() {
    let setup = Setup::new();
    let tracked = setup.tracker.declare(Credential::from_pem("ingress", LEAF).unwrap()).unwrap();
    assert_eq!((tracked.kind(), tracked.not_after()), (CredentialKind::Certificate, Some(at(LEAF_ENDS))));
    assert_eq!(setup.not_after("ingress"), Some(LEAF_ENDS as f64));
    assert_eq!(setup.last_rotated("ingress"), None);
}

#[test]
fn a_chain_expires_with_its_first() {
    assert_eq!(Credential::from_pem("ingress", CHAIN).unwrap().not_after(), Some(at(INTERMEDIATE_ENDS)));
}

#[test]
fn the_lead_time_of_a_certificate_counts_from_its_not_before() {
    let setup = Setup::new();
    // Valid from June 2026 to March 2027, and declared in February 2027.
    setup.set(at(LEAF_ENDS - 20 * 86_400));
    setup.tracker.declare(Credential::from_pem("ingress", LEAF).unwrap()).unwrap();
    assert_eq!(setup.events(), ["created 1", "expiring 1"]);
}

#[test]
fn files_as_they_are_found_can_be_read() {
    let key = ["-----BEGIN ", "PRIVATE KEY-----\nbm90IGEga2V5\n-----END ", "PRIVATE KEY-----\n"].concat();
    let one_line: String = {
        let body: String = LEAF.lines().filter(|line| !line.starts_with("-----")).collect();
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----")
    };
    let latin_1 = [b"# Schl\xfcssel\n", LEAF.as_bytes()].concat();
    let from_windows = format!("\u{feff}Bag Attributes\r\n{}", LEAF.replace('\n', "\r\n"));
    let files: [&[u8]; 13] = [
        LEAF.as_bytes(),
        LEAF.trim_end().as_bytes(),
        &LEAF.replace('\n', "\r\n").into_bytes(),
        &format!("{key}{LEAF}").into_bytes(),
        one_line.as_bytes(),
        include_bytes!("data/with_text.pem"),
        &latin_1,
        from_windows.as_bytes(),
        &format!("\u{feff}{LEAF}").into_bytes(),
        &format!("{LEAF}{key}").into_bytes(),
        &LEAF.replace('\n', "\n    ").into_bytes(),
        &LEAF.replace('\n', "\r").into_bytes(),
        &format!("tls.crt: {LEAF}").into_bytes(),
    ];
    for file in files {
        let read = Credential::from_pem("ingress", file).unwrap();
        assert_eq!(read.not_after(), Some(at(LEAF_ENDS)), "{}", String::from_utf8_lossy(file));
    }
}

proptest! {
    #[test]
    fn wraps_and_indents_of_any_kind_can_be_read(gaps in vec(("[ \t\r\n]{0,3}", 1..100_usize), 1..40), before in "[^-]*", after in "[^-]*") {
        let body: String = LEAF.lines().filter(|line| !line.starts_with("-----")).collect();
        let (mut rest, mut text) = (body.as_str(), String::new());
        for (gap, width) in gaps.iter().cycle().take(2_000) {
            let (line, others) = rest.split_at((*width).min(rest.len()));
            text.extend([gap.as_str(), line]);
            rest = others;
        }
        prop_assert_eq!(rest, "");
        let pem = format!("{before}-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----{after}");
        let chain = format!("{pem}{LEAF}{pem}");
        for file in [pem, chain] {
            prop_assert_eq!(Credential::from_pem("ingress", file).unwrap().not_after(), Some(at(LEAF_ENDS)));
        }
    }
}

#[test]
fn a_certificate_without_an_end_is_no_end() {
    let setup = Setup::new();
    let forever = Credential::from_pem("device", include_str!("data/without_end.pem")).unwrap();
    setup.tracker.declare(forever).unwrap();
    assert_eq!(setup.not_after("device"), Some(253_402_300_799.0));
}

#[test]
fn an_expired_certificate_is_refused() {
    let setup = Setup::new();
    setup.set(at(LEAF_ENDS));
    let refused = setup.tracker.declare(Credential::from_pem("ingress", LEAF).unwrap());
    assert!(matches!(refused, Err(CredentialError::NotAfterPast { .. })));
    assert_eq!(setup.exported(), [] as [&str; 0]);
}

#[test]
fn what_does_not_parse_says_which_and_why_and_nothing_of_it() {
    let body: Vec<&str> = LEAF.lines().collect();
    let cut = body[..4].join("\n");
    let damaged = LEAF.replacen(body[2], &body[2].replace(|_: char| true, "!"), 1);
    let short = [body[0], body[1], body[body.len() - 1]].join("\n");
    assert_eq!(refusal(""), CertificateError::NoCertificate);
    assert_eq!(refusal([0x30, 0x82, 0xff, 0x00]), CertificateError::NoCertificate);
    assert_eq!(refusal(&cut), CertificateError::Unfinished(1));
    assert_eq!(refusal(&damaged), CertificateError::NotBase64(1));
    assert_eq!(refusal(&short), CertificateError::NotX509(1));
    assert_eq!(refusal(format!("{LEAF}{short}")), CertificateError::NotX509(2));
    let error = Credential::from_pem("ingress", &short).unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(!told.contains(&body[1][..16]), "{told}");
    assert!(told.starts_with("the certificate of `ingress`: number 1 is not an X.509 certificate"), "{told}");
}

#[test]
fn other_forms_are_told_apart_each_with_what_to_do() {
    let der: &[u8] = include_bytes!("data/leaf.der");
    let (pkcs12, pkcs7): (&[u8], &[u8]) = (include_bytes!("data/chain.p12"), include_bytes!("data/chain.p7"));
    let (text, trusted) = (include_str!("data/chain.p7b"), include_str!("data/trusted.pem"));
    let both = format!("{LEAF}{trusted}");
    let keystore = [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2][..], der].concat();
    let key = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];
    let cases: [(&[u8], CertificateError, &str); 9] = [
        (der, CertificateError::Der, "openssl x509 -inform DER"),
        (pkcs12, CertificateError::Pkcs12, "openssl pkcs12"),
        (pkcs7, CertificateError::Pkcs7, "openssl pkcs7"),
        (text.as_bytes(), CertificateError::Pkcs7, "openssl pkcs7"),
        (trusted.as_bytes(), CertificateError::Trusted, "openssl x509 -in FILE"),
        (both.as_bytes(), CertificateError::Trusted, "openssl x509 -in FILE"),
        (&keystore, CertificateError::Keystore, "keytool"),
        (include_bytes!("data/request.pem"), CertificateError::Request, "that was issued"),
        (&key, CertificateError::NoCertificate, "not its key"),
    ];
    for (file, expected, advice) in cases {
        assert_eq!(refusal(file), expected);
        let told = Credential::from_pem("ingress", file).unwrap_err().to_string();
        assert!(told.contains(advice), "{told}");
    }
}

#[test]
fn every_way_to_cut_a_file_of_another_form_is_an_error_and_no_panic() {
    for file in [
        &include_bytes!("data/leaf.der")[..],
        include_bytes!("data/chain.p12"),
        include_bytes!("data/chain.p7"),
    ] {
        assert!((0..file.len()).all(|end| Credential::from_pem("ingress", &file[..end]).is_err()));
    }
}

#[test]
fn a_file_that_is_empty_or_half_written_may_be_incomplete() {
    for file in ["", "-----BEGIN CERTIFI", "\n"] {
        let told = Credential::from_pem("ingress", file).unwrap_err().to_string();
        let expected = "the certificate of `ingress`: there is no `-----BEGIN CERTIFICATE-----` in it: \
                        give the certificate, not its key, or the file is incomplete";
        assert_eq!(told, expected);
    }
}

#[test]
fn every_way_to_cut_a_certificate_is_an_error_and_no_panic() {
    let last = LEAF.trim_end().len();
    assert!((0..last).all(|end| Credential::from_pem("ingress", &LEAF[..end]).is_err()));
}

#[test]
fn a_slug_is_looked_at_before_the_certificate() {
    let refused = Credential::from_pem("ada@example.org", "nothing").unwrap_err();
    let kind = CredentialKind::Certificate;
    assert_eq!(refused, CredentialError::Slug { kind, error: SlugError::Email });
    const { assert!(NOW < INTERMEDIATE_ENDS) };
}
