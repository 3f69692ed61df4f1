//! Preflight: what can be known before the first call about whether a plan will go through. Each finding names the page where
//! it is mended; "could not be checked" is said, and is no "no".

use super::caller::{Caller, CallerKind};
use super::document::denies_without_mfa;
use super::facts::{Existence, Fact, Facts};
use super::name::same_name;
use super::plan::Plan;
use super::request::{CHANGE_PASSWORD, PageId, Request};
use super::step::Action;
use super::tag::TAGS_LIMIT;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It would fail: it has to be mended first.
    Error,
    /// It would probably fail, or make something that can't be used: the person decides.
    Warning,
    /// It could not be checked.
    Note,
}

/// Something found before the first call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The page where it is mended.
    pub page: PageId,
    /// How much it weighs.
    pub weight: Weight,
    /// What it is, in words.
    pub words: String,
}

fn error(page: PageId, words: impl Into<String>) -> Concern {
    Concern { page, weight: Weight::Error, words: words.into() }
}

/// A permission that the plan needs, and on what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// `iam:CreateUser`.
    pub permission: &'static str,
    /// The ARN.
    pub resource: String,
}

/// What IAM's simulation says of a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The caller has it.
    Allowed,
    /// The caller lacks it, and why.
    Refused(&'static str),
    /// The simulation would have to know more than can be told it.
    Unknown,
}

/// The rights that a plan needs of its caller, each once.
pub fn rights(plan: &Plan, caller: &Caller) -> Vec<Right> {
    let arn = |kind: &str, path: &str, name: &str| format!("arn:{}:iam::{}:{kind}{path}{name}", caller.partition, caller.account);
    let path_of_user = plan.steps().iter().find_map(|step| match &step.action {
        Action::CreateUser { path, .. } => Some(path.as_str()),
        _ => None,
    });
    let mut rights = Vec::new();
    for step in plan.steps() {
        let action = &step.action;
        let resource = match (action.policy(), action.group(), action.user()) {
            (Some(policy), ..) => policy.arn.clone(),
            (_, Some(group), _) => arn("group", "/", group.as_str()),
            (_, _, Some(user)) => arn("user", path_of_user.unwrap_or("/"), user.as_str()),
            _ => continue,
        };
        let tagging = match action {
            Action::CreateUser { tags, .. } if !tags.is_empty() => Some("iam:TagUser"),
            Action::CreatePolicy { tags, .. } if !tags.is_empty() => Some("iam:TagPolicy"),
            _ => None,
        };
        for permission in std::iter::once(action.permission()).chain(tagging) {
            rights.push(Right { permission, resource: resource.clone() });
        }
    }
    rights.sort();
    rights.dedup();
    rights
}

/// Everything that stands against making this now, as far as the facts are known; the heaviest of each page first.
pub fn concerns(request: &Request, plan: Option<&Plan>, facts: &Facts) -> Vec<Concern> {
    let mut found = names(request, facts);
    found.extend(quotas(request, facts));
    found.extend(password(request, facts));
    if let (Some(plan), Some(caller)) = (plan, facts.caller()) {
        found.extend(permissions(&rights(plan, caller), caller, facts));
    }
    found.sort_by_key(|concern| (concern.page, concern.weight));
    found
}

fn names(request: &Request, facts: &Facts) -> Vec<Concern> {
    let mut found = Vec::new();
    let name = request.user.name.as_str();
    let listed = facts.users.as_ref().is_some_and(|users| users.items.iter().any(|user| same_name(user, name)));
    if listed || facts.user.get(name).and_then(Fact::known) == Some(&Existence::Taken) {
        found.push(error(PageId::User, format!("A user “{name}” exists already (names are compared ignoring case).")));
    }
    let unseen = |fact: Option<&Fact<Existence>>| fact.is_some_and(|fact| fact.fault().is_some());
    let group = request.permissions.new_group.as_ref().map(|group| facts.group.get(group.name.as_str()));
    for (page, fact) in [(PageId::User, facts.user.get(name)), (PageId::Permissions, group.flatten())] {
        if unseen(fact) {
            let words = "It could not be looked up whether the name is free. If the answer to the call is lost, it can't be proven \
                         what that made.";
            found.push(Concern { page, weight: Weight::Note, words: words.to_owned() });
        }
    }
    if let Some(group) = request.permissions.new_group.as_ref().map(|group| group.name.as_str()) {
        let listed = facts.groups.as_ref().is_some_and(|groups| groups.items.iter().any(|g| same_name(g, group)));
        if listed || facts.group.get(group).and_then(Fact::known) == Some(&Existence::Taken) {
            let words = format!("A group “{group}” exists already: choose it from the list of groups, or type another name.");
            found.push(error(PageId::Permissions, words));
        }
    }
    found
}

