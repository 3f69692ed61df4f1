//! The bodies behind the pages of questions: review, run, hand-over.

use ratatui::style::Style;

use super::frame::spinner;
use super::sheet::{Sheet, hanging, width, wrapped};
use crate::app::Context;
use crate::app::creating::{Course, Creating};
use crate::app::event::Target;
use crate::app::handing_over::{HandingOver, Proof, Said};
use crate::app::resuming::Resuming;
use crate::app::reviewing::Reviewing;
use crate::domain::facts::Fact;
use crate::domain::hand_over::{PROVEN, Progress};
use crate::domain::ledger::StepState;
use crate::domain::preflight::Weight;
use crate::domain::secret::SecretId;

/// *Review*.
pub(super) fn review(sheet: &mut Sheet, reviewing: &Reviewing, context: &Context) {
    let theme = sheet.theme;
    sheet.paragraph(
        0,
        "Nothing has been made yet. Enter on a block changes it; Enter on the last line makes the calls.",
        theme.dim(),
    );
    sheet.blank();
    for (i, block) in reviewing.blocks(context).iter().enumerate() {
        let from = sheet.len();
        let at = reviewing.at == i;
        let style = if at { theme.highlight() } else { theme.accent() };
        sheet.line([(if at { "› " } else { "  " }.to_owned(), theme.accent()), (block.title.to_owned(), style)]);
        for line in &block.lines {
            sheet.paragraph(4, line, Style::new());
        }
        for concern in reviewing.concerns.iter().filter(|concern| concern.page == block.page) {
            let (sign, style) = match concern.weight {
                Weight::Error => ("✗", theme.bad()),
                Weight::Existing | Weight::Warning => ("!", theme.warning()),
                Weight::Note => ("·", theme.dim()),
            };
            sheet.remark(2, sign, &concern.words, style);
        }
        sheet.target(from, Target::Entry(i));
        if at {
            sheet.focus(from, 2);
        }
    }
    sheet.blank();
    let from = sheet.len();
    match &reviewing.plan {
        Some(plan) => {
            sheet.line([(format!("  {} calls, in the order in which they can run", plan.steps().len()), theme.accent())]);
            for (i, step) in plan.steps().iter().enumerate() {
                let permission = step.operation.permission();
                let number = format!("  {:>2}. ", i + 1);
                let words = step.operation.words();
                let pad = sheet.width.saturating_sub(width(&number) + width(&words) + width(permission)).max(1);
                if width(&number) + width(&words) + width(permission) < sheet.width {
                    sheet.line([
                        (number, theme.dim()),
                        (words, Style::new()),
                        (" ".repeat(pad), Style::new()),
                        (permission.to_owned(), theme.dim()),
                    ]);
                } else {
                    sheet.remark(2, &format!("{:>2}.", i + 1), &words, Style::new());
                }
            }
        }
        None => sheet.paragraph(2, "The calls are listed as soon as it is known who makes them.", theme.dim()),
    }
    sheet.blank();
    if let Some(what) = reviewing.pending(context) {
        sheet.remark(2, "·", &format!("Looking up {what} …"), theme.dim());
    }
    if let Some(said) = &reviewing.said {
        sheet.remark(2, "!", said, theme.warning());
    }
    let button = sheet.len();
    let is_at = reviewing.at == reviewing.button();
    let style = if is_at { theme.highlight() } else { theme.accent() };
    let lead = if is_at { "› " } else { "  " };
    sheet.line([(lead.to_owned(), theme.accent()), (format!("[ {} ]", reviewing.confirm_words()), style)]);
    sheet.target(button, Target::Entry(reviewing.button()));
    if is_at {
        sheet.focus_cursor(from, button, 2);
    }
}

