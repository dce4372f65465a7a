//! The folder that keys and certificates lie in. A key is readable by its owner only, from its first moment, and nothing
//! is overwritten that was not asked for.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

use super::{CaError, OWN, make::Made};

const FOLDER: u32 = 0o700;
const KEY: u32 = 0o600;
const CERTIFICATE: u32 = 0o644;

/// A folder.
pub(super) struct Folder(PathBuf);

/// Where a certificate and its key are.
pub(super) struct Kept {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Folder(path.to_owned())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn files(&self, stem: &str) -> Kept {
        Kept { certificate: self.0.join(format!("{stem}.pem")), key: self.0.join(format!("{stem}.key")) }
    }

    /// Makes the folder, and keeps it out of any repository around it.
    pub(super) fn create(&self) -> Result<(), CaError> {
        let above = self.0.parent().map_or(Ok(()), fs::create_dir_all);
        above
            .and_then(|()| DirBuilder::new().recursive(true).mode(FOLDER).create(&self.0))
            .map_err(|e| at(&self.0, &e))?;
        let ignored = self.0.join(".gitignore");
        match write(&ignored, CERTIFICATE, b"*\n") {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(at(&ignored, &e)),
            _ => Ok(()),
        }
    }

    /// Writes both files, of which neither may be there.
    pub(super) fn keep(&self, stem: &str, made: &Made) -> Result<Kept, CaError> {
        let files = self.files(stem);
        if let Some(there) = [&files.key, &files.certificate].into_iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(self.is_there(stem, there));
        }
        write(&files.key, KEY, made.key.expose_secret().as_bytes()).map_err(|e| at(&files.key, &e))?;
        write(&files.certificate, CERTIFICATE, made.pem.as_bytes()).map_err(|e| {
            // A key without its certificate is of no use, and would stand in the way of the next try.
            let _ = fs::remove_file(&files.key);
            at(&files.certificate, &e)
        })?;
        Ok(files)
    }

    /// Writes both files beside those that are there, and moves them into their places: who reads meanwhile finds the old
    /// or the new one, never half of one.
    pub(super) fn replace(&self, stem: &str, made: &Made) -> Result<Kept, CaError> {
        let files = self.files(stem);
        let secret = made.key.expose_secret().as_bytes();
        for (path, mode, content) in [(&files.key, KEY, secret), (&files.certificate, CERTIFICATE, made.pem.as_bytes())]
        {
            let fresh = self.0.join(format!(".{stem}.new"));
            let _ = fs::remove_file(&fresh);
            write(&fresh, mode, content).and_then(|()| fs::rename(&fresh, path)).map_err(|e| at(path, &e))?;
        }
        Ok(files)
    }

    /// A certificate and its key, as PEM.
    pub(super) fn read(&self, stem: &str) -> Result<(Vec<u8>, SecretString), CaError> {
        let files = self.files(stem);
        let certificate = fs::read(&files.certificate).map_err(|e| self.none(&files.certificate, &e))?;
        let key = fs::read_to_string(&files.key).map_err(|e| self.none(&files.key, &e))?;
        Ok((certificate, key.into()))
    }

    /// The certificates here by name, the authority's first.
    pub(super) fn stems(&self) -> Result<Vec<String>, CaError> {
        let own = self.files(OWN).certificate;
        fs::metadata(&own).map_err(|e| self.none(&own, &e))?;
        let entries = fs::read_dir(&self.0).map_err(|e| at(&self.0, &e))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut stems: Vec<String> = names.filter_map(|name| name.strip_suffix(".pem").map(str::to_owned)).collect();
        stems.sort_by_key(|stem| (stem != OWN, stem.clone()));
        Ok(stems)
    }

    fn none(&self, path: &Path, error: &io::Error) -> CaError {
        let what = format!("{} cannot be read: {}", path.display(), error.kind());
        match error.kind() {
            ErrorKind::NotFound => CaError::Usage(format!("{what}; make it with: tidegate ca init{}", self.flag())),
            _ => CaError::System(what),
        }
    }

    fn is_there(&self, stem: &str, path: &Path) -> CaError {
        let what = format!("{} is there already, and is not overwritten", path.display());
        let todo = match stem {
            OWN => format!("to begin anew, take another --dir, or remove {} with all that it issued", self.0.display()),
            _ => "to issue it anew, add --renew".to_owned(),
        };
        CaError::Usage(format!("{what}: {todo}"))
    }

    /// How a command names this folder.
    pub(super) fn flag(&self) -> String {
        match self.0.as_path() == Path::new(super::command::FOLDER) {
            true => String::new(),
            false => format!(" --dir {}", self.0.display()),
        }
    }
}

fn write(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?.write_all(content)
}

fn at(path: &Path, error: &io::Error) -> CaError {
    CaError::System(format!("{}: {error}", path.display()))
}
