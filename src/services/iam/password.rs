//! Console passwords; IAM calls them login profiles.

use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{CreateLoginProfile, DeleteLoginProfile, Described, Made, Old, UpdateLoginProfile};
use crate::domain::secret::{Secret, SecretId, Vault};
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, once, sent};

impl OnIam for CreateLoginProfile {
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        let write = gateway.write(Self::PERMISSION, &self.resource(), None);
        let password = password_of(call, vault)?;
        let sent = gateway
            .iam
            .create_login_profile()
            .user_name(self.user.as_str())
            .password(password.expose())
            .password_reset_required(self.reset)
            .customize()
            .config_override(once())
            .send()
            .await;
        let made = sent.map_err(|error| write.failed(error))?;
        Ok(made.login_profile().map_or(Made::Password, |profile| Made::LoginProfile { created: profile.create_date().secs() }))
    }

    /// A password that is there is somebody's, and not the one that is to be set.
    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.has_password(self.user.as_str()).await? {
            true => Err(Call::read("iam:GetLoginProfile").on(self.user.as_str()).fault(FaultKind::Exists, false)),
            false => gateway.before(self.target(), Old::Nothing).await,
        }
    }

    /// The user had no password: the one that is there is the one that was sent.
    async fn reconcile(&self, gateway: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        let since = gateway.password_since(self.user.as_str()).await?;
        Ok(since.map_or(Reconciled::Nothing, |created| Reconciled::Ours(Made::LoginProfile { created })))
    }
}

impl OnIam for UpdateLoginProfile {
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        let write = gateway.write(Self::PERMISSION, &self.resource(), None);
        let password = password_of(call, vault)?;
        let request = gateway.iam.update_login_profile().user_name(self.user.as_str()).password(password.expose());
        sent!(write, request.password_reset_required(self.reset)).map(|()| Made::Password)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.has_password(self.user.as_str()).await? {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => Err(Call::read("iam:GetLoginProfile").on(self.user.as_str()).fault(FaultKind::NotFound, false)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

/// The password of a step: what the vault holds for it, else one that is generated now. Where it ends: in the call, and in the vault.
fn password_of(call: &Perform, vault: &Vault) -> Result<Secret, Fault> {
    if let Some(password) = vault.get(SecretId::Of(call.step)) {
        return Ok(password);
    }
    let made = call.policy.generate(getrandom::fill);
    let made = made.map_err(|_| Fault::local("This machine gives no random numbers, so no password can be generated."))?;
    vault.put(SecretId::Of(call.step), made.clone());
    Ok(made)
}

impl OnIam for DeleteLoginProfile {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        // The one that is meant is gone, and a later one is somebody else's.
        if self.created.is_some()
            && gateway.password_since(self.user.as_str()).await?.is_some_and(|now| self.created != Some(now))
        {
            return Ok(Made::Link);
        }
        sent!(call, gateway.iam.delete_login_profile().user_name(self.user.as_str())).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.has_password(self.user.as_str()).await? {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// Whether the user has a console password.
    pub(in crate::services) async fn has_password(&self, user: &str) -> Result<bool, Fault> {
        Ok(self.password_since(user).await?.is_some())
    }

    /// Since when the user has its console password, in seconds since 1970; `None` without one.
    async fn password_since(&self, user: &str) -> Result<Option<i64>, Fault> {
        let call = Call::read("iam:GetLoginProfile").on(user);
        let answer = self.iam.get_login_profile().user_name(user).send().await;
        let answer = absent_is_none(answer.map_err(|error| call.failed(error)))?;
        Ok(answer.map(|answer| answer.login_profile().map_or(0, |profile| profile.create_date().secs())))
    }
}
