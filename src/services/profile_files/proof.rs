//! What AWS's own parser, as the SDKs other than botocore have it, reads of a file before and after an edit.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};
use futures_util::FutureExt;

use crate::domain::profile_file::{Change, Edited, FileKind, UNREAD};

/// Proves that the parser reads the edited profile as meant, and every other as before. What comes back is what the person
/// should know: a file that it could not read before either.
///
/// # Errors
/// Why the edit must not be written.
pub(super) fn by_sdk(before: &str, edited: &Edited, change: &Change<'_>) -> Result<Option<String>, String> {
    let Ok(old) = parsed(change.kind, before) else {
        let why = parsed(change.kind, &edited.text).err();
        let is_noted = edited.notes.iter().any(|note| note.starts_with(UNREAD));
        return Ok(why.filter(|_| !is_noted).map(|why| format!("{UNREAD}: {why}.")));
    };
    let new = parsed(change.kind, &edited.text).map_err(|why| format!("after the edit AWS's SDKs could not read it: {why}."))?;
    let names = || old.profiles().chain(new.profiles()).filter(|name| *name != change.profile);
    if names().any(|name| old.get_profile(name) != new.get_profile(name)) {
        return Err("after the edit AWS's SDKs would read another profile differently.".to_owned());
    }
    let Some(own) = new.get_profile(change.profile) else {
        // A header that only botocore takes; the edit has a note on it.
        let is_botocores = edited.was_there && old.get_profile(change.profile).is_none();
        let is_botocores = is_botocores || change.profile.contains(' ');
        return if is_botocores { Ok(None) } else { Err("after the edit AWS's SDKs would not find the profile.".to_owned()) };
    };
    let is_set = change.set.iter().all(|(key, value)| own.get(key) == Some(*value));
    let is_gone = change.remove.iter().all(|key| own.get(key).is_none());
    if is_set && is_gone { Ok(None) } else { Err("after the edit AWS's SDKs would read the profile differently.".to_owned()) }
}

/// Reads profiles from a text in memory; no provider named in it is run.
fn parsed(kind: FileKind, text: &str) -> Result<ProfileSet, String> {
    let kind = match kind {
        FileKind::Credentials => EnvConfigFileKind::Credentials,
        FileKind::Config => EnvConfigFileKind::Config,
    };
    let files = EnvConfigFiles::builder().with_contents(kind, text).build();
    // Nothing is waited for: the text is here.
    let loaded = aws_config::profile::load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &files, None).now_or_never();
    match loaded {
        Some(loaded) => {
            loaded.map_err(|error| std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
        }
        None => Err("its parser did not answer".to_owned()),
    }
}
