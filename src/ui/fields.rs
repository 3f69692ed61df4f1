//! A form's fields as lines. The focused field is open; the others are one line each, so that a page fits a small terminal.

use ratatui::style::Style;

use super::sheet::{Sheet, fitted, width, wrapped};
use super::theme::Theme;
use crate::app::event::Target;
use crate::app::field::{Choice, Control, Field, Note};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Table};
use crate::app::text::TextBox;
use crate::domain::facts::{Fact, Facts};

/// Adds a form to a sheet; `height` is what the body has, for a list that fills it.
pub(super) fn form(sheet: &mut Sheet, form: &Form, facts: &Facts, height: usize) {
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
            Control::Table(table) if focused => open_table(sheet, field, index, table, facts, height.saturating_sub(others)),
            Control::Table(table) => closed_table(sheet, field, table),
        }
        if !(focused && matches!(field.control, Control::Choice { .. } | Control::Table(_))) {
            sheet.target(from, Target::Field(index));
        }
        remarks(sheet, field, focused);
    }
}

fn pointer(focused: bool) -> String {
    if focused { "› ".to_owned() } else { "  ".to_owned() }
}

fn label_style(theme: Theme, focused: bool) -> Style {
    if focused { theme.accent() } else { Style::new() }
}

fn remarks(sheet: &mut Sheet, field: &Field, focused: bool) {
    let theme = sheet.theme;
    if let Some(words) = &field.error {
        sheet.remark(2, "✗", words, theme.bad());
        return;
    }
    match &field.note {
        Some(Note::Info(words)) => sheet.remark(2, "·", words, theme.dim()),
        Some(Note::Good(words)) => sheet.remark(2, "✓", words, theme.good()),
        Some(Note::Warning(words)) => sheet.remark(2, "!", words, theme.warning()),
        None if focused && !field.hint.is_empty() => sheet.paragraph(4, field.hint, theme.dim()),
        None => {}
    }
}

/// One line: label and text. A hidden text is shown as dots, one a character.
fn line_field(sheet: &mut Sheet, field: &Field, text: &TextBox, hidden: Option<bool>, focused: bool) {
    let theme = sheet.theme;
    let label = format!("{}{}  ", pointer(focused), field.label);
    let room = sheet.width.saturating_sub(width(&label) + 1).max(8);
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
    let column = width(&label) + width(&before) - skip;
    let from = sheet.len();
    sheet.line([(label, label_style(theme, focused)), (fitted(&shown, room), theme.field())]);
    if focused {
        sheet.focus(from, column);
    }
}

fn toggle(sheet: &mut Sheet, field: &Field, on: bool, focused: bool) {
    let theme = sheet.theme;
    let from = sheet.len();
    let sign = if on { "[x] " } else { "[ ] " };
    for (i, line) in wrapped(&field.label, sheet.width.saturating_sub(6)).into_iter().enumerate() {
        let lead = if i == 0 { format!("{}{sign}", pointer(focused)) } else { " ".repeat(6) };
        sheet.line([(lead, label_style(theme, focused)), (line, label_style(theme, focused))]);
    }
    if focused {
        sheet.focus(from, 3);
    }
}

fn choice(sheet: &mut Sheet, field: &Field, index: usize, state: (&[Choice], usize, Option<usize>), focused: bool) {
    let theme = sheet.theme;
    let (options, at, chosen) = state;
    if !focused {
        let value = chosen.and_then(|i| options.get(i)).map_or("not chosen", |option| option.label.as_str());
        sheet.line([(format!("  {}  ", field.label), Style::new()), (value.to_owned(), theme.field())]);
        return;
    }
    sheet.line([(format!("› {}", field.label), theme.accent())]);
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

fn closed_table(sheet: &mut Sheet, field: &Field, table: &Table) {
    let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    let value = match (names.as_slice(), table.wanted()) {
        ([], []) => "none chosen".to_owned(),
        ([], wanted) => format!("{} (on its way)", wanted.join(", ")),
        (names, _) => format!("{}: {}", names.len(), names.join(", ")),
    };
    let label = format!("  {}  ", field.label);
    let room = sheet.width.saturating_sub(width(&label));
    let style = sheet.theme.field();
    sheet.line([(label, Style::new()), (fitted(&value, room.min(width(&value))), style)]);
}

fn open_table(sheet: &mut Sheet, field: &Field, index: usize, table: &Table, facts: &Facts, height: usize) {
    let theme = sheet.theme;
    let top = sheet.len();
    let quota = if table.quota == usize::MAX { String::new() } else { format!(" of {} at most", table.quota) };
    sheet.line([(format!("› {}", field.label), theme.accent()), (format!("  {} chosen{quota}", table.count()), Style::new())]);
    let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    if !names.is_empty() {
        sheet.line([("  ".to_owned(), Style::new()), (fitted(&names.join(", "), sheet.width - 2), theme.good())]);
    }
    let passing = table.visible().len();
    let mut state = match &table.state {
        ListState::Arriving => format!("{} so far, more on their way …", table.len()),
        ListState::Whole if passing == table.len() => format!("{passing} in all"),
        ListState::Whole => format!("{passing} of {}", table.len()),
        ListState::Failed(_) => format!("{} arrived", table.len()),
    };
    if table.has_types() {
        state = format!("{state} · type: {}", table.type_label().unwrap_or("all types"));
    }
    let filter = table.filter.as_str();
    let lead = format!("  Filter: {filter}");
    let filter_line = sheet.len();
    let style = if table.filtering { theme.accent() } else { theme.dim() };
    let pad = sheet.width.saturating_sub(width(&lead) + width(&state) + 2);
    sheet.line([(lead.clone(), style), (" ".repeat(pad.max(2)), Style::new()), (state, theme.dim())]);
    if let ListState::Failed(words) = &table.state {
        sheet.remark(2, "✗", words, theme.bad());
    }

    let rows = height.clamp(4, 40);
    let with_detail = sheet.width >= 50;
    let left = if with_detail { (sheet.width / 2).min(56) } else { sheet.width };
    let detail = if with_detail { detail_lines(table, facts, sheet.width - left - 2) } else { Vec::new() };
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
                let sign = if table.is_chosen(&row.key) { "[x] " } else { "[ ] " };
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
                let words = if table.is_empty() { "nothing here" } else { "nothing passes the filter" };
                pieces.push((fitted(&format!("    {words}"), left), theme.dim()));
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

/// What stands beside the list, for the highlighted row.
fn detail_lines(table: &Table, facts: &Facts, width: usize) -> Vec<String> {
    let Some(row) = table.highlighted() else { return Vec::new() };
    let waiting = || vec!["…".to_owned()];
    match table.detail {
        Detail::Document => {
            let mut lines = wrapped(&row.name, width);
            lines.push(row.remark.clone());
            match facts.documents.get(&row.key) {
                Some(Fact::Known(text)) => lines.extend(text.lines().flat_map(|line| broken(line, width))),
                Some(Fact::Denied(fault) | Fact::Failed(fault)) => lines.extend(wrapped(&fault.to_string(), width)),
                _ => lines.extend(waiting()),
            }
            lines
        }
        Detail::GroupPolicies => match facts.group_policies.get(&row.key) {
            Some(Fact::Known(names)) if names.is_empty() => vec!["No managed policies.".to_owned()],
            Some(Fact::Known(names)) => std::iter::once("Policies of this group:".to_owned())
                .chain(names.iter().map(|policy| format!("  {}", policy.name)))
                .collect(),
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => wrapped(&fault.to_string(), width),
            _ => waiting(),
        },
    }
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