/// *Create*.
pub(super) fn create(sheet: &mut Sheet, creating: &Creating, context: &Context) {
    let theme = sheet.theme;
    if creating.course == Course::Undoing {
        sheet.paragraph(2, "What this run made is taken back, the last first.", theme.accent());
        sheet.blank();
    }
    let mut faults = Vec::new();
    for (step, state) in creating.ledger.rows() {
        let (mut sign, word) = state.words();
        let style = match state {
            StepState::Waiting | StepState::Undone | StepState::Kept(_) => theme.dim(),
            StepState::Sent => theme.accent(),
            StepState::Done(_) | StepState::Found(_) => theme.good(),
            StepState::Unclear(_) => theme.warning(),
            StepState::Failed(_) | StepState::UndoFailed(_) => theme.bad(),
        };
        faults.extend(state.fault().map(|fault| (step, fault)));
        if *state == StepState::Sent {
            sign = spinner(context.ticks);
        }
        let from = sheet.len();
        let pause = creating.ledger.pause(step.id);
        let (word, style) = match pause {
            Some(_) => ("", theme.warning()),
            None => (word, style),
        };
        sheet.line([(format!("  {sign} "), style), (step.operation.words(), Style::new()), (format!("  {word}"), style)]);
        if let Some(pause) = pause {
            sheet.remark(4, "…", &pause.words(), theme.warning());
        }
        if let Some(reason) = state.reason() {
            sheet.paragraph(4, &reason, Style::new());
        }
        if *state == StepState::Sent {
            sheet.focus(from, 2);
        }
    }
    // One text for all steps that it befell.
    let mut told: Vec<String> = Vec::new();
    for (_, fault) in &faults {
        let words = fault.to_string();
        if told.contains(&words) {
            continue;
        }
        sheet.blank();
        for (step, _) in faults.iter().filter(|(_, other)| other.to_string() == words) {
            sheet.remark(2, "✗", &step.operation.words(), theme.bad());
        }
        sheet.paragraph(4, &words, Style::new());
        told.push(words);
    }
    let choices = creating.choices();
    if creating.is_ending() {
        sheet.blank();
        sheet.paragraph(2, "Ending: what is under way is awaited, nothing more is sent.", theme.warning());
    }
    if choices.is_empty() {
        return;
    }
    sheet.blank();
    if let Some(said) = &creating.said {
        sheet.remark(2, "!", said, theme.warning());
    }
    let remains = creating.ledger.remains();
    if creating.course == Course::Undoing {
        let words = match (remains.is_empty(), creating.ledger.kept().is_empty()) {
            (true, true) => "Everything that this run made was taken back.",
            (true, false) => "Everything was taken back but what others use.",
            (false, _) => "Not everything could be taken back.",
        };
        sheet.paragraph(2, words, theme.accent());
    } else {
        sheet.paragraph(2, "The run has stopped; nothing more is sent. What now?", theme.accent());
    }
    for line in creating.freed() {
        sheet.remark(2, "·", line, Style::new());
    }
    for remainder in remains.iter().filter(|_| creating.course == Course::Undoing) {
        sheet.paragraph(4, &remainder.command(&context.cli_options()), Style::new());
    }
    for (i, choice) in choices.iter().enumerate() {
        menu_line(sheet, i, creating.at == i, None, choice.words(), "");
    }
}

/// An earlier run, before it is gone on with.
pub(super) fn resuming(sheet: &mut Sheet, resuming: &Resuming, context: &Context) {
    let words = format!("{} Finding out who calls, then it goes on.", spinner(context.ticks));
    sheet.paragraph(2, &words, sheet.theme.accent());
    if let Some(fault) = context.facts.caller.as_ref().and_then(Fact::fault) {
        sheet.remark(2, "✗", &fault.to_string(), sheet.theme.bad());
    }
    sheet.blank();
    for line in resuming.run().lines() {
        sheet.paragraph(2, &line, Style::new());
    }
}

