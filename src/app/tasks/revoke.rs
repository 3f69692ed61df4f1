//! Revoking: all that lets a user in is stopped; or one key that was found in the open.

use super::{Task, Wanted};
use crate::app::Context;
use crate::app::pages::{existing_user, found_key, revocation};
use crate::domain::answers::{Answers, PolicyChoice};
use crate::domain::caller::Caller;
use crate::domain::facts::{Fact, Facts, KeyHolder, Question};
use crate::domain::name::PolicyName;
use crate::domain::operation::KeyStatus;
use crate::domain::page::PageId;
use crate::domain::plan::{Deny, Plan};
use crate::domain::preflight::{Finding, Severity, refused};
use crate::domain::record::TaskId;

/// AWS's managed policy that denies everything.
const DENY_ALL: &str = "AWSDenyAll";

/// An inline policy of the same content, where no further one can be attached.
const INLINE: &str = "iamwalk-deny-all";

/// What AWS attaches to a user whose key it saw in public, in its versions (AWS managed policy reference).
const QUARANTINE: &str = "AWSCompromisedKeyQuarantine";

pub static TASK: Task = Task {
    id: TaskId::Revoke,
    title: "Revoke a user's access",
    about: "everything that lets the user in is stopped at once; keys can be given back",
    verb: "Revoke",
    past: "Revoked",
    pages: &[&existing_user::REVOKED, &revocation::PAGE],
    wants,
    plan,
    findings,
    confirm: |answers| format!("Revoke the access of {}", answers.user_name().unwrap_or_default()),
    file: None,
    done: |user| {
        format!(
            "The access of {user} is revoked. Sessions of roles that {user} has assumed go on until you revoke them at the role."
        )
    },
};

pub static KEY: Task = Task {
    id: TaskId::RevokeKey,
    title: "Deactivate a key that was found in the open",
    about: "by its ID: whose it is, where it is named, and one call that stops it",
    verb: "Deactivate",
    past: "Deactivated",
    pages: &[&found_key::PAGE],
    wants: wants_of_key,
    plan: |answers, facts| {
        facts.caller()?;
        Plan::of_found_key(holder(answers, facts)?, answers.found_key()?)
    },
    findings: findings_of_key,
    confirm: |answers| format!("Deactivate {}", answers.found_key().unwrap_or_default()),
    file: None,
    done: |user| {
        format!("The key of {user} works no longer. To stop sessions that were opened with it too: iamwalk revoke {user}")
    },
};

fn holder<'a>(answers: &Answers, facts: &'a Facts) -> Option<&'a KeyHolder> {
    facts.holder(answers.user_name()?)?.into_known()?
}

fn wants(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let Some(user) = answers.user_name() else { return Vec::new() };
    let mut wants = vec![
        Wanted::anew(Question::Holder(user.to_owned()), "the user and its keys"),
        Wanted::anew(Question::CredentialsOf(user.to_owned()), "whether the user has a password"),
        Wanted::anew(Question::OtherCredentials(user.to_owned()), "what else the user can sign with"),
        Wanted::anew(Question::PermissionsOf(user.to_owned()), "what is attached to the user"),
    ];
    wants.extend(Wanted::rights(plan, facts));
    wants
}

/// How everything is denied to the user, who may have as many policies attached as one can have.
fn deny(user: &str, facts: &Facts, caller: &Caller) -> Deny {
    let policy = PolicyChoice { name: DENY_ALL.to_owned(), arn: caller.partition.managed_policy(DENY_ALL) };
    let attached = facts
        .permissions_of(user)
        .and_then(Fact::into_known)
        .map_or(0, |held| held.attached.iter().filter(|held| held.arn != policy.arn).count());
    match PolicyName::new(INLINE) {
        Ok(name) if attached >= facts.quotas().policies_per_user => Deny::Inline(name),
        _ => Deny::Attached(policy),
    }
}

fn plan(answers: &Answers, facts: &Facts) -> Option<Plan> {
    let (holder, revocation, caller) = (holder(answers, facts)?, answers.revocation()?, facts.caller()?);
    let user = holder.user.as_str();
    let others = facts.other_credentials(user).and_then(Fact::into_known).map_or(&[][..], |others| &others.found);
    let own = facts.user_sources().credentials.get(user).copied();
    let has_password = own.and_then(|own| own.has_password).unwrap_or_default();
    let deny = revocation.denies.then(|| deny(user, facts, caller));
    Plan::of_revocation(holder, deny, others, has_password, &revocation.typed)
}

/// Why this user's access can't be stopped by who calls now.
fn is_own(holder: &KeyHolder, context: &Context) -> Option<String> {
    let user = &holder.user;
    let caller = context.facts.caller()?;
    if caller.is_user(user.as_str()) {
        return Some(format!("You call as {user}: this would shut yourself out. Choose another profile to call with."));
    }
    let key = context.sign_in.origins.keys.all().find(|key| holder.key(key).is_some())?;
    Some(format!(
        "Your own credentials are made with {key}, a key of {user}: they would end with it. Choose another profile to call with."
    ))
}

