//! A paste into a dialog: the parts of an access key go each into its own field.

use super::{Asked, Dialog, DialogOutcome};
use crate::app::field::FieldId;

impl Dialog {
    /// Takes a paste. Keys that come together (two lines, `export`s, a credentials block) go each into its own field.
    pub fn take_paste(&mut self, text: &str) -> DialogOutcome {
        if matches!(self.asked, Asked::Paste) {
            let words = text.split(|c: char| c.is_whitespace() || "'\",;".contains(c));
            let pasted: Vec<(FieldId, &str)> = words.map(without_name).filter_map(part_of_keys).collect();
            if pasted.len() > 1 {
                for (id, part) in pasted {
                    self.form.fill(id, part);
                }
                return DialogOutcome::Open;
            }
        }
        self.form.paste(text);
        DialogOutcome::Open
    }
}

/// `AWS_SECRET_ACCESS_KEY=…` without the name; a token's own `=` stays.
fn without_name(word: &str) -> &str {
    match word.split_once('=') {
        Some((name, value)) if name.contains('_') => value,
        _ => word,
    }
}

/// Which part of an access key this is, by its form: 20 capitals and digits, 40 characters, or a session token.
fn part_of_keys(text: &str) -> Option<(FieldId, &str)> {
    let is_id = text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA"));
    match text.len() {
        _ if is_id => Some((FieldId::KEY_ID, text)),
        40 => Some((FieldId::SECRET_KEY, text)),
        100.. => Some((FieldId::TOKEN, text)),
        _ => None,
    }
}
