//! The one gateway to IAM: facts ([`super::facts`]) and operations ([`super::iam`]).
//!
//! Writes are sent once: an SDK that sends `CreateAccessKey` again leaves a live key whose secret nobody has, and what is safe
//! to send again the ledger sends again, in the person's sight. Reads have the SDK's standard retries. Every client has the
//! guard.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_iam::Client;
use aws_smithy_types::DateTime;

use super::configured::Configured;
use super::failure::Call;
use super::guard::Guard;
use super::profile_files::ProfileFiles;
use super::settings::Waits;
use crate::domain::caller::Caller;
use crate::domain::fault::Fault;
use crate::domain::moment::Moment;
use crate::domain::name::Path;
use crate::domain::operation::Entity;
use crate::domain::secret::Secret;

/// Makes IAM's calls for one caller. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Gateway {
    pub(super) iam: Client,
    pub(super) config: SdkConfig,
    pub(super) configured: Configured,
    pub(super) guard: Guard,
    pub(super) caller: Caller,
    /// The person's own profiles.
    pub(super) files: ProfileFiles,
    /// How long to wait for a new key.
    pub(super) waits: Waits,
}

/// A client of IAM.
pub(super) fn iam_client(config: &SdkConfig, configured: &Configured, guard: &Guard) -> Client {
    let iam = aws_sdk_iam::config::Builder::from(config).interceptor(guard.clone());
    let iam = match &configured.endpoints.iam {
        Some(endpoint) => iam.endpoint_url(&endpoint.url),
        None => iam,
    };
    Client::from_conf(iam.build())
}

impl Gateway {
    /// The same, signing with another key of the caller's.
    ///
    /// Where the secret ends: in the SDK's credentials of this connection.
    ///
    /// # Errors
    /// The secret is not there: it was given by nobody, and is in no profile.
    pub fn signing_with(&self, key_id: &str, secret: Option<Secret>) -> Result<Self, Fault> {
        let secret = secret.or_else(|| self.files.secret_of(key_id));
        let secret = secret.ok_or_else(|| Fault::local(format!("The secret of the key {key_id} is nowhere on this machine.")))?;
        let credentials = Credentials::new(key_id, secret.expose(), None, None, "the new key");
        let provider = SharedCredentialsProvider::new(credentials);
        let config = self.config.to_builder().credentials_provider(provider).build();
        Ok(Self { iam: iam_client(&config, &self.configured, &self.guard), config, ..self.clone() })
    }

    /// A write on a thing, with its ARN as IAM's refusals name it; `path` is a user's.
    pub(super) fn write(&self, permission: &'static str, on: &Entity, path: Option<&Path>) -> Call {
        Call { permission, resource: Some(on.arn(&self.caller, path)), writes: true }
    }

    /// AWS's clock as its last answer showed it; `None` before the first.
    pub fn clock(&self) -> Option<i64> {
        Some(self.guard.clock.now()).filter(|seconds| *seconds > 0)
    }
}

/// IAM sends documents percent-encoded (RFC 3986, so a plus stays a plus), and the SDK leaves that to us.
pub(super) fn decoded(document: &str) -> String {
    percent_encoding::percent_decode_str(document).decode_utf8_lossy().into_owned()
}

/// A point in time as the domain has it.
pub(super) fn moment(at: &DateTime) -> Moment {
    Moment(at.secs())
}

/// One attempt and no more: for every write.
pub(super) fn once() -> aws_sdk_iam::config::Builder {
    aws_sdk_iam::config::Builder::new().retry_config(RetryConfig::disabled())
}

/// Sends a write once; what comes back is nothing, or a fault of this call.
macro_rules! sent {
    ($call:expr, $request:expr) => {
        $request.customize().config_override(once()).send().await.map(|_| ()).map_err(|error| $call.failed(error))
    };
}
pub(super) use sent;
