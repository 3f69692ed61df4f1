//! A form's fields as lines. The focused field is open; the others are one line each, so that a page fits a small terminal.

use ratatui::style::Style;

use super::sheet::{Sheet, fitted, hanging, width, wrapped};
use super::theme::Theme;
use crate::app::editor::Editor;
use crate::app::event::Target;
use crate::app::field::{Control, Field, FieldOption, Note};
use crate::app::policy_draft::Drafts;
use crate::app::table::{ListState, Pick, Table};
use crate::app::text::TextBox;
use crate::view::fields::{Beside, NEW_POLICY, count, emptiness, extent, value};
use crate::view::{FormView, Tone};

/// Adds a form to a sheet; `height` is what the body has, for a list that fills it.
pub(super) fn form(sheet: &mut Sheet, view: &FormView<'_>, height: usize) {
    let form = view.form;
    // A list takes what the other fields leave; they are one line each while it is open.
    let others = form.fields.iter().filter(|field| field.asked).count() + 3;
    for (index, field) in form.fields.iter().enumerate().filter(|(_, field)| field.asked) {
        let focused = index == form.focus;
        let from = sheet.len();
        match &field.control {
            Control::Text(text) => line_field(sheet, field, text, None, focused),
            Control::Hidden { text, shown } => line_field(sheet, field, text, Some(*shown), focused),
            Control::Toggle(on) => toggle(sheet, field, *on, focused),
            Control::Choice { options, at, chosen } => choice(sheet, field, index, (options, *at, *chosen), focused),
            Control::Table(table) if focused => {
                open_table(sheet, (index, field), table, &view.detail, height.saturating_sub(others))
            }
            Control::Table(_) => closed_table(sheet, field),
            Control::Document(editor) => document(sheet, field, editor, focused, height.saturating_sub(others)),
            Control::Drafts(drafts) => policies(sheet, field, index, drafts, focused),
        }
        if !(focused && matches!(field.control, Control::Choice { .. } | Control::Table(_) | Control::Drafts(_))) {
            sheet.target(from, Target::Field(index));
        }
        remarks(sheet, field, focused);
    }
}

/// The pointer of the focus, and the label behind it.
fn pointed(theme: Theme, label: impl Into<String>, focused: bool) -> [(String, Style); 2] {
    match focused {
        true => [("› ".to_owned(), theme.focus()), (label.into(), theme.heading())],
        false => [("  ".to_owned(), Style::new()), (label.into(), Style::new())],
    }
}

fn remarks(sheet: &mut Sheet, field: &Field, focused: bool) {
    let theme = sheet.theme;
    if let Some(words) = &field.error {
        sheet.remark(2, "✗", words, Tone::Bad);
        return;
    }
    // The hint of a policy's row says what can be done there; that is not to be missed.
    if focused && matches!(field.control, Control::Drafts(_)) {
        sheet.paragraph(4, &field.hint, theme.dim());
    }
    match &field.note {
        Some(Note::Info(words)) => sheet.remark(2, "·", words, Tone::Dim),
        Some(Note::Good(words)) => sheet.remark(2, "✓", words, Tone::Good),
        Some(Note::Warning(words)) => sheet.remark(2, "!", words, Tone::Warning),
        None if focused && !field.hint.is_empty() && !matches!(field.control, Control::Drafts(_)) => {
            sheet.paragraph(4, &field.hint, theme.dim())
        }
        None => {}
    }
}

/// One line: label and text. A hidden text is shown as dots, one a character.
fn line_field(sheet: &mut Sheet, field: &Field, text: &TextBox, hidden: Option<bool>, focused: bool) {
    let theme = sheet.theme;
    let label = format!("{}  ", field.label);
    let lead = width(&label) + 2;
    let room = sheet.width.saturating_sub(lead + 1).max(8);
    let masked = |part: &str| if hidden == Some(false) { "•".repeat(part.chars().count()) } else { part.to_owned() };
    let (before, all) = (masked(text.before_cursor()), masked(text.as_str()));
    // The part around the cursor, where the text is longer than its place.
    let skip = width(&before).saturating_sub(room - 1);
    let mut passed = 0;
    let shown: String = all
        .chars()
        .skip_while(|c| {
            passed += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
            passed <= skip
        })
        .collect();
    let column = lead + width(&before) - skip;
    let from = sheet.len();
    let [pointer, label] = pointed(theme, label, focused);
    sheet.line([pointer, label, (fitted(&shown, room), theme.field())]);
    if focused {
        sheet.focus(from, column);
    }
}

