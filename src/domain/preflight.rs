//! Preflight: what can be known before the first call about whether a plan will go through. Each finding names the page where
//! it is mended; "could not be checked" is said, and is no "no".

use super::answers::{NewGroup, NewPolicy, PolicyChoice, PolicyUse};
use super::caller::{Caller, CallerKind};
use super::document::{denies_without_mfa, same_document};
use super::facts::{Existence, Fact, Facts, PolicySight, Question};
use super::name::same_name;
use super::page::PageId;
use super::permissions::effective;
use super::plan::Plan;
use super::policy::{self, GARBLED, INLINE_SIZE, Purpose, is_garbled};
use super::request::{CHANGE_PASSWORD, Request};
use super::right::{Right, Verdict};
use super::step::Step;
use super::tag::TAGS_LIMIT;

/// Versions that a policy can have (IAM quotas).
const VERSIONS_LIMIT: usize = 5;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It would fail: it has to be mended first.
    Error,
    /// A thing that already exists is used, and it gives more than was asked for: the person decides.
    Existing,
    /// It would probably fail, or make something that can't be used: the person decides.
    Warning,
    /// It could not be checked.
    Note,
}

/// Something found before the first call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The page where it is mended.
    pub page: PageId,
    /// How much it weighs.
    pub severity: Severity,
    pub words: String,
}

fn error(page: PageId, words: impl Into<String>) -> Finding {
    Finding { page, severity: Severity::Error, words: words.into() }
}

/// The calls of a plan that the caller may not make, as far as IAM's simulation has said so.
pub fn refused(plan: &Plan, facts: &Facts) -> Vec<Finding> {
    let Some(caller) = facts.caller() else { return Vec::new() };
    let asked = rights(plan, caller);
    let verdicts = facts.verdicts(&asked).and_then(Fact::into_known).unwrap_or_default();
    let words = |(right, verdict): (&Right, &Verdict)| match verdict {
        Verdict::Refused(why) => {
            let words = format!("You may not make {} on {}: {why}.", right.permission, right.resource);
            Some(Finding { page: PageId::Walkthrough, severity: Severity::Error, words })
        }
        Verdict::Allowed | Verdict::Unknown => None,
    };
    asked.iter().zip(verdicts).filter_map(words).collect()
}

/// The rights that a plan needs of its caller, each once.
pub fn rights(plan: &Plan, caller: &Caller) -> Vec<Right> {
    let right = |step: &Step| {
        let entity = step.operation.resource();
        let resource = entity.arn(caller, plan.path_of(&entity).as_ref());
        let rights = step.operation.rights().into_iter();
        rights.map(|permission| Right { permission, resource: resource.clone() }).collect::<Vec<_>>()
    };
    let mut rights: Vec<Right> = plan.steps().iter().flat_map(right).collect();
    rights.sort();
    rights.dedup();
    rights
}

/// Everything that stands against making this now, as far as the facts are known; the heaviest of each page first.
pub fn findings(request: &Request, plan: Option<&Plan>, facts: &Facts) -> Vec<Finding> {
    let mut found = names(request, facts);
    found.extend(quotas(request, facts));
    found.extend(copied(request, facts));
    found.extend(documents(request, facts.caller()));
    found.extend(password(request, facts));
    if let (Some(plan), Some(caller)) = (plan, facts.caller()) {
        found.extend(permissions(&rights(plan, caller), caller, facts));
    }
    found.sort_by_key(|finding| (finding.page, finding.severity));
    found
}

