//! The person's own profiles, as the AWS CLI reads them.

use std::path::Path;

use super::ProfileFiles;
use crate::domain::facts::OwnProfile;
use crate::domain::fault::Fault;
use crate::domain::profile_file::{FileKind, Profile, Profiles};
use crate::services::private_file;

/// Both files, read and merged; nothing named in them is run. A file that is not there is empty.
///
/// # Errors
/// Which file can't be read, where, and why.
pub(in crate::services) fn read(files: &ProfileFiles) -> Result<Profiles, Fault> {
    let read = |kind| text(files.path(kind));
    let (config, credentials) = (read(FileKind::Config)?, read(FileKind::Credentials)?);
    Profiles::read(&config, &credentials)
        .map_err(|(kind, why)| Fault::local(format!("The AWS CLI can't read {}: {why}", files.path(kind).display())))
}

/// A file as a text; none is empty. It may hold secrets, and is wiped when dropped.
///
/// # Errors
/// It can't be read, and why.
pub(super) fn text(path: &Path) -> Result<zeroize::Zeroizing<String>, Fault> {
    let refused = |why: &str| Fault::local(format!("{} can't be read: {why}.", path.display()));
    match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map(zeroize::Zeroizing::new).map_err(|error| {
            // The bytes may hold secrets.
            drop(zeroize::Zeroizing::new(error.into_bytes()));
            refused("it is not UTF-8")
        }),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            Ok(zeroize::Zeroizing::default())
        }
        Err(error) => Err(refused(&private_file::reason(&error))),
    }
}

/// The profile that holds the access key with this id. Files that can't be read hold none.
pub(in crate::services) fn holder_of(id: &str, files: &ProfileFiles) -> Option<String> {
    let profiles = read(files).ok()?;
    let holder = profiles.iter().find(|(_, profile)| profile.get("aws_access_key_id") == Some(id));
    holder.map(|(name, _)| name.to_owned())
}

/// The person's profiles with a word on what each holds, sorted by name, `default` first.
///
/// # Errors
/// What is wrong with the files.
pub fn list(files: &ProfileFiles) -> Result<Vec<OwnProfile>, Fault> {
    let all = read(files)?;
    let own = |(name, profile): (&str, &Profile)| OwnProfile {
        name: name.to_owned(),
        holds: holds(profile),
        region: profile.get("region").map(str::to_owned),
        key: profile.get("aws_access_key_id").map(str::to_owned),
    };
    let mut profiles: Vec<OwnProfile> = all.iter().map(own).collect();
    profiles.sort_by(|a, b| (a.name != "default", &a.name).cmp(&(b.name != "default", &b.name)));
    Ok(profiles)
}

/// Whether a profile names a server of one's own.
pub fn name_a_server(files: &ProfileFiles) -> bool {
    let names = |(_, profile): (&str, &Profile)| profile.get("endpoint_url").or(profile.get("services")).is_some();
    read(files).is_ok_and(|profiles| profiles.iter().any(names))
}

fn holds(profile: &Profile) -> String {
    let get = |key: &str| profile.get(key);
    let holds = if let Some(role) = get("role_arn") {
        let device = if get("mfa_serial").is_some() { ", asks for an MFA code" } else { "" };
        format!("role {}{device}", role.rsplit('/').next().unwrap_or(role))
    } else if get("sso_account_id").or(get("sso_role_name")).is_some() {
        "IAM Identity Center (SSO)".to_owned()
    } else if let Some(id) = get("aws_access_key_id") {
        format!("access key …{}", id.get(id.len().saturating_sub(4)..).unwrap_or_default())
    } else if get("login_session").is_some() {
        "aws login".to_owned()
    } else if get("credential_process").is_some() {
        "credential_process".to_owned()
    } else {
        "no credentials".to_owned()
    };
    if profile.is_of_sdks() { holds } else { format!("{holds}; only the AWS CLI and Python read this name") }
}
