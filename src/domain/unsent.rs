//! Answers that were not sent: what stood on the pages when the program ended, for the next start to offer. Never a secret.

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::page::PageId;
use super::record::TaskId;

/// What stood on the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unsent {
    pub task: TaskId,
    /// The name of the walkthrough that was followed.
    pub walkthrough: String,
    /// The user, as far as one was named.
    pub user: String,
    /// The page that was open; none on the review.
    pub page: Option<PageId>,
    pub fields: Vec<KeptField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptField {
    pub page: PageId,
    /// Its key in the walkthrough format, which part of that, and which of several alike.
    pub field: (String, String, usize),
    pub value: KeptValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptValue {
    Text(String),
    On(bool),
    Option(String),
    /// The keys of chosen rows.
    Rows(Vec<String>),
    Policies(Vec<Draft>),
}
