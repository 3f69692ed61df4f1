//! *Permissions*: groups, existing or new, policies, attached or made, a boundary, and copying what another user may do.

mod summary;

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Field, FieldId, Note};
use crate::app::form::Form;
use crate::app::policy_draft::{Draft, Written};
use crate::app::table::{Detail, ListState, Pick, Row, Table};
use crate::domain::answers::{NewGroup, PageAnswer, Permissions, PolicyChoice, PolicyUse};
use crate::domain::caller::Caller;
use crate::domain::catalogue::is_attachable;
use crate::domain::facts::{Fact, Facts, Question};
use crate::domain::name::{GroupName, UserName, same_name};
use crate::domain::page::PageId;
use crate::domain::walkthrough::{CopyFrom, Grants, ResolvedWalkthrough, renamed};

pub static PAGE: Page = Page {
    id: PageId::Permissions,
    title: "Permissions",
    why: "Using groups is a best-practice way to manage users' permissions by job functions. A policy says what is allowed; \
          attach it to a group, or to this user alone.",
    needs: || vec![Question::Groups, Question::Policies, Question::Quotas, Question::Users],
    shown,
    waits: false,
    of_account: true,
    form,
    refresh,
    accept,
    summary: summary::summary,
    words: |walkthrough| &walkthrough.words.permissions,
    alike: |one, other| {
        let without_tags = |grants: &Grants| Grants { tags: Vec::new(), ..grants.clone() };
        one.fixed == other.fixed && without_tags(&one.grants) == without_tags(&other.grants)
    },
};

const TYPES: &[&str] = &["AWS managed", "AWS managed - job function", "Customer managed"];

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    let grants = &walkthrough.grants;
    let is_made = |name: &String| grants.policies.iter().any(|policy| policy.id == *name);
    // Names of the account's policies; those of the file are made.
    let existing = |names: &[String]| names.iter().filter(|name| !is_made(name)).cloned().collect::<Vec<_>>();
    let new = grants.groups.iter().find(|group| group.policies.is_some());
    let joined = grants.groups.iter().filter(|group| group.policies.is_none()).map(|group| group.name.clone()).collect();
    let of_group = new.and_then(|group| group.policies.as_deref()).unwrap_or_default();
    let used = |id: &String| match &grants.boundary {
        Some(boundary) if boundary == id => PolicyUse::Boundary,
        _ if of_group.contains(id) && !grants.attach.contains(id) => PolicyUse::Group,
        _ => PolicyUse::User,
    };
    let drafts = grants.policies.iter().map(|policy| Draft::proposed(policy, used(&policy.id))).collect();
    let one = |detail, types, wanted| Table::new(detail, types, wanted).picking(Pick::OneOrNone);
    let (from, asked) = match &grants.copy_from {
        Some(CopyFrom::User(name)) => (vec![name.clone()], false),
        Some(CopyFrom::Asked) => (Vec::new(), true),
        None => (Vec::new(), false),
    };
    let boundary = existing(grants.boundary.as_slice());
    let fields = vec![
        Field::table(FieldId::GROUPS, "Add user to group", Table::new(Detail::GroupPolicies, &[], joined)),
        Field::text(FieldId::NEW_GROUP, "Create group - optional", new.map_or("", |group| &group.name))
            .hint("The name of a new group that this user joins"),
        Field::table(
            FieldId::NEW_GROUP_POLICIES,
            "Policies of the new group",
            Table::new(Detail::Document, TYPES, existing(of_group)),
        ),
        Field::table(
            FieldId::POLICIES,
            "Attach policies directly",
            Table::new(Detail::Document, TYPES, existing(&grants.attach)),
        )
        .apart(),
        Field::drafts(FieldId::DRAFTS, "Create policies", drafts).hint("Space opens it, Delete removes it"),
        Field {
            required: asked,
            ..Field::table(FieldId::COPY_FROM, "Copy permissions from", one(Detail::UserPermissions, &[], from))
                .hint(if asked { "Space chooses whose permissions are copied" } else { "" })
                .apart()
        },
        Field::table(FieldId::BOUNDARY, "Permissions boundary", one(Detail::Document, TYPES, boundary)),
    ];
    let mut form = Form::new(fields.into_iter().map(|field| field.fixed(walkthrough.fixed)).collect());
    // What a guide proposes is what is to be looked at before going on; Enter there takes no group of the account's by accident.
    form.focus_on(match grants {
        _ if new.is_some() => FieldId::NEW_GROUP_POLICIES,
        Grants { copy_from: Some(_), .. } => FieldId::COPY_FROM,
        Grants { policies, .. } if !policies.is_empty() => FieldId::DRAFTS,
        Grants { attach, .. } if !attach.is_empty() => FieldId::POLICIES,
        _ => FieldId::GROUPS,
    });
    if let Some(drafts) = form.drafts_mut(FieldId::DRAFTS) {
        drafts.at = 0;
    }
    form
}

