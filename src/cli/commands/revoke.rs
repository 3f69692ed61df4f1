//! `iamwalk revoke USER`: stop all that lets a user in; `iamwalk revoke --key KEY-ID`: one key that was found in the open.

use clap::{ArgGroup, Args};
use iamwalk::app::field::FieldId;
use iamwalk::app::tasks::revoke;
use iamwalk::domain::key_id::{self, KeyKind};
use iamwalk::domain::page::PageId;
use iamwalk::domain::unsent::KeptValue;

use crate::cli::account::AccountOptions;
use crate::cli::existing_user::{self, Said};
use crate::cli::hand_over::{HandOver, Unattended};
use crate::cli::tell::refuse;
use crate::cli::walkthrough::option;

/// All that lets a user in, or one key.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["user", "key"]))]
pub struct Revoke {
    /// The user
    #[arg(value_name = "USER")]
    user: Option<String>,

    /// One access key that was found in the open: it is deactivated, whoever its user is
    #[arg(long, value_name = "KEY-ID")]
    key: Option<String>,

    /// Deny nothing: open sessions of the user go on
    #[arg(long, conflicts_with = "key")]
    no_deny: bool,

    /// The user's name once more, to agree
    #[arg(long, value_name = "NAME", conflicts_with = "key")]
    confirm: Option<String>,

    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    unattended: Unattended,
}

impl Revoke {
    /// Stops it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = &match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        if self.key.as_deref().is_some_and(|id| key_id::kind(id.trim()).is_none()) {
            // What was typed may be a secret: it is not told again.
            return refuse(
                "--key: that is no access key ID: it begins with AKIA and has capital letters and digits, 16 at least.",
            );
        }
        if self.key.as_deref().is_some_and(|id| key_id::kind(id.trim()) == Some(KeyKind::Temporary)) {
            return refuse(
                "That is a temporary key (ASIA…): it expires by itself and can't be deactivated. Revoke the user or the role \
                 that it is of: iamwalk where KEY-ID tells its account, CloudTrail the rest.",
            );
        }
        if self.user.as_deref().is_some_and(|user| key_id::kind(user).is_some()) {
            return refuse("That is the ID of a key, and no user's name. To deactivate it: iamwalk revoke --key KEY-ID");
        }
        let user = match self.user.as_deref().map(existing_user::name).transpose() {
            Ok(user) => user,
            Err(code) => return code,
        };
        let given = [
            self.key.as_deref().map(|id| FieldId::KEY.given(PageId::User, KeptValue::Text(id.trim().to_owned()))),
            self.no_deny.then(|| FieldId::DENY.given(PageId::Access, KeptValue::On(false))),
            // Nothing is sent, so that there is nothing to agree to.
            self.confirm
                .clone()
                .or(self.user.clone().filter(|_| self.unattended.dry_run.is_some()))
                .map(|typed| FieldId::CONFIRM.given(PageId::Access, KeptValue::Text(typed))),
        ];
        let said = Said {
            task: if self.key.is_some() { &revoke::KEY } else { &revoke::TASK },
            settings: option("user.name", &user.map(|user| user.to_string()), "USER").into_iter().collect(),
            given: given.into_iter().flatten().collect(),
            saves: false,
            without_questions: match self.key {
                Some(_) => "iamwalk revoke --key KEY-ID --yes",
                None => "iamwalk revoke USER --yes --confirm USER",
            },
        };
        let hand_over = HandOver { unattended: self.unattended.clone(), ..HandOver::default() };
        existing_user::run(said, account, &hand_over)
    }
}
