//! What managed policies are attached to: groups and users.

use super::{OnIam, sent_again};
use crate::domain::answers::PolicyChoice;
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::Fault;
use crate::domain::operation::{AttachGroupPolicy, AttachUserPolicy, Described, DetachGroupPolicy, DetachUserPolicy, Made, Old};
use crate::domain::secret::Vault;
use crate::domain::usage::entities;
use crate::services::gateway::{Gateway, once, sent};

impl OnIam for AttachGroupPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.attach_group_policy().group_name(self.group.as_str()).policy_arn(&self.policy.arn);
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let name = self.group.as_str();
        let thing = gateway.identified(self.target()).await?;
        if has(&gateway.attached_to_group(name).await?, &self.policy) {
            return Ok(Before::Same(Made::Link));
        }
        let users = entities(&gateway.members(name).await?.unwrap_or_default());
        Ok(Before::Other { thing: Some(thing), users, old: Old::Nothing })
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for DetachGroupPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.detach_group_policy().group_name(self.group.as_str()).policy_arn(&self.policy.arn);
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match has(&gateway.attached_to_group(self.group.as_str()).await?, &self.policy) {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for AttachUserPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.attach_user_policy().user_name(self.user.as_str()).policy_arn(&self.policy.arn);
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match has(&gateway.attached_to_user(self.user.as_str()).await?, &self.policy) {
            true => Ok(Before::Same(Made::Link)),
            false => gateway.before(self.target(), Old::Nothing).await,
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for DetachUserPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.detach_user_policy().user_name(self.user.as_str()).policy_arn(&self.policy.arn);
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match has(&gateway.attached_to_user(self.user.as_str()).await?, &self.policy) {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

fn has(attached: &[PolicyChoice], policy: &PolicyChoice) -> bool {
    attached.iter().any(|one| one.arn == policy.arn)
}
