//! Managed policies of the account's own, and their versions.

use aws_smithy_types::DateTime;

use super::group::{LOOK_PAUSE, MAX_RECONCILIATIONS};
use super::ownership::{is_not_before, same_tags, sdk_tag};
use super::{OnIam, nothing_before, sent_again};
use crate::domain::answers::PolicyChoice;
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::document::same_document;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{
    CreatePolicy, CreatePolicyVersion, DeletePolicy, Described, Made, Old, Owned, RestorePolicyVersion,
};
use crate::domain::secret::Vault;
use crate::domain::usage::entities;
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, once, sent};

/// A policy, as far as it proves anything.
#[derive(Clone, Debug)]
pub(in crate::services) struct Found {
    pub(in crate::services) id: String,
    pub(in crate::services) default: String,
    pub(in crate::services) attachments: i32,
    created: Option<DateTime>,
    description: String,
    tags: Vec<aws_sdk_iam::types::Tag>,
}

impl OnIam for CreatePolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let tags: Vec<_> = self.tags.iter().filter_map(sdk_tag).collect();
        let sent = gateway
            .iam
            .create_policy()
            .policy_name(&self.policy.name)
            .set_path(path(&self.policy))
            .set_description((!self.description.is_empty()).then(|| self.description.clone()))
            .policy_document(&self.document)
            .set_tags((!tags.is_empty()).then_some(tags))
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let id = answer.policy().and_then(|made| made.policy_id()).ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::Policy { id: id.to_owned() })
    }

    async fn read(&self, _: &Gateway) -> Result<Before, Fault> {
        nothing_before()
    }

    async fn reconcile(&self, gateway: &Gateway, lost: &Lost) -> Result<Reconciled, Fault> {
        let arn = &self.policy.arn;
        let Some(found) = absent_is_none(gateway.policy(arn).await)? else { return Ok(Reconciled::Nothing) };
        let equal = found.description == self.description && found.attachments == 0 && same_tags(&found.tags, &self.tags);
        let proven = equal
            && is_not_before(found.created.as_ref(), lost.free_at)
            && same_document(&gateway.document(arn, &found.default).await?, &self.document);
        match proven {
            true => Ok(Reconciled::Ours(Made::Policy { id: found.id })),
            false => Err(Call::read("iam:GetPolicy").on(arn).fault(FaultKind::Exists, false)),
        }
    }
}

impl CreatePolicy {
    /// A policy is used if its document says the same.
    pub(super) async fn join(&self, gateway: &Gateway) -> Result<Option<Made>, String> {
        let mut reconciliations = 0;
        let found = loop {
            match absent_is_none(gateway.policy(&self.policy.arn).await).map_err(|fault| fault.what())? {
                Some(found) => break found,
                None if reconciliations >= MAX_RECONCILIATIONS => return Ok(None),
                None => tokio::time::sleep(LOOK_PAUSE).await,
            }
            reconciliations += 1;
        };
        let there = gateway.document(&self.policy.arn, &found.default).await.map_err(|fault| fault.what())?;
        match same_document(&there, &self.document) {
            true => Ok(Some(Made::Policy { id: found.id })),
            false => Err(format!("Somebody else has created the policy {} since, with another document", self.policy.name)),
        }
    }
}

impl OnIam for DeletePolicy {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        sent!(call, gateway.iam.delete_policy().policy_arn(&self.policy.arn)).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for CreatePolicyVersion {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let sent = gateway
            .iam
            .create_policy_version()
            .policy_arn(&self.policy.arn)
            .policy_document(&self.document)
            .set_as_default(true)
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let version = answer.policy_version().and_then(|made| made.version_id());
        Ok(Made::Version { version: version.ok_or_else(|| call.fault(FaultKind::Torn, true))?.to_owned() })
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let Self { policy, document, before } = self;
        let found = gateway.policy(&policy.arn).await?;
        if found.default != *before {
            // Somebody made the same version meanwhile.
            if same_document(&gateway.document(&policy.arn, &found.default).await?, document) {
                return Ok(Before::Same(Made::Version { version: found.default }));
            }
            let words = format!(
                "{} now has the default version {}, not {before}. Go back to Review to see what changed.",
                policy.name, found.default
            );
            return Err(Fault::local(words));
        }
        // Who may not see it takes everybody for new later, and takes nothing away.
        let users = match gateway.users_of_policy(&policy.arn).await {
            Err(fault) if fault.kind == FaultKind::Denied => Vec::new(),
            users => entities(&users?),
        };
        Ok(Before::Other { thing: Some(Owned::new(self.target(), found.id)), users, old: Old::Nothing })
    }

    /// Ours is the default version, later than the one before, with our document; the numbers of versions only grow.
    async fn reconcile(&self, gateway: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        let found = gateway.policy(&self.policy.arn).await?;
        if found.default == self.before {
            return Ok(Reconciled::Nothing);
        }
        let number = |version: &str| version.trim_start_matches('v').parse::<u64>().unwrap_or_default();
        let later = number(&found.default) > number(&self.before);
        if later && same_document(&gateway.document(&self.policy.arn, &found.default).await?, &self.document) {
            Ok(Reconciled::Ours(Made::Version { version: found.default }))
        } else {
            Err(Call::read("iam:GetPolicy").on(&self.policy.arn).fault(FaultKind::Exists, false))
        }
    }
}

impl OnIam for RestorePolicyVersion {
    /// Our version goes; the one before is put in force again only where ours still is.
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let arn = &self.policy.arn;
        if gateway.policy(arn).await?.default == self.ours {
            let call = gateway.write("iam:SetDefaultPolicyVersion", &self.resource(), None);
            sent!(call, gateway.iam.set_default_policy_version().policy_arn(arn).version_id(&self.before))?;
        }
        let call = gateway.write("iam:DeletePolicyVersion", &self.resource(), None);
        sent!(call, gateway.iam.delete_policy_version().policy_arn(arn).version_id(&self.ours)).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// `GetPolicy`.
    pub(in crate::services) async fn policy(&self, arn: &str) -> Result<Found, Fault> {
        let call = Call::read("iam:GetPolicy").on(arn);
        let answer = self.iam.get_policy().policy_arn(arn).send().await.map_err(|error| call.clone().failed(error))?;
        let policy = answer.policy().ok_or_else(|| call.fault(FaultKind::Torn, false))?;
        Ok(Found {
            id: policy.policy_id().unwrap_or_default().to_owned(),
            default: policy.default_version_id().unwrap_or_default().to_owned(),
            attachments: policy.attachment_count().unwrap_or_default(),
            created: policy.create_date().copied(),
            description: policy.description().unwrap_or_default().to_owned(),
            tags: policy.tags().to_vec(),
        })
    }
}

/// The path of a policy, as it stands in its ARN.
fn path(policy: &PolicyChoice) -> Option<String> {
    let resource = policy.arn.split(":policy").nth(1)?;
    resource.strip_suffix(policy.name.as_str()).map(str::to_owned)
}
