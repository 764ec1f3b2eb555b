//! What happens by itself while the service runs: keys are rotated, the certificate is renewed, idle names are forgotten.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{
    Retiring, Rotated, RotationContext, Rotator, RotatorError, RotatorHandle,
};
use auth_metrics_credentials::{ApiKeyRecord, Credential, CredentialError, CredentialTracker};
use thiserror::Error;
use tokio::task::JoinHandle;

use crate::certificate::{CertificateError, ClientCertificate};
use crate::service::Service;
use crate::settings::Settings;
use crate::signing::KeyError;

/// The `credential` label of the signing key.
const SIGNING_KEY: &str = "access_tokens";

/// How often a machine should get a new key; nobody does that for it.
const MACHINE_KEY_INTERVAL: Duration = Duration::from_secs(90 * 24 * 3600);

/// A part of the wait that chance leaves out, so that replicas don't rotate at once.
const JITTER: f64 = 0.1;

/// Between two looks at what time alone does.
const LOOK: Duration = Duration::from_secs(1);

/// The service can't be kept up.
#[derive(Debug, Error)]
pub(crate) enum UpkeepError {
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error(transparent)]
    Rotator(#[from] RotatorError),
}

/// Runs until it is shut down.
pub(crate) struct Upkeep {
    rotators: Vec<RotatorHandle>,
    looking: JoinHandle<()>,
}

impl Upkeep {
    /// Tracks the service's credentials from now on.
    pub(crate) fn start(
        settings: &Settings,
        metrics: &AuthMetrics,
        service: &Arc<Service>,
        certificate: (ClientCertificate, Credential),
    ) -> Result<Self, UpkeepError> {
        let tracker = CredentialTracker::new(metrics);
        for machine in service.machines.names() {
            let record = ApiKeyRecord {
                created: SystemTime::now(),
                expires: None,
                rotation_interval: Some(MACHINE_KEY_INTERVAL),
            };
            tracker.declare(Credential::from_api_key(machine, record))?.activate()?;
        }
        let signing = rotate_signing_key(settings, &tracker, service)?;
        let renewal = renew_certificate(&tracker, certificate)?;
        let service = Arc::clone(service);
        let looking = tokio::spawn(async move {
            let mut tick = tokio::time::interval(LOOK);
            loop {
                tick.tick().await;
                tracker.check();
                service.logins.forget_idle_names();
            }
        });
        Ok(Self { rotators: vec![signing, renewal], looking })
    }

    /// Ends it; a rotation that runs may end.
    pub(crate) async fn shutdown(self) {
        self.looking.abort();
        for rotator in self.rotators {
            rotator.shutdown().await;
        }
    }
}

/// A new key signs from time to time, and the old one verifies as long as its tokens live.
fn rotate_signing_key(
    settings: &Settings,
    tracker: &CredentialTracker,
    service: &Arc<Service>,
) -> Result<RotatorHandle, UpkeepError> {
    let key = Credential::new(CredentialKind::SigningKey, SIGNING_KEY)
        .with_last_rotated(SystemTime::now())
        .with_rotation_interval(settings.key_interval);
    let key = tracker.declare(key)?;
    key.activate()?;
    let (rotating, retiring) = (Arc::clone(&service.signing), Arc::clone(&service.signing));
    let rotate = move |context: RotationContext| {
        let keys = Arc::clone(&rotating);
        async move { keys.rotate(context.id().to_owned()).map(|()| Rotated::without_end()) }
    };
    let retire = move |old: Retiring| {
        let keys = Arc::clone(&retiring);
        async move {
            keys.retire(old.id());
            Ok::<_, KeyError>(())
        }
    };
    let first = service.signing.current().map(|key| key.id.clone()).unwrap_or_default();
    let rotator = Rotator::new(key, rotate).id(first).jitter(JITTER);
    let rotator = rotator.overlap(settings.key_overlap).retire(retire);
    Ok(rotator.spawn()?)
}

/// The certificate is renewed when half of its life is over.
fn renew_certificate(
    tracker: &CredentialTracker,
    (certificate, credential): (ClientCertificate, Credential),
) -> Result<RotatorHandle, UpkeepError> {
    let declared = tracker.declare(credential)?;
    declared.activate()?;
    let renew = move |_| {
        let certificate = certificate.clone();
        async move {
            let not_after = certificate.renew()?;
            Ok::<_, CertificateError>(not_after.map_or_else(Rotated::without_end, Rotated::until))
        }
    };
    Ok(Rotator::new(declared, renew).before_expiry(0.5).jitter(JITTER).spawn()?)
}
