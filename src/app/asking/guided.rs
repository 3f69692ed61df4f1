//! Following a walkthrough: which one, what it was told, and filling the pages in by it.

use std::sync::Arc;

use super::Asking;
use crate::app::Context;
use crate::app::dialog::Dialog;
use crate::app::field::FieldId;
use crate::app::pages::{PAGES, index_of, walkthrough};
use crate::domain::page::PageId;
use crate::domain::walkthrough::Known;

impl Asking {
    /// Takes the walkthrough and the answers to its questions from their page; a name that the person gave stays.
    pub(super) fn choose(&mut self, context: &Context) -> Option<Dialog> {
        let form = &self.forms[index_of(PageId::Walkthrough)];
        let walkthrough = walkthrough::chosen(form, context).cloned()?;
        self.given = walkthrough::given(form, &walkthrough);
        let is_other = *walkthrough != *self.walkthrough;
        self.walkthrough = walkthrough;
        if is_other {
            PAGES[1..].iter().for_each(|page| self.answers.forget(page.id));
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
        let user = self.answers.user().map(|user| user.name.to_string());
        let known = Known { user, ..known };
        let is_new = self.known != known;
        self.known = known;
        is_new
    }

    /// Fills a page in anew where the walkthrough proposes something else for it now; names those on which that replaces what
    /// the person had changed.
    fn fill_in(&mut self) -> Vec<&'static str> {
        let mut lost = Vec::new();
        let guide = self.walkthrough.guide(&self.given, &self.known);
        if guide == *self.guide {
            return lost;
        }
        let typed = self.forms[index_of(PageId::User)].text(FieldId::USER_NAME).to_owned();
        let keeps = !typed.is_empty() && typed != self.guide.user.value && !guide.user.fixed;
        for (at, page) in PAGES.iter().enumerate() {
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
