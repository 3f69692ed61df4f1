//! The user whom the pages are about: named beforehand, or by what stands on them.

use super::Asking;
use crate::app::field::{Control, FieldId};
use crate::domain::page::PageId;

impl Asking {
    /// Names the user.
    pub(in crate::app) fn name(&mut self, name: &str) {
        match self.form_of(PageId::User).field_mut(FieldId::USER_NAME).map(|field| &mut field.control) {
            Some(Control::Text(text)) => text.set(name),
            Some(Control::Table(table)) => table.want(name),
            _ => {}
        }
    }

    /// Gives up this key of the user for another.
    pub(in crate::app) fn give_up(&mut self, key: &str) {
        if let Some(Control::Text(text)) =
            self.form_of(PageId::User).field_mut(FieldId::GIVE_UP_ID).map(|field| &mut field.control)
        {
            text.set(key);
        }
    }

    /// The user who is named on the pages, whether that was accepted or not.
    pub(in crate::app) fn named(&self) -> Option<String> {
        let form = &self.forms[self.task().index_of(PageId::User)];
        let row = form.table(FieldId::USER_NAME).and_then(|table| table.chosen().next()).map(|row| row.name.clone());
        row.or_else(|| Some(form.text(FieldId::USER_NAME).to_owned()).filter(|typed| !typed.is_empty()))
    }
}