fn names(request: &Request, facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    let name = request.user.name.as_str();
    let listed = facts.users().iter().any(|user| same_name(&user.name, name));
    if listed || facts.user(name).and_then(Fact::into_known) == Some(Existence::Taken) {
        found.push(error(PageId::User, format!("A user “{name}” exists already (names are compared ignoring case).")));
    }
    let unseen = |fact: Option<Fact<Existence>>| fact.is_some_and(|fact| fact.fault().is_some());
    let group = request.permissions.new_group.as_ref().and_then(|group| facts.group(group.name.as_str()));
    for (page, fact) in [(PageId::User, facts.user(name)), (PageId::Permissions, group)] {
        if unseen(fact) {
            let words = "It could not be looked up whether the name is free. If the answer to the call is lost, it can't be proven \
                         what that made.";
            found.push(Finding { page, severity: Severity::Note, words: words.to_owned() });
        }
    }
    found.extend(request.permissions.new_group.as_ref().and_then(|group| joined(group, request, facts)));
    if let Some(caller) = facts.caller() {
        found.extend(request.permissions.policies.iter().filter_map(|policy| remade(policy, caller, facts)));
    }
    found
}

/// A group that already exists: what it gives beyond what is wanted of it.
fn joined(group: &NewGroup, request: &Request, facts: &Facts) -> Option<Finding> {
    if !facts.has_group(&group.name) {
        return None;
    }
    let name = &group.name;
    let own = request.permissions.policies.iter().filter(|policy| policy.used == PolicyUse::Group);
    let own: Vec<String> =
        facts.caller().map_or_else(Vec::new, |caller| own.map(|policy| facts.arn_of(policy, caller)).collect());
    let words = match facts.group_policies(name.as_str()) {
        Some(Fact::Known(held)) => {
            let is_more = |policy: &&PolicyChoice| {
                !group.policies.iter().any(|wanted| wanted.arn == policy.arn) && !own.contains(&policy.arn)
            };
            let more: Vec<&str> = held
                .policies
                .iter()
                .filter(is_more)
                .map(|policy| policy.name.as_str())
                .chain(held.inline.iter().map(String::as_str))
                .collect();
            if more.is_empty() {
                return None;
            }
            format!("There is a group “{name}” already, and the user would join it. It also gives: {}.", more.join(", "))
        }
        Some(fact) if fact.fault().is_some() => {
            format!("There is a group “{name}” already, and the user would join it. What else it gives can't be seen.")
        }
        _ => return None,
    };
    Some(Finding { page: PageId::Permissions, severity: Severity::Existing, words })
}

/// A policy whose name the account has already, with another document.
fn remade(policy: &NewPolicy, caller: &Caller, facts: &Facts) -> Option<Finding> {
    let name = &policy.name;
    let finding = |severity, words| Some(Finding { page: PageId::Permissions, severity, words });
    match facts.policy(&facts.arn_of(policy, caller)) {
        Some(Fact::Known(PolicySight::There(there))) if !same_document(&there.document, &policy.document) => {
            if !policy.new_version {
                let words = format!(
                    "The account has a policy “{name}” with another document. Make that a new version of it (on the page \
                     Permissions, or new-version = true in the file), or give yours another name."
                );
                return finding(Severity::Error, words);
            }
            if there.versions >= VERSIONS_LIMIT {
                let words = format!(
                    "The policy “{name}” has {} versions, as many as it can have. Delete one that is not in force first: aws iam \
                     list-policy-versions, then aws iam delete-policy-version.",
                    there.versions
                );
                return finding(Severity::Error, words);
            }
            match there.attachments {
                0 => None,
                n => {
                    let words = format!("The new version of “{name}” applies at once to everybody who has the policy: {n} now.");
                    finding(Severity::Warning, words)
                }
            }
        }
        Some(fact) if fact.fault().is_some() => {
            finding(Severity::Note, format!("It could not be looked up whether the account has a policy “{name}”."))
        }
        _ => None,
    }
}

