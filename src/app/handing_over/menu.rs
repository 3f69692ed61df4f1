//! The hand-over's menu: what can be done now, the expected next act first.

use super::{HandingOver, Proof};
use crate::app::Context;
use crate::domain::hand_over::{key_csv_name, password_csv_name};

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
    /// Write a file to another place, or another file.
    WriteTo,
    /// Show or hide the secrets.
    Reveal,
    /// Print the secrets once the full screen is closed, or not.
    Print,
    Copy,
    /// Prove the key again.
    Prove,
    /// Try once more to describe the key.
    Describe,
    /// Back to the first page.
    Back,
    Done,
}

impl Act {
    /// Whether it writes a file.
    pub(super) fn writes(self) -> bool {
        matches!(self, Self::Save | Self::SaveAs | Self::KeyCsv | Self::PasswordCsv | Self::WriteTo)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key that does it at once.
    pub key: char,
    pub words: String,
    /// Where to; shown while it is highlighted.
    pub about: String,
    pub act: Act,
}

impl HandingOver {
    /// The menu, the expected next act first.
    pub fn items(&self, context: &Context) -> Vec<Item> {
        let about = |key, words: String, about: String, act| Item { key, words, about, act };
        let item = |key, words: &str, act| about(key, words.to_owned(), String::new(), act);
        let paths = context.paths();
        let tree = if paths.in_work_tree { ": inside a git work tree; don't commit it" } else { "" };
        let mut items = Vec::new();
        if self.secrets.key.is_some() {
            if self.saving.saved.is_none() {
                let to = &self.saving.destination;
                let words = format!("Save as profile “{}”, region {}", to.profile, to.region);
                let mut where_to = vec![format!("in {}.", paths.credentials)];
                where_to.extend(self.cautions());
                items.push(about('s', words, where_to.join(" "), Act::Save));
            }
            items.push(item('a', "Save under another name, region or output …", Act::SaveAs));
            if !self.written.key_csv {
                let words = format!("Write {}", key_csv_name(&self.user));
                items.push(about('w', words, format!("the console's file, into {}{tree}", paths.folder), Act::KeyCsv));
            }
        }
        if self.secrets.password.is_some() && !self.written.password_csv {
            let words = format!("Write {}", password_csv_name(&self.user));
            items.push(about('p', words, format!("password and sign-in URL, into {}{tree}", paths.folder), Act::PasswordCsv));
        }
        if self.secrets.key.is_some() || self.secrets.password.is_some() {
            items.push(item('f', "Write another file, or to another place …", Act::WriteTo));
        }
        if self.secrets.key.is_some() || self.secrets.url.is_some() {
            items.push(item('c', "Copy …", Act::Copy));
        }
        if (self.secrets.key.is_some() || self.secrets.password.is_some()) && !context.presenter {
            let revealed = self.exposure.revealed.map(|left| format!("Hide again; hidden by itself in {left} s"));
            let hidden = if context.in_lines { "Print it here, after a question" } else { "Reveal here, for 30 s" };
            items.push(item('r', revealed.as_deref().filter(|_| !context.in_lines).unwrap_or(hidden), Act::Reveal));
            let printed = if self.exposure.prints {
                "Do not print it after leaving"
            } else {
                "Print it after leaving, on a line of its own"
            };
            items.push(item('o', printed, Act::Print));
        }
        if matches!(self.proof, Proof::Failed(_)) {
            items.push(item('v', "Verify again", Act::Prove));
        }
        if self.ledger.has_failed() {
            items.push(item('t', "Try the description again", Act::Describe));
        }
        if context.is_practice() {
            items.push(item('b', "Back to the first page; the practice account goes on", Act::Back));
        }
        items.push(item('d', "Done", Act::Done));
        items
    }
}
