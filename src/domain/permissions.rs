//! What the user really gets: what was chosen, and what is copied from another user, each once; what can't be copied is reported
//! with its reason.

use super::answers::{InlinePolicy, Permissions, PolicyChoice, PolicyUse};
use super::catalogue::is_attachable;
use super::facts::{Fact, Facts};
use super::name::{GroupName, PolicyName, same_name};

/// All that a user gets beside what is made for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Existing groups to join.
    pub groups: Vec<GroupName>,
    /// Existing policies to attach.
    pub attached: Vec<PolicyChoice>,
    /// Policies of its own.
    pub inline: Vec<InlinePolicy>,
    pub boundary: Option<PolicyChoice>,
    /// What can't be copied, and why.
    pub left_out: Vec<String>,
}

/// What is chosen with what is copied, as far as that is known.
pub fn effective(chosen: &Permissions, facts: &Facts) -> Effective {
    let mut all = Effective {
        groups: chosen.groups.clone(),
        attached: chosen.attached.clone(),
        inline: chosen.inline.clone(),
        boundary: chosen.boundary.clone(),
        left_out: Vec::new(),
    };
    // What is made or joined by its name is not there a second time.
    let made = |used: PolicyUse| -> Vec<String> {
        let own = chosen.policies.iter().filter(|policy| policy.used == used);
        facts.caller().map_or_else(Vec::new, |caller| own.map(|policy| facts.arn_of(policy, caller)).collect())
    };
    let (of_user, bounding) = (made(PolicyUse::User), made(PolicyUse::Boundary));
    let is_new = |group: &GroupName| chosen.new_group.as_ref().is_some_and(|new| same_name(new.name.as_str(), group.as_str()));
    all.groups.retain(|group| !is_new(group));
    all.attached.retain(|policy| !of_user.contains(&policy.arn));
    let Some(from) = &chosen.copy_from else { return all };
    let Some(copied) = facts.permissions_of(from.as_str()).and_then(Fact::into_known) else { return all };
    for group in copied.groups.iter().filter_map(|group| GroupName::new(group).ok()) {
        if !all.groups.contains(&group) && !is_new(&group) {
            all.groups.push(group);
        }
    }
    for policy in &copied.attached {
        if !is_attachable(&policy.arn) {
            all.left_out.push(format!("{}: AWS lets nobody attach it.", policy.name));
        } else if !of_user.contains(&policy.arn) && !all.attached.iter().any(|known| known.arn == policy.arn) {
            all.attached.push(policy.clone());
        }
    }
    for (name, document) in &copied.inline {
        match (PolicyName::new(name), document) {
            (_, Err(why)) => all.left_out.push(format!("The inline policy {name}: {why}")),
            (Err(rule), _) => all.left_out.push(format!("The inline policy {name}: {rule}")),
            (Ok(name), Ok(_)) if all.inline.iter().any(|known| same_name(known.name.as_str(), name.as_str())) => {
                all.left_out.push(format!("The inline policy {name}: one of this name is made already."));
            }
            (Ok(name), Ok(document)) => all.inline.push(InlinePolicy { name, document: document.clone() }),
        }
    }
    let is_bounded = all.boundary.is_some() || !bounding.is_empty();
    match &copied.boundary {
        Some(boundary) if bounding.contains(&boundary.arn) => {}
        Some(boundary) if is_bounded && all.boundary.as_ref() != Some(boundary) => {
            all.left_out.push(format!("The boundary {}: another one is chosen.", boundary.name));
        }
        Some(boundary) => all.boundary = Some(boundary.clone()),
        None => {}
    }
    all
}
