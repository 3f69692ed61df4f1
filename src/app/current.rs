//! What is open now: its fields, its keys, its place in the rail.

use super::dialog::Asked;
use super::field::Control;
use super::form::Form;
use super::keymap::{self, KeyScope};
use super::pages::walkthrough;
use super::table::ListState;
use super::users::Users;
use super::{App, Phase};
use crate::domain::facts::{Fact, Question};

impl App {
    /// Whether something moves on the screen by itself.
    pub fn is_moving(&self) -> bool {
        match &self.phase {
            Phase::Creating(creating) => creating.is_moving(),
            Phase::HandingOver(handing_over) => handing_over.is_moving(),
            _ => matches!(self.context.facts.caller, Some(Fact::Pending)) && self.dialog.is_none(),
        }
    }

    /// Whether it goes on by itself: nobody is to be asked meanwhile who is asked one thing after the other.
    pub fn goes_on(&self) -> bool {
        let context = &self.context;
        let is_arriving = |form: &Form| {
            let arrives = |control: &Control| matches!(control, Control::Table(table) if table.state == ListState::Arriving);
            form.fields.iter().any(|field| field.asked && arrives(&field.control))
        };
        match (&self.dialog, &self.phase) {
            (Some(_), _) => false,
            (None, Phase::Creating(creating)) => creating.is_moving() || creating.choices().is_empty(),
            (None, Phase::HandingOver(handing_over)) => handing_over.is_under_way(),
            (None, Phase::WritingPolicy(page)) => page.is_reading(context),
            (None, Phase::LoadingRun(_) | Phase::Resuming(_) | Phase::Left) => true,
            (None, Phase::Reviewing(reviewing)) => {
                reviewing.pending(context).is_some() && context.facts.caller.as_ref().and_then(Fact::fault).is_none()
            }
            (None, _) => {
                let is_open = matches!(context.facts.caller, None | Some(Fact::Pending));
                // What the page says of an answer depends on what it looks up.
                let is_looking = match &self.phase {
                    Phase::Asking(asking) => {
                        // A list is told as it arrives.
                        let shown = asking.questions(context).into_iter().filter(|question| !question.has_pages());
                        (asking.page().needs)().into_iter().chain(shown).any(|question| context.facts.is_open(&question))
                    }
                    Phase::Users(users) => users.is_looking(context),
                    _ => false,
                };
                is_open || (context.facts.caller().is_some() && (is_looking || self.form().is_some_and(is_arriving)))
            }
        }
    }

    /// Which rows of the key table hold now; the footer and the help show these.
    pub fn scopes(&self) -> Vec<KeyScope> {
        match (&self.dialog, &self.phase) {
            (Some(open), _) => {
                let answering = (open.choices.len() > 1).then_some(KeyScope::Answering);
                let fields = (open.form.fields.len() > 1).then_some(KeyScope::Fields);
                let question = (!matches!(open.asked, Asked::Help)).then_some(KeyScope::Question);
                [KeyScope::Dialog].into_iter().chain(answering).chain(fields).chain(question).collect()
            }
            (None, Phase::Starting(_) | Phase::Asking(_)) => self.form().map(keymap::scopes).unwrap_or_default(),
            (None, Phase::Users(users)) => match users.open() {
                Some(_) => vec![KeyScope::Everywhere, KeyScope::Menu, KeyScope::Confirm, KeyScope::Facts],
                None => keymap::scopes_of_users(users.form()),
            },
            (None, Phase::WritingPolicy(page)) => {
                let is_document = page.form().focused().is_some_and(|field| matches!(field.control, Control::Document(_)));
                vec![KeyScope::Everywhere, KeyScope::Policy, if is_document { KeyScope::Editor } else { KeyScope::PolicyField }]
            }
            (None, Phase::Creating(creating)) if creating.is_moving() => vec![KeyScope::Everywhere, KeyScope::Running],
            (None, Phase::Reviewing(reviewing)) => {
                let is_block = reviewing.at < reviewing.button();
                let own: &[KeyScope] = if is_block { &[KeyScope::Block] } else { &[KeyScope::Menu, KeyScope::Confirm] };
                let file = reviewing.task().file.map(|_| KeyScope::Answers);
                [KeyScope::Everywhere, KeyScope::Review].iter().chain(own).copied().chain(file).collect()
            }
            (None, Phase::HandingOver(_)) => vec![KeyScope::Everywhere, KeyScope::Menu, KeyScope::HandOver],
            (None, _) => vec![KeyScope::Everywhere, KeyScope::Menu],
        }
    }

