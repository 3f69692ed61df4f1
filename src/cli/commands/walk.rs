//! `iamwalk [WALKTHROUGH]`: the walk, on the full screen or without questions.

mod full_screen;
mod unasked;

use clap::Args;

use crate::cli::account::Account;
use crate::cli::walkthrough;

/// The walk.
#[derive(Clone, Debug, Default, Args)]
pub struct Walk {
    /// Fill in the name of the new user
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// The walkthrough to follow: a name (see “iamwalk list”), or the path of a file
    #[arg(value_name = "WALKTHROUGH")]
    pub walkthrough: Option<String>,

    /// Answer a key of the walkthrough's format: --set hand-over.output=json
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,

    /// Ask nothing: what the walkthrough and the options do not answer is a refusal before the first call
    #[arg(long)]
    pub yes: bool,

    /// Save the key as this profile [default: the walkthrough's, else the user's name; none where --csv or --secret-to-stdout is given]
    #[arg(long, value_name = "NAME")]
    pub save_profile: Option<String>,

    /// Write the key to this csv file, or into this folder; a generated console password goes beside it [with --yes]
    #[arg(long, value_name = "PATH", requires = "yes")]
    pub csv: Option<String>,

    /// Replace a profile that is there [with --yes]
    #[arg(long, requires = "yes")]
    pub replace: bool,

    /// Join an existing group although it gives more than the walkthrough lists [with --yes]
    #[arg(long, requires = "yes")]
    pub accept_existing: bool,

    /// Where something fails, keep what was made instead of taking it back [with --yes]
    #[arg(long, requires = "yes")]
    pub keep_on_failure: bool,

    /// Print the secret with the result; without a profile or --csv it goes nowhere else [with --yes]
    #[arg(long, requires = "yes")]
    pub secret_to_stdout: bool,

    /// The form of the result on standard output [with --yes]
    #[arg(long, value_name = "FORM", value_parser = ["text", "json"], default_value = "text", hide_default_value = true)]
    pub output: String,

    /// Show the calls and make none
    #[arg(
        long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        value_parser = ["text", "json", "aws-cli", "cloudformation", "terraform"]
    )]
    pub dry_run: Option<String>,

    /// Others are watching: never draw a secret, and send none through the terminal; saving works
    #[arg(long)]
    pub presenter: bool,
}

impl Walk {
    /// Walks.
    pub fn run(&self, account: &Account) -> u8 {
        let walkthrough = match walkthrough::chosen(self, account) {
            Ok(walkthrough) => walkthrough,
            Err(faults) => return walkthrough::refuse(&faults),
        };
        match self.yes || self.dry_run.is_some() {
            true => unasked::walk(self, account, walkthrough),
            false => full_screen::walk(self, account, walkthrough),
        }
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "A setting looks like “user.name=bob”.".to_owned())?;
    Ok((key.trim().to_owned(), value.to_owned()))
}
