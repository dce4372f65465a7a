//! Pairs of a certificate and a key: what is taken, what is refused, and what is warned about.

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519};
use rustls_pki_types::CertificateDer;
use time::{Duration, OffsetDateTime};

use super::{
    certificate::{self, Certificate, moment},
    pair::{Files, wrong_with},
};

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tidegate-tls-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn files(&self, certificate: &str, key: &str) -> Files {
        let files = Files { cert_file: self.0.join("a.pem"), key_file: self.0.join("a.key") };
        fs::write(&files.cert_file, certificate).unwrap();
        fs::write(&files.key_file, key).unwrap();
        files
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn made(key: &KeyPair) -> String {
    CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(key).unwrap().pem()
}

fn wrong(files: &Files) -> String {
    files.read().and_then(|reading| files.pair(&reading)).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn a_pair_belongs_together() {
    let scratch = Scratch::new("pair");
    let (key, other) = (KeyPair::generate().unwrap(), KeyPair::generate_for(&PKCS_ED25519).unwrap());
    let chain = made(&key) + &made(&other);
    let files = scratch.files(&chain, &key.serialize_pem());
    let reading = files.read().unwrap();
    let pair = files.pair(&reading).unwrap();
    assert_eq!((pair.certified.cert.len(), pair.certificate.names.as_slice()), (2, &["localhost".to_owned()][..]));
    assert_eq!(reading.digest(), files.read().unwrap().digest());
    let files = scratch.files(&chain, &other.serialize_pem());
    assert_ne!(reading.digest(), files.read().unwrap().digest());
    assert!(wrong(&files).contains("is not the key of"), "{}", wrong(&files));
}

#[test]
fn what_is_no_pair_is_said_without_a_byte_of_it() {
    let scratch = Scratch::new("none");
    let key = KeyPair::generate().unwrap();
    let secret = key.serialize_pem();
    let cases = [
        (made(&key), "SECRET".to_owned(), "a.key holds no key: PEM is needed"),
        (made(&key), secret.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "without a passphrase"),
        (made(&key), secret.replace("MI", "AA"), "a.key holds a key of a kind that is not served"),
        (secret.clone(), secret.clone(), "a.pem holds no certificate"),
        (String::new(), secret.clone(), "a.pem holds no certificate"),
        (made(&key).replace("MII", "AAA"), secret.clone(), "a.pem holds no certificate that can be read"),
        ("x".repeat(2 << 20), secret.clone(), "a.pem cannot be read: file too large"),
    ];
    for (certificate, key, expected) in cases {
        let said = wrong(&scratch.files(&certificate, &key));
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(!said.contains("SECRET") && !secret.lines().any(|line| line.len() > 30 && said.contains(line)));
    }
    let gone = Files { cert_file: scratch.0.join("gone.pem"), key_file: scratch.0.join("gone.key") };
    assert!(wrong(&gone).ends_with("gone.pem cannot be read: entity not found"), "{}", wrong(&gone));
}

#[test]
fn a_certificate_is_warned_about_before_it_ends() {
    let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let lasting = |days: i64, names: &[&str]| {
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(days));
        let pem = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
        Certificate::read(&certificate::chain(pem.as_bytes()).unwrap()[0]).unwrap()
    };
    assert_eq!(wrong_with(&lasting(14, &["a"]), now), None);
    assert!(wrong_with(&lasting(13, &["a"]), now).unwrap().contains("in 13 days"));
    assert!(wrong_with(&lasting(0, &["a"]), now).unwrap().contains("ended on 2027-01-15"));
    assert!(wrong_with(&lasting(90, &[]), now).unwrap().contains("names no host"));
    let early = now - Duration::days(2);
    assert!(wrong_with(&lasting(90, &["a"]), early).unwrap().contains("begins on 2027-01-14"));
}

proptest! {
    /// The thread that reloads must outlive whatever is put into the files.
    #[test]
    fn a_damaged_certificate_is_read_or_refused(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        kept in any::<prop::sample::Index>(),
    ) {
        let key = KeyPair::generate().unwrap();
        let mut der = certificate::chain(made(&key).as_bytes()).unwrap()[0].to_vec();
        for (place, byte) in damage {
            let place = place.index(der.len());
            der[place] = byte;
        }
        let _ = Certificate::read(&CertificateDer::from(der.clone()));
        der.truncate(kept.index(der.len()));
        prop_assert!(Certificate::read(&CertificateDer::from(der)).is_none(), "half of one is none");
    }
}

#[test]
fn moments_are_written_as_rfc_3339_has_them() {
    assert_eq!(moment(OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()), "2027-01-15T08:00:00Z");
    assert_eq!(moment(OffsetDateTime::from_unix_timestamp(951_782_400).unwrap()), "2000-02-29T00:00:00Z");
}
