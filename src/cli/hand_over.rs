//! The options of every task that hands something over: where the secret goes, and how it is reported without questions.

use clap::Args;
use iamwalk::app::batch::BatchOptions;
use iamwalk::domain::dry_run::FORMS;
use iamwalk::services::csv_file;

use super::face::FaceOptions;

/// What every task takes: whether it asks, and how it tells.
#[derive(Clone, Debug, Default, Args)]
pub struct Unattended {
    /// Run without prompts; exit 2 if an answer is missing
    #[arg(long, conflicts_with = "accessible")]
    pub yes: bool,

    /// Where something fails, keep what was made instead of taking it back [with --yes]
    #[arg(long, requires = "yes")]
    pub keep_on_failure: bool,

    /// The form of the result on standard output [with --yes]
    #[arg(long, value_name = "FORM", value_parser = ["text", "json"], default_value = "text", hide_default_value = true)]
    pub output: String,

    /// Show the calls and make none
    #[arg(
        long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        value_parser = ["text", "json", "aws-cli", "cloudformation", "terraform"]
    )]
    pub dry_run: Option<String>,

    #[command(flatten)]
    pub face: FaceOptions,
}

/// The same, and where a secret goes.
#[derive(Clone, Debug, Default, Args)]
pub struct HandOver {
    /// Save the key as this profile [default: the walkthrough's, else the user's name; none where --csv or --secret-to-stdout is given]
    #[arg(long, value_name = "NAME")]
    pub save_profile: Option<String>,

    /// Write the key to this csv file, or into this folder; a generated console password goes beside it [with --yes]
    #[arg(long, value_name = "PATH", requires = "yes")]
    pub csv: Option<String>,

    /// Replace a profile that is there [with --yes]
    #[arg(long, requires = "yes")]
    pub replace: bool,

    /// Print the secret with the result; without a profile or --csv it goes nowhere else [with --yes]
    #[arg(long, requires = "yes")]
    pub secret_to_stdout: bool,

    #[command(flatten)]
    pub unattended: Unattended,
}

impl HandOver {
    /// Whether nothing is asked.
    pub fn asks_nothing(&self) -> bool {
        self.unattended.yes || self.unattended.dry_run.is_some()
    }

    /// What is said in place of the person. `proposes`: the walkthrough names a profile. A key that goes nowhere else becomes one.
    pub fn batch_options(&self, proposes: bool, accept_existing: bool) -> BatchOptions {
        BatchOptions {
            saves: proposes || (self.csv.is_none() && !self.secret_to_stdout),
            csv: self.csv.as_deref().map(folder_or_file),
            replace: self.replace,
            accept_existing,
            keep_on_failure: self.unattended.keep_on_failure,
            secret_to_stdout: self.secret_to_stdout,
            json: self.unattended.output == "json",
            dry_run: self.unattended.dry_run.as_ref().and_then(|word| FORMS.into_iter().find(|form| form.word() == word)),
        }
    }
}

/// A path that was typed for a csv; a folder ends in `/`.
fn folder_or_file(csv: &str) -> String {
    match csv_file::is_folder(csv) {
        true => format!("{}/", csv.trim_end_matches('/')),
        false => csv.to_owned(),
    }
}
