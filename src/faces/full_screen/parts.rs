//! The parts of a page as lines.

use ratatui::style::Style;

use super::fields;
use super::sheet::{Sheet, hanging, width, wrapped};
use crate::app::event::Target;
use crate::view::{Part, Remark, StepView, Tone, api_calls};

/// Draws a page. `why`: what stands in place of why the page is asked, where the walkthrough says it better and nowhere else.
/// `height` is what the body has, for a list that fills it.
pub(super) fn page(sheet: &mut Sheet, parts: &[Part<'_>], why: Option<&str>, height: usize) {
    // Where the calls begin: they are to be seen with their button.
    let mut calls = 0;
    for part in parts {
        let theme = sheet.theme;
        match part {
            Part::Blank => sheet.blank(),
            Part::Why(words) => sheet.paragraph(0, why.unwrap_or(words), theme.dim()),
            Part::Text { indent, tone, text } => sheet.paragraph(*indent, text, theme.tone(*tone)),
            Part::Remark(told) => remark(sheet, told),
            Part::Labelled { label, tone, value } => labelled(sheet, label, value, theme.tone(*tone)),
            Part::Secret { label, shown: Some(secret) } => labelled(sheet, label, secret.expose(), Style::new()),
            Part::Secret { label, shown: None } => labelled(sheet, label, COVERED, Style::new()),
            Part::Pasted(text) => {
                let room = sheet.width.saturating_sub(2);
                for piece in text.lines().flat_map(|line| hanging(line, room)) {
                    sheet.line([(format!("  {piece}"), Style::new())]);
                }
            }
            Part::Form(form) => fields::form(sheet, form, height.saturating_sub(sheet.len())),
            Part::Block { index, title, is_at, lines, findings } => {
                let from = sheet.len();
                block(sheet, title, lines, *is_at);
                findings.iter().for_each(|finding| remark(sheet, finding));
                entry(sheet, from, *index, *is_at);
            }
            Part::Calls(known) => {
                calls = sheet.len();
                match known {
                    Some(known) => call_lines(sheet, known),
                    None => sheet.paragraph(2, "The API calls are listed once your credentials are confirmed.", theme.dim()),
                }
            }
            Part::Button { index, is_at, words } => {
                let from = sheet.len();
                let style = if *is_at { theme.highlight() } else { theme.heading() };
                sheet.line([(lead(*is_at), theme.focus()), (format!("[ {words} ]"), style)]);
                sheet.target(from, Target::Entry(*index));
                if *is_at {
                    sheet.focus_cursor(calls, from, 2);
                }
            }
            Part::Step(told) => step(sheet, told),
            Part::Entry { index, is_at, key, words, about } => {
                let from = sheet.len();
                let style = if *is_at { theme.highlight() } else { Style::new() };
                let key = key.map(|key| format!("{key}  ")).unwrap_or_default();
                sheet.line([(lead(*is_at), theme.focus()), (key, theme.heading()), (words.to_string(), style)]);
                if *is_at && !about.is_empty() {
                    sheet.paragraph(5, about, theme.dim());
                }
                entry(sheet, from, *index, *is_at);
            }
        }
    }
}

/// What stands in a secret's place.
const COVERED: &str = "••••••••••••••••";

fn lead(is_at: bool) -> String {
    if is_at { "› " } else { "  " }.to_owned()
}

fn entry(sheet: &mut Sheet, from: usize, index: usize, is_at: bool) {
    sheet.target(from, Target::Entry(index));
    if is_at {
        sheet.focus(from, 2);
    }
}

fn remark(sheet: &mut Sheet, told: &Remark) {
    sheet.remark(told.indent, told.sign, &told.text, told.tone);
}

/// The widest title of a block, and what stands before and behind it.
const TITLE: usize = 15;

/// What a page was answered with, behind the page's title.
fn block(sheet: &mut Sheet, title: &str, lines: &[String], is_at: bool) {
    let theme = sheet.theme;
    let lines = lines.iter().flat_map(|line| wrapped(line, sheet.width.saturating_sub(TITLE))).collect::<Vec<_>>();
    for (i, line) in lines.into_iter().enumerate() {
        if i > 0 {
            sheet.line([(" ".repeat(TITLE), Style::new()), (line, Style::new())]);
            continue;
        }
        let style = if is_at { theme.highlight() } else { theme.heading() };
        let pad = " ".repeat(TITLE.saturating_sub(2 + width(title)));
        sheet.line([(lead(is_at), theme.focus()), (title.to_owned(), style), (pad, Style::new()), (line, Style::new())]);
    }
}

/// The calls, each with its permission close behind.
fn call_lines(sheet: &mut Sheet, calls: &[(String, &str)]) {
    let theme = sheet.theme;
    sheet.line([(format!("  {}, in order", api_calls(calls)), theme.heading())]);
    for (i, (words, permission)) in calls.iter().enumerate() {
        let number = format!("  {:>2}. ", i + 1);
        let hang = " ".repeat(width(&number));
        let lines = wrapped(words, sheet.width.saturating_sub(hang.len()));
        let last = lines.len() - 1;
        for (at, line) in lines.into_iter().enumerate() {
            let lead = if at == 0 { number.clone() } else { hang.clone() };
            let behind = width(&lead) + width(&line) + 2;
            let fits = behind + width(permission) <= sheet.width;
            let permission = |lead: &str| (format!("{lead}{permission}"), theme.dim());
            match (at == last, fits) {
                (true, true) => sheet.line([(lead, theme.dim()), (line, Style::new()), permission("  ")]),
                (true, false) => {
                    sheet.line([(lead, theme.dim()), (line, Style::new())]);
                    sheet.line([permission(&hang)]);
                }
                (false, _) => sheet.line([(lead, theme.dim()), (line, Style::new())]),
            }
        }
    }
}

fn step(sheet: &mut Sheet, told: &StepView) {
    let (from, sign, style) = (sheet.len(), sheet.theme.sign(told.tone), sheet.theme.tone(told.tone));
    let lines = wrapped(&told.words, sheet.width.saturating_sub(4));
    let last = lines.len() - 1;
    for (i, line) in lines.into_iter().enumerate() {
        let lead = if i == 0 { format!("  {} ", told.sign) } else { "    ".to_owned() };
        let fits = i == last && width(&lead) + width(&line) + 2 + width(told.state) <= sheet.width;
        let state = if fits { format!("  {}", told.state) } else { String::new() };
        sheet.line([(lead, sign), (line, Style::new()), (state, style)]);
        if i == last && !fits && !told.state.is_empty() {
            sheet.line([(format!("    {}", told.state), style)]);
        }
    }
    if let Some(pause) = &told.pause {
        sheet.remark(4, "…", pause, Tone::Warning);
    }
    if let Some(reason) = &told.reason {
        sheet.paragraph(4, reason, Style::new());
    }
    if told.is_moving {
        sheet.focus(from, 2);
    }
}

const LABEL: usize = 22;

/// A value behind its label; below it where a word of it would have to be broken, as an ARN's or an address's. Where a secret that
/// is revealed ends: on the screen.
fn labelled(sheet: &mut Sheet, label: &str, value: &str, style: Style) {
    let dim = sheet.theme.dim();
    let room = sheet.width.saturating_sub(LABEL);
    if value.split_whitespace().any(|word| width(word) > room) {
        sheet.line([(format!("  {label}"), dim)]);
        sheet.paragraph(4, value, style);
        return;
    }
    for (i, line) in wrapped(value, room).into_iter().enumerate() {
        let lead = if i == 0 { format!("  {label:<width$}", width = LABEL - 2) } else { " ".repeat(LABEL) };
        sheet.line([(lead, dim), (line, style)]);
    }
}
