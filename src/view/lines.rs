//! The words of a view as sentences, for a face that says one after the other: no sign, no column, nothing that moves.

use super::{DialogView, Header, Part, Remark, StepView, Tone, View};
use crate::app::field::Note;
use crate::domain::sanitise::clean;
use crate::domain::secret::Secret;

/// Said at the beginning.
pub const GREETING: &str = "iamwalk asks one question after the other. Type an answer and press Enter. An empty line keeps what is there and goes on. Numbers choose. Type < to go back, ? for help, :q to leave; a backslash before one of these means the characters themselves.";

/// Said where what was asked is no longer the question.
pub const OVERTAKEN: &str = "The question has changed. Your answer was not used.";

/// Said where a line is no text.
pub const UNREADABLE: &str =
    "That line can't be used: it is not UTF-8, or is too long for a terminal. Read a long text from a file.";

/// Said where a line means nothing here.
pub const MISUNDERSTOOD: &str = "Not a valid answer. Type ? for help.";

/// The signs that stand before words on a screen.
const SIGNS: [char; 13] = ['✓', '✗', '!', '·', '?', '…', '↶', '=', '↑', '◐', '◓', '◑', '◒'];
const MOVING: [char; 4] = ['◐', '◓', '◑', '◒'];

/// A line without what a speech synthesiser would read out as a sign.
pub fn plain(words: &str) -> String {
    let words = words.replace('\n', " ").replace("(•)", "(chosen)").replace("( ) ", "");
    let words = clean(&words).replace(" · ", ", ").replace('›', "").replace(" → ", " to ");
    words.replace('•', "")
}

/// Words without the sign before them.
fn unsigned(words: &str) -> &str {
    match words.strip_prefix(SIGNS) {
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        _ => words,
    }
}

/// How a page or a question begins.
pub fn opening(view: &View) -> String {
    match &view.dialog {
        Some(open) => format!("Question: {}", open.title),
        None => format!("Page {} of {}: {}", view.rail.1 + 1, view.rail.0.len(), view.title),
    }
}

/// What is wrong with an answer.
pub fn error(words: &str) -> String {
    format!("Error: {words}")
}

/// Who calls, and where.
pub fn header(header: &Header) -> String {
    let practice = header.is_practice.then(|| "Practice: nothing leaves this machine".to_owned());
    let presenter = header.is_presenting.then(|| "Presenter: no secret is printed".to_owned());
    let endpoint = header.endpoint.as_ref().map(|endpoint| format!("at {endpoint}"));
    let (_, caller) = &header.caller;
    let caller = Some(caller).filter(|words| !words.starts_with(MOVING)).map(|words| unsigned(words).to_owned());
    let all = [practice, presenter, header.account.clone(), endpoint, caller];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A remark, behind a word for its sign.
fn remark(told: &Remark) -> Option<String> {
    let lead = match told.tone {
        // What is under way is told once it is done.
        _ if told.sign.starts_with(MOVING) || told.sign == "…" => return None,
        Tone::Bad => "Error: ",
        Tone::Warning => "Warning: ",
        Tone::Plain | Tone::Dim | Tone::Accent | Tone::Good => "",
    };
    Some(format!("{lead}{}", told.text))
}

/// What there is to know of a field.
pub fn note(note: &Note) -> String {
    match note {
        Note::Info(words) | Note::Good(words) => words.clone(),
        Note::Warning(words) => format!("Warning: {words}"),
    }
}

fn step(told: &StepView) -> Option<String> {
    let words = &told.words;
    match (&told.pause, told.line.is_empty()) {
        (Some(pause), _) => Some(format!("Waiting: {words}: {pause}")),
        (None, true) => None,
        (None, false) => {
            let reason = told.reason.as_ref().map(|reason| format!(". {reason}")).unwrap_or_default();
            Some(format!("{words}: {}{reason}", told.state))
        }
    }
}

/// The secrets that are to be seen now, behind their labels. Where they end: on the face.
pub fn secrets(parts: &[Part<'_>]) -> Vec<(&'static str, Secret)> {
    let shown = |part: &Part<'_>| match part {
        Part::Secret { label, shown } => shown.clone().map(|secret| (*label, secret)),
        _ => None,
    };
    parts.iter().filter_map(shown).collect()
}

/// What a question says, a line each.
pub fn question(open: &DialogView<'_>) -> Vec<String> {
    let line = |words: &String| match words.split_at_checked(2) {
        Some(("- ", rest)) if open.is_diff => format!("Removed: {rest}"),
        Some(("+ ", rest)) if open.is_diff => format!("Added: {rest}"),
        _ => clean(words),
    };
    open.words.iter().filter(|words| !words.trim().is_empty()).map(line).collect()
}

/// What a page says, without what is asked and without secrets. `walkthrough`: its name and its words for the page.
pub fn lines(parts: &[Part<'_>], (walkthrough, guide): (&str, &str)) -> Vec<String> {
    let mut lines = Vec::new();
    // A value without a label goes on with the one above.
    let mut above = "";
    if !guide.is_empty() {
        lines.push(format!("{walkthrough}: {guide}"));
    }
    for part in parts {
        match part {
            Part::Why(words) => lines.extend(guide.is_empty().then(|| (*words).to_owned())),
            Part::Text { text, .. } => lines.push(text.trim().to_owned()),
            Part::Remark(told) => lines.extend(remark(told)),
            Part::Labelled { value, .. } if value.starts_with(MOVING) || value.ends_with('…') => {}
            Part::Labelled { label, value, .. } => {
                above = if label.is_empty() { above } else { label };
                lines.push(format!("{above}: {}", unsigned(value)));
            }
            Part::Secret { label, .. } => lines.push(format!("{label}: not shown")),
            Part::Pasted(text) => lines.extend(text.lines().map(str::to_owned)),
            Part::Block { title, lines: answers, findings, .. } => {
                lines.push(format!("{title}: {}", answers.join(". ")));
                lines.extend(findings.iter().filter_map(remark));
            }
            Part::Calls(None) => {}
            Part::Calls(Some(calls)) => {
                lines.push(format!("{}, in order:", super::review::api_calls(calls)));
                let call = |(i, (words, permission)): (usize, &(String, &str))| format!("{}. {words}, {permission}", i + 1);
                lines.extend(calls.iter().enumerate().map(call));
            }
            Part::Step(told) => lines.extend(step(told)),
            Part::Blank | Part::Form(_) | Part::Button { .. } | Part::Entry { .. } => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}