fn menu_line(sheet: &mut Sheet, index: usize, at: bool, key: Option<char>, words: &str, about: &str) {
    let theme = sheet.theme;
    let from = sheet.len();
    let style = if at { theme.highlight() } else { Style::new() };
    let key = key.map(|key| format!("{key}  ")).unwrap_or_default();
    let lead = if at { "› " } else { "  " };
    sheet.line([(lead.to_owned(), theme.accent()), (key, theme.accent()), (words.to_owned(), style)]);
    if at && !about.is_empty() {
        sheet.paragraph(5, about, theme.dim());
    }
    sheet.target(from, Target::Entry(index));
    if at {
        sheet.focus(from, 2);
    }
}

/// The columns of a label.
const LABEL: usize = 22;

/// A value behind its label; below it where a word of it would have to be broken, as an ARN's or an address's.
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

/// *Hand-over*. The secret is drawn only while it is revealed.
pub(super) fn hand_over(sheet: &mut Sheet, handing_over: &HandingOver, context: &Context) {
    let theme = sheet.theme;
    let secret = |id: SecretId| match context.vault.get(id) {
        Some(secret) if handing_over.is_revealed() && !context.presenter => secret.expose().to_owned(),
        _ => "••••••••••••••••".to_owned(),
    };
    sheet.paragraph(2, &(handing_over.task.done)(handing_over.user()), theme.good());
    if let Some((id, handle)) = handing_over.key_made() {
        labelled(sheet, "Access key ID", id, Style::new());
        labelled(sheet, "Secret access key", &secret(handle), Style::new());
    }
    let (proof, style) = match handing_over.proof() {
        Proof::None => (String::new(), theme.dim()),
        Proof::Proving(Progress { good, .. }) if *good > 0 => {
            (format!("{} {good} of {PROVEN} good answers", spinner(context.ticks)), theme.dim())
        }
        Proof::Proving(Progress { trouble: Some(words), tries, .. }) => {
            (format!("{} try {tries}: {words}", spinner(context.ticks)), theme.warning())
        }
        Proof::Proving(Progress { tries, .. }) => {
            (format!("{} try {}; a new key needs 3 to 15 s", spinner(context.ticks), tries.max(&1)), theme.dim())
        }
        Proof::Proven(arn) => (format!("✓ yes, as {arn}"), theme.good()),
        Proof::Failed(_) => ("✗ no".to_owned(), theme.bad()),
    };
    if *handing_over.proof() != Proof::None {
        labelled(sheet, "Verified", &proof, style);
    }
    if let Proof::Failed(words) = handing_over.proof() {
        sheet.paragraph(4, words, Style::new());
    }
    if let Some(handle) = handing_over.password() {
        labelled(sheet, "Console password", &secret(handle), Style::new());
        let url = handing_over.url().unwrap_or("see your partition's console");
        labelled(sheet, "Sign-in URL", url, Style::new());
    }
    if let Some(paste) = handing_over.paste() {
        sheet.blank();
        for line in paste.lines() {
            for piece in hanging(line, sheet.width.saturating_sub(2)) {
                sheet.line([(format!("  {piece}"), Style::new())]);
            }
        }
        sheet.blank();
    }
    for note in handing_over.notes() {
        sheet.remark(2, "!", &note, theme.warning());
    }
    if let Some(pause) = handing_over.pause() {
        sheet.remark(2, "·", &pause, theme.dim());
    }
    for line in handing_over.deliveries(context) {
        sheet.remark(2, "✓", &line, theme.good());
    }
    if let Some(kept) = handing_over.kept() {
        sheet.remark(2, "·", &kept, theme.dim());
    }
    if handing_over.is_deleting() {
        sheet.remark(2, spinner(context.ticks), "The key is being deleted …", theme.warning());
        return;
    }
    match handing_over.said() {
        Some(Said::Good(words)) => sheet.remark(2, "·", words, theme.dim()),
        Some(Said::Bad(words)) => sheet.remark(2, "✗", words, theme.bad()),
        None => {}
    }
    sheet.blank();
    for (i, item) in handing_over.items(context).iter().enumerate() {
        menu_line(sheet, i, handing_over.at() == i, Some(item.key), &item.words, &item.about);
    }
}