/// What IAM would refuse of the documents in this caller's account, what a guide wants replaced and is still there, what IAM would
/// garble; and a user that nobody could use.
fn documents(request: &Request, caller: Option<&Caller>) -> Vec<Finding> {
    let chosen = &request.permissions;
    let made = chosen.policies.iter().map(|policy| (&policy.name, &policy.document, false));
    let all = made.chain(chosen.inline.iter().map(|policy| (&policy.name, &policy.document, true)));
    let mut found = Vec::new();
    for (name, document, inline) in all {
        let reading = policy::read(document, &Purpose::of(caller).inline(inline));
        found.extend(reading.refusal().map(|fault| error(PageId::Permissions, format!("In the policy {name}, {fault}"))));
        let mut left: Vec<String> = reading.placeholders.into_iter().map(|left| left.text).collect();
        left.dedup();
        if !left.is_empty() {
            let words = format!("Policy {name} still contains placeholders: {}.", left.join(", "));
            found.push(Finding { page: PageId::Permissions, severity: Severity::Warning, words });
        }
    }
    for policy in chosen.policies.iter().filter(|policy| is_garbled(&policy.description)) {
        let words = format!("The description of {}: {GARBLED}", policy.name);
        found.push(Finding { page: PageId::Permissions, severity: Severity::Note, words });
    }
    if request.access.key.is_none() && request.access.console.is_none() {
        let words = "The user gets neither a key nor a password: nobody can work as it yet.".to_owned();
        found.push(Finding { page: PageId::Access, severity: Severity::Note, words });
    }
    found
}

/// What copying leaves out, or why nothing can be copied.
fn copied(request: &Request, facts: &Facts) -> Vec<Finding> {
    let Some(from) = &request.permissions.copy_from else { return Vec::new() };
    let finding = |severity, words| Finding { page: PageId::Permissions, severity, words };
    if let Some(fault) = facts.end(&Question::PermissionsOf(from.to_string())).and_then(Fact::fault) {
        let words = format!("The permissions of {from} can't be read, so they can't be copied. {}", fault.what());
        return vec![finding(Severity::Error, words)];
    }
    let left_out = effective(&request.permissions, facts).left_out;
    left_out.into_iter().map(|words| finding(Severity::Warning, format!("Not copied from {from}. {words}"))).collect()
}

/// Source: `GetAccountSummary`, and IAM's fixed limits where it can't be read.
fn quotas(request: &Request, facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    let quotas = facts.quotas();
    if quotas.users >= quotas.users_limit {
        found.push(error(PageId::User, format!("The account holds {} users, its quota.", quotas.users)));
    }
    let makes_group = request.permissions.new_group.as_ref().is_some_and(|group| !facts.has_group(&group.name));
    if makes_group && quotas.groups >= quotas.groups_limit {
        found.push(error(PageId::Permissions, format!("The account holds {} groups, its quota.", quotas.groups)));
    }
    let all = effective(&request.permissions, facts);
    let with_change = request.needs_change_password(facts);
    let made = |used| request.permissions.policies.iter().filter(|policy| policy.used == used).count();
    let attached = all.attached.len() + made(PolicyUse::User) + usize::from(with_change);
    let inline: usize = all.inline.iter().map(|policy| policy::size(&policy.document)).sum();
    if inline > INLINE_SIZE {
        let words = format!("The inline policies have {inline} characters together; IAM takes {INLINE_SIZE}.");
        found.push(error(PageId::Permissions, words));
    }
    if let Some(group) = &request.permissions.new_group {
        let held = facts.group_policies(group.name.as_str()).and_then(Fact::into_known).filter(|_| facts.has_group(&group.name));
        let others = held.map_or(0, |held| held.policies.iter().filter(|policy| !group.policies.contains(policy)).count());
        let count = group.policies.len() + made(PolicyUse::Group) + others;
        if count > quotas.policies_per_group {
            let words =
                format!("The group “{}” would have {count} policies; the quota is {}.", group.name, quotas.policies_per_group);
            found.push(error(PageId::Permissions, words));
        }
    }
    if attached > quotas.policies_per_user {
        let with = if with_change { format!(" (with {CHANGE_PASSWORD})") } else { String::new() };
        let words = format!(
            "{attached} policies would be attached to the user{with}; the quota is {}. Put some on a group.",
            quotas.policies_per_user
        );
        found.push(error(PageId::Permissions, words));
    }
    let groups = all.groups.len() + usize::from(request.permissions.new_group.is_some());
    if groups > quotas.groups_per_user {
        let words = format!("The user would be in {groups} groups; the quota is {}.", quotas.groups_per_user);
        found.push(error(PageId::Permissions, words));
    }
    let described = request.access.key.as_ref().is_some_and(|key| key.description.is_some());
    if request.tags.len() + usize::from(described) > TAGS_LIMIT {
        found.push(error(PageId::Tags, "50 tags are the limit, and the key's description is one of them."));
    }
    found
}

