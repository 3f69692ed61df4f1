//! The console access of a user that exists: given, its password replaced, or taken away.

use super::{Task, Wanted};
use crate::app::Context;
use crate::app::pages::{console, existing_user};
use crate::domain::answers::{Answers, ConsoleChange};
use crate::domain::facts::{Fact, Facts, KeyHolder, Question};
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Finding, Severity, refused};
use crate::domain::record::TaskId;

pub static TASK: Task = Task {
    id: TaskId::ConsoleAccess,
    title: "Change the console access of a user",
    about: "a user that exists: give a password, replace it, take it away",
    verb: "Change",
    past: "Changed",
    pages: &[&existing_user::ANY, &console::PAGE],
    wants,
    plan,
    findings,
    confirm: |answers| {
        let user = answers.user_name().unwrap_or_default();
        match answers.console_change() {
            Some(ConsoleChange::TakeAway { .. }) => format!("Take the console access of {user} away"),
            Some(ConsoleChange::Replace(_)) => format!("Replace the console password of {user}"),
            _ => format!("Give {user} console access"),
        }
    },
    file: None,
    done: |user| format!("The console access of {user} is changed."),
};

fn holder<'a>(answers: &Answers, facts: &'a Facts) -> Option<&'a KeyHolder> {
    facts.holder(answers.user_name()?)?.into_known()?
}

/// The user is looked up again: from that read on its id is compared before each call.
fn wants(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let Some(user) = answers.user_name() else { return Vec::new() };
    let mut wants = vec![
        Wanted::anew(Question::Holder(user.to_owned()), "the user"),
        Wanted::anew(Question::CredentialsOf(user.to_owned()), "whether the user has a password"),
        Wanted::once(Question::PermissionsOf(user.to_owned()), "what the user may do"),
        Wanted::once(Question::PasswordPolicy, "what the account asks of passwords"),
    ];
    wants.extend(Wanted::rights(plan, facts));
    wants
}

fn plan(answers: &Answers, facts: &Facts) -> Option<Plan> {
    let may_change = facts.password_policy().and_then(Fact::into_known).is_some_and(|policy| policy.users_may_change);
    Plan::of_console(holder(answers, facts)?, answers.console_change()?, facts.caller()?, may_change)
}

fn findings(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    let finding = |page, severity, words| Finding { page, severity, words };
    let (facts, user) = (&context.facts, answers.user_name().unwrap_or_default());
    let mut found = Vec::new();
    match facts.holder(user) {
        Some(Fact::Known(None)) => {
            found.push(finding(PageId::User, Severity::Error, format!("The account has no user “{user}”.")));
        }
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => found.push(finding(PageId::User, Severity::Error, fault.to_string())),
        Some(Fact::Known(Some(_)) | Fact::Pending) | None => {}
    }
    let has_password = facts.user_sources().credentials.get(user).and_then(|own| own.has_password);
    let words = match (answers.console_change(), has_password) {
        (Some(ConsoleChange::Give(_)), Some(true)) => {
            Some((Severity::Error, format!("{user} has a console password already: replace it, or take it away.")))
        }
        (Some(ConsoleChange::Replace(_) | ConsoleChange::TakeAway { .. }), Some(false)) => {
            Some((Severity::Error, format!("{user} has no console password.")))
        }
        (Some(ConsoleChange::TakeAway { typed }), _) if typed != user => {
            Some((Severity::Error, format!("“{typed}” is not the name of the user: type {user} to agree.")))
        }
        (Some(ConsoleChange::TakeAway { typed }), _)
            if holder(answers, facts).is_some_and(|holder| holder.misspelled(typed).is_some()) =>
        {
            holder(answers, facts).and_then(|holder| holder.misspelled(typed)).map(|words| (Severity::Error, words))
        }
        (Some(ConsoleChange::TakeAway { .. }), _) => {
            let words = "Can't be undone: the password is deleted. Sessions that are open go on, and so do access keys.";
            Some((Severity::Warning, words.to_owned()))
        }
        (Some(ConsoleChange::Replace(_)), _) => {
            Some((Severity::Warning, "Can't be undone: the password of before stops at once.".to_owned()))
        }
        _ => None,
    };
    found.extend(words.map(|(severity, words)| finding(PageId::Access, severity, words)));
    let resets = matches!(answers.console_change(), Some(ConsoleChange::Give(wish) | ConsoleChange::Replace(wish)) if wish.reset);
    let held = facts.permissions_of(user).and_then(Fact::into_known);
    found.extend(held.and_then(|held| held.boundary.as_ref()).filter(|_| resets).map(|boundary| {
        let words = format!(
            "{user} has the permissions boundary {}. Unless it allows iam:ChangePassword, {user} can't choose a new password, \
             and can't sign in.",
            boundary.name
        );
        finding(PageId::Access, Severity::Warning, words)
    }));
    found.extend(plan.into_iter().flat_map(|plan| refused(plan, facts)));
    found
}
