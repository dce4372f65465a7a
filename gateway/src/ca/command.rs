//! `tidegate ca` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use time::OffsetDateTime;

use super::{
    CaError, OWN,
    folder::Folder,
    init, issue,
    names::Name,
    report::{absolute, report},
};
use crate::tls::certificate::day;

/// Where keys and certificates lie, unless `--dir` says otherwise.
pub(super) const FOLDER: &str = "certs/dev";

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Ca {
    /// Make the authority: its key, and the certificate that agents trust.
    Init(Place),
    /// Make a certificate for a gateway, with its key.
    Issue(Issue),
    /// Say what there is, until when, and how to trust it. Keys are not read.
    Show(Show),
}

const EXAMPLES: &str = "\
From nothing to TLS:
  tidegate ca init
  tidegate ca issue localhost 127.0.0.1
  tidegate run --listen-tls 127.0.0.1:8443 --tls-cert certs/dev/localhost.pem --tls-key certs/dev/localhost.key ...
  export SSL_CERT_FILE=$PWD/certs/dev/ca.pem        where the agent runs
It is for development: the authority's key lies in that folder, and whoever reads it can pose as any host before
agents that trust it. Never copy ca.key; agents need ca.pem only.";

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Where keys and certificates lie.
    #[arg(long, value_name = "DIR", default_value = FOLDER)]
    dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = ISSUE_EXAMPLES)]
pub(crate) struct Issue {
    /// What agents connect to: DNS names and IP addresses. The first names the files.
    #[arg(required = true, value_name = "NAME", num_args = 1..=100)]
    names: Vec<Name>,
    /// How long it lasts; never longer than the authority.
    #[arg(long, default_value = "90", value_parser = clap::value_parser!(u16).range(1..=397))]
    days: u16,
    /// Put it, with a new key, in the place of the one of the same name; a gateway that shows that one reloads.
    #[arg(long)]
    renew: bool,
    #[command(flatten)]
    place: Place,
}

const ISSUE_EXAMPLES: &str = "\
Examples:
  tidegate ca issue localhost 127.0.0.1 ::1
  tidegate ca issue gateway.example.com '*.gateway.example.com' --days 30
  tidegate ca issue localhost 127.0.0.1 --renew";

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    place: Place,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Does it; what to say of it.
pub(crate) fn run(ca: &Ca) -> Result<String, CaError> {
    let now = OffsetDateTime::now_utc();
    match ca {
        Ca::Init(place) => {
            let folder = Folder::at(&place.dir);
            let (kept, made) = init(&folder, now)?;
            let (flag, file, key) = (folder.flag(), kept.certificate.display(), kept.key.display());
            let (name, until) = (made.subject, day(made.not_after));
            Ok(format!(
                "{file}  {name}, until {until}\n{key}  keep it here\nnext: tidegate ca issue localhost 127.0.0.1{flag}\n"
            ))
        }
        Ca::Issue(Issue { names, days, renew, place }) => {
            let folder = Folder::at(&place.dir);
            let (kept, made) = issue(&folder, names, *days, *renew, now)?;
            let (file, key, until) = (kept.certificate.display(), kept.key.display(), day(made.not_after));
            let (names, trusted) = (made.names.join(", "), absolute(&folder.files(OWN).certificate));
            Ok(format!(
                "{file}  for {names}, until {until}\n{key}  its key\n\
                 serve: tidegate run --listen-tls 127.0.0.1:8443 --tls-cert {file} --tls-key {key} ...\n\
                 trust: export SSL_CERT_FILE={}\n",
                trusted.display()
            ))
        }
        Ca::Show(Show { place, json }) => {
            let report = report(&Folder::at(&place.dir), now)?;
            match json {
                true => serde_json::to_string(&report).map(|line| line + "\n"),
                false => Ok(report.to_string()),
            }
            .map_err(|e| CaError::System(e.to_string()))
        }
    }
}
