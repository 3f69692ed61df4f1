//! JSON (RFC 8259) with the place of everything in it, and laid out again. Keys may repeat here, and nothing that stands in a text is
//! lost on the way through: who reads says what a repeated key means.

use super::is_blank;

/// How deep lists and objects may lie in each other: a policy needs six.
const DEEPEST: usize = 64;

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// The places of a text's bytes, asked for in ascending order.
pub struct LineIndex<'a> {
    rest: &'a str,
    passed: usize,
    place: LineColumn,
}

impl<'a> LineIndex<'a> {
    /// Before the first byte.
    pub fn of(text: &'a str) -> Self {
        Self { rest: text, passed: 0, place: LineColumn { line: 1, column: 1 } }
    }

    /// The place of a byte that is not before the last one asked for.
    pub fn place(&mut self, at: usize) -> LineColumn {
        for c in self.rest.chars() {
            if self.passed >= at {
                break;
            }
            self.passed += c.len_utf8();
            self.rest = &self.rest[c.len_utf8()..];
            self.place = match c {
                '\n' => LineColumn { line: self.place.line + 1, column: 1 },
                _ => LineColumn { column: self.place.column + 1, ..self.place },
            };
        }
        self.place
    }
}

/// A value, and the byte where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::domain) struct Node {
    pub at: usize,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::domain) enum Value {
    Null,
    Bool(bool),
    /// As it is spelled.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(Node, Node)>),
}

impl Node {
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries, where it is an object.
    pub fn entries(&self) -> &[(Self, Self)] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key; of a key that appears twice the last.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rfind(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The items of a list, or the one value that stands for a list of one.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Gives each text in it, keys among them, with its place.
    pub fn each_text(&self, take: &mut dyn FnMut(usize, &str)) {
        match &self.value {
            Value::Text(text) => take(self.at, text),
            Value::List(items) => items.iter().for_each(|item| item.each_text(take)),
            Value::Object(entries) => entries.iter().for_each(|(key, value)| {
                key.each_text(take);
                value.each_text(take);
            }),
            _ => {}
        }
    }

    /// Changes each text in it, keys among them.
    pub fn change_texts(&mut self, change: &dyn Fn(&str) -> String) {
        match &mut self.value {
            Value::Text(text) => *text = change(text),
            Value::List(items) => items.iter_mut().for_each(|item| item.change_texts(change)),
            Value::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.change_texts(change);
                value.change_texts(change);
            }),
            _ => {}
        }
    }

    /// Laid out for reading: two blanks a level, the order of the source kept.
    pub fn laid_out(&self) -> String {
        let mut out = String::new();
        self.lay_out(0, &mut out);
        out
    }

    fn lay_out(&self, level: usize, out: &mut String) {
        let line = |level: usize, out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        };
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(on) => out.push_str(if *on { "true" } else { "false" }),
            Value::Number(number) => out.push_str(number),
            Value::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            Value::List(items) if items.is_empty() => out.push_str("[]"),
            Value::Object(entries) if entries.is_empty() => out.push_str("{}"),
            Value::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    line(level + 1, out);
                    item.lay_out(level + 1, out);
                }
                line(level, out);
                out.push(']');
            }
            Value::Object(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    line(level + 1, out);
                    key.lay_out(level + 1, out);
                    out.push_str(": ");
                    value.lay_out(level + 1, out);
                }
                line(level, out);
                out.push('}');
            }
        }
    }

    /// The same for whoever says the same: without places, the entries of objects in one order.
    pub fn in_order(&self) -> Self {
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(Self::in_order).collect()),
            Value::Object(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.in_order(), value.in_order())).collect();
                entries.sort_by_key(|(key, value)| (key.laid_out(), value.laid_out()));
                Value::Object(entries)
            }
            other => other.clone(),
        };
        Self { at: 0, value }
    }
}

#[derive(Debug)]
pub(in crate::domain) struct JsonFault {
    pub at: usize,
    pub words: String,
}

