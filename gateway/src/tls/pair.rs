//! A certificate and its key, read from two files and fit to be shown.

use std::{
    fmt, fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use ring::digest::{Context, SHA256};
use rustls::{Error, crypto::ring::default_provider, sign::CertifiedKey};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretSlice};
use time::OffsetDateTime;

use super::certificate::{self, Certificate, day};
use crate::log::{self, Level};

/// From so many days before its end on, a certificate is warned about.
const SOON: i64 = 14;

/// No certificate or key is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// What a TLS listener is configured with.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// PEM: the server's certificate first, then those between it and its authority.
    pub(crate) cert_file: PathBuf,
    /// PEM: PKCS#8, SEC1 or PKCS#1.
    pub(crate) key_file: PathBuf,
}

/// What both files held at one moment.
pub(crate) struct Reading {
    certificate: Vec<u8>,
    key: SecretSlice<u8>,
}

/// Tells readings apart, and holds no secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Digest([u8; 32]);

/// A certificate with its key.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) certified: Arc<CertifiedKey>,
    pub(crate) certificate: Certificate,
}

/// Why there is no pair, and what to do.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NoPair(String);

impl Files {
    pub(crate) fn read(&self) -> Result<Reading, NoPair> {
        Ok(Reading { certificate: bytes(&self.cert_file)?, key: bytes(&self.key_file)?.into() })
    }

    /// Takes both apart, and checks that they belong together.
    pub(crate) fn pair(&self, reading: &Reading) -> Result<Pair, NoPair> {
        let (cert_file, key_file) = (self.cert_file.display(), self.key_file.display());
        let chain = certificate::chain(&reading.certificate).map_err(|wrong| {
            no(format_args!("{cert_file} {wrong}: PEM is needed, the server's certificate first, then those above it"))
        })?;
        let key = PrivateKeyDer::from_pem_slice(reading.key.expose_secret()).map_err(|_| {
            no(format_args!("{key_file} holds no key: PEM is needed, PKCS#8, SEC1 or PKCS#1, without a passphrase"))
        })?;
        let certificate = chain.first().and_then(Certificate::read);
        let certified = CertifiedKey::from_der(chain, key, &default_provider()).map_err(|e| match e {
            Error::InconsistentKeys(_) => no(format_args!(
                "{key_file} is not the key of {cert_file}: name the two that were made together, or issue both anew"
            )),
            Error::InvalidCertificate(_) => {
                no(format_args!("{cert_file} is no certificate of a server: issue another"))
            }
            _ => no(format_args!("{key_file} holds a key of a kind that is not served: take ECDSA P-256, or RSA")),
        })?;
        let certificate = certificate.ok_or_else(|| no(format_args!("{cert_file} holds no certificate")))?;
        Ok(Pair { certified: Arc::new(certified), certificate })
    }

    /// Says what works and should be changed.
    pub(crate) fn warn(&self, pair: &Pair, now: OffsetDateTime) {
        let of_certificate = wrong_with(&pair.certificate, now).map(|wrong| (&self.cert_file, wrong));
        let of_key = open_to_others(&self.key_file).map(|wrong| (&self.key_file, wrong));
        for (file, wrong) in of_certificate.into_iter().chain(of_key) {
            log::write(Level::Warn, format_args!("{}: {wrong}", file.display()));
        }
    }
}

impl Reading {
    pub(crate) fn digest(&self) -> Digest {
        let mut context = Context::new(&SHA256);
        context.update(&self.certificate.len().to_be_bytes());
        context.update(&self.certificate);
        context.update(self.key.expose_secret());
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        Digest(digest)
    }
}

/// Why clients will refuse it, or soon will.
pub(super) fn wrong_with(certificate: &Certificate, now: OffsetDateTime) -> Option<String> {
    let Certificate { not_before, not_after, names, .. } = certificate;
    if *not_after <= now {
        return Some(format!("this certificate ended on {}: clients refuse it; issue another", day(*not_after)));
    }
    if *not_before > now {
        return Some(format!("this certificate begins on {} only: is the clock right?", day(*not_before)));
    }
    if names.is_empty() {
        return Some("this certificate names no host: clients refuse it; issue one with subject names".into());
    }
    let days = certificate.days_left(now);
    (days < SOON).then(|| format!("this certificate ends on {}, in {days} days: issue another", day(*not_after)))
}

fn open_to_others(key_file: &Path) -> Option<String> {
    let mode = fs::metadata(key_file).ok()?.permissions().mode();
    (mode & 0o007 != 0)
        .then(|| format!("this key is open to every user of the machine: chmod 600 {}", key_file.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>, NoPair> {
    let read = || {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    };
    read().map_err(|e: io::Error| no(format_args!("{} cannot be read: {}", path.display(), e.kind())))
}

fn no(why: fmt::Arguments<'_>) -> NoPair {
    NoPair(why.to_string())
}
