//! Lines and what they are to botocore: Python's `configparser.RawConfigParser`, strict, with its defaults.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::EditRefused;

/// The section whose values `configparser` gives to every other.
pub(super) const DEFAULTS: &str = "DEFAULT";

#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// Without its end.
    pub text: &'a str,
    /// Its end as it stands: LF, CRLF, CR; nothing at the end of a file.
    pub end: &'a str,
    pub role: LineRole,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum LineRole {
    /// White space only.
    Blank,
    Comment,
    /// The header of a section, with its raw name.
    Header {
        name: String,
    },
    Key(Key),
    /// A further line of the value of the key on line `of`.
    Continuation {
        of: usize,
    },
}

/// A key's place on its line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    /// In lower case, as every reader compares it.
    pub name: String,
    /// Where the key ends, in bytes of the line.
    pub end: usize,
    /// Where the value stands; empty at the end of the line where there is none.
    pub value: Range<usize>,
    /// The line of its section's header.
    pub section: usize,
}

impl Line<'_> {
    /// Whether it begins with white space: to the other SDKs it is then a further line of the key above, comment or not.
    pub fn is_indented(&self) -> bool {
        self.text.starts_with([' ', '\t'])
    }
}

/// What Python's `str.strip` takes off.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// Splits a text into lines, each with its own end; CR alone is an end to Python.
fn split(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(at);
        let end = if tail.starts_with("\r\n") { 2 } else { tail.len().min(1) };
        let (end, tail) = tail.split_at(end);
        rest = tail;
        Some((line, end))
    })
}

/// The lines of a text with their roles.
///
/// # Errors
/// What makes botocore give up the whole file: a key before the first header, a line that is neither, a section or a key
/// twice, a nested line without `=`.
pub(super) fn lines(text: &str) -> Result<Vec<Line<'_>>, EditRefused> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut section: Option<usize> = None;
    let mut key: Option<usize> = None;
    let mut level = 0;
    let mut seen = Seen::default();
    for (index, (text, end)) in split(text).enumerate() {
        let inner = text.trim_matches(is_blank);
        let indent = text.chars().take_while(|c| is_blank(*c)).count();
        let role = if inner.starts_with(['#', ';']) {
            LineRole::Comment
        } else if inner.is_empty() {
            LineRole::Blank
        } else if let Some(of) = key.filter(|_| indent > level) {
            LineRole::Continuation { of }
        } else {
            level = indent;
            if let Some(name) = header(inner) {
                (section, key) = (Some(index), None);
                seen.section(name, index)?;
                LineRole::Header { name: name.to_owned() }
            } else {
                let Some(section) = section else {
                    return Err(EditRefused::at(
                        [index],
                        "it stands before the first [profile], so that AWS's tools can't read the file.",
                    ));
                };
                let found = key_of(text, section).ok_or_else(|| {
                    EditRefused::at(
                        [index],
                        "it is neither a [profile] nor “key = value”, so that AWS's tools can't read the file.",
                    )
                })?;
                seen.key(&found.name, index)?;
                key = Some(index);
                LineRole::Key(found)
            }
        };
        lines.push(Line { text, end, role });
    }
    check_nested(&lines)?;
    Ok(lines)
}

/// What was there already: `configparser` takes nothing twice.
#[derive(Default)]
struct Seen {
    sections: HashMap<String, usize>,
    at: String,
    keys: HashMap<(String, String), usize>,
}

impl Seen {
    fn section(&mut self, name: &str, index: usize) -> Result<(), EditRefused> {
        name.clone_into(&mut self.at);
        match self.sections.insert(name.to_owned(), index).filter(|_| name != DEFAULTS) {
            Some(first) => Err(EditRefused::at(
                [first, index],
                format!("[{name}] appears twice, so that the AWS CLI can't read the file. Make one of the two."),
            )),
            None => Ok(()),
        }
    }

    fn key(&mut self, name: &str, index: usize) -> Result<(), EditRefused> {
        match self.keys.insert((self.at.clone(), name.to_owned()), index) {
            Some(first) => Err(EditRefused::at(
                [first, index],
                format!("“{name}” appears twice in [{}], so that the AWS CLI can't read the file. Remove one.", self.at),
            )),
            None => Ok(()),
        }
    }
}

/// The name in a header: up to the last `]` of the line, whatever follows (`configparser`'s `SECTCRE`).
fn header(inner: &str) -> Option<&str> {
    let name = inner.strip_prefix('[')?;
    name.rfind(']').map(|end| &name[..end]).filter(|name| !name.is_empty())
}

/// A key and its value: up to the first `=` or `:`.
fn key_of(text: &str, section: usize) -> Option<Key> {
    let from = text.find(|c| !is_blank(c))?;
    let delimiter = from + text[from..].find(['=', ':'])?;
    let name = text[from..delimiter].trim_end_matches(is_blank);
    if name.is_empty() {
        return None;
    }
    let rest = &text[delimiter + 1..];
    let value = rest.trim_matches(is_blank);
    let start = match value {
        "" => text.len(),
        _ => delimiter + 1 + rest.find(|c| !is_blank(c)).unwrap_or(0),
    };
    Some(Key { name: name.to_lowercase(), end: from + name.len(), value: start..start + value.len(), section })
}

/// A value that begins on the next line is a block of `key = value` lines (botocore `configloader._parse_nested`).
fn check_nested(lines: &[Line<'_>]) -> Result<(), EditRefused> {
    for (index, line) in lines.iter().enumerate() {
        let LineRole::Continuation { of } = line.role else { continue };
        let is_block = matches!(&lines[of].role, LineRole::Key(key) if key.value.is_empty());
        if is_block && !line.text.contains('=') {
            return Err(EditRefused::at(
                [index],
                "a line of a nested block has no “=”, so that the AWS CLI can't read the file.",
            ));
        }
    }
    Ok(())
}

/// The whole value of the key on a line, its further lines included, as `configparser` joins them.
pub(super) fn value(lines: &[Line<'_>], index: usize) -> Zeroizing<String> {
    let Some(Line { text, role: LineRole::Key(key), .. }) = lines.get(index) else { return Zeroizing::default() };
    let further =
        || lines.iter().skip(index + 1).take_while(|line| !matches!(line.role, LineRole::Header { .. } | LineRole::Key(_)));
    // Room for all of it: a buffer that grows leaves copies of secrets behind.
    let mut value = Zeroizing::new(String::with_capacity(text.len() + further().map(|line| line.text.len() + 1).sum::<usize>()));
    value.push_str(&text[key.value.clone()]);
    for line in further() {
        match line.role {
            LineRole::Continuation { .. } => {
                value.push('\n');
                value.push_str(line.text.trim_matches(is_blank));
            }
            LineRole::Blank => value.push('\n'),
            _ => {}
        }
    }
    let end = value.trim_end_matches(is_blank).len();
    value.truncate(end);
    value
}
