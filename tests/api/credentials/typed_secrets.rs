//! Secrets as people write them down or type them: in groups, as letters only, as long numbers. Words and times pass.

use auth_metrics_credentials::{Credential, CredentialError, SlugError};

use crate::secrets::{self, TYPED};

fn is_refused(slug: &str) -> bool {
    match Credential::from_pem(slug, "").unwrap_err() {
        CredentialError::Slug { error, .. } => {
            assert_eq!(error, SlugError::KeyMaterial, "{slug}");
            true
        }
        _ => false,
    }
}

#[test]
fn what_was_found_to_pass_is_refused() {
    let found = [
        "vmlo-nkes-bwux-ssbv",
        "mail.vmlo-nkes-bwux-ssbv",
        "vmlonkesbwuxssbv",
        "jbsw-y3dp-ehpk-3pxp",
        "totp_gezd.gnbv-gy3t-qojq",
        "db-9fd30-27a19",
        "f9d30-27a19",
        "a120-4a3b-77cd-1e0f",
        "db-9120-4a3b-77cd-1e0f",
        "db-rkqgxcmriqqhtw",
        "card-4111111111111111",
        "imei.490154203237518",
        "account-9780201379624-eu",
        "db-10.0.12.34",
        "host_192.168.10.20-replica",
        "ip.8.8.8.8.old",
    ];
    let passing: Vec<&str> = found.into_iter().filter(|slug| !is_refused(slug)).collect();
    assert!(passing.is_empty(), "{passing:?}");
}

#[test]
fn words_times_and_versions_of_the_same_form_pass() {
    let names = [
        "eu-west-1-prod",
        "blue-teal-grey-pink",
        "auth-team-prod-keys",
        "mail-sync-prod-jobs",
        "smtp-imap-pop3-ldap",
        "https-mtls2-grpcs",
        "sftp-fra1-2026-gen2",
        "login-token-audit",
        "cert-prod-2026-2027",
        "kafka-redis-mysql",
        "oauth-oidc2-saml2",
        "linux-arm64-build",
        "dead-beef-cafe-babe",
        "backup-20260701120000",
        "backup-20260701120000123",
        "valid-2026070120270630",
        "rotated-1782864000123",
        "rotated.1782864000123456789",
        "account-123456789012",
        "ip-10-0-12-34.ec2",
        "app.v1.2.3.4",
        "app-1.2.3.4.5",
        "driver-114.0.5735.90",
        "release-2026.07.01",
        "schwyzerduetsch",
        "huaweiclouddownload",
    ];
    let refused: Vec<&str> = names.into_iter().filter(|slug| is_refused(slug)).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

/// Letters that are drawn can happen to read like words, so that some pass: how many of a hundred is stated by class.
#[test]
fn few_of_those_that_are_drawn_pass() {
    let mut too_many = Vec::new();
    for (class, most) in TYPED {
        let slugs = secrets::of_class(*class, 20_000..20_600);
        let passing = slugs.iter().filter(|slug| !is_refused(slug)).count();
        assert!(slugs.len() > 300, "{}: {} slugs", class.0, slugs.len());
        if passing * 100 > slugs.len() * most {
            too_many.push(format!("{}: {passing} of {}", class.0, slugs.len()));
        }
    }
    assert!(too_many.is_empty(), "{too_many:?}");
}
