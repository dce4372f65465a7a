//! Making keys and certificates: ECDSA on P-256, signed with SHA-256, by the profile of RFC 5280. No file, no clock.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData,
};
use ring::digest;
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::ring::default_provider,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

use super::{CaError, names::Name};
use crate::tls::certificate::{self, Certificate};

/// How long the authority lasts, in days.
const AUTHORITY_DAYS: i64 = 730;
/// Clocks differ: a certificate that begins now would not have begun elsewhere.
const SLACK: Duration = Duration::hours(1);
/// The longest common name that X.520 allows, in bytes.
const LONGEST_COMMON_NAME: usize = 64;

/// A certificate and its key, both in PEM.
pub(super) struct Made {
    pub(super) pem: String,
    pub(super) key: SecretString,
    pub(super) certificate: Certificate,
}

/// One that can sign.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    certificate: Certificate,
}

/// A new authority, valid for two years from `now` on. Its name holds a part of its key's digest: two of the same name
/// and different keys confuse those who trust one of them.
pub(super) fn authority(now: OffsetDateTime) -> Result<Made, CaError> {
    let key = KeyPair::generate().map_err(failed)?;
    let digest = digest::digest(&digest::SHA256, &key.subject_public_key_info());
    let mark: String = digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut params = profile(&format!("Tidegate development CA {mark}"));
    params.not_before = whole(now) - SLACK;
    params.not_after = params.not_before + Duration::days(AUTHORITY_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Made::of(&params.self_signed(&key).map_err(failed)?, &key)
}

impl Authority {
    /// One that was made here. The issuer's name in a certificate must be, byte for byte, that of its authority, and only
    /// of our own is it known how it is written.
    pub(super) fn open(pem: &[u8], key: &SecretString) -> Result<Self, &'static str> {
        let mut chain = certificate::chain(pem)?;
        let der = chain.pop().filter(|_| chain.is_empty()).ok_or("holds more than one certificate")?;
        let certificate = Certificate::read(&der).filter(|read| read.authority).ok_or("is no authority")?;
        let name = certificate.common_name.clone().unwrap_or_default();
        if certificate.subject != format!("CN={name}") {
            return Err("was not made by `tidegate ca init`: issue with what made it");
        }
        let key = KeyPair::from_pem(key.expose_secret()).map_err(|_| "its key is none that can be read")?;
        if key.subject_public_key_info() != certificate.public_key {
            return Err("the key beside it is another's: begin anew with another --dir and `tidegate ca init`");
        }
        let mut params = profile(&name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Ok(Authority { issuer: Issuer::new(params, key), der, certificate })
    }

    /// A certificate for a server of these names. It ends no later than the authority, and is given out only if a client
    /// that trusts the authority takes it, for every name.
    pub(super) fn issue(&self, names: &[Name], days: u16, now: OffsetDateTime) -> Result<Made, CaError> {
        if self.certificate.not_after <= now {
            let why = "the authority has ended: begin anew with another --dir and `tidegate ca init`";
            return Err(CaError::Usage(why.into()));
        }
        let first = names.first().map(Name::to_string).filter(|name| name.len() <= LONGEST_COMMON_NAME);
        let mut params = profile(first.as_deref().unwrap_or("Tidegate gateway"));
        params.not_before = self.certificate.not_before.max(whole(now) - SLACK);
        params.not_after = self.certificate.not_after.min(params.not_before + Duration::days(days.into()));
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.subject_alt_names = names.iter().map(Name::alternative).collect();
        let key = KeyPair::generate().map_err(failed)?;
        let signed = params.signed_by(&key, &self.issuer).map_err(failed)?;
        match names.iter().all(|name| self.vouches(signed.der(), &name.asked(), now)) {
            true => Made::of(&signed, &key),
            false => Err(CaError::Usage("the authority's certificate does not bear what it signs: begin anew".into())),
        }
    }

    /// Whether a client that trusts this authority alone takes the certificate for a host.
    pub(super) fn vouches(&self, leaf: &CertificateDer<'_>, host: &str, now: OffsetDateTime) -> bool {
        let mut roots = RootCertStore::empty();
        if roots.add(self.der.clone()).is_err() {
            return false;
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider())).build();
        let seconds = u64::try_from(now.unix_timestamp()).unwrap_or_default();
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let (Ok(verifier), Ok(host)) = (verifier, ServerName::try_from(host)) else { return false };
        verifier.verify_server_cert(leaf, &[], &host, &[], at).is_ok()
    }
}

impl Made {
    fn of(made: &rcgen::Certificate, key: &KeyPair) -> Result<Self, CaError> {
        let certificate = Certificate::read(made.der()).ok_or_else(|| CaError::System("it cannot be read".into()))?;
        Ok(Made { pem: made.pem(), key: key.serialize_pem().into(), certificate })
    }
}

fn profile(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}

/// Certificates count whole seconds.
fn whole(now: OffsetDateTime) -> OffsetDateTime {
    now.replace_nanosecond(0).unwrap_or(now)
}

fn failed(error: rcgen::Error) -> CaError {
    CaError::System(format!("the certificate could not be made: {error}"))
}