/// Source: `GetAccountSummary`, and IAM's fixed limits where it can't be read.
fn quotas(request: &Request, facts: &Facts) -> Vec<Concern> {
    let mut found = Vec::new();
    let quotas = facts.quotas();
    if quotas.users >= quotas.users_limit {
        found.push(error(PageId::User, format!("The account holds {} users, its quota.", quotas.users)));
    }
    if request.permissions.new_group.is_some() && quotas.groups >= quotas.groups_limit {
        found.push(error(PageId::Permissions, format!("The account holds {} groups, its quota.", quotas.groups)));
    }
    let with_change = request.needs_change_password(facts.password_policy.as_ref().and_then(Fact::known));
    let attached = request.permissions.attached.len() + usize::from(with_change);
    if attached > quotas.policies_per_user {
        let with = if with_change { format!(" (with {CHANGE_PASSWORD})") } else { String::new() };
        let words = format!(
            "{attached} policies would be attached to the user{with}; the quota is {}. Put some on a group.",
            quotas.policies_per_user
        );
        found.push(error(PageId::Permissions, words));
    }
    let groups = request.permissions.groups.len() + usize::from(request.permissions.new_group.is_some());
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

fn password(request: &Request, facts: &Facts) -> Vec<Concern> {
    let Some(console) = &request.access.console else { return Vec::new() };
    let mut found = Vec::new();
    match facts.password_policy.as_ref() {
        Some(Fact::Known(policy)) => {
            if let Some(Err(words)) = console.own_password.as_ref().map(|own| policy.check(own.expose())) {
                found.push(error(PageId::Access, words));
            }
        }
        Some(Fact::Denied(_) | Fact::Failed(_)) if console.own_password.is_some() => found.push(Concern {
            page: PageId::Access,
            weight: Weight::Note,
            words: "The account's password policy could not be read: IAM may refuse the password.".to_owned(),
        }),
        _ => {}
    }
    if console.reset {
        found.extend(policies_of(request, facts).into_iter().filter(|arn| is_locking(arn, facts)).map(|arn| {
            let name = arn.rsplit('/').next().unwrap_or(&arn);
            Concern {
                page: PageId::Access,
                weight: Weight::Warning,
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
    let chosen = &request.permissions;
    let of_groups = chosen.groups.iter().filter_map(|group| facts.group_policies.get(group.as_str()).and_then(Fact::known));
    let new = chosen.new_group.iter().flat_map(|group| &group.policies);
    let all = chosen.attached.iter().chain(new).chain(of_groups.flatten());
    let mut arns: Vec<String> = all.map(|policy| policy.arn.clone()).collect();
    arns.sort();
    arns.dedup();
    arns
}

fn is_locking(arn: &str, facts: &Facts) -> bool {
    let document = facts.documents.get(arn).and_then(Fact::known);
    document.is_some_and(|document| denies_without_mfa(document, "iam:ChangePassword"))
}

fn permissions(rights: &[Right], caller: &Caller, facts: &Facts) -> Vec<Concern> {
    let concern = |weight, words| vec![Concern { page: PageId::Walkthrough, weight, words }];
    if caller.kind == CallerKind::Federated {
        return concern(
            Weight::Error,
            "These are credentials of GetFederationToken, and IAM takes no call from them.".to_owned(),
        );
    }
    match facts.rights.get(rights) {
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
                    concern(Weight::Warning, words)
                })
                .collect()
        }
        Some(Fact::Denied(_)) => concern(
            Weight::Note,
            "It could not be checked whether you may make these calls: that needs iam:SimulatePrincipalPolicy.".to_owned(),
        ),
        Some(Fact::Failed(fault)) => {
            concern(Weight::Note, format!("It could not be checked whether you may make these calls. {}", fault.what()))
        }
        _ => Vec::new(),
    }
}
