//! What a typed line means for the conversation.

use super::{AccessibleLines, Asked};
use crate::app::event::{Event, Key, Target};
use crate::app::keymap::{Binding, KeyHint, KeyScope};
use crate::domain::secret::Secret;
use crate::view::lines as words;
use crate::view::question::Question;

/// How a key of the full screen is reached from lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By answering: an empty line, numbers, words.
    Answer,
    /// By a colon and this letter.
    Letter(char),
    /// By these characters alone.
    Line(&'static str),
    /// By the terminal itself.
    Terminal,
}

/// How a row of the key table is reached; none for a row that nobody thought of.
pub fn reach(row: &Binding) -> Option<Reach> {
    Some(match (row.shown, row.scope) {
        ("Del", _) => Reach::Letter('x'),
        ("Enter" | "Space" | "/" | "↑↓" | "Tab" | "Shift-Tab" | "Ctrl-S" | "PgUp PgDn" | "←→", _) => Reach::Answer,
        ("Esc", KeyScope::Running) => Reach::Terminal,
        ("Esc", _) => Reach::Line("<"),
        ("F1", _) => Reach::Line("?"),
        ("Ctrl-Z", _) => Reach::Terminal,
        (shown, _) => Reach::Letter(letter(shown)?),
    })
}

/// The letter of a key that is named by one, or has one here.
fn letter(shown: &str) -> Option<char> {
    match shown {
        "F5" => Some('r'),
        "Ctrl-C" => Some('q'),
        "Ctrl-T" => Some('t'),
        _ => shown.chars().next().filter(|c| shown.len() == 1 && c.is_ascii_lowercase()),
    }
}

/// The letters of the keys that work here.
pub(super) fn actions(keys: &[KeyHint]) -> Vec<(char, Key)> {
    let key = |hint: &KeyHint| {
        let c = letter(hint.shown)?;
        Some((
            c,
            match c {
                'r' if hint.shown == "F5" => Key::F(5),
                'q' if hint.shown == "Ctrl-C" => Key::Ctrl('c'),
                't' if hint.shown == "Ctrl-T" => Key::Ctrl('t'),
                c => Key::Char(c),
            },
        ))
    };
    keys.iter().filter_map(key).collect()
}

