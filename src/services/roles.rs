//! Roles that STS opens: by a source's credentials, or by a token of somebody else; and credentials that were resolved once.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::failure::{Call, Refused, credentials_fault};
use crate::domain::fault::{Fault, FaultKind};

/// A role, and the client that assumes it as its source.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) arn: String,
    pub(super) session: String,
    pub(super) external_id: Option<String>,
    pub(super) seconds: Option<i32>,
}

impl Role {
    /// Assumes it, with the serial number of a device and its code where it wants one. Where the code ends: in this one call.
    pub(super) async fn assumed(&self, code: Option<(&str, &str)>) -> Result<Credentials, Fault> {
        let call = Call::read("sts:AssumeRole").on(&self.arn);
        let request = self
            .sts
            .assume_role()
            .role_arn(&self.arn)
            .role_session_name(&self.session)
            .set_external_id(self.external_id.clone())
            .set_duration_seconds(self.seconds)
            .set_serial_number(code.map(|(serial, _)| serial.to_owned()))
            .set_token_code(code.map(|(_, code)| code.to_owned()));
        let answer = request.send().await.map_err(|error| call.clone().failed(error))?;
        session(answer.credentials(), call)
    }
}

/// A role that a token of somebody else opens.
#[derive(Debug)]
pub(super) struct WebIdentity {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) path: PathBuf,
    pub(super) role: String,
    pub(super) session: String,
}

impl WebIdentity {
    async fn assumed(&self) -> Result<Credentials, Fault> {
        let token = std::fs::read_to_string(&self.path).map_err(|error| {
            let why = super::private_file::reason(&error);
            Fault::local(format!("The web identity token {} can't be read: {why}.", self.path.display()))
        })?;
        let call = Call::read("sts:AssumeRoleWithWebIdentity").on(&self.role);
        let request = self.sts.assume_role_with_web_identity().role_arn(&self.role).role_session_name(&self.session);
        let answer = request.web_identity_token(token).send().await.map_err(|error| call.clone().failed(error))?;
        session(answer.credentials(), call)
    }
}

/// Either of them, as the SDK's clients ask it for credentials, again and again.
#[derive(Debug)]
pub(super) enum Assumed {
    Role(Role),
    WebIdentity(WebIdentity),
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let assumed = match self {
                Self::Role(role) => role.assumed(None).await,
                Self::WebIdentity(identity) => identity.assumed().await,
            };
            assumed.map_err(|fault| CredentialsError::provider_error(Refused(fault)))
        })
    }
}

/// The credentials that STS gave. Where they end: in the SDK.
fn session(given: Option<&aws_sdk_sts::types::Credentials>, call: Call) -> Result<Credentials, Fault> {
    let given = given.ok_or_else(|| call.fault(FaultKind::Torn, false))?;
    let token = Some(given.session_token().to_owned());
    let expires = SystemTime::try_from(*given.expiration()).ok();
    Ok(Credentials::new(given.access_key_id(), given.secret_access_key(), token, expires, "assumed role"))
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

/// Resolves credentials by ourselves and before any call: for the first error, since each later one only says that it was taken
/// already, and for as long as a process asks the person. With them comes the id of their key. What came is used for the first call, so that nothing is asked twice.
///
/// # Errors
/// Why there are none.
pub(super) async fn resolved(renew: SharedCredentialsProvider) -> Result<(SharedCredentialsProvider, String), Fault> {
    let first = renew.provide_credentials().await.map_err(|error| credentials_fault(&error))?;
    let key_id = first.access_key_id().to_owned();
    Ok((SharedCredentialsProvider::new(Resolved { first: Mutex::new(Some(first)), renew }), key_id))
}
