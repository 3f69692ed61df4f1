//! `iamwalk new FILE`: a commented walkthrough to begin with.

use std::path::PathBuf;

use clap::Args;
use iamwalk::domain::walkthrough::STARTER;
use iamwalk::services::walkthrough_files;

use crate::cli::tell::{refuse, tell};

/// A new walkthrough.
#[derive(Clone, Debug, Args)]
pub struct New {
    /// The file, which must not be there
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl New {
    /// Writes it.
    pub fn run(&self) -> u8 {
        let named = self.file.with_extension("toml");
        let file = if self.file.extension().is_none() { &named } else { &self.file };
        match walkthrough_files::create(file, STARTER) {
            Ok(()) => {
                let path = file.display();
                tell(&format!("{path} is written. Change it, then: iamwalk check {path}"));
                tell("Every key is described by: iamwalk help walkthroughs");
                0
            }
            Err(words) => refuse(words),
        }
    }
}
