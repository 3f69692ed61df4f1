//! `iamwalk console-access USER`: give a user that exists a console password, replace it, or take it away.

use clap::Args;
use iamwalk::app::field::FieldId;
use iamwalk::app::pages::console::{GIVE, REPLACE, TAKE_AWAY};
use iamwalk::app::tasks::console_access;
use iamwalk::domain::page::PageId;
use iamwalk::domain::unsent::KeptValue;

use crate::cli::account::AccountOptions;
use crate::cli::existing_user::{self, Said};
use crate::cli::hand_over::HandOver;
use crate::cli::tell::refuse;
use crate::cli::walkthrough::option;

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
        let user = match existing_user::name(&self.user) {
            Ok(user) => user,
            Err(code) => return code,
        };
        let changes = [(self.give, GIVE), (self.replace_password, REPLACE), (self.take_away, TAKE_AWAY)];
        let change = changes.iter().find(|(is_wanted, _)| *is_wanted).map(|(_, label)| (*label).to_owned());
        if self.hand_over.asks_nothing() && change.is_none() {
            return refuse("Say what happens: --give, --replace-password or --take-away.");
        }
        let of_page = |field: FieldId, value: KeptValue| field.given(PageId::Access, value);
        let given = [
            change.map(|label| of_page(FieldId::CONSOLE, KeptValue::Option(label))),
            // Nothing is sent, so that there is nothing to agree to.
            self.confirm
                .clone()
                .or(Some(user.to_string()).filter(|_| self.hand_over.unattended.dry_run.is_some() && self.take_away))
                .map(|typed| of_page(FieldId::CONFIRM, KeptValue::Text(typed))),
            self.no_reset.then(|| of_page(FieldId::RESET, KeptValue::On(false))),
        ]
        .into_iter()
        .flatten();
        let said = Said {
            task: &console_access::TASK,
            settings: option("user.name", &Some(user.to_string()), "USER").into_iter().collect(),
            given: given.collect(),
            saves: false,
            without_questions: "iamwalk console-access USER --yes --give",
        };
        existing_user::run(said, account, &self.hand_over)
    }
}
