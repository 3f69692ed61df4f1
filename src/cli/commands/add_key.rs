//! `iamwalk add-key USER`: a key for a user that exists, handed over and proven like any other.

use clap::Args;
use iamwalk::app::field::FieldId;
use iamwalk::app::tasks::add_key;
use iamwalk::domain::access::UseCase;
use iamwalk::domain::key_id::{self, KeyKind};
use iamwalk::domain::page::PageId;
use iamwalk::domain::unsent::KeptValue;
use iamwalk::domain::walkthrough::Setting;

use crate::cli::account::AccountOptions;
use crate::cli::existing_user::{self, Said};
use crate::cli::hand_over::HandOver;
use crate::cli::tell::refuse;
use crate::cli::walkthrough::option;

/// A key for a user that exists.
#[derive(Clone, Debug, Args)]
pub struct AddKey {
    /// The user
    #[arg(value_name = "USER")]
    user: String,

    /// Describe the key: a tag on the user
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Where the user has two keys: delete this one first. It can't be had back
    #[arg(long, value_name = "KEY-ID")]
    give_up: Option<String>,

    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    hand_over: HandOver,
}

impl AddKey {
    /// Adds it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = &match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        let user = match existing_user::name(&self.user) {
            Ok(user) => user,
            Err(code) => return code,
        };
        if self.give_up.as_deref().is_some_and(|given| key_id::kind(given) != Some(KeyKind::LongTerm)) {
            // What was typed may be a secret: it is not told again.
            return refuse("--give-up: that is no ID of a user's access key (AKIA…).");
        }
        if let Some(rule) = self.description.as_deref().and_then(|text| iamwalk::domain::tag::check_value(text).err()) {
            return refuse(format!("--description: {rule}"));
        }
        // Who adds a key without questions has decided what it is for.
        let use_case = self.hand_over.asks_nothing().then(|| UseCase::Other.word().to_owned());
        let settings: Vec<Setting> = [
            option("user.name", &Some(user.to_string()), "USER"),
            option("access.use-case", &use_case, "--yes"),
            option("access.description", &self.description, "--description"),
            option("hand-over.profile", &self.hand_over.save_profile, "--save-profile"),
            option("hand-over.region", &account.caller.region, "--region"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let id = |key: &String| FieldId::GIVE_UP_ID.given(PageId::User, KeptValue::Text(key.clone()));
        let said = Said {
            task: &add_key::TASK,
            settings,
            given: self.give_up.iter().map(id).collect(),
            saves: self.hand_over.save_profile.is_some(),
            without_questions: "iamwalk add-key USER --yes",
        };
        existing_user::run(said, account, &self.hand_over)
    }
}
