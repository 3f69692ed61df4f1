//! Tags on users: IAM keeps the description of a key as one.

use super::ownership::sdk_tag;
use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::Fault;
use crate::domain::operation::{DescribeAccessKey, Described, KeyRef, Made, Old, UntagUser};
use crate::domain::secret::Vault;
use crate::domain::tag::Tag;
use crate::services::failure::Call;
use crate::services::gateway::{Gateway, once, sent};

impl OnIam for DescribeAccessKey {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let tag = self.key.known().and_then(|key| sdk_tag(&Tag { key: key.to_owned(), value: self.description.clone() }));
        let request = gateway.iam.tag_user().user_name(self.user.as_str()).set_tags(tag.map(|tag| vec![tag]));
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let old = match &self.key {
            KeyRef::Known(key) => gateway.tag_of_user(self.user.as_str(), key).await?,
            KeyRef::MadeBy(_) => None,
        };
        match old {
            Some(value) if value == self.description => Ok(Before::Same(Made::Link)),
            old => gateway.before(self.target(), old.map_or(Old::Nothing, Old::Text)).await,
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for UntagUser {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        sent!(call, gateway.iam.untag_user().user_name(self.user.as_str()).tag_keys(&self.key)).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.tag_of_user(self.user.as_str(), &self.key).await? {
            Some(value) => gateway.before(self.target(), Old::Text(value)).await,
            None => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// The value of a user's tag.
    async fn tag_of_user(&self, user: &str, key: &str) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:ListUserTags").on(user);
        let mut pages = self.iam.list_user_tags().user_name(user).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| call.clone().failed(error))?;
            if let Some(tag) = page.tags().iter().find(|tag| tag.key() == key) {
                return Ok(Some(tag.value().to_owned()));
            }
        }
        Ok(None)
    }
}
