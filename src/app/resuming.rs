//! A run of an earlier start, between being opened and resumed: it waits for what must be known first.

use std::ops::ControlFlow::{Break, Continue};

use super::creating::{Agreement, Course};
use super::effect::Farewell;
use super::event::Key;
use super::keymap::{KeyCommand, command};
use super::tasks::Task;
use super::transition::{Transition, Turn, leave};
use super::{Context, Out};
use crate::domain::facts::{Fact, Question};
use crate::domain::fault::FaultKind;
use crate::domain::journal::Run;
use crate::domain::operation::{Operation, SecretKind};

/// A run that waits.
#[derive(Debug)]
pub struct Resuming {
    run: Run,
    course: Course,
    agreement: Agreement,
    /// The names of what is still to be made are looked up again.
    looks_up: bool,
}

impl Resuming {
    pub(super) fn new(run: Run, course: Course, agreement: Agreement) -> Self {
        Self { run, course, agreement, looks_up: course == Course::Making }
    }

    pub fn run(&self) -> &Run {
        &self.run
    }

    pub fn task(&self) -> &'static Task {
        Task::of(self.run.beginning.task)
    }

    /// Resumes the run once the caller is known, and what a new password must meet.
    pub(super) fn go_on(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let Some(caller) = context.facts.caller() else { return Continue(self) };
        if let Some(words) = self.run.refuses(&caller.account, context.sign_in.endpoint.as_deref()) {
            return Self::refused(words);
        }
        let sets_password = self.course == Course::Making && self.run.ledger.plan().yielding(SecretKind::Password).is_some();
        if sets_password && context.facts.is_open(&Question::PasswordPolicy) {
            return Continue(self);
        }
        if std::mem::take(&mut self.looks_up) {
            let questions = self.open_names();
            out.effects.extend(context.ask_again(questions));
        }
        let names = self.open_names();
        if context.facts.waits_for(|question| names.contains(question)) {
            return Continue(self);
        }
        self.run.ledger.see(|operation| context.facts.free_at(operation));
        Break(Transition::GoOn { run: self.run, course: self.course, agreement: self.agreement })
    }

    /// The names of what is still to be made: they were seen free long ago, if at all.
    fn open_names(&self) -> Vec<Question> {
        let open = self.run.ledger.rows().filter(|(step, _)| self.run.ledger.made(step.id).is_none());
        open.filter_map(|(step, _)| match &step.operation {
            Operation::CreateUser(create) => Some(Question::User(create.user.to_string())),
            Operation::CreateGroup(create) => Some(Question::Group(create.group.to_string())),
            Operation::CreatePolicy(create) => Some(Question::Policy(create.policy.arn.clone())),
            _ => None,
        })
        .collect()
    }

    pub(super) fn not_connected(self: Box<Self>, words: String, context: &Context) -> Turn<Self> {
        match context.facts.caller.as_ref().and_then(Fact::fault).map(|fault| &fault.kind) {
            _ if context.interactive => Continue(self),
            // Nobody is there to be asked.
            Some(FaultKind::MfaNeeded(serial)) => {
                let words = format!(
                    "This profile asks for a code of the MFA device {serial}. Start iamwalk with this profile: it asks for the \
                     code, and offers to undo the run."
                );
                Self::refused(words)
            }
            _ => Self::refused(words),
        }
    }

    fn refused(words: String) -> Turn<Self> {
        leave(Farewell::new(2, vec![words, "Nothing was sent.".to_owned()]))
    }

    pub(super) fn key(self: Box<Self>, key: Key) -> Turn<Self> {
        match command(key, false) {
            Some(KeyCommand::Back | KeyCommand::Leave) => {
                leave(Farewell::new(130, vec!["Left before anything was changed.".to_owned()]))
            }
            _ => Continue(self),
        }
    }
}
