//! From a source of credentials to a gateway and the caller's name: region, profile, MFA, timeouts.
//!
//! What `aws-config` gets wrong or leaves out is mended here, each measured: keys in the environment would beat a profile that
//! was asked for, `mfa_serial` is ignored, there is no timeout, and only the chain's first error says what is missing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};

use super::failure::{Call, credentials_fault};
use super::gateway::Gateway;
use super::guard::Guard;
use super::{https, mfa, profiles};
use crate::domain::caller::{Caller, Source};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::secret::{Secret, SecretId, Vault};

/// How long a call may take; the SDK itself has no limit.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// One attempt.
    pub attempt: Duration,
    /// A call with all its attempts.
    pub call: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(4), attempt: Duration::from_secs(10), call: Duration::from_secs(30) }
    }
}

impl Patience {
    fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build()
    }
}

/// What the command line and the composition say of all connections.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `--region`.
    pub region: Option<String>,
    /// `--endpoint-url`.
    pub endpoint: Option<String>,
    /// The person allowed calls in clear text to another machine.
    pub clear_text: bool,
    /// Waits.
    pub patience: Patience,
    /// The practice account, as an HTTP client with the key that signs its calls.
    pub practice: (SharedHttpConnector, &'static str),
}

/// A caller and the gateway that signs as that caller.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Makes the calls.
    pub gateway: Gateway,
    /// Who makes them.
    pub caller: Caller,
    /// The region of the calls, and the default of a saved profile.
    pub region: String,
    /// Where the calls go, where that is not AWS.
    pub endpoint: Option<String>,
}

/// Connects as `source` and asks STS who that is.
///
/// # Errors
/// Why there are no credentials, which profile is missing, that an MFA code is needed, or what STS or the network said.
pub async fn connect(source: &Source, settings: &Settings, vault: &Vault) -> Result<Connection, Fault> {
    let profile = match source {
        Source::Profile(name) => Some(name.clone()),
        _ => None,
    };
    let guard = Guard::new(settings.clear_text);
    let region = region(settings.region.as_deref(), profile.as_deref()).await;
    let config = match source {
        Source::Practice => practice_config(settings, &region),
        Source::Pasted { key_id } => {
            let credentials = pasted(key_id, vault)?;
            base(settings, &region).credentials_provider(credentials).load().await
        }
        Source::Profile(name) => {
            let provider = profile_credentials(name, &region, settings, &guard, vault).await?;
            // The profile's own endpoint and services sections count, but not its turn in the chain.
            base(settings, &region).profile_name(name).credentials_provider(provider).load().await
        }
        Source::Chain => {
            let provider = chain_credentials(&region, settings, &guard, vault).await?;
            base(settings, &region).credentials_provider(provider).load().await
        }
    };
    let config = match config.credentials_provider() {
        Some(provider) => config.to_builder().credentials_provider(resolved(provider).await?).build(),
        None => config,
    };
    let sts = sts_client(&config, &guard);
    let caller = caller(&sts).await?;
    let iam = aws_sdk_iam::Client::from_conf(aws_sdk_iam::config::Builder::from(&config).interceptor(guard.clone()).build());
    let endpoint = guard.elsewhere();
    Ok(Connection { gateway: Gateway::new(iam, config, guard, caller.clone()), caller, region, endpoint })
}

/// Credentials that were resolved once already, and the provider that renews them.
#[derive(Debug)]
struct Resolved {
    first: Mutex<Option<Credentials>>,
    renew: SharedCredentialsProvider,
}

impl ProvideCredentials for Resolved {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => future::ProvideCredentials::ready(Ok(first)),
            None => self.renew.provide_credentials(),
        }
    }
}

/// Resolves credentials by ourselves, for the chain's first error: each later one only says that it was taken already. What
/// came is used for the first call, so that a `credential_process` that asks for a touch is not run twice.
async fn resolved(renew: SharedCredentialsProvider) -> Result<SharedCredentialsProvider, Fault> {
    let first = renew.provide_credentials().await.map_err(|error| credentials_fault(&error))?;
    Ok(SharedCredentialsProvider::new(Resolved { first: Mutex::new(Some(first)), renew }))
}

/// An STS client that has the guard.
pub(super) fn sts_client(config: &SdkConfig, guard: &Guard) -> aws_sdk_sts::Client {
    aws_sdk_sts::Client::from_conf(aws_sdk_sts::config::Builder::from(config).interceptor(guard.clone()).build())
}

