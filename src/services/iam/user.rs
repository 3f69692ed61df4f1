//! Users.

use super::ownership::{is_not_before, same_tags, sdk_tag};
use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{CreateUser, DeleteUser, Described, Made, Old};
use crate::domain::secret::Vault;
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, once, sent};

impl OnIam for CreateUser {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), Some(&self.path));
        let tags: Vec<_> = self.tags.iter().filter_map(sdk_tag).collect();
        let sent = gateway
            .iam
            .create_user()
            .user_name(self.user.as_str())
            .path(self.path.as_str())
            .set_permissions_boundary(self.boundary.as_ref().map(|policy| policy.arn.clone()))
            .set_tags((!tags.is_empty()).then_some(tags))
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let made = answer.user().ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::User { id: made.user_id().to_owned(), arn: made.arn().to_owned() })
    }

    async fn read(&self, _: &Gateway) -> Result<Before, Fault> {
        super::nothing_before()
    }

    async fn reconcile(&self, gateway: &Gateway, lost: &Lost) -> Result<Reconciled, Fault> {
        let name = self.user.as_str();
        let call = Call::read("iam:GetUser").on(name);
        let answer = gateway.iam.get_user().user_name(name).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else {
            return Ok(Reconciled::Nothing);
        };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.user().ok_or_else(not_ours)?;
        let equal = found.user_name() == name && found.path() == self.path.as_str() && same_tags(found.tags(), &self.tags);
        let bound = found.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
        let equal = equal && bound == self.boundary.as_ref().map(|policy| policy.arn.as_str());
        if !equal || !is_not_before(Some(found.create_date()), lost.free_at) || !gateway.user_is_bare(name).await? {
            return Err(not_ours());
        }
        Ok(Reconciled::Ours(Made::User { id: found.user_id().to_owned(), arn: found.arn().to_owned() }))
    }
}

impl OnIam for DeleteUser {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        sent!(call, gateway.iam.delete_user().user_name(self.user.as_str())).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// The unique id of the user of this name.
    pub(super) async fn user_id(&self, name: &str) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:GetUser").on(name);
        let answer = self.iam.get_user().user_name(name).send().await.map_err(|error| call.failed(error));
        Ok(absent_is_none(answer)?.and_then(|answer| answer.user().map(|user| user.user_id().to_owned())))
    }

    /// Whether the user has nothing: neither keys nor groups nor policies nor a password.
    async fn user_is_bare(&self, name: &str) -> Result<bool, Fault> {
        let keys = self.iam.list_access_keys().user_name(name).send().await;
        let keys = keys.map_err(|error| Call::read("iam:ListAccessKeys").on(name).failed(error))?;
        let nothing = self.groups_of_user(name).await?.is_empty()
            && self.attached_to_user(name).await?.is_empty()
            && self.inline_of_user(name).await?.is_empty();
        let login = self.iam.get_login_profile().user_name(name).send().await;
        let login = absent_is_none(login.map_err(|error| Call::read("iam:GetLoginProfile").on(name).failed(error)))?;
        Ok(nothing && keys.access_key_metadata().is_empty() && login.is_none())
    }
}
