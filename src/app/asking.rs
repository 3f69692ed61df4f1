//! The pages of a task: one form each, kept as typed whichever way the person goes.

mod guided;
mod naming;

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use super::dialog::Dialog;
use super::effect::Effect;
use super::event::{Event, Key, Wake};
use super::field::{Control, Field, FieldId};
use super::form::{Form, KeyOutcome};
use super::keymap::{KeyCommand, command};
use super::pages::{FieldError, Page};
use super::policy_draft::Draft;
use super::starting::Start;
use super::table::Detail;
use super::tasks::Task;
use super::transition::{Transition, Turn};
use super::{Context, Out, REST};
use crate::domain::answers::{Answers, PageAnswer};
use crate::domain::caller::Source;
use crate::domain::facts::{Fact, Question};
use crate::domain::fault::FaultKind;
use crate::domain::page::PageId;
use crate::domain::unsent::KeptField;
use crate::domain::walkthrough::{ResolvedWalkthrough, SourceLocation, Walkthrough};

/// The pages, their fields and what was accepted.
#[derive(Debug)]
pub struct Asking {
    /// What comes before the pages.
    pub(super) start: Start,
    forms: Vec<Form>,
    at: usize,
    answers: Answers,
    walkthrough: Arc<ResolvedWalkthrough>,
    /// The pages that the person changed something on, since they were filled in.
    changed: Vec<bool>,
    /// The person came from the review, and goes back there.
    from_review: bool,
    /// The person came from the list of users, and goes back there.
    from_users: bool,
    resting: Resting,
    /// Whose account the lists are of.
    source: Option<Source>,
    /// What the command line says of the pages.
    given: Vec<KeptField>,
}

/// The highlight whose rest was last waited for.
#[derive(Debug, Default)]
pub(super) struct Resting(u64);

impl Resting {
    /// Waits for the highlight of this form to rest before asking for what stands beside it.
    pub(super) fn wait(&mut self, form: &Form, out: &mut Out) {
        let moves = match form.focused().map(|field| &field.control) {
            Some(Control::Table(table)) => table.moves.wrapping_add(1 + ((form.focus as u64) << 32)),
            _ => 0,
        };
        if moves != 0 && moves != self.0 {
            out.effects.push(Effect::WakeIn(REST, Wake::Rested(moves)));
        }
        self.0 = moves;
    }
}

impl Asking {
    /// On the first page of a task, with this walkthrough proposed. `user` fills in the name.
    pub(super) fn new(task: &'static Task, walkthrough: Arc<Walkthrough>, user: Option<&str>) -> Self {
        let start = Start::new(task, walkthrough);
        let walkthrough = Arc::new(start.resolved());
        let mut new = Self {
            forms: task.pages.iter().map(|page| (page.form)(&walkthrough)).collect(),
            changed: vec![false; task.pages.len()],
            start,
            at: 0,
            answers: Answers::default(),
            walkthrough,
            from_review: false,
            from_users: false,
            resting: Resting::default(),
            source: None,
            given: Vec::new(),
        };
        if let Some(name) = user {
            new.name(name);
        }
        new
    }

    /// The pages of another task, filled in by the same walkthrough; a name that was typed stays.
    pub(super) fn turn_into(&mut self, task: &'static Task) {
        let typed = self.form_of(PageId::User).text(FieldId::USER_NAME).to_owned();
        self.start.task = task;
        self.forms = task.pages.iter().map(|page| (page.form)(&self.walkthrough)).collect();
        self.changed = vec![false; task.pages.len()];
        (self.at, self.answers, self.from_review) = (0, Answers::default(), false);
        if !typed.is_empty() {
            self.name(&typed);
        }
    }

