//! `iamwalk show WALKTHROUGH`: what it asks and makes.

use clap::Args;
use iamwalk::practice::policy_names;
use iamwalk::services::walkthrough_files::{self, Against};

use crate::cli::tell::tell;
use crate::cli::walkthrough::refuse;

/// A walkthrough.
#[derive(Clone, Debug, Args)]
pub struct Show {
    /// Its name, or the path of its file
    #[arg(value_name = "WALKTHROUGH")]
    of: String,
}

impl Show {
    /// Shows it.
    pub fn run(&self) -> u8 {
        match walkthrough_files::find(
            &self.of,
            &[],
            Against { aws_policies: &policy_names(), own_server: true, ..Against::default() },
        ) {
            Ok(found) => {
                tell(&format!("{}:", found.name));
                found.preview().iter().for_each(|line| tell(line));
                let keys = found.keys();
                if !keys.is_empty() {
                    tell("");
                    tell("Without questions, say:");
                    keys.iter().for_each(|key| tell(&format!("  {key}")));
                }
                0
            }
            Err(faults) => refuse(&faults),
        }
    }
}
