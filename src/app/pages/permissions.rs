//! *Permissions*: groups, existing or new, and policies.

use super::{Page, Refusal};
use crate::app::Context;
use crate::app::field::{Field, FieldId, Note};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Row, Table};
use crate::domain::answers::{Answers, NewGroup, Permissions, PolicyChoice};
use crate::domain::facts::{Listing, Question};
use crate::domain::name::{GroupName, same_name};
use crate::domain::request::PageId;
use crate::domain::walkthrough::Walkthrough;

/// The page.
pub static PAGE: Page = Page {
    id: PageId::Permissions,
    title: "Permissions",
    why: "Using groups is a best-practice way to manage users' permissions by job functions. A policy says what is allowed; \
          attach it to a group, or to this user alone.",
    needs: || vec![Question::Groups, Question::Policies, Question::Quotas],
    form,
    refresh,
    accept,
    words: |guide| guide.words.permissions,
};

const TYPES: &[&str] = &["AWS managed", "AWS managed - job function", "Customer managed"];

fn form(guide: &Walkthrough) -> Form {
    let (group, policies) = guide.new_group.unwrap_or(("", &[]));
    let mut form = Form::new(vec![
        Field::table(FieldId::Groups, "Add user to group", Table::new(Detail::GroupPolicies, &[], &[])),
        Field::text(FieldId::NewGroup, "Create group - optional", group).hint("The name of a new group that this user joins"),
        Field::table(FieldId::NewGroupPolicies, "Policies of the new group", Table::new(Detail::Document, TYPES, policies)),
        Field::table(FieldId::Policies, "Attach policies directly", Table::new(Detail::Document, TYPES, &[])),
    ]);
    // A guide's policies are what is to be looked at before going on; Enter there takes no group of the account's by accident.
    if guide.new_group.is_some() {
        form.focus = form.fields.iter().position(|field| field.id == FieldId::NewGroupPolicies).unwrap_or(0);
    }
    form
}

fn list_state<T>(listing: Option<&Listing<T>>) -> ListState {
    match listing.map(|listing| &listing.end) {
        None => ListState::Arriving,
        Some(end) if end.is_pending() => ListState::Arriving,
        Some(end) => match end.fault() {
            Some(fault) => ListState::Failed(fault.to_string()),
            None => ListState::Whole,
        },
    }
}

fn refresh(form: &mut Form, context: &Context) {
    let facts = &context.facts;
    let quotas = facts.quotas();
    if let Some(table) = form.table_mut(FieldId::Groups) {
        let groups = facts.groups.as_ref().map_or(&[][..], |listing| &listing.items);
        table.fill(groups.len(), |i| Row::new(&groups[i], &groups[i], "", ""));
        table.state = list_state(facts.groups.as_ref());
        table.quota = quotas.groups_per_user;
    }
    let policies = facts.policies.as_ref().map_or(&[][..], |listing| &listing.items);
    for (id, quota) in [(FieldId::NewGroupPolicies, quotas.policies_per_group), (FieldId::Policies, quotas.policies_per_user)] {
        if let Some(table) = form.table_mut(id) {
            table.fill(policies.len(), |i| {
                let policy = &policies[i];
                Row::new(&policy.arn, &policy.name, policy.kind().label(), &policy.version)
            });
            table.state = list_state(facts.policies.as_ref());
            table.quota = quota;
        }
    }
    let name = form.text(FieldId::NewGroup).to_owned();
    form.ask(FieldId::NewGroupPolicies, !name.is_empty());
    if let Some(field) = form.field_mut(FieldId::NewGroup)
        && !name.is_empty()
    {
        field.error = new_group(&name, context).err().map(|refusal| refusal.words);
    }
    let nothing = count(form, FieldId::Groups) + count(form, FieldId::Policies) == 0 && name.is_empty();
    if let Some(field) = form.field_mut(FieldId::Policies) {
        field.note = nothing.then(|| Note::Info("Nothing chosen: the user will exist, but may do nothing.".to_owned()));
    }
}

fn count(form: &Form, id: FieldId) -> usize {
    form.table(id).map_or(0, Table::count)
}

fn new_group(name: &str, context: &Context) -> Result<GroupName, Refusal> {
    let name = GroupName::new(name).map_err(|rule| Refusal::at(FieldId::NewGroup, rule))?;
    let groups = context.facts.groups.as_ref();
    if groups.is_some_and(|groups| groups.items.iter().any(|group| same_name(group, name.as_str()))) {
        let words = format!("Taken: there is a group “{name}”. Choose it in the list above, or type another name.");
        return Err(Refusal::at(FieldId::NewGroup, words));
    }
    Ok(name)
}

/// The chosen rows of a list of policies, refused where the quota would be passed or a proposed one has not come.
fn policies(form: &Form, id: FieldId, context: &Context) -> Result<Vec<PolicyChoice>, Refusal> {
    let Some(table) = form.table(id) else { return Ok(Vec::new()) };
    let mut unlisted = Vec::new();
    for name in table.wanted() {
        match (&table.state, context.facts.caller()) {
            // Who may not list the policies may still attach the one that the guide proposes, which has no path.
            (ListState::Failed(_), Some(caller)) => {
                unlisted.push(PolicyChoice { name: name.clone(), arn: caller.partition.managed_policy(name) });
            }
            (ListState::Whole, _) => return Err(Refusal::at(id, format!("The account has no policy {name}. Choose another."))),
            _ => return Err(Refusal::at(id, format!("The list of policies is still on its way; {name} has not come yet."))),
        }
    }
    if table.count() > table.quota {
        return Err(Refusal::at(
            id,
            format!("{} are chosen; the account's quota is {}. Take some away.", table.count(), table.quota),
        ));
    }
    let chosen = table.chosen().map(|row| PolicyChoice { name: row.name.clone(), arn: row.key.clone() });
    Ok(unlisted.into_iter().chain(chosen).collect())
}

fn accept(form: &Form, context: &Context, answers: &mut Answers) -> Result<(), Refusal> {
    let new = form.text(FieldId::NewGroup);
    let new_group = if new.is_empty() {
        None
    } else {
        Some(NewGroup { name: new_group(new, context)?, policies: policies(form, FieldId::NewGroupPolicies, context)? })
    };
    let chosen = form.table(FieldId::Groups).into_iter().flat_map(Table::chosen);
    // Names that IAM itself gave are legal.
    let groups: Vec<GroupName> = chosen.filter_map(|row| GroupName::new(&row.key).ok()).collect();
    let quota = context.facts.quotas().groups_per_user;
    if groups.len() + usize::from(new_group.is_some()) > quota {
        return Err(Refusal::at(FieldId::Groups, format!("A user can be in {quota} groups at most. Take some away.")));
    }
    answers.permissions = Some(Permissions { groups, new_group, attached: policies(form, FieldId::Policies, context)? });
    Ok(())
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
