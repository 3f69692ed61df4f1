//! The plan: every effect of a request, in an order in which it can run. Review, progress, undo and the short account at
//! the end are views of this one value.

use super::answers::PolicyChoice;
use super::arn::Partition;
use super::name::UserName;
use super::password::PasswordPolicy;
use super::request::{CHANGE_PASSWORD, Request};
use super::secret::{SecretId, Vault};
use super::step::{Action, Step, StepId};

/// The steps of a request. Made by [`Plan::of`], and read back from a journal by [`Plan::restored`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// Plans a request. `policy` is the account's password policy, `None` where it could not be read.
    pub fn of(request: &Request, partition: &Partition, policy: Option<&PasswordPolicy>) -> Self {
        let mut plan = Self { steps: Vec::new() };
        let user = &request.user.name;
        let made_user = plan
            .add(Action::CreateUser { user: user.clone(), path: request.user.path.clone(), tags: request.tags.clone() }, vec![]);
        if let Some(new) = &request.permissions.new_group {
            let made_group = plan.add(Action::CreateGroup { group: new.name.clone() }, vec![]);
            for policy in &new.policies {
                plan.add(Action::AttachGroupPolicy { group: new.name.clone(), policy: policy.clone() }, vec![made_group]);
            }
            plan.add(Action::AddUserToGroup { user: user.clone(), group: new.name.clone() }, vec![made_user, made_group]);
        }
        for group in &request.permissions.groups {
            plan.add(Action::AddUserToGroup { user: user.clone(), group: group.clone() }, vec![made_user]);
        }
        for policy in &request.permissions.attached {
            plan.add(Action::AttachUserPolicy { user: user.clone(), policy: policy.clone() }, vec![made_user]);
        }
        if request.needs_change_password(policy) {
            let policy = PolicyChoice { name: CHANGE_PASSWORD.to_owned(), arn: partition.managed_policy(CHANGE_PASSWORD) };
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
