//! What is open now: its fields, its keys, its place in the rail.

use super::field::Control;
use super::form::Form;
use super::keymap::{self, Place};
use super::pages::walkthrough;
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

    /// Which rows of the key table hold now; the footer and the help show these.
    pub fn places(&self) -> Vec<Place> {
        match (&self.dialog, &self.phase) {
            (Some(_), _) => vec![Place::Dialog],
            (None, Phase::Starting(_) | Phase::Asking(_)) => self.form().map(keymap::places).unwrap_or_default(),
            (None, Phase::WritingPolicy(page)) => {
                let is_document = page.form().focused().is_some_and(|field| matches!(field.control, Control::Document(_)));
                vec![Place::Everywhere, Place::Policy, if is_document { Place::Editor } else { Place::PolicyField }]
            }
            (None, Phase::Creating(creating)) if creating.is_moving() => vec![Place::Everywhere, Place::Running],
            (None, Phase::Reviewing(reviewing)) => {
                let is_block = reviewing.at < reviewing.button();
                let own: &[Place] = if is_block { &[Place::Block] } else { &[Place::Menu, Place::Confirm] };
                let file = reviewing.task().file.map(|_| Place::Answers);
                [Place::Everywhere, Place::Review].iter().chain(own).copied().chain(file).collect()
            }
            (None, Phase::HandingOver(_)) => vec![Place::Everywhere, Place::Menu, Place::HandOver],
            (None, _) => vec![Place::Everywhere, Place::Menu],
        }
    }

    /// The fields of the page that is open.
    pub fn form(&self) -> Option<&Form> {
        match &self.phase {
            Phase::Starting(starting) => Some(starting.form()),
            Phase::Asking(asking) => Some(asking.form()),
            Phase::WritingPolicy(page) => Some(page.form()),
            _ => None,
        }
    }

    /// What the task's pages are going to use.
    pub(super) fn needs(&self) -> Vec<Question> {
        let task = match &self.phase {
            Phase::Starting(starting) | Phase::Opening(starting) => starting.task(),
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
            _ => {
                let (rail, at) = self.rail();
                rail.get(at).copied().unwrap_or_default()
            }
        }
    }

    /// What the walkthrough says of the open page: its name and its words, empty for none.
    pub fn guide(&self) -> (&str, &str) {
        match &self.phase {
            Phase::Starting(starting) => (&starting.guide().name, &starting.guide().words.walkthrough),
            Phase::Asking(asking) => (&asking.guide().name, (asking.page().words)(asking.guide())),
            Phase::WritingPolicy(page) => (&page.asking().guide().name, &page.asking().guide().words.permissions),
            Phase::Reviewing(reviewing) => (&reviewing.guide().name, &reviewing.guide().words.review),
            Phase::HandingOver(handing_over) => (&handing_over.guide().name, &handing_over.guide().words.hand_over),
            _ => ("", ""),
        }
    }

    /// Why the open page is asked.
    pub fn why(&self) -> &'static str {
        match &self.phase {
            Phase::Starting(_) => walkthrough::WHY,
            Phase::Asking(asking) => asking.page().why,
            _ => "",
        }
    }

    /// The words of the rail, and the place of the current one.
    pub fn rail(&self) -> (Vec<&'static str>, usize) {
        let (task, at) = match &self.phase {
            Phase::Starting(starting) | Phase::Opening(starting) => (starting.task(), 0),
            Phase::Asking(asking) => (asking.task(), 1 + asking.at()),
            Phase::WritingPolicy(page) => (page.asking().task(), 1 + page.asking().at()),
            Phase::Reviewing(reviewing) => (reviewing.task(), reviewing.button()),
            Phase::Resuming(resuming) => (resuming.task(), resuming.task().pages.len() + 2),
            Phase::Creating(creating) => (creating.task, creating.task.pages.len() + 2),
            Phase::HandingOver(handing_over) => (handing_over.task, handing_over.task.pages.len() + 3),
            Phase::Left => return (Vec::new(), 0),
        };
        (task.rail(), at)
    }

    /// The keys that work here, with what each does.
    pub fn keys(&self) -> Vec<keymap::Row> {
        let enter = match (&self.dialog, &self.phase) {
            (None, _) => self.form().and_then(keymap::enter_words),
            _ => None,
        };
        keymap::rows(&self.places(), enter)
    }
}
