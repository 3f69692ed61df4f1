//! A text of many lines being edited, by graphemes: a policy document. It is no place for a secret.

use unicode_segmentation::UnicodeSegmentation;

use super::event::Key;

/// The longest text, in bytes; a larger paste is cut, so that no paste can stall the program.
pub const LIMIT: usize = 128 * 1024;
/// The lines that a page key moves.
const PAGE: usize = 10;

/// The lines and the cursor's place in them.
#[derive(Debug)]
pub struct Editor {
    lines: Vec<String>,
    /// The cursor's line.
    row: usize,
    /// Bytes of that line before the cursor, always at a grapheme's edge.
    column: usize,
    size: usize,
    /// Counts each change of the text.
    pub version: u64,
    /// The version that was looked at last, and what was found.
    pub checked: Option<String>,
}

impl Editor {
    /// An editor that holds `text`, the cursor at its start.
    pub fn new(text: &str) -> Self {
        let mut new = Self { lines: vec![String::new()], row: 0, column: 0, size: 0, version: 0, checked: None };
        new.insert(text);
        (new.row, new.column) = (0, 0);
        new
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The cursor's line, and what stands before the cursor there.
    pub fn cursor(&self) -> (usize, &str) {
        (self.row, &self.lines[self.row][..self.column])
    }

    /// Whether nothing but white space is there.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.trim().is_empty())
    }

    pub fn set(&mut self, text: &str) {
        *self = Self { version: self.version + 1, ..Self::new(text) };
    }

    /// Inserts a text at the cursor, whatever its line ends are. Other control characters but tabs are dropped.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.version += 1;
        let rest = self.lines[self.row].split_off(self.column);
        for c in text.chars() {
            if self.size + c.len_utf8() > LIMIT {
                break;
            }
            match c {
                '\n' => self.push_line(),
                // The width of a tab depends on where it stands.
                '\t' => {
                    self.lines[self.row].push_str("  ");
                    self.size += 1;
                }
                c if c.is_control() => continue,
                c => self.lines[self.row].push(c),
            }
            self.size += c.len_utf8();
        }
        self.column = self.lines[self.row].len();
        self.lines[self.row].push_str(&rest);
    }

    fn push_line(&mut self) {
        self.row += 1;
        self.lines.insert(self.row, String::new());
    }

    /// To a line, near the same column.
    fn go_to_row(&mut self, row: usize) {
        let before = self.lines[self.row][..self.column].graphemes(true).count();
        self.row = row.min(self.lines.len() - 1);
        self.column = self.lines[self.row].graphemes(true).take(before).map(str::len).sum();
    }

    fn left(&mut self) {
        if let Some((at, _)) = self.lines[self.row][..self.column].grapheme_indices(true).next_back() {
            self.column = at;
        } else if self.row > 0 {
            self.row -= 1;
            self.column = self.lines[self.row].len();
        }
    }

    fn right(&mut self) {
        if let Some(grapheme) = self.lines[self.row][self.column..].graphemes(true).next() {
            self.column += grapheme.len();
        } else if self.row + 1 < self.lines.len() {
            (self.row, self.column) = (self.row + 1, 0);
        }
    }

    /// Deletes from the cursor to where it was.
    fn delete_to(&mut self, (row, column): (usize, usize)) {
        self.version += 1;
        if row == self.row {
            self.size -= column - self.column;
            self.lines[row].replace_range(self.column..column, "");
        } else {
            let rest = self.lines.remove(row);
            self.size -= 1;
            self.lines[self.row].push_str(&rest);
        }
    }

    /// Takes a key that is the editor's own; Enter and Tab write. `false` when it is not.
    pub fn key(&mut self, key: Key) -> bool {
        let here = (self.row, self.column);
        match key {
            Key::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Key::Enter => {
                // A new line begins where the one above does.
                let indent: String = self.lines[self.row].chars().take_while(|c| *c == ' ').collect();
                self.insert(&format!("\n{indent}"));
            }
            Key::Tab => self.insert("  "),
            Key::Left => self.left(),
            Key::Right => self.right(),
            Key::Up => self.go_to_row(self.row.saturating_sub(1)),
            Key::Down => self.go_to_row(self.row + 1),
            Key::PageUp => self.go_to_row(self.row.saturating_sub(PAGE)),
            Key::PageDown => self.go_to_row(self.row + PAGE),
            Key::Home => self.column = 0,
            Key::End => self.column = self.lines[self.row].len(),
            Key::Backspace => {
                self.left();
                if (self.row, self.column) != here {
                    self.delete_to(here);
                }
            }
            Key::Delete => {
                self.right();
                let end = (self.row, self.column);
                (self.row, self.column) = here;
                if end != here {
                    self.delete_to(end);
                }
            }
            Key::Ctrl('u') => self.set(""),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_written_and_joined() {
        let mut editor = Editor::new("{\r\n  \"a\": 1\r\n}");
        assert_eq!(editor.text(), "{\n  \"a\": 1\n}");
        for key in [Key::Down, Key::End, Key::Char(','), Key::Enter, Key::Char('x'), Key::Backspace, Key::Backspace] {
            assert!(editor.key(key));
        }
        assert_eq!(editor.text(), "{\n  \"a\": 1,\n \n}");
        for key in [Key::Home, Key::Backspace] {
            editor.key(key);
        }
        assert_eq!(editor.text(), "{\n  \"a\": 1, \n}");
        assert!(!editor.key(Key::Esc) && !editor.key(Key::BackTab));
    }

    proptest! {
        #[test]
        fn the_size_is_that_of_the_text(pasted in any::<String>(), keys in proptest::collection::vec(0usize..9, 0..60)) {
            let mut editor = Editor::new(&pasted.replace('\t', " "));
            let known =
                [Key::Left, Key::Right, Key::Up, Key::Down, Key::Backspace, Key::Delete, Key::Enter, Key::Char('é'), Key::End];
            for key in keys {
                editor.key(known[key]);
                prop_assert_eq!(editor.size, editor.text().len());
                prop_assert!(editor.cursor().1.len() <= editor.lines()[editor.cursor().0].len());
            }
        }
    }
}