pub(in crate::app) fn list_state(facts: &Facts, question: &Question) -> ListState {
    match facts.end(question) {
        None | Some(Fact::Pending) => ListState::Arriving,
        Some(Fact::Known(())) => ListState::Whole,
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => ListState::Failed(fault.to_string()),
    }
}

fn refresh(form: &mut Form, context: &Context) {
    let facts = &context.facts;
    let quotas = facts.quotas();
    if let Some(table) = form.table_mut(FieldId::GROUPS) {
        let groups = facts.groups();
        table.fill(groups.len(), |i| Row::new(&groups[i], &groups[i], "", ""));
        table.state = list_state(facts, &Question::Groups);
        table.picking.quota = quotas.groups_per_user;
    }
    let policies = facts.policies();
    for (id, quota) in [
        (FieldId::NEW_GROUP_POLICIES, quotas.policies_per_group),
        (FieldId::POLICIES, quotas.policies_per_user),
        (FieldId::BOUNDARY, usize::MAX),
    ] {
        if let Some(table) = form.table_mut(id) {
            table.fill(policies.len(), |i| {
                let policy = &policies[i];
                Row::new(&policy.arn, &policy.name, policy.kind().label(), &policy.version)
            });
            table.state = list_state(facts, &Question::Policies);
            table.picking.quota = quota;
        }
    }
    if let Some(table) = form.table_mut(FieldId::COPY_FROM) {
        let users = facts.users();
        table.fill(users.len(), |i| Row::new(&users[i].name, &users[i].name, "", ""));
        table.state = list_state(facts, &Question::Users);
    }
    let name = form.text(FieldId::NEW_GROUP).to_owned();
    form.ask(FieldId::NEW_GROUP_POLICIES, !name.is_empty());
    if let Some(field) = form.field_mut(FieldId::NEW_GROUP) {
        field.note = None;
        match new_group(&name) {
            _ if name.is_empty() => {}
            Err(refusal) => field.error = Some(refusal.words),
            Ok(name) if context.facts.lists_group(&name) => {
                let words = format!("Group “{name}” exists. The user joins it; missing policies are attached.");
                field.note = Some(Note::Warning(words));
            }
            Ok(_) => {}
        }
    }
    let is_known = GroupName::new(&name).is_ok_and(|name| facts.lists_group(&name));
    let made = form.drafts(FieldId::DRAFTS).len();
    let first = trouble(form, facts.caller());
    if let Some(field) = form.field_mut(FieldId::DRAFTS) {
        if first.is_none() {
            field.error = None;
        }
        field.note = first.map(|words| Note::Warning(format!("{words} (Space opens it.)")));
    }
    let bounds: Option<String> = form
        .drafts(FieldId::DRAFTS)
        .iter()
        .find(|draft| draft.used == PolicyUse::Boundary && !draft.inline)
        .map(|draft| format!("{}, which is made above.", draft.name));
    if let Some(field) = form.field_mut(FieldId::BOUNDARY)
        && !field.fixed
    {
        field.note = bounds.map(Note::Info);
    }
    let own: Vec<&str> = form
        .drafts(FieldId::DRAFTS)
        .iter()
        .filter(|draft| draft.used == PolicyUse::Group)
        .map(|draft| draft.name.as_str())
        .collect();
    let own = (!own.is_empty()).then(|| Note::Info(format!("And those made below: {}.", own.join(", "))));
    if let Some(field) = form.field_mut(FieldId::NEW_GROUP_POLICIES)
        && !field.fixed
    {
        field.note = own;
    }
    let chosen = [FieldId::GROUPS, FieldId::POLICIES, FieldId::COPY_FROM].map(|id| count(form, id)).iter().sum::<usize>();
    // A new group without policies gives nothing either.
    let is_empty = name.is_empty() || (count(form, FieldId::NEW_GROUP_POLICIES) == 0 && !is_known);
    let nothing = chosen == 0 && made == 0 && is_empty;
    if let Some(field) = form.field_mut(FieldId::POLICIES)
        && !field.fixed
    {
        field.note = nothing.then(|| Note::Info("Nothing chosen: the user will exist, but may do nothing.".to_owned()));
    }
}

