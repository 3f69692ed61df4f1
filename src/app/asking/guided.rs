//! Following a walkthrough: which one, what it was told, and filling the pages in by it.

use std::sync::Arc;

use super::Asking;
use crate::app::Context;
use crate::app::dialog::Dialog;
use crate::app::field::FieldId;
use crate::app::pages::walkthrough;
use crate::domain::page::PageId;
use crate::domain::walkthrough::Known;

impl Asking {
    /// Takes the walkthrough and the answers to its questions from the start; a name that the person gave stays.
    pub(in crate::app) fn choose(&mut self, context: &Context) -> Option<Dialog> {
        let walkthrough = walkthrough::chosen(&self.start.form, context).cloned()?;
        self.start.given = walkthrough::given(&self.start.form, &walkthrough);
        let is_other = *walkthrough != *self.start.walkthrough;
        self.start.walkthrough = walkthrough;
        if is_other {
            self.task().pages.iter().for_each(|page| self.answers.forget(page.id));
        }
        self.know(context.known());
        let lost = self.fill_in();
        let words = || {
            format!(
                "What you had changed on {} is replaced: the walkthrough proposes something else there for this answer.",
                lost.join(", ")
            )
        };
        (!lost.is_empty() && !is_other).then(|| Dialog::notice("Filled in anew", words()))
    }

    /// Tells the walkthrough what has become known of the account and the user.
    pub(super) fn follow(&mut self, context: &Context) {
        if self.know(context.known()) {
            self.fill_in();
        }
    }

    /// Whether something is new.
    fn know(&mut self, known: Known) -> bool {
        let user = self.answers.user_name().map(str::to_owned);
        let known = Known { user, ..known };
        let is_new = self.start.known != known;
        self.start.known = known;
        is_new
    }

    /// Fills a page in anew where the walkthrough proposes something else for it now; names those on which that replaces what
    /// the person had changed.
    fn fill_in(&mut self) -> Vec<&'static str> {
        let mut lost = Vec::new();
        let guide = self.start.guide();
        if guide == *self.guide {
            return lost;
        }
        let typed = self.form_of(PageId::User).text(FieldId::USER_NAME).to_owned();
        let keeps = !typed.is_empty() && typed != self.guide.user.value && !guide.user.fixed;
        for (at, page) in self.task().pages.iter().enumerate() {
            if !(page.alike)(&self.guide, &guide) {
                self.forms[at] = (page.form)(&guide);
                self.answers.forget(page.id);
                lost.extend(std::mem::take(&mut self.changed[at]).then_some(page.title));
            }
        }
        if keeps {
            self.name(&typed);
        }
        self.guide = Arc::new(guide);
        lost
    }
}
