//! The commands about walkthroughs: list, show, check, new. And the one that the command line chooses, with its settings.

use std::path::Path;
use std::sync::Arc;

use iamwalk::domain::policy::GARBLED;
use iamwalk::domain::sanitise::clean;
use iamwalk::domain::walkthrough::{BUILT_IN, STARTER, Setting, Walkthrough, WalkthroughFault};
use iamwalk::practice::policy_names;
use iamwalk::services::environment::Environment;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::profiles;
use iamwalk::services::walkthrough_files::{self, Against};

use crate::args::Args;
use crate::commands::tell;

/// Prints what is wrong; the exit code of a refusal.
pub fn refuse(faults: &[WalkthroughFault]) -> u8 {
    faults.iter().for_each(|fault| eprintln!("{}", clean(&fault.to_string())));
    2
}

/// The walkthrough that the command line names, or its settings for none; `None` where it says neither.
///
/// # Errors
/// Everything that is wrong with it.
pub fn chosen(args: &Args) -> Result<Option<Arc<Walkthrough>>, Vec<WalkthroughFault>> {
    if let Some(names) = args.user.as_ref().filter(|name| name.contains(',')) {
        let words = format!(
            "“{names}” would be one user: IAM takes commas in a name. Run iamwalk once for each user. For one user of this very \
             name say --set user.name={names}."
        );
        return Err(vec![WalkthroughFault { source: "--user".to_owned(), place: None, words }]);
    }
    let mut settings: Vec<Setting> = args
        .set
        .iter()
        .map(|(key, value)| Setting { key: key.clone(), value: value.clone(), from: format!("--set {key}"), is_text: false })
        .collect();
    let option = |key: &str, value: &Option<String>, from: &str| {
        let text = |value: &String| Setting { key: key.to_owned(), value: value.clone(), from: from.to_owned(), is_text: true };
        value.as_ref().map(text)
    };
    settings.extend(option("user.name", &args.user, "--user"));
    settings.extend(option("hand-over.profile", &args.save_profile, "--save-profile"));
    settings.extend(option("hand-over.region", &args.region, "--region"));
    if args.walkthrough.is_none() && args.set.is_empty() && args.save_profile.is_none() && !args.yes && args.dry_run.is_none() {
        return Ok(None);
    }
    let name = args.walkthrough.as_deref().unwrap_or(iamwalk::domain::walkthrough::PLAIN);
    let aws = if walkthrough_files::is_path(name) { policy_names() } else { Vec::new() };
    let against = Against { aws_policies: &aws, own_server: may_be_elsewhere(args), ..Against::default() };
    walkthrough_files::find(name, &settings, against).map(|found| Some(Arc::new(found)))
}

/// Whether the calls may go to a server of one's own.
fn may_be_elsewhere(args: &Args) -> bool {
    let environment = Environment::of_process();
    let of_files = || ProfileFiles::own(&environment).is_some_and(|files| profiles::name_a_server(&files));
    args.endpoint_url.is_some() || environment.names_a_server() || of_files()
}

/// `iamwalk list`.
pub fn list() -> u8 {
    let width = BUILT_IN.iter().map(|guide| guide.name.len()).max().unwrap_or_default();
    let line = |guide: &Walkthrough| tell(&format!("{:width$}  {}", guide.name, guide.summary));
    BUILT_IN.iter().for_each(|guide| line(guide));
    for found in walkthrough_files::own() {
        match found {
            Ok(guide) if BUILT_IN.iter().any(|known| known.name == guide.name) => {
                tell(&format!("{:width$}  (yours; the built-in one of this name wins: use its path)", guide.name));
            }
            Ok(guide) => line(&guide),
            Err(faults) => {
                let first = faults.first().map(ToString::to_string).unwrap_or_default();
                tell(&format!("can't be used: {first}"));
            }
        }
    }
    if let Some(folder) = walkthrough_files::own_folder() {
        tell("");
        tell(&format!("Yours go into {}. “iamwalk new FILE” writes one to begin with.", folder.display()));
    }
    0
}

/// `iamwalk show NAME`.
pub fn show(name: &str) -> u8 {
    match walkthrough_files::find(name, &[], Against { aws_policies: &policy_names(), own_server: true, ..Against::default() }) {
        Ok(found) => {
            tell(&format!("{}:", found.name));
            found.preview().iter().for_each(|line| tell(line));
            let keys = found.keys();
            if !keys.is_empty() {
                tell("");
                tell("Without questions, say:");
                keys.iter().for_each(|key| tell(&format!("  {key}")));
            }
            0
        }
        Err(faults) => refuse(&faults),
    }
}

/// `iamwalk check FILE`. `partition`: for which its documents are checked.
pub fn check(args: &Args, file: &Path, partition: Option<&str>) -> u8 {
    let names = policy_names();
    let (partition, is_said) = (partition.unwrap_or("aws"), partition.is_some());
    let against = Against { aws_policies: &names, partition: Some(partition), own_server: args.endpoint_url.is_some() };
    let name = file.display().to_string();
    let is_name = !walkthrough_files::is_path(&name) && file.symlink_metadata().is_err();
    let found = match is_name {
        true => walkthrough_files::find(&name, &[], against),
        false => walkthrough_files::load(file, &[], against),
    };
    match found {
        Ok(found) => {
            let other = if is_said { "" } else { " (--partition checks it for another)" };
            tell(&format!("{}: all is well, in an account of the partition {partition}{other}.", file.display()));
            for name in found.unknown_policies(&names) {
                tell(&format!("· {name} is none of AWS's policies known to this version: the account has to have it."));
            }
            for words in found.left_over(partition) {
                tell(&format!("· {words} looks as if it were to be replaced."));
            }
            for name in found.garbled() {
                tell(&format!("· The description of {name}: {GARBLED}"));
            }
            0
        }
        Err(faults) => refuse(&faults),
    }
}

/// `iamwalk new FILE`.
pub fn new(file: &Path) -> u8 {
    let named = file.with_extension("toml");
    let file = if file.extension().is_none() { &named } else { file };
    match walkthrough_files::create(file, STARTER) {
        Ok(()) => {
            let path = file.display();
            tell(&format!("{path} is written. Change it, then: iamwalk check {path}"));
            0
        }
        Err(words) => {
            eprintln!("{}", clean(&words));
            2
        }
    }
}
