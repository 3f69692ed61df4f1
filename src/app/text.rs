//! A line of text being edited, by graphemes: what a person sees as one character is one.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

/// The longest text that a field takes, in bytes; a larger paste is cut, so that no paste can stall the program.
pub const LIMIT: usize = 4096;

/// The text and the cursor's place in it. It may be a password: `Debug` shows nothing, and the buffer, which never grows
/// beyond its first allocation, is wiped when dropped.
pub struct TextBox {
    text: String,
    /// Bytes before the cursor, always at a grapheme's edge.
    cursor: usize,
}

impl fmt::Debug for TextBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextBox(…)")
    }
}

impl Drop for TextBox {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl TextBox {
    /// A box that holds `text`, the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut new = Self { text: String::with_capacity(LIMIT), cursor: 0 };
        new.insert(text);
        new
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    pub fn set(&mut self, text: &str) {
        self.text.zeroize();
        self.cursor = 0;
        self.insert(text);
    }

    /// Inserts a text at the cursor. A field is one line: line ends at its edges go, those within become blanks; other
    /// control characters are dropped.
    pub fn insert(&mut self, text: &str) {
        for c in text.trim_matches(['\r', '\n']).chars() {
            let c = if c == '\n' || c == '\t' { ' ' } else { c };
            if c.is_control() || self.text.len() + c.len_utf8() > LIMIT {
                continue;
            }
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    fn previous(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn next(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.cursor, |grapheme| self.cursor + grapheme.len())
    }

    /// One grapheme to the left.
    pub fn left(&mut self) {
        self.cursor = self.previous();
    }

    /// One grapheme to the right.
    pub fn right(&mut self) {
        self.cursor = self.next();
    }

    pub fn home(&mut self) {
        self.cursor = 0;
    }

    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Deletes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        let start = self.previous();
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    /// Deletes the grapheme behind the cursor.
    pub fn delete(&mut self) {
        let end = self.next();
        self.text.replace_range(self.cursor..end, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn graphemes_are_whole() {
        let mut text = TextBox::new("ae\u{301}👩‍👩‍👧");
        text.backspace();
        assert_eq!(text.as_str(), "ae\u{301}");
        text.backspace();
        assert_eq!(text.as_str(), "a");
        text.insert("\nb\r\nc\n");
        assert_eq!(text.as_str(), "ab c");
        text.home();
        text.delete();
        assert_eq!(text.as_str(), "b c");
    }

    proptest! {
        #[test]
        fn the_cursor_stays_at_an_edge(pasted in any::<String>(), moves in proptest::collection::vec(0u8..6, 0..40)) {
            let mut text = TextBox::new(&pasted);
            for step in moves {
                match step {
                    0 => text.left(),
                    1 => text.right(),
                    2 => text.backspace(),
                    3 => text.delete(),
                    4 => text.home(),
                    _ => text.insert("x\u{301}"),
                }
                prop_assert!(text.before_cursor().len() <= text.as_str().len());
                prop_assert!(text.as_str().len() <= LIMIT);
            }
        }
    }
}
