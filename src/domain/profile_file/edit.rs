//! The edit of one profile: which sections it is about, which of their lines change, and what that looks like.

use std::fmt;

use zeroize::Zeroizing;

use super::grammar::{self, Key, Line, LineRole, is_blank};
use super::names::{comment_of_sdks, is_prefixed_default, to_botocore, to_sdks};
use super::{EditRefused, FileKind, headers, is_read_as_meant, notes};

#[derive(Clone)]
pub struct Change<'a> {
    pub kind: FileKind,
    /// The profile's name, as `domain::hand_over::check_profile` allows it.
    pub profile: &'a str,
    /// Keys, in lower case, and their new values. Where a secret of them ends: in [`Edited::text`].
    pub set: Vec<(&'a str, &'a str)>,
    /// Keys that must be gone.
    pub remove: &'a [&'a str],
}

impl fmt::Debug for Change<'_> {
    // The values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.set.iter().map(|(key, _)| *key).collect();
        write!(f, "Change({:?} “{}”, sets {keys:?}, removes {:?})", self.kind, self.profile, self.remove)
    }
}

/// A line that an edit takes away or adds, with its secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Not changed, shown for its place.
    Header(String),
    /// Taken away.
    Old(String),
    New(String),
}

#[derive(Clone, Debug)]
pub struct Edited {
    /// The whole text; it may hold secrets and is wiped when dropped.
    pub text: Zeroizing<String>,
    pub was_there: bool,
    /// Where readers disagree, and what the edit does about it: only with the person's consent.
    pub asks: Vec<String>,
    /// What is good to know.
    pub notes: Vec<String>,
    pub changed: Vec<Changed>,
}

/// Sets keys of a profile and leaves every other byte of the text.
///
/// # Errors
/// What no reader could read, or what both read in another way than it looks.
pub fn edit(text: &str, change: &Change<'_>) -> Result<Edited, EditRefused> {
    if text.starts_with('\u{feff}') {
        return Err(EditRefused::at([0], "it begins with a byte order mark, which AWS's tools can't read. Save it without one."));
    }
    if text.contains('\0') {
        return Err(EditRefused::at([], "it holds NUL bytes: it was damaged, perhaps by a crash of the machine."));
    }
    let lines = grammar::lines(text)?;
    let mut notes = notes::of(&lines, change)?;
    let sections = Sections::of(&lines, change);
    let mut writer = Writer::new(text.len());
    // The header of the profile's section, and the last line of its keys.
    let mut within: Option<(usize, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        if matches!(line.role, LineRole::Header { .. }) {
            within = sections.targets.contains(&index).then(|| (index, last_of(&lines, index)));
        }
        match within {
            Some((header, _)) if header == index => writer.header(line, change, sections.repairs == Some(header)),
            Some(_) => writer.line(&lines, index, change),
            None => writer.keep(line),
        }
        if let Some((header, last)) = within.filter(|(_, last)| *last == index) {
            writer.missing(&lines, header, last, change);
        }
    }
    if sections.targets.is_empty() {
        writer.section(&lines, change);
    }
    if let (Some(first), Some(last)) = (writer.comments.first(), writer.comments.last()) {
        let at = if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
        notes.push(format!("A comment behind a value ({at}) gets a line of its own: the AWS CLI reads it as part of the value."));
    }
    notes.extend(writer.indented.first().map(|line| {
        format!("The comment on line {line} moves to the left: tools other than the AWS CLI take it for part of the value above.")
    }));
    let own: Vec<&str> = headers(&lines).filter(|(index, ..)| sections.targets.contains(index)).map(|(_, raw, _)| raw).collect();
    if !is_read_as_meant(text, &writer.text, change, &own) {
        // What is left is what [DEFAULT] gives to every profile.
        let is_given = |index: &usize| key_at(&lines, *index).is_some_and(|key| change.remove.contains(&key.name.as_str()));
        let given = (0..lines.len()).filter(is_given);
        let words =
            "[DEFAULT] gives this to every profile of the AWS CLI, and the new key would not work with it. Remove it there.";
        return Err(EditRefused::at(given, words));
    }
    Ok(Edited { text: writer.text, was_there: !sections.targets.is_empty(), asks: sections.asks, notes, changed: writer.changed })
}

/// The sections that an edit is about, by the lines of their headers.
struct Sections {
    targets: Vec<usize>,
    /// The one whose header has to be rewritten, lest botocore take it for another profile.
    repairs: Option<usize>,
    asks: Vec<String>,
}

