//! The plan: every effect of a request, in an order in which it can run. Review, progress, undo and the short account at
//! the end are views of this one value.

use super::answers::{InlinePolicy, NewPolicy, PolicyChoice, PolicyUse};
use super::caller::Caller;
use super::document::same_document;
use super::facts::{Fact, Facts, PolicySight};
use super::name::UserName;
use super::permissions::effective;
use super::request::{CHANGE_PASSWORD, Request};
use super::secret::{SecretId, Vault};
use super::step::{Action, Step};
use super::step_id::StepId;

/// The steps of a request. Made by [`Plan::of`], and read back from a journal by [`Plan::restored`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// Plans a request for this caller's account, as far as the facts are known: what is there already is used.
    pub fn of(request: &Request, caller: &Caller, facts: &Facts) -> Self {
        let mut plan = Self { steps: Vec::new() };
        let (user, chosen) = (&request.user.name, &request.permissions);
        let all = effective(chosen, facts);
        // Each new policy with the step that makes it; none where the account has it.
        let made: Vec<_> = chosen.policies.iter().map(|new| (new, plan.make_policy(new, caller, facts))).collect();
        let used = |wanted: PolicyUse| made.iter().filter(move |(new, _)| new.used == wanted).map(|(_, made)| made);
        let (boundary, bounding) = match used(PolicyUse::Boundary).next() {
            Some((policy, step)) => (Some(policy.clone()), step.iter().copied().collect()),
            None => (all.boundary, vec![]),
        };
        let (path, tags) = (request.user.path.clone(), request.tags.clone());
        let made_user = plan.add(Action::CreateUser { user: user.clone(), path, tags, boundary }, bounding);
        if let Some(new) = &chosen.new_group {
            let group = &new.name;
            let made_group: Vec<StepId> = if facts.has_group(group) {
                vec![]
            } else {
                vec![plan.add(Action::CreateGroup { group: group.clone() }, vec![])]
            };
            let existing = new.policies.iter().map(|policy| (policy.clone(), None));
            // The user joins a group that is whole: another run that meets the group with a user in it has nothing to add.
            let mut whole = made_group.clone();
            for (policy, step) in used(PolicyUse::Group).cloned().chain(existing) {
                let needs = made_group.iter().copied().chain(step).collect();
                whole.push(plan.add(Action::AttachGroupPolicy { group: group.clone(), policy }, needs));
            }
            let needs = std::iter::once(made_user).chain(whole).collect();
            plan.add(Action::AddUserToGroup { user: user.clone(), group: group.clone() }, needs);
        }
        for group in all.groups {
            plan.add(Action::AddUserToGroup { user: user.clone(), group }, vec![made_user]);
        }
        let existing = all.attached.into_iter().map(|policy| (policy, None));
        for (policy, step) in used(PolicyUse::User).cloned().chain(existing) {
            plan.add(Action::AttachUserPolicy { user: user.clone(), policy }, std::iter::once(made_user).chain(step).collect());
        }
        for InlinePolicy { name, document } in all.inline {
            plan.add(Action::PutUserPolicy { user: user.clone(), name, document }, vec![made_user]);
        }
        if request.needs_change_password(facts) {
            let policy = PolicyChoice { name: CHANGE_PASSWORD.to_owned(), arn: caller.partition.managed_policy(CHANGE_PASSWORD) };
            plan.add(Action::AttachUserPolicy { user: user.clone(), policy }, vec![made_user]);
        }
        if let Some(console) = &request.access.console {
            plan.add(Action::CreateLoginProfile { user: user.clone(), reset: console.reset }, vec![made_user]);
        }
        if let Some(key) = &request.access.key {
            // The last step that may stop a run: a failure before it leaves no secret that somebody must receive.
            let all = plan.steps.iter().map(|step| step.id).collect();
            let made_key = plan.add(Action::CreateAccessKey { user: user.clone() }, all);
            if let Some(description) = &key.description {
                let described = plan.add(
                    Action::DescribeAccessKey { user: user.clone(), key: made_key, description: description.clone() },
                    vec![made_key],
                );
                plan.steps[described.0].stops = false;
            }
        }
        plan
    }

    /// The steps that a new policy needs: none where the account has the same, a new version where it has another.
    fn make_policy(&mut self, new: &NewPolicy, caller: &Caller, facts: &Facts) -> (PolicyChoice, Option<StepId>) {
        let policy = PolicyChoice { name: new.name.to_string(), arn: facts.arn_of(new, caller) };
        let document = new.document.clone();
        let action = match facts.policy.get(&policy.arn).and_then(Fact::known) {
            Some(PolicySight::There(there)) if same_document(&there.document, &document) => return (policy, None),
            Some(PolicySight::There(there)) => {
                Action::CreatePolicyVersion { policy: policy.clone(), document, before: there.version.clone() }
            }
            _ => Action::CreatePolicy {
                policy: policy.clone(),
                description: new.description.clone(),
                document,
                tags: new.tags.clone(),
            },
        };
        let step = self.add(action, vec![]);
        (policy, Some(step))
    }

    /// The plan of an earlier run, as its journal has it; `None` where a step would need a later one.
    pub fn restored(steps: Vec<Step>) -> Option<Self> {
        let sound = |(i, step): (usize, &Step)| step.id == StepId(i) && step.needs.iter().all(|need| need.0 < i);
        steps.iter().enumerate().all(sound).then_some(Self { steps })
    }

    /// The user whom it is about.
    pub fn user(&self) -> Option<&UserName> {
        self.steps.iter().find_map(|step| step.action.user())
    }

    fn add(&mut self, action: Action, needs: Vec<StepId>) -> StepId {
        let id = StepId(self.steps.len());
        self.steps.push(Step { id, action, needs, stops: true });
        id
    }

    /// The steps, each after all that it needs.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// One step.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.0)
    }

    /// The step that makes the access key.
    pub fn key_step(&self) -> Option<StepId> {
        self.find(|action| matches!(action, Action::CreateAccessKey { .. }))
    }

    /// The step that describes the key.
    pub fn description_step(&self) -> Option<StepId> {
        self.find(|action| matches!(action, Action::DescribeAccessKey { .. }))
    }

    /// The step that sets the console password.
    pub fn password_step(&self) -> Option<StepId> {
        self.find(|action| matches!(action, Action::CreateLoginProfile { .. }))
    }

    fn find(&self, is: impl Fn(&Action) -> bool) -> Option<StepId> {
        self.steps.iter().find(|step| is(&step.action)).map(|step| step.id)
    }

    /// Puts the person's own password where the step that sends it will look. What an earlier plan's steps left there goes:
    /// an old password must not be taken for a generated one.
    pub fn stow(&self, request: &Request, vault: &Vault) {
        for step in &self.steps {
            vault.forget(SecretId::Of(step.id));
        }
        if let (Some(step), Some(own)) =
            (self.password_step(), request.access.console.as_ref().and_then(|console| console.own_password.clone()))
        {
            vault.put(SecretId::Of(step), own);
        }
    }
}
