//! Packs from a folder: the one room of this crate that reads files.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::pack::{Pack, PackError, Wrong, limits};

/// Files in a folder of packs.
const FILES: usize = 500;

/// What is wrong with a folder of packs.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A folder or file that cannot be read.
    #[error("{}: {}", .0.display(), .1)]
    Unreadable(PathBuf, io::Error),
    /// No pack in it.
    #[error("{}: no *.yaml file here", .0.display())]
    Empty(PathBuf),
    /// More files than make sense.
    #[error("{}: more than {FILES} packs", .0.display())]
    Many(PathBuf),
    /// A pack that cannot work as written.
    #[error("{}:{}:{}: {}", .0.display(), .1.place.line, .1.place.column, .1.said())]
    Pack(PathBuf, Box<Wrong>),
    /// What packs are together cannot work.
    #[error("{0}")]
    Together(PackError),
}

/// The packs of a folder in the order of their files' names, checked; the first mistake ends it.
pub fn packs(folder: &Path) -> Result<Vec<Pack>, LoadError> {
    let mut packs: Vec<Pack> = Vec::new();
    let mut named: Vec<(String, PathBuf)> = Vec::new();
    for path in files(folder)? {
        let (pack, wrong) = Pack::check(&text(&path)?);
        match (pack, wrong.into_iter().next()) {
            (Some(pack), None) => {
                if let Some(twice) = twice(&pack, &named) {
                    return Err(LoadError::Pack(path, Box::new(twice)));
                }
                named.extend(pack.rules.iter().map(|r| (r.id.clone(), path.clone())));
                packs.push(pack);
            }
            (_, wrong) => return Err(LoadError::Pack(path, Box::new(wrong.unwrap_or_default()))),
        }
    }
    crate::pack::together(&packs).map_err(LoadError::Together)?;
    Ok(packs)
}

/// The pack files of a folder, in the order of their names.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |e| LoadError::Unreadable(folder.into(), e);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|x| x == "yaml" || x == "yml") {
            files.push(path);
        }
        if files.len() > FILES {
            return Err(LoadError::Many(folder.into()));
        }
    }
    if files.is_empty() {
        return Err(LoadError::Empty(folder.into()));
    }
    files.sort();
    Ok(files)
}

/// The text of a pack or policy file, as far as a file of that kind may be long: one that is longer, or no UTF-8, is
/// refused without being read whole.
pub fn text(path: &Path) -> Result<String, LoadError> {
    let unreadable = |e| LoadError::Unreadable(path.into(), e);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "not a file")));
    }
    file.take(limits::FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limits::FILE {
        let wrong = Wrong::new("limit", format!("the file is larger than {} MiB", limits::FILE >> 20));
        return Err(LoadError::Pack(path.into(), Box::new(wrong.at(Wrong::START))));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&b| b == b'\n').count() as u32;
        let column = 1 + good.iter().rev().take_while(|&&b| b != b'\n').count() as u32;
        let wrong = Wrong::new("utf8", "the file is not UTF-8").at(crate::pack::Place { line, column });
        LoadError::Pack(path.into(), Box::new(wrong.hint("save it as UTF-8")))
    })
}

fn twice(pack: &Pack, named: &[(String, PathBuf)]) -> Option<Wrong> {
    pack.rules.iter().find_map(|rule| {
        let (_, first) = named.iter().find(|(id, _)| *id == rule.id)?;
        let wrong = Wrong::new("duplicate", format!("{} has a rule of this id, too", first.display()));
        Some(Wrong { rule: rule.id.clone(), ..wrong.at(rule.place).hint("rename one of them") })
    })
}
