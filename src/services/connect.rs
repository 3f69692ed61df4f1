//! From a source of credentials to a gateway and the caller's name.
//!
//! Everything that a person may have set is read and checked before the SDK sees it ([`super::configured`]); the way to the
//! credentials is the AWS CLI's ([`super::credentials`]).

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;

use super::configured::Configured;
use super::credentials::{Finder, Sessions};
use super::environment::Environment;
use super::failure::Call;
use super::gateway::Gateway;
use super::guard::Guard;
use super::profile_files::ProfileFiles;
use super::profiles;
use super::roles::resolved;
use super::terminal_loan::Lender;
use crate::domain::caller::{Caller, Source};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::profile_file::Profiles;
use crate::domain::secret::Vault;

/// How long a call may take; the SDK itself has no limit.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// One attempt.
    pub attempt: Duration,
    /// A call with all its attempts.
    pub call: Duration,
    /// A `credential_process`, which may ask the person something.
    pub process: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            attempt: Duration::from_secs(10),
            call: Duration::from_secs(30),
            process: Duration::from_secs(120),
        }
    }
}

impl Patience {
    pub(super) fn config(self) -> TimeoutConfig {
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
    /// The variables of the environment.
    pub environment: Environment,
    /// The person's own profiles.
    pub files: ProfileFiles,
    /// Sessions that an MFA code opened.
    pub sessions: Sessions,
    /// Who lends the terminal.
    pub lender: Lender,
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
/// A setting that can't work, why there are no credentials, which profile is missing, that an MFA code is needed, or what STS or
/// the network said.
pub async fn connect(source: &Source, settings: &Settings, vault: &Vault) -> Result<Connection, Fault> {
    let guard = Guard::new(settings.clear_text);
    let named = settings.environment.profile();
    let profile = match source {
        Source::Profile(name) => name,
        _ => named.as_deref().unwrap_or("default"),
    };
    let profiles = match source {
        Source::Practice => Profiles::default(),
        // What does not come from the files does not need them.
        Source::Pasted { .. } => profiles::read(&settings.files).unwrap_or_default(),
        Source::Chain | Source::Profile(_) => profiles::read(&settings.files)?,
    };
    let configured = Configured::read(source, settings, &profiles, profile)?;
    let answer = signed_in(source, settings, &profiles, &configured, &guard, vault).await;
    let (config, caller) = answer.map_err(|fault| configured.endpoints.named(fault))?;
    let iam = aws_sdk_iam::config::Builder::from(&config).interceptor(guard.clone());
    let iam = match &configured.endpoints.iam {
        Some(endpoint) => iam.endpoint_url(&endpoint.url),
        None => iam,
    };
    let (region, endpoint) = (configured.region.clone(), configured.endpoints.elsewhere());
    let gateway = Gateway {
        iam: aws_sdk_iam::Client::from_conf(iam.build()),
        config,
        configured,
        guard,
        caller: caller.clone(),
        files: settings.files.clone(),
    };
    Ok(Connection { gateway, caller, region, endpoint })
}

async fn signed_in(
    source: &Source,
    settings: &Settings,
    profiles: &Profiles,
    configured: &Configured,
    guard: &Guard,
    vault: &Vault,
) -> Result<(SdkConfig, Caller), Fault> {
    let provider = Finder { settings, profiles, configured, guard, vault }.of(source).await?;
    let provider = resolved(provider).await?;
    let config = configured.sdk().to_builder().credentials_provider(provider).build();
    let caller = caller(&sts_client(&config, configured, guard)).await?;
    Ok((config, caller))
}

/// An STS client that has the guard.
pub(super) fn sts_client(config: &SdkConfig, configured: &Configured, guard: &Guard) -> aws_sdk_sts::Client {
    let sts = aws_sdk_sts::config::Builder::from(config).interceptor(guard.clone());
    let sts = match &configured.endpoints.sts {
        Some(endpoint) => sts.endpoint_url(&endpoint.url),
        None => sts,
    };
    aws_sdk_sts::Client::from_conf(sts.build())
}

/// `sts:GetCallerIdentity`, which every identity may call.
pub(super) async fn caller(sts: &aws_sdk_sts::Client) -> Result<Caller, Fault> {
    let call = Call::read("sts:GetCallerIdentity");
    let answer = sts.get_caller_identity().send().await.map_err(|error| call.clone().failed(error))?;
    Caller::new(answer.account().unwrap_or_default(), answer.arn().unwrap_or_default())
        .ok_or_else(|| call.fault(FaultKind::NotAws, false))
}
