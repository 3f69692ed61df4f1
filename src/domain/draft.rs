//! A policy that is being written: what stands in its fields, whether it can be taken or not.

use serde::{Deserialize, Serialize};

use super::answers::PolicyUse;

/// A policy as far as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Draft {
    pub name: String,
    pub description: String,
    /// Its tags: `key=value, key=value`.
    pub tags: String,
    pub document: String,
    /// The file that the document is read from.
    pub path: String,
    /// Which file the walkthrough asks for.
    pub asked: String,
    /// The user's own, and none of the account's.
    pub inline: bool,
    pub used: PolicyUse,
    /// Another document under the same name becomes a new version.
    pub new_version: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            tags: String::new(),
            document: String::new(),
            path: String::new(),
            asked: String::new(),
            inline: false,
            used: PolicyUse::User,
            new_version: false,
        }
    }
}