fn count(form: &Form, id: FieldId) -> usize {
    form.table(id).map_or(0, Table::count)
}

fn new_group(name: &str) -> Result<GroupName, FieldError> {
    GroupName::new(name).map_err(|rule| FieldError::at(FieldId::NEW_GROUP, rule))
}

/// The chosen rows of a list of policies, refused where the quota would be passed or a proposed one has not come.
fn policies(form: &Form, id: FieldId, context: &Context) -> Result<Vec<PolicyChoice>, FieldError> {
    let Some(table) = form.table(id) else { return Ok(Vec::new()) };
    let mut unlisted = Vec::new();
    for name in table.wanted() {
        match (&table.state, context.facts.caller()) {
            // Who may not list the policies may still attach those that the guide proposes; by a bare name, AWS's without a path.
            (ListState::Failed(_), Some(caller)) => unlisted.push(match crate::app::policy_draft::name_of(name) {
                Some(short) => PolicyChoice { name: short, arn: name.clone() },
                None => PolicyChoice { name: name.clone(), arn: caller.partition.managed_policy(name) },
            }),
            (ListState::Whole, _) => {
                let words = match renamed(name) {
                    Some(new) => format!("{name} was renamed: it is {new} now."),
                    None if !is_attachable(name) => format!("{name} can't be attached: AWS keeps it for service roles."),
                    None => format!("The account has no policy {name}. Choose another; Delete removes the name."),
                };
                return Err(FieldError::at(id, words));
            }
            _ => return Err(FieldError::at(id, format!("The list of policies is still loading; {name} is not in it yet."))),
        }
    }
    if table.count() > table.picking.quota {
        return Err(FieldError::at(
            id,
            format!("{} are chosen; the account's quota is {}. Remove some.", table.count(), table.picking.quota),
        ));
    }
    let chosen = table.chosen().map(|row| PolicyChoice { name: row.name.clone(), arn: row.key.clone() });
    Ok(unlisted.into_iter().chain(chosen).collect())
}

/// The groups that are joined: chosen rows, and those that the guide names.
fn groups(form: &Form) -> Result<Vec<GroupName>, FieldError> {
    let Some(table) = form.table(FieldId::GROUPS) else { return Ok(Vec::new()) };
    let refuse = |words: String| Err(FieldError::at(FieldId::GROUPS, words));
    for name in table.wanted() {
        match table.state {
            ListState::Whole => {
                return refuse(format!(
                    "The account has no group {name}: it has to be there. Choose another; Delete removes the name."
                ));
            }
            ListState::Arriving => return refuse(format!("The list of groups is still loading; {name} is not in it yet.")),
            // Who may not list the groups may still add a user to one.
            ListState::Failed(_) => {}
        }
    }
    let names = table.wanted().iter().map(String::as_str).chain(table.chosen().map(|row| row.key.as_str()));
    names.map(|name| GroupName::new(name).map_err(|rule| FieldError::at(FieldId::GROUPS, rule))).collect()
}

