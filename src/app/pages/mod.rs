//! The pages: each one value in one file. A page turns facts and earlier answers into fields, and fields into answers.

pub mod access;
pub mod console;
pub mod existing_user;
pub mod found_key;
pub mod key;
pub mod permissions;
pub mod revocation;
pub mod rotation;
pub mod tags;
pub mod user;
pub mod walkthrough;

use super::Context;
use super::field::FieldId;
use super::form::Form;
use crate::domain::answers::{Answers, PageAnswer};
use crate::domain::facts::Question;
use crate::domain::name::UserName;
use crate::domain::page::PageId;
use crate::domain::walkthrough::ResolvedWalkthrough;

/// Why a page can't be left, at which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field that is missing or wrong.
    pub field: FieldId,
    pub words: String,
    /// The account has this user already: a key can be added to it instead.
    pub taken: Option<UserName>,
}

impl FieldError {
    pub fn at(field: FieldId, words: impl ToString) -> Self {
        Self { field, words: words.to_string(), taken: None }
    }
}

/// A page, as data. Full screen, answers files and walkthroughs all go through the same `accept`.
pub struct Page {
    pub id: PageId,
    /// Its word in the rail.
    pub title: &'static str,
    /// Why it is asked: one or two sentences.
    pub why: &'static str,
    /// The facts it uses: they are asked for as soon as the caller is known.
    pub needs: fn() -> Vec<Question>,
    /// The facts that it uses once it is open, and for what is chosen on it.
    pub shown: fn(&Form, &Context) -> Vec<Question>,
    /// It can be answered only once what it shows is known.
    pub waits: bool,
    /// It lists what the account has: with another account nothing that was chosen stays.
    pub of_account: bool,
    /// Its fields, pre-filled by a walkthrough.
    pub form: fn(&ResolvedWalkthrough) -> Form,
    /// Whether two guides fill it in alike: else it is filled in again.
    pub alike: fn(&ResolvedWalkthrough, &ResolvedWalkthrough) -> bool,
    /// Brings facts and what is typed into the fields: rows, remarks, which fields are asked. Never validates.
    pub refresh: fn(&mut Form, &Context),
    /// Turns the fields into the answer, or says at which field it can't be; it writes nothing.
    pub accept: fn(&Form, &Context) -> Result<PageAnswer, FieldError>,
    /// The answer in words, a line each.
    pub summary: fn(&Answers, &Context) -> Vec<String>,
    pub words: fn(&ResolvedWalkthrough) -> &str,
}
