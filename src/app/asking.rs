//! The pages of questions: one form each, kept as typed whichever way the person goes.

mod guided;

use std::sync::Arc;

use super::dialog::Dialog;
use super::drafting;
use super::drafts::Draft;
use super::effect::Effect;
use super::event::{Event, Key, Wake};
use super::field::{Control, Field, FieldId};
use super::form::{Form, Outcome};
use super::keymap::{Command, command};
use super::pages::{PAGES, Page, Refusal, index_of, permissions, walkthrough};
use super::reviewing::Reviewing;
use super::table::Detail;
use super::{Context, Out, Phase, REST};
use crate::domain::answers::Answers;
use crate::domain::caller::Source;
use crate::domain::facts::{Fact, Question};
use crate::domain::fault::FaultKind;
use crate::domain::page::PageId;
use crate::domain::walkthrough::{Given, Guide, Known, Spot, Walkthrough};

/// The pages, their fields and what was accepted.
#[derive(Debug)]
pub struct Asking {
    forms: Vec<Form>,
    at: usize,
    answers: Answers,
    /// The walkthrough that is followed, what was answered to its questions, and what it was told of the account.
    walkthrough: Arc<Walkthrough>,
    given: Given,
    known: Known,
    guide: Arc<Guide>,
    /// The pages that the person changed something on, since they were filled in.
    changed: [bool; PAGES.len()],
    /// The person came from the review, and goes back there.
    from_review: bool,
    /// The highlight whose rest was last waited for.
    resting: u64,
    /// Whose account the lists are of.
    source: Option<Source>,
}

impl Asking {
    /// On the first page, with this walkthrough proposed. `user` fills in the name.
    pub fn new(walkthrough: Arc<Walkthrough>, user: Option<&str>) -> Self {
        let (given, known) = (Given::defaults(&walkthrough), Known::default());
        let guide = Arc::new(walkthrough.guide(&given, &known));
        let mut new = Self {
            forms: PAGES.iter().map(|page| (page.form)(&guide)).collect(),
            at: 0,
            answers: Answers::default(),
            walkthrough,
            given,
            known,
            guide,
            changed: [false; PAGES.len()],
            from_review: false,
            resting: 0,
            source: None,
        };
        if let Some(name) = user {
            new.name(name);
        }
        new
    }

    fn name(&mut self, name: &str) {
        let form = &mut self.forms[index_of(PageId::User)];
        if let Some(Control::Text(text)) = form.field_mut(FieldId::USER_NAME).map(|field| &mut field.control) {
            text.set(name);
        }
    }

