//! A form's fields as lines. The focused field is open; the others are one line each, so that a page fits a small terminal.

use ratatui::style::Style;

use super::sheet::{Sheet, apart, fitted, hanging, start, width, wrapped};
use super::theme::Theme;
use super::tokens::json;
use crate::app::editor::Editor;
use crate::app::event::Target;
use crate::app::field::{Control, Field, FieldOption, Note};
use crate::app::policy_draft::Drafts;
use crate::app::table::{Detail, ListState, Pick, Table};
use crate::app::text::TextBox;
use crate::domain::sanitise::clean;
use crate::view::fields::{Beside, NEW_POLICY, count, emptiness, extent, value};
use crate::view::{FormView, Tone};

/// The widest column of labels; a longer label pushes its own value aside.
const LABELS: usize = 34;
/// The place of a text; a longer one scrolls.
const TEXT: usize = 48;
/// The lines that a focused list leaves to what is around it, where there is no room for both.
const AROUND: usize = 4;
/// The columns of a name, at least.
const NAME: usize = 12;

/// Adds a form to a sheet; `height` is what the body has left, for a list that fills it.
pub(super) fn form(sheet: &mut Sheet, view: &FormView<'_>, height: usize) {
    let form = view.form;
    let asked = || form.fields.iter().enumerate().filter(|(_, field)| field.asked);
    let has_value = |field: &&Field| !matches!(field.control, Control::Toggle(_));
    let labels = asked().map(|(_, field)| field).filter(has_value).map(|field| width(&field.label)).max();
    let labels = labels.unwrap_or_default().min(LABELS);
    // A list takes what the other fields leave, and more where that is too little: they scroll.
    let remarked = |field: &Field| {
        let note = field.note.as_ref().map(|note| match note {
            Note::Info(words) | Note::Good(words) | Note::Warning(words) => words,
        });
        field.error.as_ref().or(note).map_or(0, |words| wrapped(words, sheet.width.saturating_sub(4)).len())
    };
    let others = asked().map(|(_, field)| 1 + usize::from(field.is_apart) + remarked(field)).sum::<usize>() + 2;
    let rows = height.saturating_sub(others).max((height + sheet.len()).saturating_sub(AROUND + 3).min(12));
    for (index, field) in asked() {
        let focused = index == form.focus;
        if field.is_apart && !sheet.is_blank() {
            sheet.blank();
        }
        let from = sheet.len();
        match &field.control {
            Control::Text(text) => line_field(sheet, field, labels, (text, None), focused),
            Control::Hidden { text, shown } => line_field(sheet, field, labels, (text, Some(*shown)), focused),
            Control::Toggle(on) => toggle(sheet, field, *on, focused),
            Control::Choice { options, at, chosen } if focused => choice(sheet, field, index, (options, *at, *chosen)),
            Control::Table(table) if focused => open_table(sheet, (index, field), labels, table, &view.detail, rows),
            Control::Drafts(drafts) if focused => policies(sheet, field, index, drafts),
            Control::Document(editor) => document(sheet, field, labels, editor, focused, rows),
            Control::Choice { .. } | Control::Table(_) | Control::Drafts(_) => closed(sheet, field, labels),
        }
        if !(focused && matches!(field.control, Control::Choice { .. } | Control::Table(_) | Control::Drafts(_))) {
            sheet.target(from, Target::Field(index));
        }
        remarks(sheet, field, focused);
        if focused {
            sheet.focus_to_here();
        }
    }
}

/// The pointer of the focus, and the label behind it.
fn pointed(theme: Theme, label: impl Into<String>, focused: bool) -> [(String, Style); 2] {
    match focused {
        true => [("› ".to_owned(), theme.focus()), (label.into(), theme.heading())],
        false => [("  ".to_owned(), Style::new()), (label.into(), Style::new())],
    }
}

/// The same, up to the column of the values.
fn led(theme: Theme, field: &Field, labels: usize, focused: bool) -> [(String, Style); 2] {
    let pad = " ".repeat(labels.saturating_sub(width(&field.label)) + 2);
    pointed(theme, format!("{}{pad}", field.label), focused)
}

