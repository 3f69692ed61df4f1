//! The person's own profiles, as the SDK reads them.

use std::path::Path;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use crate::domain::facts::OwnProfile;
use crate::domain::fault::Fault;

/// Files of these paths.
pub(super) fn files(credentials: &Path, config: &Path) -> EnvConfigFiles {
    EnvConfigFiles::builder()
        .with_file(EnvConfigFileKind::Config, config)
        .with_file(EnvConfigFileKind::Credentials, credentials)
        .build()
}

/// Both files, read and merged; no provider in them is run.
///
/// # Errors
/// What is wrong with the file, in the parser's words.
pub(super) async fn load(files: &EnvConfigFiles) -> Result<ProfileSet, Fault> {
    aws_config::profile::load(&Fs::real(), &Env::real(), files, None).await.map_err(|error| {
        let error = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Fault::local(format!("Your AWS files can't be read: {error}."))
    })
}

/// The profile that holds the access key with this id. Files that can't be read hold none.
pub(super) async fn holder_of(id: &str) -> Option<String> {
    let set = load(&EnvConfigFiles::default()).await.ok()?;
    let holds = |name: &&str| set.get_profile(name).and_then(|profile| profile.get("aws_access_key_id")) == Some(id);
    set.profiles().find(holds).map(str::to_owned)
}

/// The person's profiles with a word on what each holds, sorted by name, `default` first.
///
/// # Errors
/// What is wrong with the files.
pub async fn own() -> Result<Vec<OwnProfile>, Fault> {
    list(&EnvConfigFiles::default()).await
}

/// The same of other files.
pub(super) async fn list(files: &EnvConfigFiles) -> Result<Vec<OwnProfile>, Fault> {
    let set = load(files).await?;
    let mut profiles: Vec<OwnProfile> = set
        .profiles()
        .filter_map(|name| {
            let profile = set.get_profile(name)?;
            let holds = if let Some(role) = profile.get("role_arn") {
                let device = if profile.get("mfa_serial").is_some() { ", asks for an MFA code" } else { "" };
                format!("role {}{device}", role.rsplit('/').next().unwrap_or(role))
            } else if profile.get("sso_session").or(profile.get("sso_start_url")).is_some() {
                "IAM Identity Center (SSO)".to_owned()
            } else if profile.get("login_session").is_some() {
                "aws login".to_owned()
            } else if profile.get("credential_process").is_some() {
                "credential_process".to_owned()
            } else if let Some(id) = profile.get("aws_access_key_id") {
                format!("access key …{}", id.get(id.len().saturating_sub(4)..).unwrap_or_default())
            } else {
                "no credentials".to_owned()
            };
            Some(OwnProfile { name: name.to_owned(), holds, region: profile.get("region").map(str::to_owned) })
        })
        .collect();
    profiles.sort_by(|a, b| (a.name != "default", &a.name).cmp(&(b.name != "default", &b.name)));
    Ok(profiles)
}
