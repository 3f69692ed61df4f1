//! What is asked: a field, or one of several.

use super::fields::{Beside, NEW_POLICY, count, emptiness, extent, value};
use super::{DialogView, FormView, Part, View};
use crate::app::field::{Control, Field, FieldOption};
use crate::app::table::{Detail, Pick, Row, Table};
use crate::domain::secret::Secret;

use super::lines::note;

/// So many rows of a list are printed; of a longer one the person says first which.
const PRINTED: usize = 12;

/// What is asked.
#[derive(Debug)]
pub enum Question {
    Menu(Menu),
    Text {
        field: usize,
    },
    Hidden {
        field: usize,
    },
    Toggle {
        field: usize,
        on: bool,
    },
    Choice {
        field: usize,
        options: usize,
        at: usize,
        is_chosen: bool,
    },
    Table {
        field: usize,
        rows: usize,
        is_many: bool,
        /// What stands beside a row can be looked at without choosing it.
        looks: bool,
        /// The places of the chosen rows.
        chosen: Vec<usize>,
        /// A word was searched for.
        is_searched: bool,
    },
    Drafts {
        field: usize,
        items: usize,
    },
    /// The lines that were typed so far. Where a secret among them ends: a policy is none.
    Document {
        field: usize,
        lines: Vec<Secret>,
    },
}

