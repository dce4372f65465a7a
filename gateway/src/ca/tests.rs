//! The authority: what it makes is what clients ask for, and nothing is lost or shown that must not be.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use proptest::prelude::*;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;
use x509_parser::parse_x509_certificate;

use super::*;
use crate::tls::certificate::Certificate;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn authority() -> Authority {
    let made = make::authority(now()).unwrap();
    Authority::open(made.pem.as_bytes(), &made.key).unwrap()
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tidegate-ca-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_authority_may_sign_servers_and_no_other_authority() {
    let made = make::authority(now()).unwrap();
    let der = der(&made.pem);
    let (_, read) = parse_x509_certificate(&der).unwrap();
    let constraints = read.basic_constraints().unwrap().unwrap();
    assert!(constraints.critical && constraints.value.ca);
    assert_eq!(constraints.value.path_len_constraint, Some(0));
    let usage = read.key_usage().unwrap().unwrap();
    assert!(usage.critical && usage.value.key_cert_sign() && !usage.value.digital_signature());
    let (from, to) = (made.certificate.not_before, made.certificate.not_after);
    assert!(from < now() && to - from == Duration::days(730));
    assert_ne!(made.certificate.subject, make::authority(now()).unwrap().certificate.subject, "no two of one name");
}

#[test]
fn a_certificate_is_for_a_server_and_for_its_names_only() {
    let authority = authority();
    let made = authority.issue(&names(&["LOCALHOST", "127.0.0.1", "::1", "*.example.com"]), 90, now()).unwrap();
    let leaf = der(&made.pem);
    let (_, read) = parse_x509_certificate(&leaf).unwrap();
    assert_eq!(made.certificate.names, ["localhost", "127.0.0.1", "::1", "*.example.com"]);
    assert!(!read.is_ca() && read.version().0 == 2, "{read:?}");
    let usage = read.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    assert!(read.key_usage().unwrap().unwrap().value.digital_signature());
    assert_eq!(made.certificate.not_after - made.certificate.not_before, Duration::days(90));
    for host in ["localhost", "127.0.0.1", "::1", "a.example.com"] {
        assert!(authority.vouches(&leaf, host, now()), "{host}");
        assert!(!super::tests::authority().vouches(&leaf, host, now()), "{host}: another authority");
    }
    for host in ["127.0.0.2", "example.com", "a.b.example.com", "localhost.evil"] {
        assert!(!authority.vouches(&leaf, host, now()), "{host}");
    }
    assert!(!authority.vouches(&leaf, "localhost", now() + Duration::days(91)), "it ends");
}

#[test]
fn no_certificate_outlives_its_authority() {
    let authority = authority();
    let late = now() + Duration::days(700);
    let made = authority.issue(&names(&["localhost"]), 90, late).unwrap();
    assert!(made.certificate.not_after < late + Duration::days(31), "{:?}", made.certificate);
    assert!(authority.vouches(&der(&made.pem), "localhost", late));
    let ended = authority.issue(&names(&["localhost"]), 90, now() + Duration::days(731));
    assert!(ended.is_err_and(|e| e.to_string().contains("has ended")));
}

#[test]
fn what_was_not_made_here_signs_nothing() {
    let made = make::authority(now()).unwrap();
    let other = make::authority(now()).unwrap();
    let wrong = |pem: &str, key: &SecretString| Authority::open(pem.as_bytes(), key).err().unwrap_or_default();
    assert!(wrong(&made.pem, &other.key).contains("another's"));
    assert!(wrong(&made.pem, &SecretString::from("nothing")).contains("none that can be read"));
    assert!(wrong("nothing", &made.key).contains("holds no certificate"));
    assert!(wrong(&(made.pem.clone() + &other.pem), &made.key).contains("more than one"));
    let leaf = Authority::open(made.pem.as_bytes(), &made.key).unwrap().issue(&names(&["a"]), 1, now()).unwrap();
    assert!(wrong(&leaf.pem, &leaf.key).contains("no authority"));
}

#[test]
fn names_are_those_of_hosts() {
    for good in ["localhost", "a-b.example.com", "*.example.com", "10.0.0.1", "::1", "xn--bcher-kva.example"] {
        assert_eq!(good.parse::<Name>().map(|n| n.to_string()).as_deref(), Ok(good));
    }
    let long = "a".repeat(64);
    let deep = "a.".repeat(127) + "b";
    for bad in ["", ".", "a.", "-a", "a-", "a_b", "*", "*.com", "a.*.com", "1.2.3", "../x", "a/b", "a b", &long, &deep]
    {
        assert!(bad.parse::<Name>().is_err(), "{bad}");
    }
    assert!("bücher.example".parse::<Name>().is_err_and(|wrong| wrong.contains("xn--")));
    assert_eq!(names(&["*.example.com"])[0].stem(), "_wildcard.example.com");
    assert_eq!(names(&["::1"])[0].stem(), "__1");
}

proptest! {
    #[test]
    fn a_file_stays_in_its_folder(text in "[-a-zA-Z0-9.*:/\\\\_ ]{0,12}|\\PC{0,8}") {
        if let Ok(name) = text.parse::<Name>() {
            let stem = name.stem();
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            prop_assert!(!stem.is_empty() && stem.chars().all(plain) && !stem.starts_with('.'), "{}", stem);
        }
    }
}

#[test]
fn keys_are_for_their_owner_and_nothing_is_overwritten() {
    let scratch = Scratch::new("keys");
    let folder = Folder::at(&scratch.0.join("deep/er"));
    let no_authority = issue(&folder, &names(&["localhost"]), 90, false, now()).err().unwrap().to_string();
    assert!(no_authority.contains("tidegate ca init --dir"), "{no_authority}");
    let (ca, _) = init(&folder, now()).unwrap();
    let (leaf, first) = issue(&folder, &names(&["localhost"]), 90, false, now()).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&ca.key), mode(&leaf.key), mode(folder.path())), (0o600, 0o600, 0o700));
    assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "*\n");

    let before = fs::read(&ca.key).unwrap();
    let again = init(&folder, now()).err().unwrap().to_string();
    assert!(again.contains("not overwritten") && again.contains("--dir"), "{again}");
    assert_eq!(fs::read(&ca.key).unwrap(), before);
    let again = issue(&folder, &names(&["localhost"]), 90, false, now()).err().unwrap().to_string();
    assert!(again.contains("--renew"), "{again}");
    let own = issue(&folder, &names(&["ca"]), 90, true, now()).err().unwrap().to_string();
    assert!(own.contains("authority's own"), "{own}");
    assert_eq!(fs::read(&ca.key).unwrap(), before);

    let (renewed, second) = issue(&folder, &names(&["localhost"]), 90, true, now()).unwrap();
    assert_eq!((&renewed.key, mode(&renewed.key)), (&leaf.key, 0o600));
    assert_ne!(first.public_key, second.public_key, "a new key");
    let read = Certificate::read(&der(&fs::read_to_string(&renewed.certificate).unwrap())).unwrap();
    assert_eq!(read, second);
}

#[test]
fn what_is_shown_holds_no_key() {
    let scratch = Scratch::new("show");
    let folder = Folder::at(&scratch.0);
    init(&folder, now()).unwrap();
    let (kept, made) = issue(&folder, &names(&["localhost", "::1"]), 90, false, now()).unwrap();
    fs::write(folder.path().join("notes.pem"), "none").unwrap();
    let report = report::report(&folder, now()).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["issued"][0]["names"], serde_json::json!(["localhost", "::1"]));
    assert_eq!(json["issued"][0]["sha256"], made.sha256);
    assert_eq!(json["ca"]["days_left"], 729);
    assert!(json["unreadable"][0].as_str().unwrap().ends_with("notes.pem"));
    assert!(json["trust"]["SSL_CERT_FILE"].as_str().unwrap().ends_with("/ca.pem"));
    let key = SecretString::from(fs::read_to_string(kept.key).unwrap());
    let secret = key.expose_secret().lines().nth(1).unwrap();
    assert!(!format!("{json}{report}").contains(secret));
    let late = report::report(&folder, now() + Duration::days(100)).unwrap().to_string();
    assert!(late.contains("ENDED"), "{late}");
}
