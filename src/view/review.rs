//! The words of *Review*.

use std::borrow::Cow;

use super::{Part, Remark, Tone};
use crate::app::Context;
use crate::app::reviewing::Reviewing;
use crate::domain::dry_run::{HERE, called};
use crate::domain::preflight::{Finding, Severity};

/// How many calls, or steps where some are none.
pub fn api_calls(calls: &[(String, &str)]) -> String {
    let of = if calls.iter().any(|(_, permission)| *permission == HERE) { "step" } else { "API call" };
    if calls.len() == 1 { format!("1 {of}") } else { format!("{} {of}s", calls.len()) }
}

fn finding(finding: &Finding) -> Remark {
    let (sign, tone) = match finding.severity {
        Severity::Error => ("✗", Tone::Bad),
        Severity::Existing | Severity::Warning => ("!", Tone::Warning),
        Severity::Note => ("·", Tone::Dim),
    };
    Remark::new(sign, tone, finding.words.clone())
}

pub(super) fn review<'a>(reviewing: &'a Reviewing, context: &Context) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for (index, block) in reviewing.blocks(context).into_iter().enumerate() {
        let findings = reviewing.findings.iter().filter(|finding| finding.page == block.page).map(finding).collect();
        parts.push(Part::Block { index, title: block.title, is_at: reviewing.at == index, lines: block.lines, findings });
    }
    let calls = reviewing
        .plan
        .as_ref()
        .map(|plan| plan.steps().iter().map(|step| (step.words(), called(&step.operation))).collect::<Vec<_>>());
    parts.extend([Part::Blank, Part::Calls(calls), Part::Blank]);
    // Where it is read before it is pressed.
    let head = "Nothing was sent yet. Enter on a block changes it; Enter on the last line makes these calls.";
    parts.push(Part::Text { indent: 2, tone: Tone::Dim, text: Cow::Borrowed(head) });
    let pending = reviewing.pending(context);
    parts.extend(pending.map(|what| Remark::new("·", Tone::Dim, format!("Looking up {what} …")).into()));
    parts.extend(reviewing.said.iter().map(|said| Remark::new("!", Tone::Warning, said.clone()).into()));
    parts.extend(counted(&reviewing.findings));
    let index = reviewing.button();
    parts.push(Part::Button { index, is_at: reviewing.at == index, words: reviewing.confirm_words() });
    parts
}

/// How much speaks against it, for who does not see it where it stands.
fn counted(findings: &[Finding]) -> Option<Part<'static>> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let is_warning = |finding: &&Finding| matches!(finding.severity, Severity::Existing | Severity::Warning);
    let warnings = findings.iter().filter(is_warning).count();
    let words = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let all: Vec<String> = [words(errors, "error"), words(warnings, "warning")].into_iter().flatten().collect();
    let tone = if errors > 0 { Tone::Bad } else { Tone::Warning };
    (!all.is_empty()).then(|| Remark::new("↑", tone, all.join(", ")).into())
}
