//! What is said of the pages beforehand: the user whom they are about, and fields by the command line.

use super::Asking;
use crate::app::field::{Control, FieldId};
use crate::app::unsent::put_back;
use crate::domain::page::PageId;
use crate::domain::unsent::KeptField;

impl Asking {
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
