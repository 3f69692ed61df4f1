//! The ownership rule: a create whose answer was lost is ours when the read just before it said "not there", what is there now
//! equals what was sent with nothing else hanging on it, and it was not made before that read by AWS's own clock. Afterwards the
//! unique ids prove it. What can't be proven ours is never deleted, only named.

use aws_smithy_types::DateTime;

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Entity, Owned};
use crate::domain::tag::Tag;
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::Gateway;

/// What bears the name of a thing of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services) enum Ownership {
    /// The thing itself.
    Same,
    Other,
    Absent,
}

impl Gateway {
    /// Whether the thing of this name is the one with this id.
    pub(in crate::services) async fn ownership_of(&self, thing: &Owned) -> Result<Ownership, Fault> {
        Ok(match self.id_of(&thing.entity).await? {
            None => Ownership::Absent,
            Some(found) if found == thing.id => Ownership::Same,
            Some(_) => Ownership::Other,
        })
    }

    /// A thing that is there, with its unique id.
    pub(super) async fn identified(&self, entity: Entity) -> Result<Owned, Fault> {
        let permission = match &entity {
            Entity::User(_) => "iam:GetUser",
            Entity::Group(_) => "iam:GetGroup",
            Entity::Policy(_) => "iam:GetPolicy",
        };
        let name = match &entity {
            Entity::User(name) => name.to_string(),
            Entity::Group(name) => name.to_string(),
            Entity::Policy(arn) => arn.clone(),
        };
        match self.id_of(&entity).await? {
            Some(id) => Ok(Owned { entity, id }),
            None => Err(Call::read(permission).on(name).fault(FaultKind::NotFound, false)),
        }
    }

    async fn id_of(&self, entity: &Entity) -> Result<Option<String>, Fault> {
        match entity {
            Entity::User(name) => self.user_id(name.as_str()).await,
            Entity::Group(name) => self.group_id(name.as_str()).await,
            Entity::Policy(arn) => Ok(absent_is_none(self.policy(arn).await)?.map(|policy| policy.id)),
        }
    }
}

/// Made after the name was seen free. Without such a sight, or without AWS's clock at it, nothing is proven.
pub(super) fn is_not_before(created: Option<&DateTime>, free_at: Option<i64>) -> bool {
    match (created, free_at) {
        (Some(created), Some(free_at)) => free_at > 0 && created.secs() >= free_at,
        _ => false,
    }
}

pub(super) fn same_tags(found: &[aws_sdk_iam::types::Tag], sent: &[Tag]) -> bool {
    found.len() == sent.len() && sent.iter().all(|tag| found.iter().any(|t| t.key() == tag.key && t.value() == tag.value))
}

pub(super) fn sdk_tag(tag: &Tag) -> Option<aws_sdk_iam::types::Tag> {
    aws_sdk_iam::types::Tag::builder().key(&tag.key).value(&tag.value).build().ok()
}