fn toggle(sheet: &mut Sheet, field: &Field, on: bool, focused: bool) {
    let theme = sheet.theme;
    let from = sheet.len();
    let sign = if on { "[x] " } else { "[ ] " };
    for (i, line) in wrapped(&field.label, sheet.width.saturating_sub(6)).into_iter().enumerate() {
        let [pointer, lead] = pointed(theme, if i == 0 { sign } else { "    " }, focused && i == 0);
        sheet.line([pointer, lead, (line, if focused { theme.heading() } else { Style::new() })]);
    }
    if focused {
        sheet.focus(from, 3);
    }
}

fn choice(sheet: &mut Sheet, field: &Field, index: usize, state: (&[FieldOption], usize, Option<usize>), focused: bool) {
    let theme = sheet.theme;
    let (options, at, chosen) = state;
    if !focused {
        sheet.line([(format!("  {}  ", field.label), Style::new()), (value(field), theme.field())]);
        return;
    }
    sheet.line(pointed(theme, &field.label, true));
    let first = sheet.len();
    for (row, option) in options.iter().enumerate() {
        let from = sheet.len();
        let sign = if chosen == Some(row) { "(•) " } else { "( ) " };
        let style = if row == at { theme.highlight() } else { Style::new() };
        sheet.line([(format!("    {sign}"), Style::new()), (option.label.clone(), style)]);
        if row == at && !option.about.is_empty() {
            sheet.paragraph(8, &option.about, theme.dim());
        }
        sheet.target(from, Target::Row { field: index, row });
        if row == at {
            sheet.focus(from, 5);
        }
    }
    if options.is_empty() {
        sheet.focus(first.saturating_sub(1), 0);
    }
}

fn closed_table(sheet: &mut Sheet, field: &Field) {
    let value = value(field);
    let label = format!("  {}  ", field.label);
    let room = sheet.width.saturating_sub(width(&label));
    let style = sheet.theme.field();
    sheet.line([(label, Style::new()), (fitted(&value, room.min(width(&value))), style)]);
}

