//! `iamwalk where KEY-ID`: whose an access key is, and where on this machine it is named. It only reads, and prints no line of a file.

use std::path::{Path, PathBuf};

use clap::Args;
use iamwalk::domain::key_id::{self, KeyKind};
use iamwalk::domain::moment::{Moment, ago};
use iamwalk::domain::users::{KeyOwner, KeyUse};
use iamwalk::services::inquiry::{self, Owned};
use iamwalk::services::key_search::{self, Place, Search};
use iamwalk::services::settings::Settings;

use crate::cli::account::AccountOptions;
use crate::cli::compose::{compose, runtime};
use crate::cli::tell::{refuse, tell};

/// A key to look for.
#[derive(Clone, Debug, Args)]
pub struct Where {
    /// The access key ID: AKIA…, ASIA…
    #[arg(value_name = "KEY-ID")]
    key: String,

    /// Look into the files below this folder, too
    #[arg(long = "in", value_name = "DIR")]
    folder: Option<PathBuf>,

    #[command(flatten)]
    account: AccountOptions,
}

impl Where {
    /// Tells it. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        let id = self.key.trim();
        let Some(kind) = key_id::kind(id) else {
            // What was typed may be a secret: it is not told again.
            return refuse(
                "That is no access key ID: it begins with AKIA or ASIA and has capital letters and digits, 16 at least.",
            );
        };
        if let Some(folder) = self.folder.as_ref().filter(|folder| !folder.is_dir()) {
            return refuse(format!("{} is no folder.", folder.display()));
        }
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return refuse(format!("The program could not start: {error}.")),
        };
        let (options, services) = compose(&account, &std::env::temp_dir());
        let asked = runtime.block_on(inquiry::owner_of(&options.source, &services.settings, id));
        runtime.shutdown_background();
        tell(&format!("Access key {id}"));
        match asked {
            Ok(Owned { owner, caller, at }) => owned(&owner, kind, &caller, at),
            Err(fault) => {
                account_of(&KeyOwner { account: key_id::account(id), ..KeyOwner::default() });
                tell(&format!("  ! AWS was not asked: {}", fault.what()));
            }
        }
        on_this_machine(id, &services.settings);
        if let Some(folder) = &self.folder {
            below(folder, &key_search::below(folder, id));
        }
        0
    }
}

fn line(label: &str, value: &str) {
    tell(&format!("  {label:<9} {value}"));
}

fn account_of(owner: &KeyOwner) {
    match (&owner.account, owner.is_told) {
        (Some(account), true) => line("Account", account),
        (Some(account), false) => line("Account", &format!("{account}, by the ID itself")),
        (None, _) => line("Account", "unknown: IDs of before 2019 don't tell it"),
    }
}

fn owned(owner: &KeyOwner, kind: KeyKind, caller: &str, now: Moment) {
    account_of(owner);
    let is_here = owner.account.as_deref().is_none_or(|account| account == caller);
    match (&owner.user, kind) {
        (_, KeyKind::Temporary) => line("User", "none: a temporary key, which expires by itself; CloudTrail says who got it"),
        (Some(user), _) => line("User", user),
        (None, _) if !is_here => line("User", &format!("in another account than yours ({caller}): ask there")),
        (None, _) if owner.gaps.is_empty() => line("User", "none of this account: the key is deleted, or it is the root user's"),
        (None, _) => line("User", "can't be seen"),
    }
    if let Some(key) = &owner.key {
        line("Status", key.status.word());
        if let Some(created) = key.created {
            line("Created", &format!("{}, {}", created.date(), ago(created.days_until(now))));
        }
        let by = owner.last_call.as_ref().map(|(service, region)| format!(", {service} in {region}")).unwrap_or_default();
        match key.used {
            KeyUse::Never => line("Last used", "never, as far as IAM knows"),
            KeyUse::At(at) => line("Last used", &format!("{}, {}{by}", at.date(), ago(at.days_until(now)))),
            KeyUse::Unknown => line("Last used", "can't be seen"),
        }
    }
    owner.gaps.iter().for_each(|gap| tell(&format!("  ! {gap}")));
}

fn on_this_machine(id: &str, settings: &Settings) {
    tell("On this machine");
    let holders = key_search::profiles_with(id, &settings.files);
    let places = key_search::in_profile_files(id, &settings.files);
    let variables = settings.environment.naming(id);
    holders.iter().for_each(|profile| tell(&format!("  profile {profile}")));
    places.iter().for_each(named);
    variables.iter().for_each(|name| tell(&format!("  the environment variable {name}")));
    if holders.is_empty() && places.is_empty() && variables.is_empty() {
        tell("  not in your AWS files, and not in the environment");
    }
}

fn named(place: &Place) {
    tell(&format!("  {place}"));
}

fn below(folder: &Path, search: &Search) {
    tell(&format!("Below {}", folder.display()));
    search.places.iter().for_each(named);
    if search.places.is_empty() {
        tell("  in no file that was looked into");
    }
    let count = |count: usize, of: &str| format!("{count} {of}{}", if count == 1 { "" } else { "s" });
    tell(&format!("  {} looked into. Git history and archives are not searched.", count(search.files, "file")));
    if !search.cut.is_empty() {
        tell(&format!("  ! Of {} only the first MiB was looked into:", count(search.cut.len(), "file")));
        search.cut.iter().for_each(|path| tell(&format!("      {}", path.display())));
    }
    if search.links > 0 {
        tell(&format!("  {} not followed.", count(search.links, "link")));
    }
    if search.unread > 0 {
        tell(&format!("  ! {} could not be read.", count(search.unread, "file or folder")));
    }
    if let Some(stopped) = &search.stopped {
        tell(&format!("  ! It stopped {stopped}: look into a smaller folder."));
    }
}