fn findings(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    let finding = |page, severity, words: String| Finding { page, severity, words };
    let (facts, user) = (&context.facts, answers.user_name().unwrap_or_default());
    let mut found = Vec::new();
    match facts.holder(user) {
        Some(Fact::Known(None)) => {
            found.push(finding(PageId::User, Severity::Error, format!("The account has no user “{user}”.")))
        }
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => found.push(finding(PageId::User, Severity::Error, fault.to_string())),
        Some(Fact::Known(Some(holder))) => {
            found.extend(is_own(holder, context).map(|words| finding(PageId::User, Severity::Error, words)));
            let misspelled = answers.revocation().and_then(|revocation| holder.misspelled(&revocation.typed));
            found.extend(misspelled.map(|words| finding(PageId::Access, Severity::Error, words)));
            let inactive = holder.keys.iter().filter(|key| key.status == KeyStatus::Inactive);
            found.extend(inactive.map(|key| finding(PageId::Access, Severity::Note, format!("{} is inactive already.", key.id))));
        }
        Some(Fact::Pending) | None => {}
    }
    let own = facts.user_sources().credentials.get(user).copied();
    match own.and_then(|own| own.has_password) {
        Some(true) => found.push(finding(
            PageId::Access,
            Severity::Warning,
            "Can't be undone: the console password is deleted. Undo gives back everything else.".to_owned(),
        )),
        None if !facts.is_open(&Question::CredentialsOf(user.to_owned())) => found.push(finding(
            PageId::Access,
            Severity::Warning,
            "Whether the user has a console password can't be seen: one would go on working.".to_owned(),
        )),
        Some(false) | None => {}
    }
    if is_denied(user, facts) {
        let words = format!("{DENY_ALL} is attached already: the user's access was revoked before.");
        found.push(finding(PageId::Access, Severity::Note, words));
    }
    let others = facts.other_credentials(user).and_then(Fact::into_known);
    found.extend(others.into_iter().flat_map(|others| &others.gaps).map(|gap| {
        let words = format!("{gap} Such credentials would go on working, unless everything is denied.");
        finding(PageId::Access, Severity::Warning, words)
    }));
    if answers.revocation().is_some_and(|revocation| !revocation.denies) {
        let words = "Open sessions of the user go on: only denying everything stops them.".to_owned();
        found.push(finding(PageId::Access, Severity::Warning, words));
    }
    let words = "Sessions of roles that the user has assumed go on. Revoke them at the role: IAM, Roles, Revoke sessions.";
    found.push(finding(PageId::Access, Severity::Note, words.to_owned()));
    found.extend(quarantined(user, facts));
    found.extend(plan.into_iter().flat_map(|plan| refused(plan, facts)));
    found.sort_by_key(|finding| (finding.page, finding.severity));
    found
}

fn is_denied(user: &str, facts: &Facts) -> bool {
    let held = facts.permissions_of(user).and_then(Fact::into_known);
    held.is_some_and(|held| held.attached.iter().any(|policy| policy.name == DENY_ALL))
}

/// What else the user has and may do, in words: what a leak may have opened.
fn reach(holder: &KeyHolder, id: &str, facts: &Facts) -> Option<String> {
    let held = facts.permissions_of(holder.user.as_str()).and_then(Fact::into_known)?;
    let own = held.attached.iter().map(|policy| policy.name.clone()).chain(held.inline.iter().map(|(name, _)| name.clone()));
    let may: Vec<String> = held.groups.iter().map(|group| format!("group {group}")).chain(own).collect();
    let may = if may.is_empty() { "no policies and no groups".to_owned() } else { may.join(", ") };
    let others = holder.keys.iter().filter(|key| key.id != id && key.status == KeyStatus::Active).count();
    let others = if others > 0 { ", and another access key that works" } else { "" };
    Some(format!("What the key could do: {} has {may}{others}.", holder.user))
}

/// That AWS saw the leak before.
fn quarantined(user: &str, facts: &Facts) -> Option<Finding> {
    let held = facts.permissions_of(user).and_then(Fact::into_known)?;
    let policy = held.attached.iter().find(|policy| policy.name.starts_with(QUARANTINE))?;
    let words = format!(
        "AWS has attached {} to {user}: it saw a key of this user in public. Look at AWS Health and CloudTrail.",
        policy.name
    );
    Some(Finding { page: PageId::User, severity: Severity::Note, words })
}

fn wants_of_key(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let Some(user) = answers.user_name() else { return Vec::new() };
    let mut wants = vec![
        Wanted::anew(Question::Holder(user.to_owned()), "the user and its keys"),
        Wanted::once(Question::PermissionsOf(user.to_owned()), "what is attached to the user"),
    ];
    wants.extend(Wanted::rights(plan, facts));
    wants
}

fn findings_of_key(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    let finding = |severity, words: String| Finding { page: PageId::User, severity, words };
    let (facts, user) = (&context.facts, answers.user_name().unwrap_or_default());
    let Some(id) = answers.found_key() else { return Vec::new() };
    let mut found = Vec::new();
    match facts.holder(user) {
        Some(Fact::Known(holder)) if holder.is_none_or(|holder| holder.key(id).is_none()) => {
            found.push(finding(Severity::Error, format!("{user} has no access key {id} any more.")));
        }
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => found.push(finding(Severity::Error, fault.to_string())),
        _ => {}
    }
    if context.sign_in.origins.keys.all().any(|key| key == id) {
        let words =
            format!("Your own credentials are made with {id}: they would end with it. Choose another profile to call with.");
        found.push(finding(Severity::Error, words));
    }
    if let Some(holder) = facts.holder(user).and_then(Fact::into_known).flatten() {
        let is_off = holder.key(id).is_some_and(|key| key.status == KeyStatus::Inactive);
        found.extend(is_off.then(|| finding(Severity::Note, format!("{id} is inactive already: nothing changes."))));
        found.extend(reach(holder, id, facts).map(|words| finding(Severity::Note, words)));
    }
    let words = format!(
        "A deactivated key does not stop what was opened with it: sessions live up to 36 hours. To stop those too, deny everything \
         to the user: iamwalk revoke {user}"
    );
    found.push(finding(Severity::Note, words));
    found.extend(quarantined(user, facts));
    found.extend(plan.into_iter().flat_map(|plan| refused(plan, facts)));
    found.sort_by_key(|finding| finding.severity);
    found
}
