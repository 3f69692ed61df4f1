//! Adding a key to a user that exists.

use super::{Task, Wanted};
use crate::app::Context;
use crate::app::pages::{existing_user, key};
use crate::domain::answers::Answers;
use crate::domain::facts::{Fact, Facts, KeyHolder, KeySeen, Question};
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Finding, Severity, refused};
use crate::domain::record::TaskId;

pub static TASK: Task = Task {
    id: TaskId::AddKey,
    title: "Add an access key to a user",
    about: "a user that exists; nothing else of it changes",
    verb: "Add key",
    past: "Done",
    pages: &[&existing_user::PAGE, &key::PAGE],
    wants,
    plan,
    findings,
    confirm: |answers| format!("Add a key to {}", answers.user_name().unwrap_or_default()),
    file: None,
    done: |user| format!("{user} has a new access key."),
};

fn holder<'a>(answers: &Answers, facts: &'a Facts) -> Option<Fact<Option<&'a KeyHolder>>> {
    facts.holder(answers.user_name()?)
}

/// The user with its keys is looked up again: from that read on its id is compared before each call.
fn wants(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let user = answers.user_name().map(|user| Question::Holder(user.to_owned()));
    let mut wants: Vec<Wanted> = user.into_iter().map(|question| Wanted::anew(question, "the user and its keys")).collect();
    wants.extend(Wanted::rights(plan, facts));
    wants
}

fn plan(answers: &Answers, facts: &Facts) -> Option<Plan> {
    facts.caller()?;
    let holder = holder(answers, facts)?.into_known()??;
    let description = answers.access()?.key.as_ref()?.description.as_ref();
    Plan::of_key(holder, answers.given_up(), description)
}

fn findings(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    let finding = |page, severity, words| Finding { page, severity, words };
    let mut found = Vec::new();
    match holder(answers, &context.facts) {
        Some(Fact::Known(Some(holder))) => {
            let given_up = answers.given_up();
            let is_given_up = |key: &&KeySeen| given_up.is_some_and(|given| given.key == key.id);
            let (going, staying): (Vec<_>, Vec<_>) = holder.keys.iter().partition(is_given_up);
            if let Some(words) = holder.hinders(given_up) {
                found.push(finding(PageId::User, Severity::Error, words));
            } else {
                let gone = |key: &KeySeen| format!("Can't be undone: {} is deleted. Whatever still uses it stops.", key.words());
                found.extend(going.iter().map(|key| finding(PageId::User, Severity::Warning, gone(key))));
                let kept = staying.iter().map(|key| format!("The user has a key already: {}", key.words()));
                found.extend(kept.map(|words| finding(PageId::User, Severity::Note, words)));
            }
        }
        Some(Fact::Known(None)) => {
            let user = answers.user_name().unwrap_or_default();
            let words = format!("The account has no user “{user}”. iamwalk --yes --user {user} creates it.");
            found.push(finding(PageId::User, Severity::Error, words));
        }
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => {
            found.push(finding(PageId::User, Severity::Error, fault.to_string()));
        }
        Some(Fact::Pending) | None => {}
    }
    let signs = answers.given_up().and_then(|given| context.signs_with(&given.key));
    found.extend(signs.map(|words| finding(PageId::User, Severity::Error, words)));
    found.extend(plan.into_iter().flat_map(|plan| refused(plan, &context.facts)));
    found.sort_by_key(|finding| (finding.page, finding.severity));
    found
}