    /// The page that is open.
    pub fn page(&self) -> &'static Page {
        PAGES[self.at]
    }

    /// Its place.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Its fields.
    pub fn form(&self) -> &Form {
        &self.forms[self.at]
    }

    /// The walkthrough that guides.
    pub fn guide(&self) -> &Arc<Guide> {
        &self.guide
    }

    /// The key by which this walkthrough's file answers a field.
    pub fn key_of(&self, field: FieldId) -> String {
        let key = field.key.to_owned();
        if field == FieldId::DRAFTS {
            return self.walkthrough.key_of_asked_file().unwrap_or(key);
        }
        let variable = self.walkthrough.variables.get(field.at).filter(|_| field.is_variable());
        variable.map_or_else(|| key.clone(), |variable| format!("{key}.{}.value", variable.id))
    }

    /// Where its file says what answers this key, of which these words speak; nothing of what the person typed.
    pub fn spot(&self, key: &str, words: &str) -> Option<&Spot> {
        self.walkthrough.spot_of(key, words)
    }

    /// All that is missing or wrong on the open page.
    pub(super) fn missing(&mut self, context: &Context) -> Vec<Refusal> {
        let first = self.try_page(context).err();
        match walkthrough::chosen(self.form(), context).filter(|_| self.page().id == PageId::Walkthrough) {
            Some(guide) if first.is_some() => walkthrough::missing(self.form(), guide),
            _ => first.into_iter().collect(),
        }
    }

    /// What is to be asked for what is chosen on the open page.
    pub(super) fn questions(&self) -> Option<Question> {
        (self.page().id == PageId::Permissions).then(|| permissions::questions(self.form())).flatten()
    }

    /// The fields of a page.
    pub(super) fn form_of(&mut self, page: PageId) -> &mut Form {
        &mut self.forms[index_of(page)]
    }

    /// Opens a page without accepting the one before.
    pub(super) fn turn_to(&mut self, page: PageId) {
        self.at = index_of(page);
    }

    /// Accepts the open page.
    ///
    /// # Errors
    /// What is missing or wrong.
    fn try_page(&mut self, context: &Context) -> Result<(), Refusal> {
        self.answers.take((self.page().accept)(&self.forms[self.at], context)?);
        if self.page().id == PageId::Walkthrough {
            let _ = self.choose(context);
        }
        Ok(())
    }

    /// Keeps a policy as far as it is written.
    pub(super) fn keep(&mut self, index: usize, draft: Draft) {
        let field = self.form_of(PageId::Permissions).field_mut(FieldId::DRAFTS);
        if let Some(Control::Drafts(drafts)) = field.map(|field| &mut field.control) {
            drafts.put(index, draft);
        }
        self.changed[index_of(PageId::Permissions)] = true;
    }

    /// What was accepted so far.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Brings facts into the fields of the open page.
    pub fn refresh(&mut self, context: &Context) {
        let is_other = self.source.as_ref() != Some(&context.source);
        if is_other {
            // Another account has other groups and policies: nothing chosen from the old lists stays.
            let page = index_of(PageId::Permissions);
            self.forms[page] = (PAGES[page].form)(&self.guide);
            self.answers.forget(PageId::Permissions);
            self.source = Some(context.source.clone());
        }
        self.follow(context);
        (self.page().refresh)(&mut self.forms[self.at], context);
        if is_other {
            walkthrough::follow_source(self.form_of(PageId::Walkthrough), context);
        }
    }

    /// Opens a page from the review.
    #[must_use]
    pub fn opened(mut self, page: PageId, refused: Option<(FieldId, String)>) -> Self {
        self.at = index_of(page);
        self.from_review = true;
        if let Some((field, words)) = refused {
            self.forms[self.at].refuse(field, words);
        }
        self
    }

    /// Takes a key.
    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Phase {
        let typing = self.form().is_typing();
        match command(key, typing) {
            Some(Command::Back) => return self.back(out),
            Some(Command::Leave) => {
                out.dialog = Some(Dialog::leave());
                return Phase::Asking(self);
            }
            Some(Command::Refresh) => {
                let connect = context.facts.caller().is_none() || self.at == index_of(PageId::Walkthrough);
                if connect {
                    out.effects.extend(context.connect(context.source.clone()));
                    // Somebody may have made a profile meanwhile.
                    out.effects.extend(context.ask([Question::Profiles]));
                } else {
                    out.effects.extend(context.ask_again((self.page().needs)()));
                }
                return Phase::Asking(self);
            }
            _ => {}
        }
        let form = &mut self.forms[self.at];
        let outcome = form.key(key);
        self.changed[self.at] |= outcome == Outcome::Taken && matches!(key, Key::Char(_) | Key::Backspace | Key::Delete);
        self.rest(out);
        match outcome {
            Outcome::Continue => self.accept(context, out),
            Outcome::Open => {
                if let Some(Control::Drafts(drafts)) = self.form().focused().map(|field| &field.control) {
                    let index = drafts.at.min(drafts.items.len());
                    let draft = drafts.items.get(index).cloned().unwrap_or_default();
                    let mut dialog = drafting::dialog(&draft, index);
                    if self.guide.fixed {
                        drafting::fix_all_but_file(&mut dialog.form);
                    }
                    out.dialog = Some(dialog);
                }
                Phase::Asking(self)
            }
            _ => Phase::Asking(self),
        }
    }

    /// Takes anything else.
    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Phase {
        let form = &mut self.forms[self.at];
        match event {
            Event::Paste(text) => form.paste(text.expose()),
            Event::Click(super::Target::Field(field)) => form.click(field),
            Event::Click(super::Target::Row { field, row }) => form.click_row(field, row),
            Event::Wheel(rows) => form.wheel(rows),
            // Nobody watches any more, or somebody else does.
            Event::FocusLost => form.set(FieldId::SHOW_PASSWORD, false),
            Event::Woke(Wake::Rested(moves)) => {
                out.effects.extend(self.beside(moves).map_or_else(Vec::new, |question| context.ask([question])));
                return Phase::Asking(self);
            }
            _ => {}
        }
        self.rest(out);
        Phase::Asking(self)
    }

    fn back(mut self: Box<Self>, out: &mut Out) -> Phase {
        let form = &mut self.forms[self.at];
        if let Some(Control::Table(table)) = form.fields.get_mut(form.focus).map(|field| &mut field.control)
            && table.clear_filter()
        {
            return Phase::Asking(self);
        }
        if self.at == 0 {
            out.dialog = Some(Dialog::leave());
        }
        self.at = self.at.saturating_sub(1);
        Phase::Asking(self)
    }

    /// Accepts the open page and goes on, or goes to the field that is missing or wrong.
    fn accept(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        let page = self.page();
        if page.id == PageId::Walkthrough
            && let Some(source) = walkthrough::chosen_source(self.form(), context)
            && source != context.source
        {
            match source {
                Source::Pasted { key_id } if key_id.is_empty() => out.dialog = Some(Dialog::paste()),
                source => out.effects.extend(context.connect(source)),
            }
            return Phase::Asking(self);
        }
        // Enter goes through the walkthrough's own questions, so that none is passed over by accident.
        let form = &mut self.forms[self.at];
        let is_question = |field: &Field| field.asked && field.id.is_of_walkthrough();
        if let Some(next) = (form.focus + 1..form.fields.len()).find(|at| is_question(&form.fields[*at])) {
            form.focus = next;
            return Phase::Asking(self);
        }
        if let Some(FaultKind::MfaNeeded(serial)) = context.facts.caller.as_ref().and_then(Fact::fault).map(|fault| &fault.kind) {
            out.dialog = Some(Dialog::mfa(serial));
            return Phase::Asking(self);
        }
        // What is typed counts only when it is looked at with the facts of this very moment.
        self.refresh(context);
        match (page.accept)(&self.forms[self.at], context) {
            Ok(answer) => self.answers.take(answer),
            Err(refusal) => {
                self.forms[self.at].refuse(refusal.field, refusal.words);
                return Phase::Asking(self);
            }
        }
        if page.id == PageId::Walkthrough
            && let Some(notice) = self.choose(context)
        {
            out.dialog = Some(notice);
        }
        let last = self.at + 1 == PAGES.len();
        if last || (self.from_review && page.id != PageId::Walkthrough) {
            return self.review(context, out);
        }
        self.at += 1;
        self.refresh(context);
        self.rest(out);
        Phase::Asking(self)
    }

    /// Opens the review with what stands on the pages now: what was changed and left by going back counts too.
    fn review(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        let open = self.at;
        for at in 1..PAGES.len() {
            self.at = at;
            self.refresh(context);
            let page = self.page();
            match (page.accept)(&self.forms[at], context) {
                Ok(answer) => self.answers.take(answer),
                Err(refusal) => {
                    // A page that was never open says nothing yet.
                    if self.answers.get(page.id).is_some() || at <= open {
                        self.forms[at].refuse(refusal.field, refusal.words);
                    }
                    return Phase::Asking(self);
                }
            }
        }
        self.at = open;
        Reviewing::open(*self, context, out)
    }

    /// A fact has come: it may have brought the row that is highlighted now.
    pub(super) fn learned(mut self: Box<Self>, out: &mut Out) -> Phase {
        self.rest(out);
        Phase::Asking(self)
    }

    /// Waits for the highlight to rest before asking for what stands beside it.
    fn rest(&mut self, out: &mut Out) {
        let moves = match self.form().focused().map(|field| &field.control) {
            Some(Control::Table(table)) => table.moves.wrapping_add(1 + ((self.form().focus as u64) << 32)),
            _ => 0,
        };
        if moves != 0 && moves != self.resting {
            out.effects.push(Effect::WakeIn(REST, Wake::Rested(moves)));
        }
        self.resting = moves;
    }

    /// What is to be asked for the row that has rested.
    fn beside(&self, moves: u64) -> Option<Question> {
        if moves != self.resting {
            return None;
        }
        match self.form().focused().map(|field| &field.control) {
            Some(Control::Table(table)) => {
                let row = table.highlighted()?;
                Some(match table.detail {
                    Detail::Document => Question::Document { arn: row.key.clone(), version: row.version.clone() },
                    Detail::GroupPolicies => Question::GroupPolicies(row.key.clone()),
                    Detail::UserPermissions => Question::PermissionsOf(row.key.clone()),
                    Detail::Walkthrough | Detail::Remark => return None,
                })
            }
            _ => None,
        }
    }
}