impl Sections {
    fn of(lines: &[Line<'_>], change: &Change<'_>) -> Self {
        let (kind, profile) = (change.kind, change.profile);
        let is_botocores = |raw: &str| to_botocore(kind, raw).as_deref() == Some(profile);
        // Of several, botocore takes the last.
        let botocores = headers(lines).filter(|(_, raw, _)| is_botocores(raw)).last().map(|(index, ..)| index);
        let mut sdks: Vec<(usize, &str)> = headers(lines)
            .filter(|(_, _, line)| to_sdks(kind, line) == Some(profile))
            .map(|(index, _, line)| (index, line))
            .collect();
        if sdks.iter().any(|(_, line)| is_prefixed_default(kind, line)) {
            sdks.retain(|(_, line)| is_prefixed_default(kind, line));
        }
        let sdks: Vec<usize> = sdks.into_iter().map(|(index, _)| index).collect();
        let mut targets: Vec<usize> = sdks.iter().copied().chain(botocores).collect();
        targets.sort_unstable();
        targets.dedup();
        let at: Vec<String> = targets.iter().map(|index| (index + 1).to_string()).collect();
        let at = at.join(" and ");
        let (repairs, ask) = match (botocores, &sdks[..]) {
            (None, [.., last]) => (
                Some(*last),
                Some(format!(
                    "The AWS CLI does not take the header on line {} for “{profile}”, other tools do: it would be written as {}.",
                    last + 1,
                    kind.header(profile)
                )),
            ),
            (Some(own), [only]) if own == *only => (None, None),
            (Some(_), []) | (None, []) => (None, None),
            (Some(_), _) => {
                (None, Some(format!("AWS's tools do not agree which section is “{profile}”: all would be set (lines {at}).")))
            }
        };
        Self { targets, repairs, asks: ask.into_iter().collect() }
    }
}

fn key_at<'a>(lines: &'a [Line<'_>], index: usize) -> Option<&'a Key> {
    match &lines.get(index)?.role {
        LineRole::Key(key) => Some(key),
        _ => None,
    }
}

/// The line behind which new keys of a section go: the last of its keys, with all that readers take for its value.
fn last_of(lines: &[Line<'_>], header: usize) -> usize {
    let belongs = |line: &Line<'_>| match line.role {
        LineRole::Key(_) | LineRole::Continuation { .. } => true,
        LineRole::Comment => line.is_indented(),
        _ => false,
    };
    let own = lines.iter().enumerate().skip(header + 1).take_while(|(_, line)| !matches!(line.role, LineRole::Header { .. }));
    own.filter(|(_, line)| belongs(line)).last().map_or(header, |(index, _)| index)
}

/// The text that comes of an edit, line by line.
struct Writer {
    text: Zeroizing<String>,
    changed: Vec<Changed>,
    /// The lines, from 1, whose comments were moved.
    comments: Vec<usize>,
    /// The same of those that were indented.
    indented: Vec<usize>,
}

impl Writer {
    fn new(length: usize) -> Self {
        // Room for all of it: a buffer that grows leaves copies of secrets behind.
        Self {
            text: Zeroizing::new(String::with_capacity(2 * length + 1024)),
            changed: Vec::new(),
            comments: Vec::new(),
            indented: Vec::new(),
        }
    }

    fn push(&mut self, text: &str, end: &str) {
        self.text.push_str(text);
        self.text.push_str(end);
    }

    fn keep(&mut self, line: &Line<'_>) {
        self.push(line.text, line.end);
    }

    fn header(&mut self, line: &Line<'_>, change: &Change<'_>, repairs: bool) {
        if !repairs {
            self.changed.push(Changed::Header(shown_header(line.text)));
            return self.keep(line);
        }
        self.changed.push(Changed::Old(shown_header(line.text)));
        if let Some(at) = line.text.find(['#', ';']) {
            self.add(&line.text[at..], or_lf(line.end), shown_comment(&line.text[at..]));
        }
        let header = change.kind.header(change.profile);
        self.add(&header, line.end, header.clone());
    }

    fn add(&mut self, text: &str, end: &str, shown: String) {
        self.push(text, end);
        self.changed.push(Changed::New(shown));
    }

    /// A line of the profile below its header.
    fn line(&mut self, lines: &[Line<'_>], index: usize, change: &Change<'_>) {
        let line = &lines[index];
        let of = match line.role {
            LineRole::Continuation { of } => of,
            // To the other SDKs an indented comment is part of the value above.
            LineRole::Comment if line.is_indented() => {
                let mut above = (0..index).rev().take_while(|at| !matches!(lines[*at].role, LineRole::Header { .. }));
                above.find(|at| key_at(lines, *at).is_some()).unwrap_or(index)
            }
            _ => index,
        };
        let Some(key) = key_at(lines, of) else { return self.keep(line) };
        let new = change.set.iter().find(|(name, _)| *name == key.name).map(|(_, value)| *value);
        let goes = change.remove.contains(&key.name.as_str());
        match (&line.role, new) {
            (LineRole::Key(_), Some(value)) => self.replace(lines, index, key, value),
            (LineRole::Key(_), None) if goes => {
                self.changed.push(Changed::Old(masked(&line.text[..key.value.start], &key.name, lines, index)))
            }
            (LineRole::Continuation { .. }, _) if new.is_some() || goes => self.changed.push(Changed::Old(MASK.to_owned())),
            (LineRole::Comment, _) if new.is_some() || goes => {
                let comment = line.text.trim_start_matches(is_blank);
                self.indented.push(index + 1);
                self.changed.push(Changed::Old(format!("  {}", shown_comment(comment))));
                self.add(comment, line.end, shown_comment(comment));
            }
            _ => self.keep(line),
        }
    }

    fn replace(&mut self, lines: &[Line<'_>], index: usize, key: &Key, value: &str) {
        let line = &lines[index];
        let comment = comment_of_sdks(line.text);
        if *grammar::value(lines, index) == value && comment.is_none() && !is_followed(lines, index) {
            return self.keep(line);
        }
        self.changed.push(Changed::Old(masked(&line.text[..key.value.start], &key.name, lines, index)));
        if let Some(at) = comment {
            self.comments.push(index + 1);
            self.add(&line.text[at..], or_lf(line.end), shown_comment(&line.text[at..]));
        }
        let lead = &line.text[..key.value.start];
        let is_tight = key.value.is_empty() && lead.ends_with(['=', ':']) && lead[key.end..].starts_with(is_blank);
        let blank = if is_tight { " " } else { "" };
        // Other white space than blanks and tabs is part of the value to the other SDKs.
        let tail = &line.text[key.value.end..];
        let tail = if comment.is_some() || !tail.trim_matches([' ', '\t']).is_empty() { "" } else { tail };
        self.changed.push(Changed::New(format!("{lead}{blank}{}", shown(&key.name, value))));
        [lead, blank, value, tail, line.end].into_iter().for_each(|piece| self.text.push_str(piece));
    }

    /// The keys that a section lacks, behind its last line.
    fn missing(&mut self, lines: &[Line<'_>], header: usize, index: usize, change: &Change<'_>) {
        let own: Vec<&Key> =
            (header..lines.len()).filter_map(|at| key_at(lines, at)).filter(|key| key.section == header).collect();
        let missing: Vec<(&str, &str)> =
            change.set.iter().filter(|(name, _)| own.iter().all(|key| key.name != *name)).copied().collect();
        if missing.is_empty() {
            return;
        }
        let last = (header..=index).rev().find(|at| key_at(lines, *at).is_some());
        let (indent, delimiter) = match last.and_then(|at| Some((lines[at].text, key_at(lines, at)?))) {
            Some((text, key)) => {
                let indent: String = text.chars().take_while(|c| is_blank(*c)).collect();
                let is_tight = text[key.end..].starts_with('=') && !text[key.end + 1..].starts_with(is_blank);
                (indent, if is_tight { "=" } else { " = " })
            }
            None => (String::new(), " = "),
        };
        let end = end_near(lines, index);
        if lines[index].end.is_empty() {
            self.text.push_str(end);
        }
        for (name, value) in missing {
            self.changed.push(Changed::New(format!("{indent}{name}{delimiter}{}", shown(name, value))));
            [&indent, name, delimiter, value, end].into_iter().for_each(|piece| self.text.push_str(piece));
        }
    }

    /// A new section at the end.
    fn section(&mut self, lines: &[Line<'_>], change: &Change<'_>) {
        let end = end_near(lines, lines.len().saturating_sub(1));
        if let Some(last) = lines.last() {
            if last.end.is_empty() {
                self.text.push_str(end);
            }
            if last.role != LineRole::Blank {
                self.text.push_str(end);
            }
        }
        let header = change.kind.header(change.profile);
        self.add(&header, end, header.clone());
        for (name, value) in &change.set {
            self.changed.push(Changed::New(format!("{name} = {}", shown(name, value))));
            [name, " = ", value, end].into_iter().for_each(|piece| self.text.push_str(piece));
        }
    }
}

fn or_lf(end: &str) -> &str {
    if end.is_empty() { "\n" } else { end }
}

/// The line end of new lines: that of the line they follow, else of the file's first.
fn end_near<'a>(lines: &[Line<'a>], index: usize) -> &'a str {
    let near = lines.get(index).filter(|line| !line.end.is_empty()).or_else(|| lines.first());
    near.map_or("\n", |line| or_lf(line.end))
}

/// Whether a key's value goes on below, to any reader.
fn is_followed(lines: &[Line<'_>], index: usize) -> bool {
    lines[index + 1..]
        .iter()
        .take_while(|line| !matches!(line.role, LineRole::Header { .. } | LineRole::Key(_)))
        .any(|line| matches!(line.role, LineRole::Continuation { .. }) || (line.role == LineRole::Comment && line.is_indented()))
}

const MASK: &str = "••••";

/// A header without what follows it, which may be anything.
fn shown_header(text: &str) -> String {
    text[..text.rfind(']').map_or(0, |at| at + 1)].to_owned()
}

/// A comment as it may be shown: people keep old secrets in them.
fn shown_comment(text: &str) -> String {
    text.chars().take(1).chain(" …".chars()).collect()
}

fn shown(name: &str, value: &str) -> String {
    match name {
        "region" | "output" => value.to_owned(),
        "aws_access_key_id" => match value.char_indices().rev().nth(3) {
            Some((at, _)) => format!("{MASK}{}", &value[at..]),
            None => MASK.to_owned(),
        },
        _ => MASK.to_owned(),
    }
}

fn masked(lead: &str, name: &str, lines: &[Line<'_>], index: usize) -> String {
    let value = grammar::value(lines, index);
    format!("{lead}{}", shown(name, value.split(is_blank).next().unwrap_or_default()))
}
