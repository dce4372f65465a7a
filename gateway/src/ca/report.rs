//! What `tidegate ca show` tells of a folder: its certificates, and how to trust their authority.

use std::{
    fmt::{self, Display},
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;
use time::OffsetDateTime;

use super::{CaError, OWN, folder::Folder};
use crate::tls::certificate::{self, Certificate, moment};

/// A folder's certificates.
#[derive(Serialize)]
pub(super) struct Report {
    ca: Entry,
    issued: Vec<Entry>,
    /// Files that end in `.pem` and hold no certificate.
    unreadable: Vec<PathBuf>,
    trust: Trust,
}

#[derive(Serialize)]
struct Entry {
    file: PathBuf,
    key_file: PathBuf,
    subject: String,
    names: Vec<String>,
    not_before: String,
    not_after: String,
    days_left: i64,
    sha256: String,
}

/// The variable that most clients read, and what to put there.
#[derive(Serialize)]
struct Trust {
    #[serde(rename = "SSL_CERT_FILE")]
    ssl_cert_file: PathBuf,
}

pub(super) fn report(folder: &Folder, now: OffsetDateTime) -> Result<Report, CaError> {
    let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
    for stem in folder.stems()? {
        match entry(folder, &stem, now) {
            Some(entry) => entries.push(entry),
            None if stem == OWN => {
                let file = folder.files(OWN).certificate;
                return Err(CaError::Usage(format!("{} holds no certificate that can be read", file.display())));
            }
            None => unreadable.push(folder.files(&stem).certificate),
        }
    }
    let issued = entries.split_off(1.min(entries.len()));
    let ca = entries.pop().ok_or_else(|| CaError::System(format!("{} changed meanwhile", folder.path().display())))?;
    Ok(Report { trust: Trust { ssl_cert_file: absolute(&ca.file) }, ca, issued, unreadable })
}

/// Agents run elsewhere: a path must not depend on where they stand.
pub(super) fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn entry(folder: &Folder, stem: &str, now: OffsetDateTime) -> Option<Entry> {
    let files = folder.files(stem);
    let pem = fs::read(&files.certificate).ok()?;
    let read = Certificate::read(certificate::chain(&pem).ok()?.first()?)?;
    Some(Entry {
        file: files.certificate,
        key_file: files.key,
        not_before: moment(read.not_before),
        not_after: moment(read.not_after),
        days_left: read.days_left(now),
        subject: read.subject,
        names: read.names,
        sha256: read.sha256,
    })
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::iter::once(&self.ca).chain(&self.issued).try_for_each(|entry| write!(f, "{entry}"))?;
        for path in &self.unreadable {
            writeln!(f, "{}: no certificate that can be read", path.display())?;
        }
        let file = self.trust.ssl_cert_file.display();
        writeln!(f, "To trust the authority, where an agent runs:\n  export SSL_CERT_FILE={file}")
    }
}

impl Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { file, key_file, subject, names, not_before, not_after, days_left, sha256 } = self;
        writeln!(f, "{}  {subject}", file.display())?;
        if !names.is_empty() {
            writeln!(f, "  for     {}", names.join(", "))?;
        }
        match days_left {
            0.. => writeln!(f, "  valid   {not_before} to {not_after} (days left: {days_left})")?,
            _ => writeln!(f, "  ENDED   {not_after}")?,
        }
        writeln!(f, "  sha256  {sha256}\n  key     {}", key_file.display())
    }
}
