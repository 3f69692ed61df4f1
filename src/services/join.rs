//! Groups and policies that another run made between the look at their names and their create: they are joined where they are
//! what this run would have made, and else left alone.

use std::time::Duration;

use super::failure::absent_is_none;
use super::gateway::Gateway;
use crate::domain::answers::PolicyChoice;
use crate::domain::call::{Answer, Perform};
use crate::domain::document::same_document;
use crate::domain::fault::Fault;
use crate::domain::name::GroupName;
use crate::domain::step::{Action, Before, Made};

/// How often, and how far apart, a thing is looked for of which IAM says that it is there: its lists lag.
const LOOKS: u32 = 4;
const LOOK_PAUSE: Duration = Duration::from_millis(500);

impl Gateway {
    /// What a create comes to whose name was taken meanwhile: found, or refused with the reason.
    pub(super) async fn join(&self, perform: &Perform, fault: Fault) -> Answer {
        let joined = match &perform.action {
            Action::CreateGroup { group } => self.join_group(group, &perform.gives).await,
            Action::CreatePolicy { policy, document, .. } => self.join_policy(policy, document).await,
            _ => Ok(None),
        };
        match joined {
            Ok(Some(made)) => Answer::Read(Ok(Before::Same(made))),
            Ok(None) => Answer::Performed(Err(fault)),
            Err(words) => Answer::Performed(Err(fault.saying(words))),
        }
    }

    /// A group is joined if it gives nothing that this run does not give it.
    async fn join_group(&self, group: &GroupName, gives: &[String]) -> Result<Option<Made>, String> {
        let name = group.as_str();
        let mut looks = 0;
        let found = loop {
            match self.group_id(name).await.map_err(|fault| fault.what())? {
                Some(id) => break id,
                None if looks >= LOOKS => return Ok(None),
                None => tokio::time::sleep(LOOK_PAUSE).await,
            }
            looks += 1;
        };
        let more = async {
            let attached = self.attached_to_group(name).await?;
            let more = attached.into_iter().filter(|policy| !gives.contains(&policy.arn)).map(|policy| policy.name);
            Ok::<_, Fault>(more.chain(self.inline_of_group(name).await?).collect::<Vec<_>>())
        };
        let more = more.await.map_err(|fault| fault.what())?;
        match more.is_empty() {
            true => Ok(Some(Made::Group { id: found })),
            false => Err(format!("Somebody made the group {name} meanwhile, and it also gives: {}", more.join(", "))),
        }
    }

    /// A policy is used if its document says the same.
    async fn join_policy(&self, policy: &PolicyChoice, document: &str) -> Result<Option<Made>, String> {
        let mut looks = 0;
        let found = loop {
            match absent_is_none(self.policy(&policy.arn).await).map_err(|fault| fault.what())? {
                Some(found) => break found,
                None if looks >= LOOKS => return Ok(None),
                None => tokio::time::sleep(LOOK_PAUSE).await,
            }
            looks += 1;
        };
        let there = self.document(&policy.arn, &found.default).await.map_err(|fault| fault.what())?;
        match same_document(&there, document) {
            true => Ok(Some(Made::Policy { id: found.id })),
            false => Err(format!("Somebody made the policy {} meanwhile, with another document", policy.name)),
        }
    }
}