/// Reads a text that is one JSON value.
///
/// # Errors
/// Where it is none, and what helps.
pub(in crate::domain) fn read(text: &str) -> Result<Node, JsonFault> {
    let mut reader = Reader { text, at: 0 };
    reader.blanks();
    if reader.peek().is_none() {
        return reader.fault("There is no policy here: the text is empty.");
    }
    let node = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(node),
        Some(_) => reader.fault("The document has ended before this: remove what follows."),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let is_there = self.peek() == Some(c);
        self.at += if is_there { c.len_utf8() } else { 0 };
        is_there
    }

    fn blanks(&mut self) {
        while let Some(c) = self.peek().filter(|c| is_blank(*c)) {
            self.at += c.len_utf8();
        }
    }

    fn fault<T>(&self, words: impl Into<String>) -> Result<T, JsonFault> {
        Err(JsonFault { at: self.at, words: words.into() })
    }

    fn value(&mut self, depth: usize) -> Result<Node, JsonFault> {
        let at = self.at;
        if depth > DEEPEST {
            return self.fault("Lists and objects lie too deep in each other.");
        }
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { at, value })
    }

    fn word(&mut self) -> Result<Value, JsonFault> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let rest = &self.text[self.at..];
        match self.peek() {
            None => self.fault("The text ends in the middle: a value is missing."),
            _ if rest.starts_with("...") || rest.starts_with('…') => {
                self.fault("“...” is left in from a guide: write what it stands for, or remove it.")
            }
            _ if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') => {
                self.fault("JSON has no comments: remove it.")
            }
            Some('“' | '”' | '„' | '‘' | '’' | '\'') => self.fault("JSON wants straight double quotes: \"."),
            Some(',' | ']' | '}') => self.fault("A value is missing before this, or a comma too many stands there."),
            Some(c) if super::foreign::no_blank(c).is_some() => self.fault(super::foreign::no_blank(c).unwrap_or_default()),
            Some(_) => self.fault("A text has to stand in double quotes."),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonFault> {
        let mut entries = Vec::new();
        self.at += 1;
        self.blanks();
        if self.take('}') {
            return Ok(Value::Object(entries));
        }
        loop {
            let at = self.at;
            let key = match self.peek() {
                Some('"') => Node { at, value: Value::Text(self.string()?) },
                // What else stands there is reported as for a value.
                _ => match self.word() {
                    Ok(_) => {
                        return Err(JsonFault { at, words: "The name of an element has to stand in double quotes.".to_owned() });
                    }
                    Err(fault) => return Err(fault),
                },
            };
            self.blanks();
            if !self.take(':') {
                return self.fault("“:” is missing between an element and its value.");
            }
            self.blanks();
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            if !self.goes_on('}')? {
                return Ok(Value::Object(entries));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonFault> {
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(']')? {
                return Ok(Value::List(items));
            }
        }
    }

    /// Behind an item: whether another follows.
    fn goes_on(&mut self, end: char) -> Result<bool, JsonFault> {
        self.blanks();
        if self.take(end) {
            return Ok(false);
        }
        let comma = self.at;
        if !self.take(',') {
            return match self.peek() {
                None => self.fault(format!("The text ends in the middle: “{end}” is missing.")),
                Some(c) if super::foreign::no_blank(c).is_some() => self.fault(super::foreign::no_blank(c).unwrap_or_default()),
                Some(_) => self.fault(format!("“,” or “{end}” is missing before this.")),
            };
        }
        self.blanks();
        if self.peek() == Some(end) {
            return Err(JsonFault { at: comma, words: format!("A comma too many before “{end}”: remove it.") });
        }
        Ok(true)
    }

    fn number(&mut self) -> Result<Value, JsonFault> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let number = &rest[..end];
        let whole = number.strip_prefix('-').unwrap_or(number);
        let is_number = whole.starts_with(|c: char| c.is_ascii_digit())
            && (!whole.starts_with('0') || !whole[1..].starts_with(|c: char| c.is_ascii_digit()))
            && !whole.ends_with('.')
            && !whole.contains(".e")
            && !whole.contains(".E")
            && whole.bytes().all(|byte| byte.is_ascii_digit() || b"eE+-.".contains(&byte))
            && number.parse::<f64>().is_ok();
        if !is_number {
            return self.fault("This is no number of JSON: put it in double quotes.");
        }
        let number = number.to_owned();
        self.at += end;
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<String, JsonFault> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(JsonFault { at: start, words: "The quote that begins here is not closed.".to_owned() });
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(text);
                }
                '\\' => text.push(self.escape()?),
                '\n' | '\r' => {
                    return Err(JsonFault {
                        at: start,
                        words: "The quote that begins here is not closed in its line.".to_owned(),
                    });
                }
                c if (c as u32) < 0x20 => return self.fault("A tab or another control character stands in a text."),
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let at = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return self.fault("The text ends in the middle of a quote.") };
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => Ok(c),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => {
                let first = self.hex(at)?;
                // Two halves make a character beyond the first plane; one alone is none.
                if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    let second = self.hex(at)?;
                    let joined = 0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff);
                    return Ok(char::from_u32(joined).unwrap_or('\u{fffd}'));
                }
                Ok(char::from_u32(first).unwrap_or('\u{fffd}'))
            }
            c if super::foreign::MARKDOWN.contains(c) => {
                let words = format!("“\\{c}” is Markdown's way to write “{c}”: remove the “\\”.");
                Err(JsonFault { at, words })
            }
            _ => {
                let words = "JSON knows no such escape: remove the “\\”, or write “\\\\” where one is meant.";
                Err(JsonFault { at, words: words.to_owned() })
            }
        }
    }

    fn hex(&mut self, start: usize) -> Result<u32, JsonFault> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(JsonFault { at: start, words: "“\\u” wants four digits of 0-9 and a-f.".to_owned() }),
        }
    }
}
