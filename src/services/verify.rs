//! Proves a new key: `sts:GetCallerIdentity` under it, until it answers three times in a row.
//!
//! A new key takes 3 to 15 seconds until every part of AWS knows it (IAM User Guide, "eventual consistency"; measured by
//! others, `go-secure-stdlib` and `aws-sdk-js` 559), and a first good answer may be followed by a bad one from elsewhere.

use std::time::Instant;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::gateway::Gateway;
use super::profile_files::ProfileFiles;
use super::profile_files::profiles;
use super::roles::Role;
use super::settings::Waits;
use super::sts::{caller, sts_client};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::hand_over::{PROVEN, Progress};
use crate::domain::operation::Made;
use crate::domain::secret::Secret;

impl Gateway {
    /// Proves a key by its answers, telling each try. The account must be the caller's own, and the ARN that of the new user.
    ///
    /// Where the secret ends: in the SDK's credentials of this proof.
    ///
    /// # Errors
    /// Why the key is not proven: it answers as somebody else, the secret is wrong, the clock is wrong, or time is up.
    pub async fn verify(
        &self,
        key_id: &str,
        secret: &Secret,
        user: &str,
        waits: Waits,
        tell: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<String, Fault> {
        let credentials = Credentials::new(key_id, secret.expose(), None, None, "the new key");
        self.proven(SharedCredentialsProvider::new(credentials), user, waits, tell).await
    }

    /// The same through a saved profile, as the AWS CLI reads it: what is there then is what is proven.
    ///
    /// # Errors
    /// As for [`Gateway::verify`]; besides, the profile can't be read, or holds something else than a key.
    pub async fn verify_profile(
        &self,
        files: &ProfileFiles,
        profile: &str,
        user: &str,
        waits: Waits,
        tell: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<String, Fault> {
        let profiles = profiles::read(files)?;
        let read = profiles.get(profile).ok_or_else(|| Fault::of(FaultKind::NoSuchProfile(profile.to_owned())))?;
        if let Some(key) = read.shadow() {
            return Err(Fault::local(format!("The AWS CLI passes over the key: the profile “{profile}” has {key}.")));
        }
        let get = |key: &str| read.get(key).unwrap_or_default();
        let credentials =
            Credentials::new(get("aws_access_key_id"), get("aws_secret_access_key"), None, None, "the saved profile");
        self.proven(SharedCredentialsProvider::new(credentials), user, waits, tell).await
    }

    /// Lets a role answer that a profile assumes with the key of its source profile. That the role is refused says nothing of the
    /// key, which is proven already: it is told, and no fault.
    ///
    /// # Errors
    /// The key is not known where roles are assumed, until time is up.
    pub(super) async fn verify_role(&self, name: &str, source: &str) -> Result<Made, Fault> {
        let profiles = profiles::read(&self.files)?;
        let of = |name: &str, key: &str| profiles.get(name).and_then(|profile| profile.get(key)).map(str::to_owned);
        let part = |key: &str| of(source, key).unwrap_or_default();
        let key = Credentials::new(part("aws_access_key_id"), part("aws_secret_access_key"), None, None, "the saved profile");
        let config = self.config.to_builder().credentials_provider(SharedCredentialsProvider::new(key)).build();
        let role = Role {
            sts: sts_client(&config, &self.configured, &self.guard),
            arn: of(name, "role_arn").unwrap_or_default(),
            session: of(name, "role_session_name").unwrap_or_else(|| "iamwalk".to_owned()),
            external_id: of(name, "external_id"),
            seconds: None,
        };
        let start = Instant::now();
        loop {
            match role.assumed(None).await {
                Ok(_) => return Ok(Made::Link),
                Err(fault) if fault.kind != FaultKind::UnknownKey => return Ok(Made::Unproven { why: fault.what() }),
                Err(fault) if start.elapsed() >= self.waits.at_most => return Err(fault),
                Err(_) => tokio::time::sleep(self.waits.every).await,
            }
        }
    }

    async fn proven(
        &self,
        provider: SharedCredentialsProvider,
        user: &str,
        waits: Waits,
        tell: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<String, Fault> {
        let config = self.config.to_builder().credentials_provider(provider).build();
        let sts = sts_client(&config, &self.configured, &self.guard);
        let start = Instant::now();
        let mut progress = Progress::default();
        let mut wrong_secret = 0;
        loop {
            progress.tries += 1;
            let fault = match caller(&sts).await.map_err(|fault| self.configured.endpoints.named(fault)) {
                Ok(who) => {
                    if who.account != self.caller.account || !is_user(&who.arn, user) {
                        return Err(Fault::local(format!("The key answers as {}, which is not the user just made.", who.arn)));
                    }
                    progress.good += 1;
                    progress.trouble = None;
                    tell(progress.clone());
                    if progress.good >= PROVEN {
                        return Ok(who.arn);
                    }
                    None
                }
                Err(fault) => {
                    progress.good = 0;
                    // A key that is not known yet is no trouble: it is what is waited for.
                    progress.trouble = (fault.kind != FaultKind::UnknownKey).then(|| fault.what());
                    tell(progress.clone());
                    Some(fault)
                }
            };
            if let Some(fault) = fault {
                match fault.kind {
                    FaultKind::WrongClock => return Err(fault),
                    // No matter of waiting; the second time it stands.
                    FaultKind::WrongSecret if wrong_secret > 0 => return Err(fault),
                    FaultKind::WrongSecret => wrong_secret += 1,
                    _ => {}
                }
                if start.elapsed() >= waits.at_most {
                    return Err(fault);
                }
            }
            tokio::time::sleep(waits.every).await;
        }
    }
}

/// `arn:…:user/path/name` of this user; names are compared ignoring case, as IAM does.
fn is_user(arn: &str, user: &str) -> bool {
    arn.contains(":user/") && arn.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(user))
}
