//! From a source of credentials to a gateway and the caller's name.
//!
//! Everything that a person may have set is read and checked before the SDK sees it ([`super::configured`]); the way to the
//! credentials is the AWS CLI's ([`super::credentials`]).

use aws_config::SdkConfig;

use super::configured::Configured;
use super::credentials::{Finder, origin, signing_keys};
use super::gateway::{Gateway, iam_client};
use super::guard::Guard;
use super::profile_files::profiles;
use super::roles::resolved;
use super::settings::Settings;
use super::sts::{caller, sts_client};
use crate::domain::caller::{Caller, Origins, Source};
use crate::domain::fault::Fault;
use crate::domain::profile_file::Profiles;
use crate::domain::secret::Vault;

/// A caller and the gateway that signs as that caller.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Makes the calls.
    pub gateway: Gateway,
    pub caller: Caller,
    /// The region of the calls, and the default of a saved profile.
    pub region: String,
    /// Where the calls go, where that is not AWS.
    pub endpoint: Option<String>,
    pub origins: Origins,
}

/// Connects as `source` and asks STS who that is.
///
/// # Errors
/// A setting that can't work, why there are no credentials, which profile is missing, that an MFA code is needed, or what STS or
/// the network said.
pub async fn connect(source: &Source, settings: &Settings, vault: &Vault) -> Result<Connection, Fault> {
    let guard = Guard::new(settings.clear_text);
    let named = settings.environment.profile();
    let profile = match source {
        Source::Profile(name) => name,
        _ => named.as_deref().unwrap_or("default"),
    };
    if *source == Source::Practice && !settings.practice_profile.is_empty() {
        settings.practice_files.begin_with(&settings.practice_profile);
    }
    let profiles = match source {
        Source::Practice => Profiles::default(),
        // What does not come from the files does not need them.
        Source::Pasted { .. } => profiles::read(&settings.files).unwrap_or_default(),
        Source::Chain | Source::Profile(_) => profiles::read(&settings.files)?,
    };
    let configured = Configured::read(source, settings, &profiles, profile)?;
    let answer = signed_in(source, settings, &profiles, &configured, &guard, vault).await;
    let (config, caller, key) = answer.map_err(|fault| configured.endpoints.named(fault))?;
    let region = configured.region.clone();
    let (endpoint, said_by) = configured.endpoints.elsewhere().unzip();
    let origins = Origins {
        credentials: origin(source, settings, &profiles),
        endpoint: said_by.unwrap_or_default(),
        keys: signing_keys(source, settings, &profiles, &key),
    };
    let gateway = Gateway {
        iam: iam_client(&config, &configured, &guard),
        config,
        configured,
        guard,
        caller: caller.clone(),
        files: match source {
            Source::Practice => settings.practice_files.clone(),
            _ => settings.files.clone(),
        },
        waits: settings.waits,
    };
    Ok(Connection { gateway, caller, region, endpoint, origins })
}

async fn signed_in(
    source: &Source,
    settings: &Settings,
    profiles: &Profiles,
    configured: &Configured,
    guard: &Guard,
    vault: &Vault,
) -> Result<(SdkConfig, Caller, String), Fault> {
    let provider = Finder { settings, profiles, configured, guard, vault }.of(source).await?;
    let (provider, key) = resolved(provider).await?;
    let config = configured.sdk().to_builder().credentials_provider(provider).build();
    let caller = caller(&sts_client(&config, configured, guard)).await?;
    Ok((config, caller, key))
}
