//! Tasks as values: each is its own pages and its own way from their answers to a plan. Review, run and hand-over are the same for
//! all.

pub mod add_key;
pub mod console_access;
pub mod create_user;
pub mod revoke;
pub mod rotate_key;

use super::Context;
use super::pages::{Page, walkthrough};
use crate::domain::answers::Answers;
use crate::domain::facts::{Facts, Question};
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Finding, rights};
use crate::domain::record::TaskId;
use crate::domain::walkthrough::{HandOverProposal, ResolvedWalkthrough};

pub struct Task {
    pub id: TaskId,
    /// Its words where the person chooses.
    pub title: &'static str,
    /// What that does, in a few words.
    pub about: &'static str,
    /// The rail's word for the run.
    pub verb: &'static str,
    /// What was done, in a word at the end.
    pub past: &'static str,
    /// Its pages, in order.
    pub pages: &'static [&'static Page],
    /// What the review looks up, in the order in which it is reported.
    pub wants: fn(&Answers, Option<&Plan>, &Facts) -> Vec<Wanted>,
    /// The plan with the facts of this moment; `None` while what it needs is not known.
    pub plan: fn(&Answers, &Facts) -> Option<Plan>,
    /// What stands against the plan, the heaviest of each page first.
    pub findings: fn(&Answers, Option<&Plan>, &Context) -> Vec<Finding>,
    /// The words on the button that makes the calls.
    pub confirm: fn(&Answers) -> String,
    /// The answers as a walkthrough's file, where they can be one.
    pub file: Option<AnswersFile>,
    /// What the hand-over says at its head of this user.
    pub done: fn(&str) -> String,
}

/// Complete answers, written as a walkthrough.
pub type AnswersFile = fn(&Answers, &ResolvedWalkthrough, &HandOverProposal) -> Option<String>;

/// Something that the review looks up.
pub struct Wanted {
    pub question: Question,
    /// What is looked up, in words: "Looking up …".
    pub words: &'static str,
    /// It is asked again when the review opens.
    pub anew: bool,
    /// It is needed as far as is known now.
    pub due: bool,
}

impl Wanted {
    /// A question whose answer may be of before.
    pub fn once(question: Question, words: &'static str) -> Self {
        Self { question, words, anew: false, due: true }
    }

    /// A question that is asked again when the review opens.
    pub fn anew(question: Question, words: &'static str) -> Self {
        Self { question, words, anew: true, due: true }
    }

    /// Whether the caller may make the calls, once both are known.
    fn rights(plan: Option<&Plan>, facts: &Facts) -> Option<Self> {
        let asked = rights(plan?, facts.caller()?);
        Some(Self::once(Question::Rights(asked), "whether you may make these calls"))
    }
}

/// The tasks among which the person chooses.
pub static TASKS: [&Task; 6] =
    [&create_user::TASK, &add_key::TASK, &rotate_key::TASK, &console_access::TASK, &revoke::TASK, &revoke::KEY];

impl Task {
    /// The task that a journal names.
    pub fn of(id: TaskId) -> &'static Self {
        match id {
            TaskId::CreateUser => &create_user::TASK,
            TaskId::AddKey => &add_key::TASK,
            TaskId::ConsoleAccess => &console_access::TASK,
            TaskId::RotateKey => &rotate_key::TASK,
            TaskId::Revoke => &revoke::TASK,
            TaskId::RevokeKey => &revoke::KEY,
        }
    }

    /// What its pages need to know, and the account's alias for the header.
    pub fn needs(&self) -> impl Iterator<Item = Question> {
        std::iter::once(Question::Alias).chain(self.pages.iter().flat_map(|page| (page.needs)()))
    }

    pub fn index_of(&self, page: PageId) -> usize {
        self.pages.iter().position(|one| one.id == page).unwrap_or(0)
    }

    /// The words of the rail: the start, the pages, the review, the run, the hand-over.
    pub fn rail(&self) -> Vec<&'static str> {
        let pages = self.pages.iter().map(|page| page.title);
        std::iter::once(walkthrough::TITLE).chain(pages).chain(["Review", self.verb, "Hand-over"]).collect()
    }
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.id)
    }
}
