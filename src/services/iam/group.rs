//! Groups and who is in them.

use std::time::Duration;

use super::ownership::is_not_before;
use super::{OnIam, nothing_before, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::same_name;
use crate::domain::operation::{AddUserToGroup, CreateGroup, DeleteGroup, Described, Made, Old, RemoveUserFromGroup};
use crate::domain::secret::Vault;
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, once, sent};

/// How often, and how far apart, a thing is looked for of which IAM says that it is there: its lists lag.
pub(super) const MAX_RECONCILIATIONS: u32 = 4;
pub(super) const LOOK_PAUSE: Duration = Duration::from_millis(500);

impl OnIam for CreateGroup {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.create_group().group_name(self.group.as_str());
        let sent = request.customize().config_override(once()).send().await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let made = answer.group().ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::Group { id: made.group_id().to_owned() })
    }

    async fn read(&self, _: &Gateway) -> Result<Before, Fault> {
        nothing_before()
    }

    async fn reconcile(&self, gateway: &Gateway, lost: &Lost) -> Result<Reconciled, Fault> {
        let name = self.group.as_str();
        let call = Call::read("iam:GetGroup").on(name);
        let answer = gateway.iam.get_group().group_name(name).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else {
            return Ok(Reconciled::Nothing);
        };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.group().ok_or_else(not_ours)?;
        let bare = answer.users().is_empty()
            && gateway.attached_to_group(name).await?.is_empty()
            && gateway.inline_of_group(name).await?.is_empty();
        if found.group_name() == name && bare && is_not_before(Some(found.create_date()), lost.free_at) {
            Ok(Reconciled::Ours(Made::Group { id: found.group_id().to_owned() }))
        } else {
            Err(not_ours())
        }
    }
}

impl CreateGroup {
    /// A group is joined if it gives nothing that this run does not give it.
    pub(super) async fn join(&self, gateway: &Gateway, gives: &[String]) -> Result<Option<Made>, String> {
        let name = self.group.as_str();
        let mut reconciliations = 0;
        let found = loop {
            match gateway.group_id(name).await.map_err(|fault| fault.what())? {
                Some(id) => break id,
                None if reconciliations >= MAX_RECONCILIATIONS => return Ok(None),
                None => tokio::time::sleep(LOOK_PAUSE).await,
            }
            reconciliations += 1;
        };
        let more = async {
            let attached = gateway.attached_to_group(name).await?;
            let more = attached.into_iter().filter(|policy| !gives.contains(&policy.arn)).map(|policy| policy.name);
            Ok::<_, Fault>(more.chain(gateway.inline_of_group(name).await?).collect::<Vec<_>>())
        };
        let more = more.await.map_err(|fault| fault.what())?;
        match more.is_empty() {
            true => Ok(Some(Made::Group { id: found })),
            false => Err(format!("Somebody else has created the group {name} since, and it also gives: {}", more.join(", "))),
        }
    }
}

impl OnIam for DeleteGroup {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        sent!(call, gateway.iam.delete_group().group_name(self.group.as_str())).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for AddUserToGroup {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.add_user_to_group().user_name(self.user.as_str()).group_name(self.group.as_str());
        sent!(call, request).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.groups_of_user(self.user.as_str()).await?.iter().any(|group| same_name(group, self.group.as_str())) {
            true => Ok(Before::Same(Made::Link)),
            false => gateway.before(self.target(), Old::Nothing).await,
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for RemoveUserFromGroup {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.remove_user_from_group().user_name(self.user.as_str());
        sent!(call, request.group_name(self.group.as_str())).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        match gateway.groups_of_user(self.user.as_str()).await?.iter().any(|group| same_name(group, self.group.as_str())) {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => Ok(Before::Same(Made::Link)),
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// The unique id of the group of this name.
    pub(super) async fn group_id(&self, name: &str) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:GetGroup").on(name);
        let answer = self.iam.get_group().group_name(name).max_items(1).send().await;
        let answer = absent_is_none(answer.map_err(|error| call.failed(error)))?;
        Ok(answer.and_then(|answer| answer.group().map(|group| group.group_id().to_owned())))
    }
}
