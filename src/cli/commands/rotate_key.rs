//! `iamwalk rotate-key USER`: a second key in the place of one, proven before the old one goes; and `--finish RUN`, which deletes the
//! old one later.

use std::io::{IsTerminal, stdin};

use clap::{ArgGroup, Args};
use iamwalk::app::App;
use iamwalk::app::field::FieldId;
use iamwalk::app::pages::found_key;
use iamwalk::app::pages::rotation::OLD_KEYS;
use iamwalk::app::tasks::rotate_key;
use iamwalk::domain::answers::OldKey;
use iamwalk::domain::key_id::{self, KeyKind};
use iamwalk::domain::ledger::StepState;
use iamwalk::domain::page::PageId;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::unsent::KeptValue;
use iamwalk::faces::progress_lines::ProgressLines;
use iamwalk::practice::OLD_KEY;
use iamwalk::runtime::run;
use iamwalk::services::inquiry::{self, Sighted};
use iamwalk::services::journal::Runs;

use crate::cli::account::{AccountOptions, CallerOptions};
use crate::cli::compose::{compose, runtime};
use crate::cli::existing_user::{self, Said};
use crate::cli::hand_over::HandOver;
use crate::cli::inputs;
use crate::cli::tell::{agrees, refuse, tell};
use crate::cli::walkthrough::option;

/// A second key in the place of one.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["user", "key_in", "finish"]))]
pub struct RotateKey {
    /// The user
    #[arg(value_name = "USER")]
    user: Option<String>,

    /// The key that this profile of yours holds, whoever its user is
    #[arg(long, value_name = "PROFILE")]
    key_in: Option<String>,

    /// Delete the old key of a rotation that left it for later, as “iamwalk runs” names it
    #[arg(long, value_name = "RUN", conflicts_with_all = [
        "key", "give_up", "leave_out", "old_key", "dry_run", "save_profile", "csv", "replace", "keep_on_failure", "secret_to_stdout",
    ])]
    finish: Option<String>,

    /// Which of two keys is replaced
    #[arg(long, value_name = "KEY-ID", conflicts_with = "key_in")]
    key: Option<String>,

    /// Where the user has two keys: delete the other one first. It can't be had back
    #[arg(long, value_name = "KEY-ID")]
    give_up: Option<String>,

    /// A profile that keeps the old key, though it holds it
    #[arg(long, value_name = "PROFILE")]
    leave_out: Vec<String>,

    /// What becomes of the old key once the new one is proven [default: deactivate, or leave where something else uses it]
    #[arg(long, value_name = "WHAT", value_parser = ["deactivate", "delete", "leave"])]
    old_key: Option<String>,

    /// The ID of the old key once more, to agree that whatever still uses it stops
    #[arg(long, value_name = "KEY-ID")]
    confirm: Option<String>,

    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    hand_over: HandOver,
}