fn copied(form: &Form) -> Result<Option<UserName>, FieldError> {
    let Some(field) = form.field(FieldId::COPY_FROM) else { return Ok(None) };
    let refuse = |words: String| FieldError::at(FieldId::COPY_FROM, words);
    let Some(table) = form.table(FieldId::COPY_FROM) else { return Ok(None) };
    let name = match (table.chosen().next(), table.wanted(), &table.state) {
        (Some(row), ..) => row.key.clone(),
        (None, [name, ..], ListState::Whole) => return Err(refuse(format!("The account has no user {name}. Choose another."))),
        (None, [name, ..], ListState::Failed(_)) => name.clone(),
        (None, [name, ..], ListState::Arriving) => {
            return Err(refuse(format!("The list of users is still loading; {name} is not in it yet.")));
        }
        (None, [], _) if field.required => return Err(refuse("Choose with Space whose permissions are copied.".to_owned())),
        (None, [], _) => return Ok(None),
    };
    UserName::new(&name).map(Some).map_err(|rule| refuse(rule.to_string()))
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    let name = form.text(FieldId::NEW_GROUP);
    let new_group = match name.is_empty() {
        true => None,
        false => Some(NewGroup { name: new_group(name)?, policies: policies(form, FieldId::NEW_GROUP_POLICIES, context)? }),
    };
    let groups = groups(form)?;
    let quota = context.facts.quotas().groups_per_user;
    if groups.len() + usize::from(new_group.is_some()) > quota {
        return Err(FieldError::at(FieldId::GROUPS, format!("A user can be in {quota} groups at most. Remove some.")));
    }
    let boundary = policies(form, FieldId::BOUNDARY, context)?.into_iter().next();
    let mut chosen = Permissions {
        groups,
        attached: policies(form, FieldId::POLICIES, context)?,
        boundary,
        copy_from: copied(form)?,
        new_group,
        ..Permissions::default()
    };
    for draft in form.drafts(FieldId::DRAFTS) {
        take(draft, context.facts.caller(), &mut chosen)?;
    }
    Ok(PageAnswer::Permissions(chosen))
}

/// Takes a policy that is made, where it goes with the others.
fn take(draft: &Draft, caller: Option<&Caller>, chosen: &mut Permissions) -> Result<(), FieldError> {
    let refuse = |words: &str| Err(FieldError::at(FieldId::DRAFTS, format!("{}: {words}", draft.words())));
    let written = match draft.written(caller) {
        Ok(written) => written,
        Err((_, words)) => return refuse(&words),
    };
    match written {
        Written::Inline(policy) => {
            if chosen.inline.iter().any(|other| other.name == policy.name) {
                return refuse("another inline policy has this name.");
            }
            chosen.inline.push(policy);
        }
        Written::Managed(policy) => {
            if chosen.policies.iter().any(|other| same_name(other.name.as_str(), policy.name.as_str())) {
                return refuse("another policy has this name.");
            }
            let is_bounded = chosen.boundary.is_some() || chosen.policies.iter().any(|other| other.used == PolicyUse::Boundary);
            match policy.used {
                PolicyUse::Group if chosen.new_group.is_none() => return refuse("there is no new group; name one above."),
                PolicyUse::Boundary if is_bounded => return refuse("a user has one boundary, and another one is chosen."),
                _ => chosen.policies.push(policy),
            }
        }
    }
    Ok(())
}

/// What stands against one of the policies that are made, by itself or beside the others.
fn trouble(form: &Form, caller: Option<&Caller>) -> Option<String> {
    let policy = |name: &str| PolicyChoice { name: name.to_owned(), arn: String::new() };
    let mut chosen = Permissions {
        boundary: form.table(FieldId::BOUNDARY).filter(|table| table.count() > 0).map(|_| policy("boundary")),
        new_group: GroupName::new(form.text(FieldId::NEW_GROUP)).ok().map(|name| NewGroup { name, policies: Vec::new() }),
        ..Permissions::default()
    };
    form.drafts(FieldId::DRAFTS).iter().find_map(|draft| take(draft, caller, &mut chosen).err()).map(|refusal| refusal.words)
}

/// What is to be asked for what is chosen: what the user may do whose permissions are copied.
fn shown(form: &Form, _: &Context) -> Vec<Question> {
    let copied = form.table(FieldId::COPY_FROM).and_then(|table| table.chosen().next());
    copied.map(|row| Question::PermissionsOf(row.key.clone())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::PolicyKind;

    #[test]
    fn the_types_are_the_kinds() {
        let kinds = [PolicyKind::Aws, PolicyKind::JobFunction, PolicyKind::Customer].map(PolicyKind::label);
        assert_eq!(TYPES, kinds);
    }
}
