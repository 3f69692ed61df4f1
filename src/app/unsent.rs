//! Answers that were not sent: kept at every turn of a page, offered at the next start, and gone with the first call.

use std::ops::ControlFlow::{Break, Continue};

use super::asking::Asking;
use super::dialog::Dialog;
use super::effect::Effect;
use super::field::{Control, Field, FieldId};
use super::form::Form;
use super::pages::walkthrough;
use super::starting::Starting;
use super::tasks::TASKS;
use super::transition::{Transition, Turn};
use super::{App, Context, Phase};
use crate::domain::page::PageId;
use crate::domain::unsent::{KeptField, KeptValue, Unsent};

impl App {
    /// Has the answers kept that stand on the pages now. In practice, and where nobody answers, there is nothing to keep.
    pub(super) fn keep_answers(&self) -> Option<Effect> {
        let (asking, page) = match &self.phase {
            Phase::Starting(starting) => (starting.begun()?, starting.task().pages.first().map(|page| page.id)),
            Phase::Asking(asking) => (&**asking, Some(asking.page().id)),
            Phase::WritingPolicy(page) => (page.asking(), Some(PageId::Permissions)),
            Phase::Reviewing(reviewing) => (reviewing.asking(), None),
            _ => return None,
        };
        self.context.keeps_answers().then(|| Effect::KeepAnswers(Box::new(unsent(asking, page))))
    }

    /// Offers answers of an earlier start, once their walkthrough is known.
    pub(super) fn offer_unsent(&mut self) {
        let is_known =
            |unsent: &Unsent| self.context.walkthroughs.iter().any(|walkthrough| walkthrough.name == unsent.walkthrough);
        if self.context.earlier.unsent.as_ref().is_some_and(is_known) {
            self.dialog = self.context.earlier.unsent.take().map(Dialog::unsent);
        }
    }
}

fn unsent(asking: &Asking, page: Option<PageId>) -> Unsent {
    let start = asking.start.form.fields.iter().map(|field| (PageId::Walkthrough, field));
    let own_of_start = |(_, field): &(PageId, &Field)| field.id.is_of_walkthrough();
    let pages = asking.task().pages.iter().zip(asking.forms());
    let fields = pages.flat_map(|(page, form)| form.fields.iter().map(|field| (page.id, field)));
    let kept = |(page, field): (PageId, &Field)| {
        let value = kept(field)?;
        Some(KeptField { page, field: (field.id.key.to_owned(), field.id.part().to_owned(), field.id.at), value })
    };
    Unsent {
        task: asking.task().id,
        walkthrough: asking.walkthrough().name.clone(),
        user: asking.named().unwrap_or_default(),
        page,
        fields: start.filter(own_of_start).chain(fields).filter_map(kept).collect(),
    }
}

/// What may be kept of a field; nothing of a text that is not shown.
fn kept(field: &Field) -> Option<KeptValue> {
    // A word that agreed to something is typed again.
    if [FieldId::CONFIRM, FieldId::GIVE_UP_ID].contains(&field.id) {
        return None;
    }
    Some(match &field.control {
        Control::Text(text) => KeptValue::Text(text.as_str().to_owned()),
        Control::Toggle(on) => KeptValue::On(*on),
        Control::Choice { options, chosen, .. } => KeptValue::Option(options.get((*chosen)?)?.label.clone()),
        Control::Table(table) => {
            KeptValue::Rows(table.chosen().map(|row| row.key.clone()).chain(table.wanted().iter().cloned()).collect())
        }
        Control::Drafts(drafts) => KeptValue::Policies(drafts.items.clone()),
        Control::Hidden { .. } | Control::Document(_) => return None,
    })
}

/// Puts a value back into its field, as far as the form still has one that takes it. A walkthrough's own value stays.
pub(super) fn put_back(form: &mut Form, kept: &KeptField) {
    let (key, part, at) = &kept.field;
    let is_it = |field: &&mut Field| field.id.key == key && field.id.part() == part && field.id.at == *at && !field.fixed;
    let Some(field) = form.fields.iter_mut().find(is_it) else { return };
    match (&mut field.control, &kept.value) {
        (Control::Text(text), KeptValue::Text(typed)) => text.set(typed),
        (Control::Toggle(on), KeptValue::On(was)) => *on = *was,
        (Control::Choice { options, at, chosen }, KeptValue::Option(label)) => {
            if let Some(place) = options.iter().position(|option| option.label == *label) {
                (*at, *chosen) = (place, Some(place));
            }
        }
        (Control::Table(table), KeptValue::Rows(keys)) => table.want_all(keys),
        (Control::Drafts(drafts), KeptValue::Policies(policies)) => {
            drafts.items.clone_from(policies);
            drafts.at = drafts.items.len();
        }
        _ => {}
    }
}

impl Starting {
    /// Resumes answers of an earlier start: through the same pages, as if they were given now.
    pub(super) fn go_on_with(mut self: Box<Self>, unsent: &Unsent, context: &Context) -> Turn<Self> {
        let start = &mut self.asking().start;
        let task = TASKS.iter().position(|task| task.id == unsent.task).unwrap_or_default();
        start.form = walkthrough::form(TASKS[task], &unsent.walkthrough);
        self.refresh(context);
        for kept in unsent.fields.iter().filter(|kept| kept.page == PageId::Walkthrough) {
            put_back(&mut self.asking().start.form, kept);
            self.refresh(context);
        }
        match self.accept_form(context) {
            Ok(_) => Break(self.into_asking().go_on_with(unsent, context)),
            Err(_) => Continue(self),
        }
    }
}

impl Asking {
    fn go_on_with(mut self, unsent: &Unsent, context: &Context) -> Transition {
        for page in self.task().pages {
            self.turn_to(page.id);
            self.refresh(context);
            for kept in unsent.fields.iter().filter(|kept| kept.page == page.id) {
                put_back(self.form_of(page.id), kept);
                self.refresh(context);
            }
        }
        self.keep_all();
        for page in self.task().pages {
            self.turn_to(page.id);
            self.refresh(context);
            // What can't be taken now is where the person goes on; it is said once they press Enter there.
            if unsent.page == Some(page.id) || self.accept_page(context).is_err() {
                return Transition::Page(self);
            }
        }
        Transition::Review(self)
    }
}
