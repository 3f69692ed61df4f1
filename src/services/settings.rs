//! What the command line and the composition say of all connections.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_smithy_types::timeout::TimeoutConfig;

use super::environment::Environment;
use super::profile_files::ProfileFiles;
use super::sessions::Sessions;
use super::terminal_loan::Lender;

/// How long a call may take; the SDK itself has no limit.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    pub attempt: Duration,
    /// A call with all its attempts.
    pub call: Duration,
    /// A `credential_process`, which may ask the person something.
    pub process: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            attempt: Duration::from_secs(10),
            call: Duration::from_secs(30),
            process: Duration::from_secs(120),
        }
    }
}

impl Timeouts {
    pub(super) fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build()
    }
}

/// How long to wait for a new key.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Between two tries.
    pub every: Duration,
    pub at_most: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self { every: Duration::from_secs(1), at_most: Duration::from_secs(60) }
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
    pub patience: Timeouts,
    /// The practice account, as an HTTP client with the key that signs its calls.
    pub practice: (SharedHttpConnector, &'static str),
    pub environment: Environment,
    /// The person's own profiles.
    pub files: ProfileFiles,
    /// Those of practice, and what they begin with.
    pub practice_files: ProfileFiles,
    pub practice_profile: String,
    /// How long to wait for a new key.
    pub waits: Waits,
    /// Sessions that an MFA code opened.
    pub sessions: Sessions,
    /// Who lends the terminal.
    pub lender: Lender,
}
