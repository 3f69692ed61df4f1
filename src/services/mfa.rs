//! Profiles that assume a role with an MFA device: `aws-config` ignores `mfa_serial`, so the role is assumed here.

use aws_config::profile::ProfileSet;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};

use super::failure::{Call, credentials_fault};
use super::guard::Guard;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::secret::{SecretId, Vault};

/// A role whose profile names an MFA device.
pub(super) struct RoleWithMfa {
    pub(super) source_profile: String,
    role_arn: String,
    serial: String,
    external_id: Option<String>,
    session_name: String,
}

/// The role of this profile, where it has both a role and a device. A device without a role means nothing to the AWS CLI either.
pub(super) fn role_with_mfa(set: &ProfileSet, name: &str) -> Option<RoleWithMfa> {
    let profile = set.get_profile(name)?;
    let text = |key: &str| profile.get(key).map(str::to_owned);
    Some(RoleWithMfa {
        serial: text("mfa_serial")?,
        role_arn: text("role_arn")?,
        source_profile: text("source_profile")?,
        external_id: text("external_id"),
        session_name: text("role_session_name").unwrap_or_else(|| "iamwalk".to_owned()),
    })
}

/// Assumes the role with the code in the vault. Where the code ends: in this one call.
///
/// # Errors
/// `MfaNeeded` while there is no code; else what the source profile or STS said.
pub(super) async fn assume(
    role: &RoleWithMfa,
    base: SharedCredentialsProvider,
    region: &str,
    timeouts: TimeoutConfig,
    guard: &Guard,
    vault: &Vault,
) -> Result<SharedCredentialsProvider, Fault> {
    let code = vault.get(SecretId::MfaCode).ok_or_else(|| Fault::of(FaultKind::MfaNeeded(role.serial.clone())))?;
    // A code works once.
    vault.forget(SecretId::MfaCode);
    base.provide_credentials().await.map_err(|error| credentials_fault(&error))?;
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(super::https::client())
        .profile_name(&role.source_profile)
        .region(Region::new(region.to_owned()))
        .timeout_config(timeouts)
        .credentials_provider(base)
        .load()
        .await;
    let sts = super::connect::sts_client(&config, guard);
    let call = Call::read("sts:AssumeRole").on(&role.role_arn);
    let answer = sts
        .assume_role()
        .role_arn(&role.role_arn)
        .role_session_name(&role.session_name)
        .set_external_id(role.external_id.clone())
        .serial_number(&role.serial)
        .token_code(code.expose())
        .send()
        .await
        .map_err(|error| call.clone().failed(error))?;
    let session = answer.credentials().ok_or_else(|| call.fault(FaultKind::Torn, false))?;
    let expires = std::time::SystemTime::try_from(*session.expiration()).ok();
    let credentials = Credentials::new(
        session.access_key_id(),
        session.secret_access_key(),
        Some(session.session_token().to_owned()),
        expires,
        "assumed with MFA",
    );
    Ok(SharedCredentialsProvider::new(credentials))
}