impl Question {
    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden { .. })
    }

    /// The field that is asked.
    pub fn field(&self) -> Option<usize> {
        match self {
            Self::Menu(_) => None,
            Self::Text { field }
            | Self::Hidden { field }
            | Self::Toggle { field, .. }
            | Self::Choice { field, .. }
            | Self::Table { field, .. }
            | Self::Drafts { field, .. }
            | Self::Document { field, .. } => Some(*field),
        }
    }

    /// What its numbers mean, as it stands now. `parts`: those of the page, where no question is in front of it.
    pub fn printed(&self, view: &View, parts: &[Part<'_>]) -> Vec<String> {
        let control = |field: &usize| Some(&form(view, parts)?.form.fields.get(*field)?.control);
        match self {
            Self::Menu(_) => Menu::of(view, parts).entries.into_iter().map(|(.., words)| words).collect(),
            Self::Table { field, rows, .. } => match control(field) {
                Some(Control::Table(table)) => table.visible().take(*rows).map(|row| row.key.clone()).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The line that is answered.
    pub fn prompt(&self, field: &Field) -> String {
        let (label, now) = (&field.label, value(field));
        match self {
            Self::Menu(menu) => menu.prompt(),
            Self::Text { .. } if now.is_empty() => format!("{label}:"),
            Self::Text { .. } => format!("{label}, now {now} (:e empties it):"),
            Self::Hidden { .. } => format!("{label} (what you type is not shown):"),
            Self::Toggle { on, .. } => format!("{label}: yes or no? Now {}:", if *on { "yes" } else { "no" }),
            Self::Choice { is_chosen: true, at, .. } => format!("Number, now {}:", at + 1),
            Self::Choice { .. } => "Number:".to_owned(),
            Self::Table { is_searched: true, chosen, .. } if chosen.is_empty() => {
                "Number, another word, or Enter for all of them:".to_owned()
            }
            Self::Table { is_many: true, .. } => {
                "Numbers, ? and a number to look, a word to search, or Enter to go on:".to_owned()
            }
            Self::Table { .. } => "Number, a word to search, or Enter to go on:".to_owned(),
            Self::Drafts { .. } => "Number opens it, :x and a number removes it, Enter goes on:".to_owned(),
            Self::Document { .. } => "Lines, then a line with only a full stop; Enter alone keeps what is there:".to_owned(),
        }
    }
}

/// The fields that are open: those of the question in front of the page, or its own.
pub fn form<'a>(view: &'a View, parts: &'a [Part<'a>]) -> Option<&'a FormView<'a>> {
    match &view.dialog {
        Some(open) => Some(&open.form).filter(|open| !open.form.fields.is_empty()),
        None => parts.iter().find_map(|part| if let Part::Form(form) = part { Some(form) } else { None }),
    }
}

/// Several to choose from.
#[derive(Debug)]
pub struct Menu {
    /// The place of each, its letter, and its words.
    pub entries: Vec<(usize, Option<char>, String)>,
    /// What an empty line means.
    pub at: usize,
}

impl Menu {
    /// Of what is open.
    pub fn of(view: &View, parts: &[Part<'_>]) -> Self {
        view.dialog.as_ref().map_or_else(|| Self::of_page(parts), Self::of_dialog)
    }

    fn of_dialog(open: &DialogView<'_>) -> Self {
        let (choices, at) = open.choices;
        Self { entries: choices.iter().enumerate().map(|(i, words)| (i, None, (*words).to_owned())).collect(), at }
    }

    fn of_page(parts: &[Part<'_>]) -> Self {
        let mut menu = Self { entries: Vec::new(), at: 0 };
        for part in parts {
            let (index, is_at, entry) = match part {
                Part::Block { index, is_at, title, .. } => (*index, *is_at, (*index, None, format!("Change {title}"))),
                Part::Button { index, is_at, words } => (*index, *is_at, (*index, None, words.clone())),
                Part::Entry { index, is_at, key, words, about } => {
                    let about = Some(about).filter(|about| !about.is_empty()).map(|about| format!(", {about}"));
                    (*index, *is_at, (*index, *key, format!("{words}{}", about.unwrap_or_default())))
                }
                _ => continue,
            };
            if is_at {
                menu.at = index;
            }
            menu.entries.push(entry);
        }
        menu
    }

    pub fn lines(&self) -> Vec<String> {
        // One that can only be closed is closed by Enter.
        if self.entries.len() == 1 {
            return Vec::new();
        }
        let entries = self.entries.iter().map(|(i, _, words)| format!("{}. {words}", i + 1));
        std::iter::once("Choose:".to_owned()).chain(entries).collect()
    }

    pub fn prompt(&self) -> String {
        match &self.entries[..] {
            [] => "Enter:".to_owned(),
            [(_, _, only)] => format!("Enter: {only}."),
            _ => format!("Number, or Enter for {}:", self.at + 1),
        }
    }
}

/// Whether somebody is asked this field; what the walkthrough fixes is only told.
pub fn is_asked(field: &Field) -> bool {
    field.asked && (!field.fixed || matches!(&field.control, Control::Drafts(drafts) if drafts.lacks()))
}

/// What of a list is chosen, once it is answered.
pub fn chosen(field: &Field) -> Option<String> {
    match &field.control {
        Control::Table(_) => Some(format!("{}: {}.", field.label, value(field))),
        _ => None,
    }
}

/// What the walkthrough has answered for the person.
pub fn fixed(field: &Field) -> String {
    format!("{}: {}. The walkthrough fixes this.", field.label, value(field))
}

/// What stands beside the highlighted row; nothing while it is looked up.
pub fn detail(view: &FormView<'_>) -> Option<Vec<String>> {
    let is_pending = matches!(view.detail.last(), Some(Beside::Line(line)) if line == "…");
    (!is_pending).then(|| view.detail.iter().map(beside).filter(|line| !line.is_empty()).collect())
}

/// The lines before a field's question, and what is asked.
pub fn of(field: &Field, at: usize, view: &FormView<'_>) -> (Vec<String>, Question) {
    let mut lines = Vec::new();
    if !field.hint.is_empty() && !matches!(field.control, Control::Drafts(_)) {
        let stop = if field.hint.ends_with(|c: char| c.is_alphanumeric() || c == ')') { "." } else { "" };
        lines.push(format!("{}: {}{stop}", field.label, field.hint));
    }
    if field.error.is_none() {
        lines.extend(field.note.as_ref().map(note));
    }
    let question = match &field.control {
        Control::Text(_) => Question::Text { field: at },
        Control::Hidden { .. } => Question::Hidden { field: at },
        Control::Toggle(on) => Question::Toggle { field: at, on: *on },
        Control::Choice { options, at: row, chosen } => {
            lines.push(format!("{}:", field.label));
            lines.extend(options.iter().enumerate().map(|(i, option)| choice(i, option, *chosen == Some(i))));
            Question::Choice { field: at, options: options.len(), at: chosen.unwrap_or(*row), is_chosen: chosen.is_some() }
        }
        Control::Table(table) => {
            lines.extend(rows(field, table));
            // Of several, what the chosen one means is said with it.
            let is_chosen = table.highlighted().is_some_and(|row| table.is_chosen(&row.key));
            if table.picking.pick == Pick::One && is_chosen && view.form.focus == at {
                lines.extend(detail(view).unwrap_or_default());
            }
            let is_many = table.picking.pick == Pick::Many;
            let rows = table.visible().len().min(shown(table));
            let place = |(i, row): (usize, &Row)| table.is_chosen(&row.key).then_some(i);
            Question::Table {
                field: at,
                rows,
                is_many,
                looks: table.picking.pick != Pick::One,
                chosen: table.visible().enumerate().filter_map(place).collect(),
                is_searched: !table.filter.as_str().trim().is_empty(),
            }
        }
        Control::Drafts(drafts) => {
            lines.push(format!("{}:", field.label));
            let made = drafts.items.iter().map(|draft| draft.words()).chain([NEW_POLICY.to_owned()]);
            lines.extend(made.enumerate().map(|(i, words)| format!("{}. {}", i + 1, words.trim_start_matches("+ "))));
            Question::Drafts { field: at, items: drafts.items.len() }
        }
        Control::Document(_) => {
            lines.push(format!("{}: {}.", field.label, value(field)));
            Question::Document { field: at, lines: Vec::new() }
        }
    };
    (lines, question)
}

fn choice(i: usize, option: &FieldOption, is_chosen: bool) -> String {
    let about = if option.about.is_empty() { String::new() } else { format!(": {}", option.about) };
    format!("{}. {}{}{about}", i + 1, option.label, if is_chosen { " (chosen)" } else { "" })
}

/// How many rows are printed: all of a short list, and the first of what a word has found.
fn shown(table: &Table) -> usize {
    match (table.visible().len() <= PRINTED, table.filter.as_str().is_empty()) {
        (true, _) => PRINTED,
        (false, true) => 0,
        (false, false) => PRINTED,
    }
}

fn rows(field: &Field, table: &Table) -> Vec<String> {
    let chosen: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    let count = count(table);
    let state = match (chosen.is_empty(), count.is_empty()) {
        (true, true) => "none chosen".to_owned(),
        (true, false) => count,
        (false, true) => format!("chosen: {}", chosen.join(", ")),
        (false, false) => format!("{count}: {}", chosen.join(", ")),
    };
    let mut lines = vec![format!("{}: {state}. {}.", field.label, extent(table))];
    let printed: Vec<_> = table.visible().take(shown(table)).collect();
    let row = |(i, row): (usize, &&Row)| {
        let sign = if table.is_chosen(&row.key) { " (chosen)" } else { "" };
        let columns = match table.detail {
            Detail::Columns(_) => format!(": {}", row.remark),
            _ => String::new(),
        };
        format!("{}. {}{sign}{columns}", i + 1, row.name)
    };
    lines.extend(printed.iter().enumerate().map(row));
    let more = table.visible().len() - printed.len();
    match (table.visible().len(), more) {
        (0, _) => lines.push(emptiness(table).to_owned()),
        (_, 0) => {}
        (all, more) if more < all => lines.push(format!("and {more} more: another word finds fewer.")),
        _ => {}
    }
    lines
}

fn beside(line: &Beside<'_>) -> String {
    match line {
        Beside::Words(words) => words.to_string(),
        Beside::Hanging(line) | Beside::Line(line) => line.clone(),
        Beside::Code(line) => (*line).to_owned(),
    }
}
