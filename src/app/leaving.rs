//! Leaving from the pages, where nothing was sent: at once where nothing is lost, with a short account.

use super::effect::{Effect, Farewell};
use super::field::{Control, Field};
use super::transition::leave;
use super::{App, Context, Phase};
use crate::domain::caller::Source;
use crate::domain::page::PageId;

impl App {
    /// Whether nothing is lost that stands on the pages: it was not changed, or is kept for the next start.
    pub(super) fn loses_nothing(&self) -> bool {
        let is_typed =
            |field: &Field| field.id.is_of_walkthrough() && matches!(field.control, Control::Text(_)) && !field.is_open();
        let asking = match &self.phase {
            Phase::Starting(starting) if starting.form().fields.iter().any(is_typed) => return false,
            Phase::Starting(starting) => starting.begun(),
            Phase::Asking(asking) => Some(&**asking),
            Phase::Users(users) => Some(users.asking()).filter(|asking| asking.answers().get(PageId::Walkthrough).is_some()),
            Phase::Reviewing(reviewing) => Some(reviewing.asking()),
            _ => return false,
        };
        // Pasted keys are kept nowhere.
        let has_pasted = matches!(self.context.sign_in.source, Source::Pasted { .. });
        !has_pasted
            && !self.context.earlier.practised
            && asking.is_none_or(|asking| self.context.keeps_answers() && !asking.has_password())
    }

    /// Leaves from the pages; what stands on them is kept where it can be.
    pub(super) fn leave(&mut self) -> Vec<Effect> {
        let kept = self.keep_answers();
        let words = kept.as_ref().map(|_| "Your answers are kept for seven days: the next start offers them.".to_owned());
        let mut effects: Vec<Effect> = kept.into_iter().collect();
        effects.extend(self.advance(|phase, context, _| {
            let mut farewell = account_of(&phase, context);
            farewell.lines.extend(words);
            leave(farewell)
        }));
        effects
    }
}

/// The short account of a program that ends here and now.
pub(super) fn account_of(phase: &Phase, context: &Context) -> Farewell {
    match phase {
        Phase::Creating(creating) => creating.farewell(context),
        // Who has looked has what they came for.
        Phase::Users(_) => Farewell::new(0, Vec::new()),
        _ if context.is_practice() => {
            Farewell::new(130, vec!["Left. This was practice: nothing was made on AWS, and the account is gone.".to_owned()])
        }
        _ => Farewell::new(130, vec!["Left before anything was made.".to_owned()]),
    }
}
