//! `rules schema`: the shape of a pack, for editors.

use std::io::{self, Write};

use clap::Args;

use super::Failure;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {}

const EXAMPLES: &str = "\
Examples:
  rules schema > pack.schema.json
  # yaml-language-server: $schema=pack.schema.json       as a pack's first line: editors complete and check while you type

It is rules/schema/pack.schema.json of this version: JSON schema, draft 2020-12.";

pub(super) fn run(_: &Options) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &rules::pack::schema()).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}
