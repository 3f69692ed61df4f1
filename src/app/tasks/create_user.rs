//! Creating a user.

use super::{Task, Wanted};
use crate::app::Context;
use crate::app::pages::{access, permissions, tags, user};
use crate::domain::answers::Answers;
use crate::domain::facts::{Facts, Question};
use crate::domain::permissions::effective;
use crate::domain::plan::Plan;
use crate::domain::preflight::{self, Finding, policies_of};
use crate::domain::record::TaskId;
use crate::domain::request::Request;
use crate::domain::walkthrough::{HandOverProposal, ResolvedWalkthrough, written};

pub static TASK: Task = Task {
    id: TaskId::CreateUser,
    title: "Create a user",
    about: "a new user, with its access and its permissions",
    verb: "Create",
    past: "Created",
    pages: &[&user::PAGE, &access::PAGE, &permissions::PAGE, &tags::PAGE],
    wants,
    plan,
    findings,
    confirm: |answers| format!("Create user {}", answers.user_name().unwrap_or_default()),
    file: Some(file),
    done: |user| format!("The user {user} is created."),
};

const MFA: &str = "what the policies say of MFA";

/// The names are looked up again, which also is the read that proves a lost create ours. Whether the caller may do all this; and,
/// where a password must be changed at the first sign-in, what the account's own policies deny: AWS's own lock nobody out.
fn wants(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let Ok(request) = Request::of(answers) else { return Vec::new() };
    let (chosen, caller) = (&request.permissions, facts.caller());
    let mut wants = vec![Wanted::anew(Question::User(request.user.name.to_string()), "whether the user's name is free")];
    let group = chosen.new_group.as_ref();
    wants.extend(group.map(|group| Wanted::anew(Question::Group(group.name.to_string()), "whether the group's name is free")));
    let arns = caller.into_iter().flat_map(|caller| chosen.policies.iter().map(|policy| facts.arn_of(policy, caller)));
    wants.extend(arns.map(|arn| Wanted::anew(Question::Policy(arn), "whether the policy's name is free")));
    let copied = chosen.copy_from.iter().map(|user| Question::PermissionsOf(user.to_string()));
    wants.extend(copied.map(|question| Wanted::anew(question, "what is copied")));
    wants.extend(group.map(|group| Wanted {
        due: facts.has_group(&group.name),
        ..Wanted::anew(Question::GroupPolicies(group.name.to_string()), "what the group gives")
    }));
    let console = request.access.console.as_ref();
    wants.extend(console.map(|_| Wanted::once(Question::PasswordPolicy, "the account's password policy")));
    wants.extend(Wanted::rights(plan, facts));
    if console.is_some_and(|console| console.reset) {
        let groups = effective(chosen, facts).groups;
        wants.extend(groups.iter().map(|group| Wanted::once(Question::GroupPolicies(group.to_string()), MFA)));
        let own = policies_of(&request, facts).into_iter().filter(|arn| !arn.contains(":iam::aws:"));
        wants.extend(own.map(|arn| Wanted::once(Question::Document { arn, version: String::new() }, MFA)));
    }
    wants
}

fn plan(answers: &Answers, facts: &Facts) -> Option<Plan> {
    Some(Plan::of(&Request::of(answers).ok()?, facts.caller()?, facts))
}

fn findings(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    Request::of(answers).map_or_else(|_| Vec::new(), |request| preflight::findings(&request, plan, &context.facts))
}

fn file(answers: &Answers, walkthrough: &ResolvedWalkthrough, hand_over: &HandOverProposal) -> Option<String> {
    Some(written(&Request::of(answers).ok()?, walkthrough, hand_over))
}
