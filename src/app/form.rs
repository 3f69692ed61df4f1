//! The fields of a page or dialog, and what keys do to them.

use super::editor::Editor;
use super::event::{Event, Key, Target};
use super::field::{Control, Field, FieldId};
use super::policy_draft::{Draft, Drafts};
use super::table::{Entered, Table};
use super::text::TextBox;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOutcome {
    Taken,
    /// The form is complete as far as the person is concerned.
    Continue,
    Open,
    /// The highlighted policy is to go.
    Remove,
    Ignored,
}

/// The fields and the one that has the keys.
#[derive(Debug, Default)]
pub struct Form {
    /// The fields, asked or not.
    pub fields: Vec<Field>,
    /// The focused one, an index into `fields`.
    pub focus: usize,
    /// The option for which a confirmation was last shown: another option needs another confirmation.
    pub confirmed_for: Option<usize>,
    /// The walkthrough whose questions are among the fields.
    pub walkthrough: String,
}

impl Form {
    /// A form whose first field has the keys.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, focus: 0, confirmed_for: None, walkthrough: String::new() }
    }

    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    fn focused_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// A field by its id, to change.
    pub fn field_mut(&mut self, id: FieldId) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.id == id)
    }

    /// The text of a field; empty for others.
    pub fn text(&self, id: FieldId) -> &str {
        match self.field(id).map(|field| &field.control) {
            Some(Control::Text(text) | Control::Hidden { text, .. }) => text.as_str(),
            _ => "",
        }
    }

    /// The policies that are made.
    pub fn drafts(&self, id: FieldId) -> &[Draft] {
        match self.field(id).map(|field| &field.control) {
            Some(Control::Drafts(drafts)) => &drafts.items,
            _ => &[],
        }
    }

    /// The policies that are made, to change.
    pub fn drafts_mut(&mut self, id: FieldId) -> Option<&mut Drafts> {
        match self.field_mut(id).map(|field| &mut field.control) {
            Some(Control::Drafts(drafts)) => Some(drafts),
            _ => None,
        }
    }

    /// The text of many lines.
    pub fn document(&self, id: FieldId) -> Option<&Editor> {
        match self.field(id).map(|field| &field.control) {
            Some(Control::Document(editor)) => Some(editor),
            _ => None,
        }
    }

    /// Whether a toggle is on.
    pub fn is_on(&self, id: FieldId) -> bool {
        matches!(self.field(id).map(|field| &field.control), Some(Control::Toggle(true)))
    }

    /// Replaces the text of a field.
    pub fn fill(&mut self, id: FieldId, new: &str) {
        if let Some(field) = self.field_mut(id) {
            field.fill(new);
        }
    }

    /// Turns a toggle on or off.
    pub fn set(&mut self, id: FieldId, on: bool) {
        if let Some(Control::Toggle(state)) = self.field_mut(id).map(|field| &mut field.control) {
            *state = on;
        }
    }

    pub fn chosen(&self, id: FieldId) -> Option<usize> {
        match self.field(id).map(|field| &field.control) {
            Some(Control::Choice { chosen, .. }) => *chosen,
            _ => None,
        }
    }

    pub fn table(&self, id: FieldId) -> Option<&Table> {
        match self.field(id).map(|field| &field.control) {
            Some(Control::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// A list, to change.
    pub fn table_mut(&mut self, id: FieldId) -> Option<&mut Table> {
        match self.field_mut(id).map(|field| &mut field.control) {
            Some(Control::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Asks a field, or no longer; the focus leaves a field that is no longer asked.
    pub fn ask(&mut self, id: FieldId, asked: bool) {
        if let Some(field) = self.field_mut(id) {
            field.asked = asked;
        }
        if self.focused().is_some_and(|field| !field.asked) {
            self.go_back();
        }
    }

    pub fn focus_on(&mut self, id: FieldId) {
        self.focus = self.fields.iter().position(|field| field.id == id).unwrap_or(self.focus);
    }

    /// Goes to a field and says there what is wrong.
    pub fn refuse(&mut self, id: FieldId, words: String) {
        if let Some(index) = self.fields.iter().position(|field| field.id == id) {
            self.focus = index;
            self.fields[index].error = Some(words);
        }
    }

    /// Goes to a field behind the focused one that was not answered yet. `false` where there is none such.
    pub fn goes_on_to(&mut self, id: FieldId) -> bool {
        let behind = self.fields.iter().position(|field| field.id == id && field.is_open()).filter(|at| *at > self.focus);
        self.focus = behind.unwrap_or(self.focus);
        behind.is_some()
    }

    /// To the next field that is asked. `false` at the last.
    pub fn go_on(&mut self) -> bool {
        let next = (self.focus + 1..self.fields.len()).find(|i| self.fields[*i].asked);
        self.leave_filter();
        self.focus = next.unwrap_or(self.focus);
        next.is_some()
    }

    /// To the previous field that is asked. `false` at the first.
    pub fn go_back(&mut self) -> bool {
        let previous = (0..self.focus).rev().find(|i| self.fields[*i].asked);
        self.leave_filter();
        self.focus = previous.unwrap_or(self.focus);
        previous.is_some()
    }

    fn leave_filter(&mut self) {
        if let Some(Control::Table(table)) = self.focused_mut().map(|field| &mut field.control) {
            table.filtering = false;
        }
    }

    pub fn click(&mut self, index: usize) {
        if self.fields.get(index).is_some_and(|field| field.asked) {
            self.leave_filter();
            self.focus = index;
            let fixed = self.fields[index].fixed;
            if let (Control::Toggle(on), false) = (&mut self.fields[index].control, fixed) {
                *on = !*on;
            }
            self.fields[index].error = None;
        }
    }

    /// Replaces what a field holds, or by what its list is filtered.
    fn replace(&mut self, index: usize, new: &str) {
        let Some(field) = self.fields.get_mut(index).filter(|field| field.asked && !field.fixed) else { return };
        field.error = None;
        match &mut field.control {
            Control::Text(text) | Control::Hidden { text, .. } => text.set(new),
            Control::Document(editor) => editor.set(new.trim_start()),
            Control::Table(table) => table.filter_by(new),
            Control::Toggle(_) | Control::Choice { .. } | Control::Drafts(_) => {}
        }
    }

    /// To a row of a field that was clicked, choosing it.
    pub fn click_row(&mut self, index: usize, row: usize) {
        if !self.fields.get(index).is_some_and(|field| field.asked) {
            return;
        }
        self.leave_filter();
        self.focus = index;
        self.fields[index].error = None;
        let fixed = self.fields[index].fixed;
        match &mut self.fields[index].control {
            Control::Choice { options, at, chosen } if row < options.len() && !fixed => {
                *at = row;
                *chosen = Some(row);
            }
            Control::Table(table) => {
                table.jump(row);
                table.toggle();
            }
            Control::Drafts(drafts) => drafts.at = row.min(drafts.items.len()),
            _ => {}
        }
    }

    /// The wheel moves what the arrows move.
    pub fn wheel(&mut self, rows: i32) {
        for _ in 0..rows.unsigned_abs() {
            self.key(if rows < 0 { Key::Up } else { Key::Down });
        }
    }

    /// Whether characters go into a text.
    pub fn is_typing(&self) -> bool {
        match self.focused().map(|field| &field.control) {
            Some(Control::Text(_) | Control::Hidden { .. } | Control::Document(_)) => true,
            Some(Control::Table(table)) => table.filtering,
            _ => false,
        }
    }

    /// A pasted text: into a text field or a filter, and nowhere else.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(field) = self.focused_mut().filter(|field| !field.fixed) {
            field.error = None;
            match &mut field.control {
                // Blanks before a document IAM does not take, and none is meant.
                Control::Document(editor) if editor.is_blank() => editor.insert(pasted.trim_start()),
                Control::Document(editor) => editor.insert(pasted),
                Control::Text(text) | Control::Hidden { text, .. } => text.insert(pasted),
                Control::Table(table) => table.paste(pasted),
                _ => {}
            }
        }
    }

    /// Takes a paste, a click or the wheel. Where a secret that was pasted ends: in the field that has the keys.
    pub fn on(&mut self, event: Event) {
        match event {
            Event::Paste(text) => self.paste(text.expose()),
            Event::Click(Target::Field(field)) => self.click(field),
            Event::Click(Target::Row { field, row }) => self.click_row(field, row),
            Event::Wheel(rows) => self.wheel(rows),
            Event::Fill { field, text } => self.replace(field, text.expose()),
            Event::Pick { field, rows } => rows.into_iter().for_each(|row| self.click_row(field, row)),
            Event::Clear(field) => {
                self.replace(field, "");
                if let Some(Control::Table(table)) = self.fields.get_mut(field).map(|field| &mut field.control) {
                    table.choose_none();
                }
            }
            Event::GoTo(field) if self.fields.get(field).is_some_and(|field| field.asked) => {
                self.leave_filter();
                self.focus = field;
            }
            _ => {}
        }
    }

    /// Empties the filter of the focused list. `false` when there was none.
    pub fn clear_filter(&mut self) -> bool {
        match self.focused_mut().map(|field| &mut field.control) {
            Some(Control::Table(table)) => table.clear_filter(),
            _ => false,
        }
    }

    pub fn key(&mut self, key: Key) -> KeyOutcome {
        if let Some(Control::Document(editor)) = self.focused_mut().filter(|field| !field.fixed).map(|field| &mut field.control)
            && editor.key(key)
        {
            return KeyOutcome::Taken;
        }
        match key {
            Key::Tab => {
                if !self.go_on() {
                    self.focus = self.fields.iter().position(|field| field.asked).unwrap_or(0);
                }
                return KeyOutcome::Taken;
            }
            Key::BackTab => {
                if !self.go_back() {
                    self.focus = self.fields.iter().rposition(|field| field.asked).unwrap_or(0);
                }
                return KeyOutcome::Taken;
            }
            Key::Enter => return self.enter(),
            Key::Up | Key::Down => {
                if !self.move_within(key == Key::Down) {
                    if key == Key::Down {
                        self.go_on()
                    } else {
                        self.go_back()
                    };
                }
                return KeyOutcome::Taken;
            }
            _ => {}
        }
        let Some(field) = self.focused_mut() else { return KeyOutcome::Ignored };
        // A file that the walkthrough asks for is named anyway.
        if let (Control::Drafts(drafts), Key::Char(' '), true) = (&field.control, key, field.fixed) {
            return if drafts.asks() { KeyOutcome::Open } else { KeyOutcome::Ignored };
        }
        if field.fixed && !matches!(field.control, Control::Table(_)) {
            return KeyOutcome::Ignored;
        }
        let taken = match &mut field.control {
            Control::Drafts(_) if key == Key::Char(' ') => return KeyOutcome::Open,
            Control::Drafts(drafts) if matches!(key, Key::Delete | Key::Backspace) => {
                return if drafts.highlighted().is_some() { KeyOutcome::Remove } else { KeyOutcome::Ignored };
            }
            Control::Text(text) | Control::Hidden { text, .. } => edit(text, key),
            Control::Toggle(on) if key == Key::Char(' ') => {
                *on = !*on;
                true
            }
            Control::Choice { at, chosen, .. } if key == Key::Char(' ') => {
                *chosen = Some(*at);
                true
            }
            Control::Table(table) => table.key(key),
            _ => false,
        };
        if taken {
            field.error = None;
            KeyOutcome::Taken
        } else {
            KeyOutcome::Ignored
        }
    }

    /// Enter: where one of several has to be chosen and none is, it chooses the row; a list decides for itself; else it continues.
    fn enter(&mut self) -> KeyOutcome {
        let Some(field) = self.focused_mut() else { return KeyOutcome::Continue };
        match &mut field.control {
            // What is wrong with one of them is mended inside, and what is asked for is given there.
            Control::Drafts(drafts) if field.error.is_some() && (!field.fixed || drafts.asks()) => return KeyOutcome::Open,
            Control::Drafts(drafts) if drafts.lacks() => return KeyOutcome::Open,
            Control::Choice { at, chosen: chosen @ None, .. } => *chosen = Some(*at),
            Control::Table(table) => match table.enter() {
                Entered::Taken => {}
                Entered::Nothing => return KeyOutcome::Continue,
                Entered::Stays(words) => {
                    field.error = Some(words);
                    return KeyOutcome::Taken;
                }
            },
            _ => return KeyOutcome::Continue,
        }
        field.error = None;
        KeyOutcome::Taken
    }

    /// Moves inside a choice or list. `false` at its edge, and in other fields.
    fn move_within(&mut self, down: bool) -> bool {
        let Some(field) = self.focused_mut() else { return false };
        match &mut field.control {
            Control::Choice { .. } if field.fixed => false,
            Control::Drafts(drafts) => drafts.go(down),
            Control::Choice { options, at, chosen } => {
                let next = if down { at.checked_add(1).filter(|i| *i < options.len()) } else { at.checked_sub(1) };
                let Some(next) = next else { return false };
                *at = next;
                // Once something is chosen the choice follows the highlight, as radio buttons do.
                if chosen.is_some() {
                    *chosen = Some(next);
                }
                field.error = None;
                true
            }
            Control::Table(table) => {
                let before = table.at();
                table.go(if down { 1 } else { -1 });
                field.error = None;
                table.at() != before
            }
            _ => false,
        }
    }
}

fn edit(text: &mut TextBox, key: Key) -> bool {
    match key {
        Key::Char(c) => text.insert(c.encode_utf8(&mut [0; 4])),
        Key::Left => text.left(),
        Key::Right => text.right(),
        Key::Home => text.home(),
        Key::End => text.end(),
        Key::Backspace => text.backspace(),
        Key::Delete => text.delete(),
        Key::Ctrl('u') => text.set(""),
        _ => return false,
    }
    true
}