/// A field that is not open: its value behind its label.
fn closed(sheet: &mut Sheet, field: &Field, labels: usize) {
    let [pointer, label] = led(sheet.theme, field, labels, false);
    let room = sheet.width.saturating_sub(width(&label.0) + 2);
    let value = match &field.control {
        Control::Table(table) if table.count() > 1 => {
            let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
            listed(&format!("{}: ", names.len()), &names, room)
        }
        _ => {
            let value = value(field);
            fitted(&value, room.min(width(&value)))
        }
    };
    sheet.line([pointer, label, (value, Style::new())]);
}

/// As many names as there is room for, and how many there are besides.
fn listed(lead: &str, names: &[&str], room: usize) -> String {
    let shown = |count: usize| {
        let more = match names.len() - count {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        format!("{lead}{}{more}", names[..count].join(", "))
    };
    let fits = |count: &usize| width(&shown(*count)) <= room;
    match (1..=names.len()).rev().find(fits) {
        Some(count) => shown(count),
        None if lead.is_empty() => fitted(names.first().unwrap_or(&""), room).trim_end().to_owned(),
        None => fitted(lead.trim_end_matches(": "), room).trim_end().to_owned(),
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

/// One line: label and text, on a line that is drawn when it is empty, too. A hidden text is shown as dots, one a character.
fn line_field(sheet: &mut Sheet, field: &Field, labels: usize, (text, hidden): (&TextBox, Option<bool>), focused: bool) {
    let theme = sheet.theme;
    let [pointer, label] = led(theme, field, labels, focused);
    let lead = width(&label.0) + 2;
    let room = sheet.width.saturating_sub(lead + 1).clamp(8, TEXT);
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
    let shown = start(&shown, room).to_owned();
    let line = "▁".repeat(room - width(&clean(&shown)).min(room));
    sheet.line([pointer, label, (shown, theme.field()), (line, theme.dim())]);
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

fn choice(sheet: &mut Sheet, field: &Field, index: usize, (options, at, chosen): (&[FieldOption], usize, Option<usize>)) {
    let theme = sheet.theme;
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

fn open_table(
    sheet: &mut Sheet,
    (index, field): (usize, &Field),
    labels: usize,
    table: &Table,
    detail: &[Beside<'_>],
    rows: usize,
) {
    let theme = sheet.theme;
    let top = sheet.len();
    let [pointer, label] = led(theme, field, labels, true);
    let count = count(table);
    let lead = if count.is_empty() || table.count() == 0 { count } else { format!("{count}: ") };
    let room = sheet.width.saturating_sub(width(&label.0) + 2);
    let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    // Where all of it has no room behind the label, the names stand below.
    let whole = format!("{lead}{}", names.join(", "));
    if width(&whole) <= room {
        sheet.line([pointer, label, (whole, Style::new())]);
    } else {
        sheet.line([pointer, label, (fitted(lead.trim_end_matches(": "), room), Style::new())]);
        sheet.line([("    ".to_owned(), Style::new()), (listed("", &names, sheet.width - 4), Style::new())]);
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

    let rows = rows.clamp(4, 40);
    let columns = match table.detail {
        Detail::Columns(head) => Some(head),
        _ => None,
    };
    let with_detail = sheet.width >= 50 && columns.is_none();
    let left = if with_detail { (sheet.width / 2).min(56) } else { sheet.width };
    let detail = if with_detail { beside(detail, sheet.width - left - 2, theme) } else { Vec::new() };
    let detail_top = table.detail_top.min(detail.len().saturating_sub(1));
    let first = table.at().saturating_sub(rows / 2).min(passing.saturating_sub(rows));
    let list: Vec<_> = table.visible().enumerate().skip(first).take(rows).collect();
    // Columns stand in the same place in every row, and give way where a name would have no room.
    let before = if columns.is_some() { 4 } else { 8 };
    let behind = columns.map_or(0, |head| width(head).min(left.saturating_sub(before + NAME)));
    let room = left.saturating_sub(before + behind);
    let names = apart(&list.iter().map(|(_, row)| row.name.as_str()).collect::<Vec<_>>(), room);
    if let Some(head) = columns {
        let pad = " ".repeat(before + room);
        sheet.line([(pad, Style::new()), (fitted(head, behind), theme.dim())]);
    }
    let list: Vec<_> = list.into_iter().zip(names).collect();
    let lines = rows.min(list.len().max(detail.len().saturating_sub(detail_top)).max(1));
    let mut cursor = filter_line;
    for line in 0..lines {
        let from = sheet.len();
        let mut pieces = Vec::with_capacity(4);
        match list.get(line) {
            Some(((place, row), name)) => {
                let sign = match (table.picking.pick, table.is_chosen(&row.key)) {
                    _ if columns.is_some() => "",
                    (Pick::Many, true) => "[x] ",
                    (Pick::Many, false) => "[ ] ",
                    (_, true) => "(•) ",
                    (_, false) => "( ) ",
                };
                let at = *place == table.at();
                let style = if at { theme.highlight() } else { Style::new() };
                let lead = if at { "  › " } else { "    " };
                pieces.push((lead.to_owned(), theme.focus()));
                pieces.push((sign.to_owned(), Style::new()));
                pieces.push((name.clone(), style));
                pieces.push((" ".repeat(room.saturating_sub(width(name))), Style::new()));
                pieces.push((start(&row.columns, behind).to_owned(), Style::new()));
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
            pieces.extend(detail.get(detail_top + line).cloned().unwrap_or_default());
        }
        sheet.line(pieces);
        if let Some(((place, _), _)) = list.get(line) {
            sheet.target(from, Target::Row { field: index, row: *place });
        }
    }
    // The whole list is to be seen, and the cursor stands on the row, or in the filter while that is typed.
    let (line, column) = if table.filtering { (filter_line, width(&lead)) } else { (cursor, 5) };
    sheet.focus_cursor(top, line, column);
}

/// What stands beside the list, in lines that fit.
fn beside(detail: &[Beside<'_>], width: usize, theme: Theme) -> Vec<Vec<(String, Style)>> {
    let plain = |lines: Vec<String>| lines.into_iter().map(|line| vec![(line, Style::new())]).collect::<Vec<_>>();
    let lines = |line: &Beside<'_>| match line {
        Beside::Words(words) => plain(wrapped(words, width)),
        Beside::Hanging(line) => plain(hanging(line, width)),
        Beside::Code(line) => broken(line, width).iter().map(|line| json(line, theme)).collect(),
        Beside::Line(line) => plain(vec![line.clone()]),
    };
    detail.iter().flat_map(lines).collect()
}

/// The policies that are made, and behind them the row that opens a new one.
fn policies(sheet: &mut Sheet, field: &Field, index: usize, drafts: &Drafts) {
    let theme = sheet.theme;
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
fn document(sheet: &mut Sheet, field: &Field, labels: usize, editor: &Editor, focused: bool, rows: usize) {
    let theme = sheet.theme;
    let count = editor.lines().len();
    let [pointer, label] = led(theme, field, labels, focused);
    sheet.line([pointer, label, (value(field), theme.dim())]);
    if !focused {
        return;
    }
    let (row, before) = editor.cursor();
    let rows = rows.clamp(5, 24);
    let first = row.saturating_sub(rows / 2).min(count.saturating_sub(rows));
    let room = sheet.width.saturating_sub(6).max(8);
    // The columns before the cursor that don't fit, of all lines alike.
    let skip = width(before).saturating_sub(room - 1);
    let top = sheet.len();
    for (number, line) in editor.lines().iter().enumerate().skip(first).take(rows) {
        let text: String = if skip == 0 { line.clone() } else { line.chars().skip(skip).collect() };
        let number = (format!("{:>4} ", number + 1), if number == row { theme.heading() } else { theme.dim() });
        sheet.line(std::iter::once(number).chain(json(start(&text, room), theme)));
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