/// `sts:GetCallerIdentity`, which every identity may call.
pub(super) async fn caller(sts: &aws_sdk_sts::Client) -> Result<Caller, Fault> {
    let call = Call::read("sts:GetCallerIdentity");
    let answer = sts.get_caller_identity().send().await.map_err(|error| call.clone().failed(error))?;
    Caller::new(answer.account().unwrap_or_default(), answer.arn().unwrap_or_default())
        .ok_or_else(|| call.fault(FaultKind::NotAws, false))
}

fn base(settings: &Settings, region: &str) -> aws_config::ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(https::client())
        .region(Region::new(region.to_owned()))
        .timeout_config(settings.patience.config());
    match &settings.endpoint {
        Some(url) => loader.endpoint_url(url),
        None => loader,
    }
}

fn practice_config(settings: &Settings, region: &str) -> SdkConfig {
    let (connector, key) = settings.practice.clone();
    let client: SharedHttpClient = http_client_fn(move |_, _| connector.clone());
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .timeout_config(settings.patience.config())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, "practice", None, None, "practice")))
        .http_client(client)
        .build()
}

/// The region of the calls: `--region`, the environment, the profile, us-east-1. IAM has none, but the SDK wants one.
async fn region(given: Option<&str>, profile: Option<&str>) -> String {
    if let Some(region) = given {
        return region.to_owned();
    }
    let from_environment = EnvironmentVariableRegionProvider::new();
    let of_profile = match profile {
        Some(name) => ProfileFileRegionProvider::builder().profile_name(name).build(),
        None => ProfileFileRegionProvider::new(),
    };
    RegionProviderChain::first_try(from_environment)
        .or_else(of_profile)
        .or_else("us-east-1")
        .region()
        .await
        .map_or_else(|| "us-east-1".to_owned(), |region| region.to_string())
}

fn provider_config(region: &str) -> ProviderConfig {
    ProviderConfig::without_region().with_http_client(https::client()).with_region(Some(Region::new(region.to_owned())))
}

/// The credentials of a named profile, whatever stands in the environment: `aws --profile` does the same.
async fn profile_credentials(
    name: &str,
    region: &str,
    settings: &Settings,
    guard: &Guard,
    vault: &Vault,
) -> Result<SharedCredentialsProvider, Fault> {
    let set = profiles::load(&EnvConfigFiles::default()).await?;
    if set.get_profile(name).is_none() {
        return Err(Fault::of(FaultKind::NoSuchProfile(name.to_owned())));
    }
    if let Some(role) = mfa::role_with_mfa(&set, name) {
        let base = provider_of_profile(&role.source_profile, region);
        return mfa::assume(&role, base, region, settings.patience.config(), guard, vault).await;
    }
    Ok(provider_of_profile(name, region))
}

fn provider_of_profile(name: &str, region: &str) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(
        ProfileFileCredentialsProvider::builder().profile_name(name).configure(&provider_config(region)).build(),
    )
}

/// A profile of these files, and of no others.
pub(super) fn saved_profile(files: &EnvConfigFiles, name: &str, region: &str) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(
        ProfileFileCredentialsProvider::builder()
            .profile_files(files.clone())
            .profile_name(name)
            .configure(&provider_config(region))
            .build(),
    )
}

/// The SDK's chain, with what it lacks: a profile named by `AWS_PROFILE` must exist, and its `mfa_serial` counts.
async fn chain_credentials(
    region: &str,
    settings: &Settings,
    guard: &Guard,
    vault: &Vault,
) -> Result<SharedCredentialsProvider, Fault> {
    let keys_in_environment = std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|id| !id.is_empty());
    if !keys_in_environment {
        let named = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
        let set = profiles::load(&EnvConfigFiles::default()).await?;
        if let Some(name) = &named
            && set.get_profile(name).is_none()
        {
            return Err(Fault::of(FaultKind::NoSuchProfile(name.clone())));
        }
        let name = named.unwrap_or_else(|| "default".to_owned());
        if mfa::role_with_mfa(&set, &name).is_some() {
            return profile_credentials(&name, region, settings, guard, vault).await;
        }
    }
    let chain = DefaultCredentialsChain::builder().configure(provider_config(region)).build().await;
    Ok(SharedCredentialsProvider::new(chain))
}

/// The pasted keys. Where they end: in the SDK's credentials for this connection.
fn pasted(key_id: &str, vault: &Vault) -> Result<Credentials, Fault> {
    let text = |id| vault.get(id).as_ref().map(|secret: &Secret| secret.expose().to_owned());
    let secret = text(SecretId::CallerKey).ok_or_else(|| Fault::of(FaultKind::NoCredentials))?;
    Ok(Credentials::new(key_id, secret, text(SecretId::CallerToken), None, "pasted"))
}
