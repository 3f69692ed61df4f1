//! The start: what is to be done, by which walkthrough, with its own questions answered, and who makes the calls.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use super::asking::{Asking, Resting, asks_for_mfa};
use super::dialog::Dialog;
use super::event::{Event, Key};
use super::field::{Field, FieldId};
use super::form::{Form, KeyOutcome};
use super::keymap::{KeyCommand, command};
use super::pages::{FieldError, walkthrough};
use super::tasks::Task;
use super::transition::{Transition, Turn};
use super::{Context, Out};
use crate::domain::caller::Source;
use crate::domain::facts::Fact;
use crate::domain::page::PageId;
use crate::domain::walkthrough::{Bindings, ResolvedWalkthrough, Responses, Walkthrough};

/// What is chosen before the pages.
#[derive(Debug)]
pub struct Start {
    pub(super) task: &'static Task,
    pub(super) form: Form,
    /// The walkthrough that is followed, what was answered to its questions, and what it was told of the account.
    pub(super) walkthrough: Arc<Walkthrough>,
    pub(super) responses: Responses,
    pub(super) bindings: Bindings,
}

impl Start {
    pub(super) fn new(task: &'static Task, walkthrough: Arc<Walkthrough>) -> Self {
        let (responses, bindings) = (Responses::defaults(&walkthrough), Bindings::default());
        Self { task, form: walkthrough::form(task, &walkthrough.name), walkthrough, responses, bindings }
    }

    /// The walkthrough as it is answered and filled in now.
    pub(super) fn resolved(&self) -> ResolvedWalkthrough {
        self.walkthrough.resolve(&self.responses, &self.bindings)
    }

    /// The key by which the walkthrough's file answers a field.
    pub(super) fn key_of(&self, field: FieldId) -> String {
        let key = field.key.to_owned();
        if field == FieldId::DRAFTS {
            return self.walkthrough.key_of_asked_file().unwrap_or(key);
        }
        let variable = self.walkthrough.variables.get(field.at).filter(|_| field.is_variable());
        variable.map_or_else(|| key.clone(), |variable| format!("{key}.{}.value", variable.id))
    }
}

/// On the start. The pages behind it are kept as they were filled in.
#[derive(Debug)]
pub struct Starting {
    asking: Asking,
    resting: Resting,
}

impl Starting {
    pub fn new(task: &'static Task, walkthrough: Arc<Walkthrough>, user: Option<&str>) -> Self {
        Self::again(Asking::new(task, walkthrough, user))
    }

    /// Back from the pages.
    pub(super) fn again(asking: Asking) -> Self {
        Self { asking, resting: Resting::default() }
    }

    pub fn task(&self) -> &'static Task {
        self.asking.task()
    }

    pub fn form(&self) -> &Form {
        &self.asking.start.form
    }

    pub fn walkthrough(&self) -> &Arc<ResolvedWalkthrough> {
        self.asking.walkthrough()
    }

    /// The pages behind, once one of them was open.
    pub(super) fn begun(&self) -> Option<&Asking> {
        Some(&self.asking).filter(|asking| asking.answers().get(PageId::Walkthrough).is_some())
    }

    /// The pages behind.
    pub(super) fn asking(&mut self) -> &mut Asking {
        &mut self.asking
    }

    /// Leaves the start for the pages, whatever stands on it.
    pub(super) fn into_asking(self) -> Asking {
        self.asking
    }

    /// Brings facts into the fields.
    pub fn refresh(&mut self, context: &Context) {
        let is_other = self.asking.meet(context);
        walkthrough::refresh(&mut self.asking.start.form, context);
        if let Some(task) = walkthrough::task(self.form()).filter(|task| task.id != self.task().id) {
            self.asking.turn_into(task);
        }
        if is_other {
            walkthrough::follow_source(&mut self.asking.start.form, context);
        }
    }

    /// All that is missing or wrong.
    pub(super) fn missing(&mut self, context: &Context) -> Vec<FieldError> {
        match self.accept_form(context) {
            Ok(_) => Vec::new(),
            Err(first) => {
                let chosen = walkthrough::chosen(self.form(), context);
                let all = chosen.map(|walkthrough| walkthrough::missing(self.form(), walkthrough)).filter(|all| !all.is_empty());
                all.unwrap_or_else(|| vec![first])
            }
        }
    }

    /// Takes the choices in; a notice where that replaces what the person had changed on the pages.
    pub(super) fn accept_form(&mut self, context: &Context) -> Result<Option<Dialog>, FieldError> {
        let name = walkthrough::accept(&self.asking.start.form, context)?;
        self.asking.begun_with(name);
        Ok(self.asking.choose(context))
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let form = &mut self.asking.start.form;
        match command(key, form.is_typing()) {
            Some(KeyCommand::Back) if form.clear_filter() => return Continue(self),
            Some(KeyCommand::Back | KeyCommand::Leave) => {
                out.dialog = Some(Dialog::leave(context.is_practice(), self.begun().is_some() && context.keeps_answers()));
                return Continue(self);
            }
            Some(KeyCommand::Refresh) => {
                out.effects.extend(context.connect_again());
                return Continue(self);
            }
            _ => {}
        }
        let outcome = form.key(key);
        self.rest(out);
        match outcome {
            KeyOutcome::Continue => self.accept(context, out),
            _ => Continue(self),
        }
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if matches!(event, Event::Accept) {
            return self.accept(context, out);
        }
        self.asking.start.form.on(event);
        self.rest(out);
        Continue(self)
    }

    /// Connects with what was chosen, or opens the pages, or goes to what is missing or wrong.
    fn accept(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if let Some(source) = walkthrough::chosen_source(self.form(), context)
            && source != context.sign_in.source
        {
            match source {
                Source::Pasted { key_id } if key_id.is_empty() => out.dialog = Some(Dialog::paste()),
                source => out.effects.extend(context.connect(source)),
            }
            return Continue(self);
        }
        if walkthrough::wants_users(self.form()) {
            return match context.facts.caller.as_ref().and_then(Fact::fault) {
                Some(fault) => {
                    let words = fault.to_string();
                    self.asking.start.form.refuse(FieldId::CALLER, words);
                    Continue(self)
                }
                None => Break(Transition::Users(self.asking)),
            };
        }
        // Enter goes through the walkthrough's own questions, so that none is passed over by accident.
        let form = &mut self.asking.start.form;
        let is_question = |field: &Field| field.asked && field.id.is_of_walkthrough();
        if let Some(next) = (form.focus + 1..form.fields.len()).find(|at| is_question(&form.fields[*at])) {
            form.focus = next;
            return Continue(self);
        }
        if asks_for_mfa(context, out) {
            return Continue(self);
        }
        // What is typed counts only when it is looked at with the facts of this very moment.
        self.refresh(context);
        match self.accept_form(context) {
            Ok(notice) => {
                out.dialog = notice;
                Break(self.asking.begin())
            }
            Err(refusal) => {
                self.asking.start.form.refuse(refusal.field, refusal.words);
                Continue(self)
            }
        }
    }

    /// A fact has come: it may have brought the row that is highlighted now.
    pub(super) fn learned(mut self: Box<Self>, out: &mut Out) -> Turn<Self> {
        self.rest(out);
        Continue(self)
    }

    fn rest(&mut self, out: &mut Out) {
        self.resting.wait(&self.asking.start.form, out);
    }
}
