//! `iamwalk list`: the walkthroughs.

use clap::Args;
use iamwalk::domain::walkthrough::{BUILT_IN, Walkthrough};
use iamwalk::services::walkthrough_files;

use crate::cli::reserved;
use crate::cli::tell::tell;

/// The walkthroughs.
#[derive(Clone, Debug, Args)]
pub struct List;

impl List {
    /// Lists them.
    pub fn run(&self) -> u8 {
        let width = BUILT_IN.iter().map(|walkthrough| walkthrough.name.len()).max().unwrap_or_default();
        let line = |walkthrough: &Walkthrough| tell(&format!("{:width$}  {}", walkthrough.name, walkthrough.summary));
        BUILT_IN.iter().for_each(|walkthrough| line(walkthrough));
        for found in walkthrough_files::own() {
            match found {
                Ok(walkthrough) if BUILT_IN.iter().any(|known| known.name == walkthrough.name) => {
                    tell(&format!("{:width$}  (yours; the built-in one of this name wins: use its path)", walkthrough.name));
                }
                Ok(walkthrough) if reserved::is_reserved(&walkthrough.name) => {
                    tell(&format!("{:width$}  (yours; its name is a reserved word: use its path)", walkthrough.name));
                }
                Ok(walkthrough) => line(&walkthrough),
                Err(faults) => {
                    let first = faults.first().map(ToString::to_string).unwrap_or_default();
                    tell(&format!("can't be used: {first}"));
                }
            }
        }
        if let Some(folder) = walkthrough_files::own_folder() {
            tell("");
            tell(&format!(
                "Put your own into {}. “iamwalk new FILE” writes a starter; “iamwalk help walkthroughs” describes the format.",
                folder.display()
            ));
        }
        0
    }
}
