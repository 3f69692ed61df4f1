//! What is said of the pages beforehand: the user whom they are about, and fields by the command line.

use super::Asking;
use crate::app::Context;
use crate::app::field::{Control, FieldId};
use crate::app::pages::walkthrough;
use crate::app::tasks::Task;
use crate::app::transition::Transition;
use crate::app::unsent::put_back;
use crate::domain::name::UserName;
use crate::domain::page::PageId;
use crate::domain::unsent::KeptField;

impl Asking {
    /// Does something else instead, for this user, who exists.
    pub(in crate::app) fn instead(mut self, task: &'static Task, user: &UserName) -> Transition {
        let walkthrough = self.walkthrough.name.clone();
        self.turn_into(task);
        self.start.form = walkthrough::form(task, &walkthrough);
        self.begun_with(walkthrough);
        self.name(user.as_str());
        self.begin()
    }

    /// The same, from the list of users.
    pub(in crate::app) fn instead_of_users(mut self, task: &'static Task, user: &UserName) -> Transition {
        self.from_users = true;
        self.instead(task, user)
    }

    /// The user was chosen in the list of users: it is not asked again, but for what else its page asks.
    pub(super) fn pass_by_user(&mut self, context: &Context) {
        let is_chosen = self.from_users && self.at == 0 && self.answers.get(PageId::User).is_none();
        if !is_chosen || self.forms[0].field(FieldId::GIVE_UP).is_some() || self.task().pages.len() < 2 {
            return;
        }
        self.refresh(context);
        if self.accept_page(context).is_ok() {
            self.at = 1;
        }
    }

    /// Carries to the open page what the pages before it have named.
    pub(super) fn carry(&mut self) {
        if self.page().id == PageId::User {
            return;
        }
        let (user, key) = (self.answers.user_name().map(str::to_owned), self.answers.found_key().map(str::to_owned));
        let form = &mut self.forms[self.at];
        form.fill(FieldId::SUBJECT, &user.unwrap_or_default());
        if let Some(key) = key {
            form.fill(FieldId::KEY, &key);
        }
    }

    /// Names the user.
    pub(in crate::app) fn name(&mut self, name: &str) {
        match self.form_of(PageId::User).field_mut(FieldId::USER_NAME).map(|field| &mut field.control) {
            Some(Control::Text(text)) => text.set(name),
            Some(Control::Table(table)) => table.want(name),
            _ => {}
        }
    }

    /// Fills fields in by what the command line says of them.
    pub(in crate::app) fn give(&mut self, given: Vec<KeptField>) {
        self.given = given;
        self.task().pages.iter().for_each(|page| self.give_again(page.id));
    }

    /// The same on a page that was made anew.
    pub(super) fn give_again(&mut self, page: PageId) {
        let at = self.task().index_of(page);
        for given in self.given.iter().filter(|given| given.page == page) {
            put_back(&mut self.forms[at], given);
        }
    }

    /// The user who is named on the pages, whether that was accepted or not.
    pub(in crate::app) fn named(&self) -> Option<String> {
        let form = &self.forms[self.task().index_of(PageId::User)];
        let row = form.table(FieldId::USER_NAME).and_then(|table| table.chosen().next()).map(|row| row.name.clone());
        row.or_else(|| Some(form.text(FieldId::USER_NAME).to_owned()).filter(|typed| !typed.is_empty()))
    }
}
