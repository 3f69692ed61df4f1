//! What *Review* says of the permissions: groups, policies, the boundary, what is copied; a line each.

use crate::app::Context;
use crate::domain::answers::{Answers, PolicyChoice, PolicyUse};
use crate::domain::name::GroupName;
use crate::domain::request::{CHANGE_PASSWORD, Request};

pub(super) fn summary(answers: &Answers, context: &Context) -> Vec<String> {
    let Some(permissions) = answers.permissions() else { return Vec::new() };
    let names = |choices: &[PolicyChoice]| choices.iter().map(|policy| policy.name.clone()).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    if !permissions.groups.is_empty() {
        let groups: Vec<&str> = permissions.groups.iter().map(GroupName::as_str).collect();
        lines.push(format!("Groups: {}", groups.join(", ")));
    }
    if let Some(group) = &permissions.new_group {
        let own = permissions.policies.iter().filter(|policy| policy.used == PolicyUse::Group);
        let own = own.map(|policy| policy.name.as_str());
        let all: Vec<&str> = own.chain(group.policies.iter().map(|policy| policy.name.as_str())).collect();
        let all = if all.is_empty() { "no policies".to_owned() } else { all.join(", ") };
        let kind = if context.facts.has_group(&group.name) { "Existing group" } else { "New group" };
        lines.push(format!("{kind}, {}: {all}", group.name));
    }
    if !permissions.attached.is_empty() {
        lines.push(format!("Attached directly: {}", names(&permissions.attached)));
    }
    for policy in &permissions.policies {
        let used = match policy.used {
            PolicyUse::User => "attached directly",
            PolicyUse::Group => "for the new group",
            PolicyUse::Boundary => "as the permissions boundary",
        };
        lines.push(format!("Policy of your own, {used}: {}", policy.name));
    }
    if !permissions.inline.is_empty() {
        let inline: Vec<&str> = permissions.inline.iter().map(|policy| policy.name.as_str()).collect();
        lines.push(format!("Inline: {}", inline.join(", ")));
    }
    lines.extend(permissions.boundary.iter().map(|boundary| format!("Permissions boundary: {}", boundary.name)));
    lines.extend(permissions.copy_from.iter().map(|from| format!("Copied from {from}: see the calls below")));
    if Request::of(answers).is_ok_and(|request| request.needs_change_password(&context.facts)) {
        lines.push(format!("{CHANGE_PASSWORD}, so that the password can be changed"));
    }
    if lines.is_empty() {
        lines.push("None: the user may do nothing".to_owned());
    }
    lines
}
