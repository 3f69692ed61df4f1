//! The one gateway to IAM: facts ([`super::facts`]) and operations ([`super::iam`]).
//!
//! Writes are sent once: an SDK that sends `CreateAccessKey` again leaves a live key whose secret nobody has, and what is safe
//! to send again the ledger sends again, in the person's sight. Reads have the SDK's standard retries. Every client has the
//! guard.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_iam::Client;

use super::configured::Configured;
use super::failure::Call;
use super::guard::Guard;
use super::profile_files::ProfileFiles;
use crate::domain::caller::Caller;
use crate::domain::name::Path;
use crate::domain::operation::Entity;

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
}

impl Gateway {
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
