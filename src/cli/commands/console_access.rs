//! `iamwalk console-access USER`: give a user that exists a console password, replace it, or take it away.

use std::sync::Arc;

use clap::Args;
use iamwalk::app::field::FieldId;
use iamwalk::app::pages::console::{GIVE, REPLACE, TAKE_AWAY};
use iamwalk::app::tasks::console_access;
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::name::UserName;
use iamwalk::domain::page::PageId;
use iamwalk::domain::unsent::KeptValue;
use iamwalk::domain::walkthrough::{PLAIN, Setting};
use iamwalk::services::walkthrough_files::{self, Against};

use crate::cli::account::AccountOptions;
use crate::cli::hand_over::HandOver;
use crate::cli::tell::refuse;
use crate::cli::walkthrough::option;
use crate::cli::{batch, conversation, walkthrough};

/// The console access of a user that exists.
#[derive(Clone, Debug, Args)]
pub struct ConsoleAccess {
    /// The user
    #[arg(value_name = "USER")]
    user: String,

    /// Give a password to a user that has none
    #[arg(long, conflicts_with_all = ["replace_password", "take_away"])]
    give: bool,

    /// Replace the password, which can't be had back
    #[arg(long, conflicts_with = "take_away")]
    replace_password: bool,

    /// Delete the password, which can't be had back; access keys go on
    #[arg(long)]
    take_away: bool,

    /// The user need not choose a new password at the next sign-in
    #[arg(long, conflicts_with = "take_away")]
    no_reset: bool,

    /// The user's name once more, to agree [with --take-away]
    #[arg(long, value_name = "NAME", requires = "take_away")]
    confirm: Option<String>,

    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    hand_over: HandOver,
}

impl ConsoleAccess {
    /// Changes it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = &match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        let user = match UserName::new(&self.user) {
            Ok(user) => user,
            Err(rule) => return refuse(format!("The user “{}”: {rule}", self.user)),
        };
        let settings: Vec<Setting> = option("user.name", &Some(user.to_string()), "USER").into_iter().collect();
        let against = Against { own_server: walkthrough::may_be_elsewhere(account), ..Against::default() };
        let walkthrough = match walkthrough_files::find(PLAIN, &settings, against) {
            Ok(walkthrough) => Arc::new(walkthrough),
            Err(faults) => return walkthrough::refuse(&faults),
        };
        let changes = [(self.give, GIVE), (self.replace_password, REPLACE), (self.take_away, TAKE_AWAY)];
        let change = changes.iter().find(|(is_wanted, _)| *is_wanted).map(|(_, label)| (*label).to_owned());
        let asks_nothing = self.hand_over.asks_nothing();
        if asks_nothing && change.is_none() {
            return refuse("Say what happens: --give, --replace-password or --take-away.");
        }
        let of_page = |field: FieldId, value: KeptValue| field.given(PageId::Access, value);
        let given: Vec<_> = [
            change.map(|label| of_page(FieldId::CONSOLE, KeptValue::Option(label))),
            self.confirm.clone().map(|typed| of_page(FieldId::CONFIRM, KeptValue::Text(typed))),
            self.no_reset.then(|| of_page(FieldId::RESET, KeptValue::On(false))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let batch_options = self.hand_over.batch_options(false, false);
        let presenter = self.hand_over.face.presenter;
        let begun =
            |options| StartOptions { task: &console_access::TASK, walkthrough: Some(walkthrough), presenter, given, ..options };
        match asks_nothing {
            true => batch::run(account, |options, vault| App::batch(begun(options), vault, batch_options)),
            false => {
                conversation::run(account, &self.hand_over.face, "iamwalk console-access USER --yes --give", |options, vault| {
                    App::open(begun(options), vault)
                })
            }
        }
    }
}
