//! The one gateway to IAM: facts ([`super::facts`]), steps, looks at unclear steps, and undo, each in its own file.
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
    /// A write on a user or group, with its ARN as IAM's refusals name it.
    pub(super) fn write(&self, permission: &'static str, kind: &str, path: Option<&Path>, name: &str) -> Call {
        let path = path.map_or("/", Path::as_str);
        let arn = format!("arn:{}:iam::{}:{kind}{path}{name}", self.caller.partition, self.caller.account);
        Call { permission, resource: Some(arn), writes: true }
    }

    /// AWS's clock as its last answer showed it; `None` before the first.
    pub fn clock(&self) -> Option<i64> {
        Some(self.guard.clock.now()).filter(|seconds| *seconds > 0)
    }

    /// A write on a policy.
    pub(super) fn write_policy(permission: &'static str, arn: &str) -> Call {
        Call { permission, resource: Some(arn.to_owned()), writes: true }
    }
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