fn password(request: &Request, facts: &Facts) -> Vec<Finding> {
    let Some(console) = &request.access.console else { return Vec::new() };
    let mut found = Vec::new();
    match facts.password_policy() {
        Some(Fact::Known(policy)) => {
            if let Some(Err(words)) = console.own_password.as_ref().map(|own| policy.check(own.expose())) {
                found.push(error(PageId::Access, words));
            }
        }
        Some(Fact::Denied(_) | Fact::Failed(_)) if console.own_password.is_some() => found.push(Finding {
            page: PageId::Access,
            severity: Severity::Note,
            words: "The account's password policy could not be read: IAM may refuse the password.".to_owned(),
        }),
        _ => {}
    }
    if console.reset {
        found.extend(policies_of(request, facts).into_iter().filter(|arn| is_locking(arn, facts)).map(|arn| {
            let name = arn.rsplit('/').next().unwrap_or(&arn);
            Finding {
                page: PageId::Access,
                severity: Severity::Warning,
                words: format!(
                    "The policy {name} denies everything without MFA, and a password that must be changed at the first \
                     sign-in is changed before MFA can be set up: the user could not sign in. Don't require the reset, or \
                     let the policy allow iam:ChangePassword without MFA."
                ),
            }
        }));
    }
    found
}

/// The ARNs of all managed policies that the user will have, as far as they are known.
pub fn policies_of(request: &Request, facts: &Facts) -> Vec<String> {
    let all = effective(&request.permissions, facts);
    let of_groups = all.groups.iter().filter_map(|group| facts.group_policies(group.as_str()).and_then(Fact::into_known));
    let new = request.permissions.new_group.iter().flat_map(|group| &group.policies);
    let all = all.attached.iter().chain(new).chain(of_groups.flat_map(|held| &held.policies));
    let mut arns: Vec<String> = all.map(|policy| policy.arn.clone()).collect();
    arns.sort();
    arns.dedup();
    arns
}

fn is_locking(arn: &str, facts: &Facts) -> bool {
    let document = facts.document(arn).and_then(Fact::into_known);
    document.is_some_and(|document| denies_without_mfa(document, "iam:ChangePassword"))
}

fn permissions(rights: &[Right], caller: &Caller, facts: &Facts) -> Vec<Finding> {
    let finding = |severity, words| vec![Finding { page: PageId::Walkthrough, severity, words }];
    if caller.kind == CallerKind::Federated {
        return finding(
            Severity::Error,
            "These are credentials of GetFederationToken, and IAM takes no call from them.".to_owned(),
        );
    }
    match facts.verdicts(rights) {
        Some(Fact::Known(verdicts)) => {
            let refused = rights.iter().zip(verdicts).filter_map(|(right, verdict)| match verdict {
                Verdict::Refused(why) => Some((right, *why)),
                _ => None,
            });
            refused
                .flat_map(|(right, why)| {
                    let words = format!(
                        "By IAM's simulation you may not call {} on {} ({why}). Choose another profile, or ask for the permission.",
                        right.permission, right.resource
                    );
                    finding(Severity::Warning, words)
                })
                .collect()
        }
        Some(Fact::Denied(_)) => finding(
            Severity::Note,
            "It could not be checked whether you may make these calls: that needs iam:SimulatePrincipalPolicy.".to_owned(),
        ),
        Some(Fact::Failed(fault)) => {
            finding(Severity::Note, format!("It could not be checked whether you may make these calls. {}", fault.what()))
        }
        _ => Vec::new(),
    }
}
