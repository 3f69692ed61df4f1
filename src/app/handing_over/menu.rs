//! The hand-over's menu: what can be done now, the expected next act first.

use super::{HandingOver, Proof};
use crate::app::Context;
use crate::domain::hand_over::{key_csv_name, password_csv_name, profile_for};

/// What can be done here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Save with the proposed name and region.
    Save,
    /// Save with another name or region.
    SaveAs,
    /// Write the key's csv.
    KeyCsv,
    /// Write the password's csv.
    PasswordCsv,
    /// Show or hide the secrets.
    Reveal,
    /// Copy the key id.
    CopyId,
    /// Copy the secret.
    CopySecret,
    /// Copy the password.
    CopyPassword,
    /// Copy the sign-in address.
    CopyUrl,
    /// Prove the key again.
    Prove,
    /// Try once more to describe the key.
    Describe,
    /// Leave.
    Done,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key that does it at once.
    pub key: char,
    /// What it does.
    pub words: String,
    /// Where to; shown while it is highlighted.
    pub about: String,
    /// What it is.
    pub act: Act,
}

impl HandingOver {
    /// The menu, the expected next act first.
    pub fn items(&self, context: &Context) -> Vec<Item> {
        let about = |key, words: String, about: String, act| Item { key, words, about, act };
        let item = |key, words: &str, act| about(key, words.to_owned(), String::new(), act);
        let places = context.places();
        let mut items = Vec::new();
        if self.key.is_some() {
            if self.saved.is_none() {
                let words = format!("Save as profile “{}”, region {}", profile_for(&self.user), self.region);
                items.push(about('s', words, format!("in {}", places.credentials), Act::Save));
                items.push(item('a', "Save under another name or region …", Act::SaveAs));
            }
            if self.key_csv.is_none() {
                let words = format!("Write {}", key_csv_name(&self.user));
                items.push(about('w', words, format!("the console's file, into {}", places.folder), Act::KeyCsv));
            }
        }
        if self.password.is_some() && self.password_csv.is_none() {
            let words = format!("Write {}", password_csv_name(&self.user));
            items.push(about('p', words, format!("password and sign-in URL, into {}", places.folder), Act::PasswordCsv));
        }
        if self.key.is_some() || self.password.is_some() {
            items.push(item('r', if self.revealed { "Hide again" } else { "Reveal here" }, Act::Reveal));
        }
        if self.key.is_some() {
            items.push(item('c', "Copy the secret access key", Act::CopySecret));
            items.push(item('i', "Copy the access key ID", Act::CopyId));
        }
        if self.password.is_some() {
            items.push(item('k', "Copy the console password", Act::CopyPassword));
        }
        if self.url.is_some() {
            items.push(item('u', "Copy the sign-in URL", Act::CopyUrl));
        }
        if matches!(self.proof, Proof::Failed(_)) {
            items.push(item('v', "Verify again", Act::Prove));
        }
        if self.ledger.has_failed() {
            items.push(item('t', "Try the description again", Act::Describe));
        }
        items.push(item('d', "Done", Act::Done));
        items
    }
}
