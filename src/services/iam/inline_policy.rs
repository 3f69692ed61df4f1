//! Policies that live in a user.

use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::document::same_document;
use crate::domain::fault::Fault;
use crate::domain::operation::{DeleteUserPolicy, Described, Made, Old, PutUserPolicy};
use crate::domain::secret::Vault;
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, decoded, once, sent};

impl OnIam for PutUserPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.put_user_policy().user_name(self.user.as_str()).policy_name(self.name.as_str());
        sent!(call, request.policy_document(&self.document)).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let old = match gateway.inline_document(self.user.as_str(), self.name.as_str()).await? {
            Some(document) if same_document(&document, &self.document) => return Ok(Before::Same(Made::Link)),
            Some(document) => Old::Text(document),
            None => Old::Nothing,
        };
        gateway.before(self.target(), old).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for DeleteUserPolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.delete_user_policy().user_name(self.user.as_str()).policy_name(self.name.as_str());
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.inline_document(self.user.as_str(), self.name.as_str()).await? {
            Some(document) => gateway.before(self.target(), Old::Text(document)).await,
            None => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// The document of a user's own policy; `None` where there is none of this name.
    async fn inline_document(&self, user: &str, name: &str) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:GetUserPolicy").on(user);
        let answer = self.iam.get_user_policy().user_name(user).policy_name(name).send().await;
        let answer = absent_is_none(answer.map_err(|error| call.failed(error)))?;
        Ok(answer.map(|answer| decoded(answer.policy_document())))
    }
}
