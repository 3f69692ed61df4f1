//! Following a walkthrough: which one, what it was told, and filling the pages in by it.

use std::sync::Arc;

use super::Asking;
use crate::app::Context;
use crate::app::dialog::Dialog;
use crate::app::field::FieldId;
use crate::app::pages::walkthrough;
use crate::domain::page::PageId;
use crate::domain::walkthrough::Bindings;

impl Asking {
    /// Takes the walkthrough and the answers to its questions from the start; a name that the person gave stays.
    pub(in crate::app) fn choose(&mut self, context: &Context) -> Option<Dialog> {
        let walkthrough = walkthrough::chosen(&self.start.form, context).cloned()?;
        self.start.responses = walkthrough::responses(&self.start.form, &walkthrough);
        let is_other = *walkthrough != *self.start.walkthrough;
        self.start.walkthrough = walkthrough;
        if is_other {
            self.task().pages.iter().for_each(|page| self.answers.forget(page.id));
        }
        self.know(context.bindings());
        let lost = self.fill_in();
        let words = || {
            format!(
                "What you had changed on {} is replaced: the walkthrough proposes something else there for this answer.",
                lost.join(", ")
            )
        };
        (!lost.is_empty() && !is_other).then(|| Dialog::notice("Filled in again", words()))
    }

    /// Tells the walkthrough what has become known of the account and the user.
    pub(super) fn follow(&mut self, context: &Context) {
        if self.know(context.bindings()) {
            self.fill_in();
        }
    }

    /// Whether something is new.
    fn know(&mut self, bindings: Bindings) -> bool {
        let user = self.answers.user_name().map(str::to_owned);
        let bindings = Bindings { user, ..bindings };
        let is_new = self.start.bindings != bindings;
        self.start.bindings = bindings;
        is_new
    }

    /// Fills a page in again where the walkthrough proposes something else for it now; names those on which that replaces what
    /// the person had changed.
    fn fill_in(&mut self) -> Vec<&'static str> {
        let mut lost = Vec::new();
        let walkthrough = self.start.resolved();
        if walkthrough == *self.walkthrough {
            return lost;
        }
        let typed = self.form_of(PageId::User).text(FieldId::USER_NAME).to_owned();
        let keeps = !typed.is_empty() && typed != self.walkthrough.user.value && !walkthrough.user.fixed;
        for (at, page) in self.task().pages.iter().enumerate() {
            if !(page.alike)(&self.walkthrough, &walkthrough) {
                self.forms[at] = (page.form)(&walkthrough);
                self.answers.forget(page.id);
                lost.extend(std::mem::take(&mut self.changed[at]).then_some(page.title));
            }
        }
        if keeps {
            self.name(&typed);
        }
        self.walkthrough = Arc::new(walkthrough);
        lost
    }
}
