//! The walkthrough that the command line chooses, with its settings.

use std::sync::Arc;

use iamwalk::domain::sanitise::clean;
use iamwalk::domain::walkthrough::{PLAIN, Setting, Walkthrough, WalkthroughFault};
use iamwalk::practice::policy_names;
use iamwalk::services::environment::Environment;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::profile_files::profiles;
use iamwalk::services::walkthrough_files::{self, Against};

use super::account::AccountOptions;
use super::commands::walk::Walk;

/// Prints what is wrong; the exit code of a refusal.
pub fn refuse(faults: &[WalkthroughFault]) -> u8 {
    faults.iter().for_each(|fault| eprintln!("{}", clean(&fault.to_string())));
    2
}

/// The walkthrough that the command line names, or its settings for none; `None` where it says neither.
///
/// # Errors
/// Everything that is wrong with it.
pub fn chosen(walk: &Walk, account: &AccountOptions) -> Result<Option<Arc<Walkthrough>>, Vec<WalkthroughFault>> {
    if let Some(names) = walk.user.as_ref().filter(|name| name.contains(',')) {
        let words = format!(
            "“{names}” would be one user: IAM takes commas in a name. Run iamwalk once for each user. For one user of this very \
             name say --set user.name={names}."
        );
        return Err(vec![WalkthroughFault { source: "--user".to_owned(), place: None, words }]);
    }
    let mut settings: Vec<Setting> = walk
        .set
        .iter()
        .map(|(key, value)| Setting { key: key.clone(), value: value.clone(), from: format!("--set {key}"), is_text: false })
        .collect();
    settings.extend(option("user.name", &walk.user, "--user"));
    settings.extend(option("hand-over.profile", &walk.hand_over.save_profile, "--save-profile"));
    settings.extend(option("hand-over.region", &account.caller.region, "--region"));
    if walk.walkthrough.is_none()
        && walk.set.is_empty()
        && walk.hand_over.save_profile.is_none()
        && !walk.hand_over.asks_nothing()
    {
        return Ok(None);
    }
    let name = walk.walkthrough.as_deref().unwrap_or(PLAIN);
    let aws = if walkthrough_files::is_path(name) { policy_names() } else { Vec::new() };
    let against = Against { aws_policies: &aws, own_server: may_be_elsewhere(account), ..Against::default() };
    walkthrough_files::find(name, &settings, against).map(|found| Some(Arc::new(found)))
}

/// What an option of the command line answers, where it is given.
pub fn option(key: &str, value: &Option<String>, from: &str) -> Option<Setting> {
    Some(Setting { key: key.to_owned(), value: value.clone()?, from: from.to_owned(), is_text: true })
}

/// Whether the calls may go to a server of one's own.
pub fn may_be_elsewhere(account: &AccountOptions) -> bool {
    let environment = Environment::of_process();
    let of_files = || ProfileFiles::own(&environment).is_some_and(|files| profiles::name_a_server(&files));
    account.caller.endpoint_url.is_some() || environment.names_a_server() || of_files()
}