    pub fn task(&self) -> &'static Task {
        self.start.task
    }

    /// Whether a password was typed, which is kept nowhere.
    pub(super) fn has_password(&self) -> bool {
        let is_typed = |field: &Field| matches!(&field.control, Control::Hidden { text, .. } if !text.as_str().is_empty());
        self.forms.iter().flat_map(|form| &form.fields).any(is_typed)
    }

    /// The fields of all pages.
    pub(super) fn forms(&self) -> &[Form] {
        &self.forms
    }

    pub fn page(&self) -> &'static Page {
        self.task().pages[self.at]
    }

    /// Its place among the task's pages.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn form(&self) -> &Form {
        &self.forms[self.at]
    }

    pub fn walkthrough(&self) -> &Arc<ResolvedWalkthrough> {
        &self.walkthrough
    }

    /// The key by which this walkthrough's file answers a field.
    pub fn key_of(&self, field: FieldId) -> String {
        self.start.key_of(field)
    }

    /// Where its file says what answers this key, of which these words speak; nothing of what the person typed.
    pub fn location(&self, key: &str, words: &str) -> Option<&SourceLocation> {
        self.start.walkthrough.location_of(key, words)
    }

    /// What is to be asked for what is chosen on the open page.
    pub(super) fn questions(&self, context: &Context) -> Vec<Question> {
        (self.page().shown)(self.form(), context)
    }

    pub(super) fn form_of(&mut self, page: PageId) -> &mut Form {
        let at = self.task().index_of(page);
        &mut self.forms[at]
    }

    /// From the start to the task's first page.
    pub(super) fn begin(mut self) -> Transition {
        self.at = 0;
        Transition::Page(self)
    }

    /// Opens a page without accepting the one before.
    pub(super) fn turn_to(&mut self, page: PageId) {
        self.at = self.task().index_of(page);
    }

    /// Accepts the open page.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub(super) fn accept_page(&mut self, context: &Context) -> Result<(), FieldError> {
        self.answers.take((self.page().accept)(self.form(), context)?);
        Ok(())
    }

    /// Keeps a policy as far as it is written.
    pub(super) fn keep(&mut self, index: usize, draft: Draft) {
        let at = self.task().index_of(PageId::Permissions);
        if let Some(drafts) = self.forms[at].drafts_mut(FieldId::DRAFTS) {
            drafts.put(index, draft);
        }
        self.changed[at] = true;
    }

    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The name of the walkthrough that the start was accepted with.
    pub(super) fn begun_with(&mut self, walkthrough: String) {
        self.answers.take(PageAnswer::Walkthrough(walkthrough));
    }

    /// Brings facts into the fields of the open page.
    pub fn refresh(&mut self, context: &Context) {
        self.meet(context);
        self.carry();
        (self.page().refresh)(&mut self.forms[self.at], context);
    }

    /// Meets the caller: the walkthrough is told of the account, and nothing that was chosen from another account's lists
    /// stays. Whether it is somebody else.
    pub(super) fn meet(&mut self, context: &Context) -> bool {
        let is_other = self.source.as_ref() != Some(&context.sign_in.source);
        if is_other {
            for (at, page) in self.task().pages.iter().enumerate().filter(|(_, page)| page.of_account) {
                // A name that was given for the task is no choice from a list.
                let named: Option<String> =
                    self.forms[at].table(FieldId::USER_NAME).and_then(|table| table.wanted().first().cloned());
                self.forms[at] = (page.form)(&self.walkthrough);
                self.answers.forget(page.id);
                self.give_again(page.id);
                if let Some(name) = named {
                    self.name(&name);
                }
            }
            self.source = Some(context.sign_in.source.clone());
        }
        self.follow(context);
        is_other
    }

    /// From the review to the page that an answer is changed on.
    pub(super) fn change(mut self, page: PageId) -> Transition {
        self.from_review = true;
        if page == PageId::Walkthrough {
            return Transition::Start(self);
        }
        self.turn_to(page);
        Transition::Page(self)
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let typing = self.form().is_typing();
        match command(key, typing) {
            Some(KeyCommand::Back) => return self.back(),
            Some(KeyCommand::Leave) => {
                out.dialog = Some(Dialog::leave(context.is_practice(), context.keeps_answers()));
                return Continue(self);
            }
            Some(KeyCommand::Refresh) => {
                match context.facts.caller() {
                    None => out.effects.extend(context.connect_again()),
                    Some(_) => out.effects.extend(context.ask_again((self.page().needs)())),
                }
                return Continue(self);
            }
            _ => {}
        }
        let form = &mut self.forms[self.at];
        let outcome = form.key(key);
        self.changed[self.at] |= outcome == KeyOutcome::Taken && matches!(key, Key::Char(_) | Key::Backspace | Key::Delete);
        self.rest(out);
        match outcome {
            KeyOutcome::Continue => self.accept(context, out),
            KeyOutcome::Remove => {
                if let Some(Control::Drafts(drafts)) = self.form().focused().map(|field| &field.control) {
                    out.dialog = drafts.highlighted().map(|draft| Dialog::remove_policy(&draft.words()));
                }
                Continue(self)
            }
            KeyOutcome::Open => {
                let Some(Control::Drafts(drafts)) = self.form().focused().map(|field| &field.control) else {
                    return Continue(self);
                };
                let index = drafts.at.min(drafts.items.len());
                let draft = drafts.items.get(index).cloned().unwrap_or_default();
                Break(Transition::Policy { asking: self, draft, index })
            }
            _ => Continue(self),
        }
    }

    /// Takes anything else.
    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let form = &mut self.forms[self.at];
        match event {
            // Nobody watches any more, or somebody else does.
            Event::FocusLost => form.set(FieldId::SHOW_PASSWORD, false),
            Event::Woke(Wake::Rested(moves)) => {
                out.effects.extend(self.beside(moves).map_or_else(Vec::new, |question| context.ask([question])));
                return Continue(self);
            }
            Event::Accept => return self.accept(context, out),
            event => form.on(event),
        }
        self.rest(out);
        Continue(self)
    }

    fn back(mut self: Box<Self>) -> Turn<Self> {
        if self.forms[self.at].clear_filter() {
            return Continue(self);
        }
        if self.at == 0 && std::mem::take(&mut self.from_users) {
            return Break(Transition::Users(*self));
        }
        if self.at == 0 {
            return Break(Transition::Start(*self));
        }
        self.at -= 1;
        Continue(self)
    }

    /// With the page that it is turned to open.
    pub(super) fn opened(mut self, context: &mut Context, out: &mut Out) -> Box<Self> {
        self.pass_by_user(context);
        // Until somebody calls there is nobody to ask.
        if context.facts.caller().is_some() {
            out.effects.extend(context.ask(self.task().needs()));
        }
        self.refresh(context);
        self.begin_page(context);
        self.rest(out);
        Box::new(self)
    }

    /// Treats every page as the person's own: its answers are those of an earlier start.
    pub(super) fn keep_all(&mut self) {
        self.changed.fill(true);
    }

    /// Accepts the open page and goes on, or goes to the field that is missing or wrong.
    fn accept(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if asks_for_mfa(context, out) {
            return Continue(self);
        }
        // What is typed counts only when it is looked at with the facts of this very moment.
        self.refresh(context);
        if let Err(refusal) = self.accept_page(context) {
            out.dialog = refusal.taken.as_ref().map(Dialog::taken);
            let form = &mut self.forms[self.at];
            // Whoever was not there yet is not told that it is missing.
            if !form.goes_on_to(refusal.field) {
                form.refuse(refusal.field, refusal.words);
            }
            self.rest(out);
            return Continue(self);
        }
        if self.at + 1 == self.forms.len() || self.from_review {
            return self.review(context);
        }
        self.at += 1;
        self.refresh(context);
        self.begin_page(context);
        self.rest(out);
        Continue(self)
    }

    /// Goes to the first field of a page that has to be answered, where the page was not answered before.
    fn begin_page(&mut self, context: &Context) {
        if self.answers.get(self.page().id).is_some() {
            return;
        }
        if let Err(refusal) = (self.page().accept)(self.form(), context) {
            let form = &mut self.forms[self.at];
            if form.field(refusal.field).is_some_and(Field::is_open) {
                form.focus_on(refusal.field);
            }
        }
    }

    /// Takes the highlighted policy off the page.
    pub(super) fn remove_policy(mut self: Box<Self>) -> Turn<Self> {
        if let Some(drafts) = self.form_of(PageId::Permissions).drafts_mut(FieldId::DRAFTS) {
            drafts.remove();
        }
        self.changed[self.at] = true;
        Continue(self)
    }

    /// Opens the review with what stands on the pages now: what was changed and left by going back counts too.
    pub(super) fn review(mut self: Box<Self>, context: &Context) -> Turn<Self> {
        let open = self.at;
        for at in 0..self.forms.len() {
            self.at = at;
            self.refresh(context);
            if let Err(refusal) = self.accept_page(context) {
                // A page that was never open says nothing yet.
                if self.answers.get(self.page().id).is_some() || at <= open {
                    self.forms[at].refuse(refusal.field, refusal.words);
                }
                return Continue(self);
            }
        }
        self.at = open;
        Break(Transition::Review(*self))
    }

    /// A fact has come: it may have brought the row that is highlighted now.
    pub(super) fn learned(mut self: Box<Self>, out: &mut Out) -> Turn<Self> {
        self.rest(out);
        Continue(self)
    }

    fn rest(&mut self, out: &mut Out) {
        self.resting.wait(&self.forms[self.at], out);
    }

    /// What is to be asked for the row that has rested.
    fn beside(&self, moves: u64) -> Option<Question> {
        if moves != self.resting.0 {
            return None;
        }
        match self.form().focused().map(|field| &field.control) {
            Some(Control::Table(table)) => {
                let row = table.highlighted()?;
                Some(match table.detail {
                    Detail::Document => Question::Document { arn: row.key.clone(), version: row.version.clone() },
                    Detail::GroupPolicies => Question::GroupPolicies(row.key.clone()),
                    Detail::UserPermissions => Question::PermissionsOf(row.key.clone()),
                    Detail::Walkthrough | Detail::Remark | Detail::Columns(_) => return None,
                })
            }
            _ => None,
        }
    }
}

/// Asks for the code of the caller's MFA device, where nobody can call without.
pub(super) fn asks_for_mfa(context: &Context, out: &mut Out) -> bool {
    match context.facts.caller.as_ref().and_then(Fact::fault).map(|fault| &fault.kind) {
        Some(FaultKind::MfaNeeded(serial)) => {
            out.dialog = Some(Dialog::mfa(serial));
            true
        }
        _ => false,
    }
}