    /// The fields of the page that is open.
    pub fn form(&self) -> Option<&Form> {
        match &self.phase {
            Phase::Starting(starting) => Some(starting.form()),
            Phase::Asking(asking) => Some(asking.form()),
            Phase::WritingPolicy(page) => Some(page.form()),
            Phase::Users(users) if users.open().is_none() => Some(users.form()),
            _ => None,
        }
    }

    /// What the task's pages are going to use.
    pub(super) fn needs(&self) -> Vec<Question> {
        let task = match &self.phase {
            Phase::Users(_) => return Users::needs(&self.context),
            Phase::Starting(starting) | Phase::LoadingRun(starting) => starting.task(),
            Phase::Asking(asking) => asking.task(),
            Phase::WritingPolicy(page) => page.asking().task(),
            Phase::Reviewing(reviewing) => reviewing.task(),
            _ => return Vec::new(),
        };
        task.needs().collect()
    }

    /// Which of the task's pages is open.
    pub(super) fn page_place(&self) -> usize {
        match &self.phase {
            Phase::Asking(asking) => 1 + asking.at(),
            _ => 0,
        }
    }

    /// The title of the open page.
    pub fn title(&self) -> &'static str {
        match &self.phase {
            Phase::WritingPolicy(page) => page.title(),
            Phase::Users(users) => {
                if users.open().is_some() {
                    "User"
                } else {
                    "Users"
                }
            }
            _ => {
                let (rail, at) = self.rail();
                rail.get(at).copied().unwrap_or_default()
            }
        }
    }

    /// What the walkthrough says of the open page: its name and its words, empty for none.
    pub fn walkthrough_words(&self) -> (&str, &str) {
        match &self.phase {
            Phase::Starting(starting) => (&starting.walkthrough().name, &starting.walkthrough().words.walkthrough),
            Phase::Asking(asking) => (&asking.walkthrough().name, (asking.page().words)(asking.walkthrough())),
            Phase::WritingPolicy(page) => (&page.asking().walkthrough().name, &page.asking().walkthrough().words.permissions),
            Phase::Reviewing(reviewing) => (&reviewing.walkthrough().name, &reviewing.walkthrough().words.review),
            Phase::HandingOver(handing_over) => (&handing_over.walkthrough().name, &handing_over.walkthrough().words.hand_over),
            _ => ("", ""),
        }
    }

    /// Why the open page is asked.
    pub fn why(&self) -> &'static str {
        match &self.phase {
            Phase::Starting(_) => walkthrough::WHY,
            Phase::Users(_) => {
                "Who there is, and what stands out: keys of 90 days and more, keys that were never used, console access without MFA."
            }
            Phase::Asking(asking) => asking.page().why,
            _ => "",
        }
    }

    /// The words of the rail, and the place of the current one.
    pub fn rail(&self) -> (Vec<&'static str>, usize) {
        let of_users = || vec![walkthrough::TITLE, "Users", "User"];
        let (task, at) = match &self.phase {
            Phase::Starting(starting) if walkthrough::wants_users(starting.form()) => return (of_users(), 0),
            Phase::Starting(starting) | Phase::LoadingRun(starting) => (starting.task(), 0),
            Phase::Asking(asking) => (asking.task(), 1 + asking.at()),
            Phase::WritingPolicy(page) => (page.asking().task(), 1 + page.asking().at()),
            Phase::Reviewing(reviewing) => (reviewing.task(), reviewing.button()),
            Phase::Resuming(resuming) => (resuming.task(), resuming.task().pages.len() + 2),
            Phase::Creating(creating) => (creating.task, creating.task.pages.len() + 2),
            Phase::HandingOver(handing_over) => (handing_over.task, handing_over.task.pages.len() + 3),
            Phase::Users(users) => return (of_users(), 1 + usize::from(users.open().is_some())),
            Phase::Left => return (Vec::new(), 0),
        };
        (task.rail(), at)
    }

    /// The keys that work here, with what each does.
    pub fn keys(&self) -> Vec<keymap::KeyHint> {
        let enter = match (&self.dialog, &self.phase) {
            // The answer that it would give.
            (Some(open), _) if open.choices.len() > 1 => open.choices.get(open.at).map(|choice| keymap::short(choice)),
            (None, Phase::Users(_)) => None,
            (None, _) => self.form().and_then(keymap::enter_words),
            _ => None,
        };
        keymap::rows(&self.scopes(), enter)
    }
}