fn open_table(sheet: &mut Sheet, (index, field): (usize, &Field), table: &Table, detail: &[Beside<'_>], height: usize) {
    let theme = sheet.theme;
    let top = sheet.len();
    let [pointer, label] = pointed(theme, &field.label, true);
    sheet.line([pointer, label, (format!("  {}", count(table)), Style::new())]);
    let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    if !names.is_empty() && table.picking.pick != Pick::One {
        sheet.line([("  ".to_owned(), Style::new()), (fitted(&names.join(", "), sheet.width - 2), Style::new())]);
    }
    let passing = table.visible().len();
    let state = extent(table);
    let filter = table.filter.as_str();
    let lead = format!("  Filter: {filter}");
    let filter_line = sheet.len();
    let style = if table.filtering { theme.heading() } else { theme.dim() };
    let pad = sheet.width.saturating_sub(width(&lead) + width(&state) + 2);
    sheet.line([(lead.clone(), style), (" ".repeat(pad.max(2)), Style::new()), (state, theme.dim())]);
    if let ListState::Failed(words) = &table.state {
        sheet.remark(2, "✗", words, Tone::Bad);
    }

    let rows = height.clamp(4, 40);
    let with_detail = sheet.width >= 50;
    let left = if with_detail { (sheet.width / 2).min(56) } else { sheet.width };
    let detail = if with_detail { beside(detail, sheet.width - left - 2) } else { Vec::new() };
    let detail_top = table.detail_top.min(detail.len().saturating_sub(1));
    let first = table.at().saturating_sub(rows / 2).min(passing.saturating_sub(rows));
    let list: Vec<_> = table.visible().enumerate().skip(first).take(rows).collect();
    let lines = rows.min(list.len().max(detail.len().saturating_sub(detail_top)).max(1));
    let mut cursor = filter_line;
    for line in 0..lines {
        let from = sheet.len();
        let mut pieces = Vec::with_capacity(4);
        match list.get(line) {
            Some((place, row)) => {
                let sign = match (table.picking.pick, table.is_chosen(&row.key)) {
                    (Pick::Many, true) => "[x] ",
                    (Pick::Many, false) => "[ ] ",
                    (_, true) => "(•) ",
                    (_, false) => "( ) ",
                };
                let at = *place == table.at();
                let style = if at { theme.highlight() } else { Style::new() };
                let lead = if at { "  › " } else { "    " };
                pieces.push((format!("{lead}{sign}"), Style::new()));
                pieces.push((fitted(&row.name, left.saturating_sub(8)), style));
                if at {
                    cursor = from;
                }
            }
            None if line == 0 && list.is_empty() => {
                pieces.push((fitted(&format!("    {}", emptiness(table)), left), theme.dim()));
            }
            None => pieces.push((" ".repeat(left), Style::new())),
        }
        if with_detail {
            pieces.push(("│ ".to_owned(), theme.dim()));
            pieces.push((detail.get(detail_top + line).cloned().unwrap_or_default(), theme.dim()));
        }
        sheet.line(pieces);
        if let Some((place, _)) = list.get(line) {
            sheet.target(from, Target::Row { field: index, row: *place });
        }
    }
    // The whole list is to be seen, and the cursor stands on the row, or in the filter while that is typed.
    let (line, column) = if table.filtering { (filter_line, width(&lead)) } else { (cursor, 5) };
    sheet.focus_cursor(top, line, column);
}

/// What stands beside the list, in lines that fit.
fn beside(detail: &[Beside<'_>], width: usize) -> Vec<String> {
    let lines = |line: &Beside<'_>| match line {
        Beside::Words(words) => wrapped(words, width),
        Beside::Hanging(line) => hanging(line, width),
        Beside::Code(line) => broken(line, width),
        Beside::Line(line) => vec![line.clone()],
    };
    detail.iter().flat_map(lines).collect()
}

/// The policies that are made, and behind them the row that opens a new one.
fn policies(sheet: &mut Sheet, field: &Field, index: usize, drafts: &Drafts, focused: bool) {
    let theme = sheet.theme;
    if !focused {
        sheet.line([(format!("  {}  ", field.label), Style::new()), (value(field), theme.field())]);
        return;
    }
    sheet.line(pointed(theme, &field.label, true));
    let rows = drafts.items.iter().map(|draft| draft.words()).chain(std::iter::once(NEW_POLICY.to_owned()));
    for (row, words) in rows.enumerate() {
        let from = sheet.len();
        let at = row == drafts.at;
        let style = if at { theme.highlight() } else { Style::new() };
        sheet.line([(if at { "  › " } else { "    " }.to_owned(), theme.focus()), (words, style)]);
        sheet.target(from, Target::Row { field: index, row });
        if at {
            sheet.focus(from, 4);
        }
    }
}

/// A text of many lines: the lines around the cursor, with their numbers.
fn document(sheet: &mut Sheet, field: &Field, editor: &Editor, focused: bool, height: usize) {
    let theme = sheet.theme;
    let count = editor.lines().len();
    let [pointer, label] = pointed(theme, format!("{}  ", field.label), focused);
    sheet.line([pointer, label, (value(field), theme.dim())]);
    if !focused {
        return;
    }
    let (row, before) = editor.cursor();
    let rows = height.clamp(5, 24);
    let first = row.saturating_sub(rows / 2).min(count.saturating_sub(rows));
    let room = sheet.width.saturating_sub(6).max(8);
    // The columns before the cursor that don't fit, of all lines alike.
    let skip = width(before).saturating_sub(room - 1);
    let top = sheet.len();
    for (number, line) in editor.lines().iter().enumerate().skip(first).take(rows) {
        let text: String = if skip == 0 { line.clone() } else { line.chars().skip(skip).collect() };
        let style = if number == row { Style::new() } else { theme.dim() };
        sheet.line([(format!("{:>4} ", number + 1), theme.dim()), (fitted(&text, room), style)]);
    }
    sheet.focus_cursor(top, top + row - first, 5 + width(before) - skip);
}

/// A line of a document in pieces that fit, its indent kept: nothing of a policy is hidden.
fn broken(line: &str, width: usize) -> Vec<String> {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let room = width.max(12);
    let mut pieces = vec![String::new()];
    for c in line.chars() {
        if pieces.last().is_some_and(|piece| piece.chars().count() >= room) {
            pieces.push(format!("{indent}  "));
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}