impl AccessibleLines<'_> {
    /// What a line means that answers this. Where a secret in it ends: in the field that it answers.
    pub(super) fn answered(&mut self, asked: Asked, line: &str) -> Vec<Event> {
        let typed = line.trim();
        if let Question::Document { field, lines } = asked.question {
            return self.written(
                Asked { question: Question::Document { field, lines: Vec::new() }, ..asked },
                lines,
                field,
                line,
            );
        }
        if let Some(c) = typed.strip_prefix(':').and_then(|rest| rest.chars().next()).filter(|c| c.is_ascii_lowercase())
            && (typed.len() == 2 || (c == 'x' && matches!(asked.question, Question::Drafts { .. })))
        {
            return self.act(&asked, c, typed);
        }
        if let (Question::Table { field, rows, looks: true, .. }, Some(row)) =
            (&asked.question, typed.strip_prefix('?').and_then(numbers))
        {
            return self.look(*field, row[0], *rows);
        }
        match typed {
            "<" => return self.back(&asked.question),
            "?" => return vec![Event::Key(Key::F(1))],
            _ => {}
        }
        // What would be a command is written behind a backslash.
        let is_command = |text: &&str| matches!(*text, "<" | "?") || (text.starts_with(':') && text.len() == 2);
        let text = line.strip_prefix('\\').filter(is_command).unwrap_or(line);
        match asked.question {
            Question::Menu(menu) => {
                let letter = typed.chars().next().filter(|_| typed.len() == 1);
                let place = match typed.parse::<usize>() {
                    _ if typed.is_empty() => Some(menu.at),
                    Ok(number) => number.checked_sub(1),
                    Err(_) => menu.entries.iter().find(|(_, key, _)| key.is_some() && *key == letter).map(|(i, ..)| *i),
                };
                match place.filter(|place| menu.entries.iter().any(|(i, ..)| i == place)) {
                    Some(place) => vec![Event::Click(Target::Entry(place))],
                    None => match letter.and_then(|letter| asked.actions.iter().find(|(c, _)| *c == letter)) {
                        Some((_, key)) => vec![Event::Key(*key)],
                        None => self.misunderstood(),
                    },
                }
            }
            Question::Text { .. } | Question::Hidden { .. } if line.is_empty() => self.keep(),
            Question::Text { field } | Question::Hidden { field } => {
                self.note_answer();
                vec![Event::Fill { field, text: Secret::new(text.to_owned()) }]
            }
            Question::Toggle { .. } if typed.is_empty() => self.keep(),
            Question::Toggle { field, on } => match yes_or_no(typed) {
                Some(wanted) => {
                    self.note_answer();
                    let flip = (wanted != on).then_some(Event::Key(Key::Char(' ')));
                    [Event::GoTo(field)].into_iter().chain(flip).collect()
                }
                None => self.misunderstood(),
            },
            // An empty line keeps what is chosen; where nothing is, nothing is chosen by it.
            Question::Choice { .. } if typed.is_empty() => self.keep(),
            Question::Choice { field, options, .. } => match numbers(typed).as_deref() {
                Some([row]) if *row < options => {
                    self.note_answer();
                    vec![Event::Pick { field, rows: vec![*row] }]
                }
                _ => self.misunderstood(),
            },
            // What was searched for and not chosen is no answer yet: all of the list is there again.
            Question::Table { field, is_searched, ref chosen, .. } if typed.is_empty() => {
                if !is_searched || !chosen.is_empty() {
                    self.note_answer();
                }
                vec![Event::Fill { field, text: Secret::new(String::new()) }]
            }
            Question::Table { field, rows, is_many, chosen, .. } => match numbers(typed) {
                // What is chosen already stays so.
                Some(places) if !is_many && places.len() == 1 && chosen.contains(&places[0]) && places[0] < rows => self.keep(),
                Some(places) if places.iter().all(|row| *row < rows) && (is_many || places.len() == 1) => {
                    if !is_many {
                        self.note_answer();
                    }
                    vec![Event::Pick { field, rows: places }]
                }
                Some(_) => self.misunderstood(),
                None => vec![Event::Fill { field, text: Secret::new(text.trim_start_matches('/').to_owned()) }],
            },
            Question::Drafts { .. } if typed.is_empty() => self.keep(),
            Question::Drafts { field, items } => match numbers(typed).as_deref() {
                Some([row]) if *row <= items => {
                    vec![Event::Pick { field, rows: vec![*row] }, Event::Key(Key::Char(' '))]
                }
                _ => self.misunderstood(),
            },
            Question::Document { .. } => Vec::new(),
        }
    }

    /// A line of a document, which ends with a full stop alone.
    fn written(&mut self, asked: Asked, mut lines: Vec<Secret>, field: usize, line: &str) -> Vec<Event> {
        match (line.trim(), lines.is_empty()) {
            ("", true) => return self.keep(),
            ("<", true) => return self.back(&Question::Document { field, lines }),
            ("?", true) => return vec![Event::Key(Key::F(1))],
            (":q", true) => return vec![Event::Key(Key::Ctrl('c'))],
            (".", _) => {
                self.note_answer();
                let text: Vec<&str> = lines.iter().map(Secret::expose).collect();
                return vec![Event::Fill { field, text: Secret::new(text.join("\n")) }];
            }
            _ => {}
        }
        lines.push(Secret::new(line.to_owned()));
        self.asked = Some(Asked { question: Question::Document { field, lines }, ..asked });
        self.is_reading = true;
        (self.terminal.read)();
        Vec::new()
    }

    /// An action by its letter.
    fn act(&mut self, asked: &Asked, c: char, typed: &str) -> Vec<Event> {
        match (&asked.question, c) {
            (Question::Text { field } | Question::Hidden { field }, 'e') => {
                self.note_answer();
                return vec![Event::Clear(*field)];
            }
            (Question::Table { field, .. }, 'e') => return vec![Event::Clear(*field)],
            (Question::Drafts { field, items }, 'x') => {
                let row = numbers(&typed[2..]).filter(|rows| rows.len() == 1).map(|rows| rows[0]).filter(|row| row < items);
                let Some(row) = row else { return self.misunderstood() };
                return vec![Event::Pick { field: *field, rows: vec![row] }, Event::Key(Key::Delete)];
            }
            (Question::Menu(menu), _) => {
                if let Some((place, ..)) = menu.entries.iter().find(|(_, key, _)| *key == Some(c)) {
                    return vec![Event::Click(Target::Entry(*place))];
                }
            }
            _ => {}
        }
        match asked.actions.iter().find(|(letter, _)| *letter == c) {
            Some((_, key)) => vec![Event::Key(*key)],
            None => self.misunderstood(),
        }
    }

    /// What stands beside a row: the person goes there and chooses nothing.
    fn look(&mut self, field: usize, row: usize, rows: usize) -> Vec<Event> {
        if row >= rows {
            return self.misunderstood();
        }
        if let Some(told) = self.told_now() {
            told.looks = true;
        }
        let down = (0..row).map(|_| Event::Key(Key::Down));
        [Event::GoTo(field), Event::Key(Key::Home)].into_iter().chain(down).collect()
    }

    /// To the question before, or off the page.
    fn back(&mut self, question: &Question) -> Vec<Event> {
        let clear = match question {
            Question::Table { field, .. } => Some(Event::Fill { field: *field, text: Secret::new(String::new()) }),
            _ => None,
        };
        let Some(told) = self.told_now() else { return Vec::new() };
        let earlier = question.field().and_then(|field| told.asked.iter().rev().find(|at| **at < field).copied());
        let leave = match earlier {
            Some(at) => {
                told.field = Some(at);
                Event::GoTo(at)
            }
            // Out of the document's editor first, and then off the page.
            None => Event::Key(Key::Esc),
        };
        clear.into_iter().chain([leave]).collect()
    }

    /// What was there stays.
    fn keep(&mut self) -> Vec<Event> {
        self.note_answer();
        Vec::new()
    }

    fn note_answer(&mut self) {
        if let Some(told) = self.told_now() {
            told.is_answered = true;
        }
    }

    fn misunderstood(&mut self) -> Vec<Event> {
        let _ = self.line(words::MISUNDERSTOOD);
        Vec::new()
    }
}

/// `1 4`, `1,4`: places, counted from 0.
fn numbers(typed: &str) -> Option<Vec<usize>> {
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    let places: Option<Vec<usize>> = words.map(|word| word.parse::<usize>().ok()?.checked_sub(1)).collect();
    places.filter(|places| !places.is_empty())
}

fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.to_lowercase().as_str() {
        "yes" | "y" | "1" => Some(true),
        "no" | "n" | "0" | "2" => Some(false),
        _ => None,
    }
}
