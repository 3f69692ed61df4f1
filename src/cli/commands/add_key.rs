//! `iamwalk add-key USER --yes`: a key for a user that exists, handed over and proven like any other.

use std::sync::Arc;

use clap::Args;
use iamwalk::app::unattended::Orders;
use iamwalk::app::{App, Opening};
use iamwalk::domain::dry_run::FORMS;
use iamwalk::domain::name::UserName;
use iamwalk::domain::walkthrough::{PLAIN, Setting};
use iamwalk::services::walkthrough_files::{self, Against};

use crate::cli::account::Account;
use crate::cli::tell::refuse;
use crate::cli::unattended;
use crate::cli::walkthrough;

/// A key for a user that exists.
#[derive(Clone, Debug, Args)]
pub struct AddKey {
    /// The user
    #[arg(value_name = "USER")]
    user: String,

    /// Practise on an account in memory
    #[arg(long, conflicts_with_all = ["profile", "endpoint_url"])]
    practice: bool,

    /// Ask nothing: what stands against it is a refusal before the first call
    #[arg(long)]
    yes: bool,

    /// Describe the key: a tag on the user
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Save the key as this profile [default: the user's name; none where --csv or --secret-to-stdout is given]
    #[arg(long, value_name = "NAME")]
    save_profile: Option<String>,

    /// Write the key to this csv file, or into this folder
    #[arg(long, value_name = "PATH")]
    csv: Option<String>,

    /// Replace a profile that is there
    #[arg(long)]
    replace: bool,

    /// Where something fails, keep what was made instead of taking it back
    #[arg(long)]
    keep_on_failure: bool,

    /// Print the secret with the result; without a profile or --csv it goes nowhere else
    #[arg(long)]
    secret_to_stdout: bool,

    /// The form of the result on standard output
    #[arg(long, value_name = "FORM", value_parser = ["text", "json"], default_value = "text", hide_default_value = true)]
    output: String,

    /// Show the calls and make none
    #[arg(
        long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        value_parser = ["text", "json", "aws-cli", "cloudformation", "terraform"]
    )]
    dry_run: Option<String>,
}

impl AddKey {
    /// Adds it.
    pub fn run(&self, account: &Account) -> u8 {
        if !self.yes && self.dry_run.is_none() {
            return refuse("A key is added without questions: say --yes, or --dry-run to see the calls.");
        }
        let account = &Account { practice: account.practice || self.practice, ..account.clone() };
        let user = match UserName::new(&self.user) {
            Ok(user) => user,
            Err(rule) => return refuse(format!("The user “{}”: {rule}", self.user)),
        };
        if let Some(rule) = self.description.as_deref().and_then(|text| iamwalk::domain::tag::check_value(text).err()) {
            return refuse(format!("--description: {rule}"));
        }
        let setting = |key: &str, value: &Option<String>, from: &str| {
            let value = value.clone()?;
            Some(Setting { key: key.to_owned(), value, from: from.to_owned(), is_text: true })
        };
        let settings: Vec<Setting> = [
            setting("hand-over.profile", &self.save_profile, "--save-profile"),
            setting("hand-over.region", &account.region, "--region"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let against = Against { own_server: walkthrough::may_be_elsewhere(account), ..Against::default() };
        let guide = match walkthrough_files::find(PLAIN, &settings, against) {
            Ok(guide) => Arc::new(guide),
            Err(faults) => return walkthrough::refuse(&faults),
        };
        let orders = Orders {
            saves: self.save_profile.is_some() || (self.csv.is_none() && !self.secret_to_stdout),
            csv: self.csv.as_deref().map(unattended::folder_or_file),
            replace: self.replace,
            accept_existing: false,
            keep_on_failure: self.keep_on_failure,
            secret_to_stdout: self.secret_to_stdout,
            json: self.output == "json",
            dry_run: self.dry_run.as_ref().and_then(|word| FORMS.into_iter().find(|form| form.word() == word)),
        };
        let description = self.description.clone();
        unattended::run(account, |opening, vault| {
            App::add_key(Opening { walkthrough: Some(guide), ..opening }, vault, orders, user, description)
        })
    }
}
