//! Answers that were not sent: what stood on the pages when the program ended, for the next start to offer. Never a secret.

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::page::PageId;
use super::record::TaskId;

/// What stood on the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unsent {
    /// What was to be done.
    pub task: TaskId,
    /// The name of the walkthrough that was followed.
    pub walkthrough: String,
    /// The user, as far as one was named.
    pub user: String,
    /// The page that was open; none on the review.
    pub page: Option<PageId>,
    /// What the fields held.
    pub fields: Vec<KeptField>,
}

/// What a field held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptField {
    /// Its page.
    pub page: PageId,
    /// Its key in the walkthrough format, which part of that, and which of several alike.
    pub field: (String, String, usize),
    /// Its value.
    pub value: KeptValue,
}

/// A value that may be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptValue {
    /// A line of text.
    Text(String),
    /// Yes or no.
    On(bool),
    /// The label of an option.
    Option(String),
    /// The keys of chosen rows.
    Rows(Vec<String>),
    /// Policies that are made.
    Policies(Vec<Draft>),
}