impl RotateKey {
    /// Rotates it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = &match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        if let Some(run) = &self.finish {
            return self.finish(run, account);
        }
        let ids = [("--key", &self.key), ("--give-up", &self.give_up), ("--confirm", &self.confirm)];
        let is_id = |id: &String| key_id::kind(id) == Some(KeyKind::LongTerm);
        if let Some((name, _)) = ids.iter().find(|(_, id)| id.as_ref().is_some_and(|id| !is_id(id))) {
            // What was typed may be a secret: it is not told again.
            return refuse(format!("{name}: that is no ID of a user's access key (AKIA…)."));
        }
        let user = match self.user.as_deref().map(existing_user::name).transpose() {
            Ok(user) => user,
            Err(code) => return code,
        };
        let named = match self.key_in.as_deref().map(|profile| key_in(profile, account)).transpose() {
            Ok(named) => named,
            Err(words) => return refuse(words),
        };
        let text = |page: PageId, field: FieldId, text: &str| field.given(page, KeptValue::Text(text.to_owned()));
        let rotation = |field, value: &str| text(PageId::Access, field, value);
        let words = [("deactivate", OldKey::Deactivate), ("delete", OldKey::Delete), ("leave", OldKey::Leave)];
        let old_key = self.old_key.as_ref().and_then(|word| words.iter().find(|(known, _)| known == word));
        let old_key = old_key.and_then(|(_, wanted)| OLD_KEYS.iter().find(|(old, ..)| old == wanted));
        let given = [
            named.as_deref().map(|id| text(PageId::User, FieldId::KEY, id)),
            self.key.as_deref().map(|id| rotation(FieldId::KEY, id)),
            self.give_up.as_deref().map(|id| rotation(FieldId::GIVE_UP_ID, id)),
            (!self.leave_out.is_empty()).then(|| rotation(FieldId::LEAVE_OUT, &self.leave_out.join(","))),
            old_key.map(|(_, label, _)| FieldId::OLD_KEY.given(PageId::Access, KeptValue::Option((*label).to_owned()))),
            self.confirm.as_deref().map(|id| rotation(FieldId::OLD_KEY_ID, id)),
        ];
        let said = Said {
            task: if named.is_some() { &rotate_key::FROM_KEY } else { &rotate_key::TASK },
            settings: [
                option("user.name", &user.map(|user| user.to_string()), "USER"),
                option("hand-over.profile", &self.hand_over.save_profile, "--save-profile"),
            ]
            .into_iter()
            .flatten()
            .collect(),
            given: given.into_iter().flatten().collect(),
            saves: self.hand_over.save_profile.is_some(),
            without_questions: "iamwalk rotate-key USER --yes",
        };
        existing_user::run(said, account, &self.hand_over)
    }

    /// Does what a rotation left for later.
    fn finish(&self, id: &str, account: &AccountOptions) -> u8 {
        if account.practice {
            return refuse("Practice keeps no runs: its account ends with the program.");
        }
        let (found, journal) = match Runs::own().open(id) {
            Ok(opened) => opened,
            Err(fault) => return refuse(fault.what()),
        };
        let Some(due) = found.old_key() else {
            return refuse(format!("The run {id} has no old key to delete: it is {}.", found.state()));
        };
        found.heading().iter().for_each(|line| tell(line));
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return refuse(format!("The program could not start: {error}.")),
        };
        let account = AccountOptions { practice: false, caller: account.caller.or(&CallerOptions::of(&found)) };
        let (options, mut services) = compose(&account, &std::env::temp_dir());
        let (seen, now) = match runtime.block_on(inquiry::sight_of(&options.source, &services.settings, &due.key)) {
            Ok(Sighted { sight, at }) => (sight, at),
            Err(fault) => return refuse(format!("Nothing was sent. {}", fault.what())),
        };
        tell(&format!("The old key {}: {}", due.key, found_key::words(&seen, now)));
        let open = found.ledger.rows().filter(|(_, state)| !matches!(state, StepState::Done(_) | StepState::Found(_)));
        open.for_each(|(step, _)| tell(&format!("  · {}", step.operation.words())));
        let needed = match (due.used_since(&seen), seen.places.first()) {
            (None, _) => Some("Whether it was used since can't be seen.".to_owned()),
            (Some(true), _) => Some("It was used since the rotation: something still needs it.".to_owned()),
            (Some(false), Some(place)) => Some(format!("The profile {} still holds it, and stops with it.", place.profile)),
            (Some(false), None) => None,
        };
        if let Some(words) = self.unconfirmed(needed.as_deref(), &due.key) {
            return refuse(words);
        }
        services.journal = Some(journal);
        let farewell = runtime.block_on(async {
            run(&mut ProgressLines::to_stdout(), inputs::signals, services, App::finish(options, found, Vault::default())).await
        });
        runtime.shutdown_background();
        farewell.lines.iter().for_each(|line| tell(line));
        farewell.code
    }

    /// Why the old key does not go now: nobody has agreed, or something still needs it and its id was not typed.
    fn unconfirmed(&self, needed: Option<&str>, key: &str) -> Option<String> {
        let agreed = self.confirm.as_deref() == Some(key);
        match (needed, agreed, self.hand_over.unattended.yes) {
            (_, true, _) | (None, _, true) => None,
            (Some(why), false, true) => Some(format!("Nothing was sent. {why} Add --confirm {key} to delete it all the same.")),
            (_, false, false) if !stdin().is_terminal() => {
                Some("Nothing was sent. Without a terminal to ask on, add “--yes” to agree.".to_owned())
            }
            (_, false, false) => {
                needed.into_iter().for_each(tell);
                (!agrees("Delete it, which can't be undone?", key)).then(|| "Nothing was sent.".to_owned())
            }
        }
    }
}

/// The id of the access key that a profile of the person's own holds.
fn key_in(profile: &str, account: &AccountOptions) -> Result<String, String> {
    if account.practice {
        let (name, id, _) = OLD_KEY;
        return if name == profile { Ok(id.to_owned()) } else { Err(format!("The files of practice have one profile: {name}.")) };
    }
    let (_, services) = compose(account, &std::env::temp_dir());
    let files = &services.settings.files;
    let profiles = files.list().map_err(|fault| fault.what())?;
    let own = profiles.iter().find(|own| own.name == profile);
    let own = own.ok_or_else(|| format!("There is no profile “{profile}” in {}.", files.credentials.display()))?;
    let key = own.key.clone().filter(|id| key_id::kind(id) == Some(KeyKind::LongTerm));
    key.ok_or_else(|| format!("The profile “{profile}” holds no access key of a user: {}.", own.holds))
}
