//! `iamwalk check FILE`: every fault of a walkthrough, with its place and what helps.

use std::path::PathBuf;

use clap::Args;
use iamwalk::domain::arn::PARTITIONS;
use iamwalk::domain::policy::GARBLED;
use iamwalk::practice::policy_names;
use iamwalk::services::walkthrough_files::{self, Against};

use crate::cli::account::{AccountOptions, endpoint};
use crate::cli::reserved;
use crate::cli::tell::tell;
use crate::cli::walkthrough::refuse;

/// The file of a walkthrough.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The partition of the accounts that it is for [default: aws]
    #[arg(long, value_name = "PARTITION", value_parser = PARTITIONS)]
    partition: Option<String>,
    /// It is for the server at this address, whose regions may have any name
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    endpoint_url: Option<String>,
}

impl Check {
    /// Checks it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let file = self.file.as_path();
        let names = policy_names();
        let (partition, is_said) = (self.partition.as_deref().unwrap_or("aws"), self.partition.is_some());
        let own_server = self.endpoint_url.is_some() || before.caller.endpoint_url.is_some();
        let against = Against { aws_policies: &names, partition: Some(partition), own_server };
        let name = file.display().to_string();
        let is_name = !walkthrough_files::is_path(&name) && file.symlink_metadata().is_err();
        let found = match is_name {
            true => walkthrough_files::find(&name, &[], against),
            false => walkthrough_files::load(file, &[], against),
        };
        match found {
            Ok(found) => {
                let other = if is_said { "" } else { " (--partition checks it for another)" };
                tell(&format!("{}: all is well, in an account of the partition {partition}{other}.", file.display()));
                if !is_name && reserved::is_reserved(&found.name) {
                    let path = if walkthrough_files::is_path(&name) { name } else { format!("./{name}") };
                    tell(&format!("· “{}” is a reserved word. Call this walkthrough by its path: iamwalk {path}", found.name));
                }
                for name in found.unknown_policies(&names) {
                    tell(&format!("· Unknown AWS policy {name}; it must exist in your account."));
                }
                for words in found.left_over(partition) {
                    tell(&format!("· {words} still looks like a placeholder."));
                }
                for name in found.garbled() {
                    tell(&format!("· The description of {name}: {GARBLED}"));
                }
                0
            }
            Err(faults) => refuse(&faults),
        }
    }
}
