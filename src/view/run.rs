//! The words of a run: each step, and what the person can choose where it does not go on by itself.

use std::borrow::Cow;

use super::{Part, Remark, StepView, Tone, spinner};
use crate::app::Context;
use crate::app::creating::{Course, Creating};
use crate::app::resuming::Resuming;
use crate::domain::facts::Fact;
use crate::domain::ledger::{Ledger, StepState};
use crate::domain::operation::Nature;

fn text(tone: Tone, text: impl Into<Cow<'static, str>>) -> Part<'static> {
    Part::Text { indent: 2, tone, text: text.into() }
}

/// `undoes`: what was done before is no news.
pub(super) fn steps(ledger: &Ledger, undoes: bool, context: &Context) -> Vec<StepView> {
    let view = |(step, state): (&crate::domain::step::Step, &StepState)| {
        let (sign, word) = state.words();
        let tone = match state {
            StepState::Waiting | StepState::Undone | StepState::Kept(_) => Tone::Dim,
            StepState::Sent => Tone::Accent,
            StepState::Done(_) | StepState::Found(_) => Tone::Good,
            StepState::Unclear(_) => Tone::Warning,
            StepState::Failed(_) | StepState::UndoFailed(_) => Tone::Bad,
        };
        let (words, pause) = (step.words(), ledger.pause(step.id).map(|pause| pause.words()));
        let line = match (state, &pause) {
            (_, Some(pause)) => format!("… {words}: {pause}"),
            (StepState::Undone | StepState::UndoFailed(_), None) => {
                let why = state.fault().map(|fault| format!(". {fault}")).unwrap_or_default();
                format!("{sign} {words}: {word}{why}")
            }
            // What stays is told with the plan of an undo, and at the end.
            (StepState::Kept(_), None) => String::new(),
            (StepState::Done(_) | StepState::Found(_), None) if undoes => String::new(),
            (StepState::Done(_), None) => format!("{sign} {words}"),
            (StepState::Found(_), None) => format!("{sign} {words}: {word}"),
            (StepState::Failed(fault) | StepState::Unclear(fault), None) => format!("{sign} {words}: {word}. {fault}"),
            (StepState::Waiting | StepState::Sent, None) => String::new(),
        };
        let is_moving = *state == StepState::Sent;
        // What was never sent waits for nothing where the run is undone.
        let waits_no_more = undoes && *state == StepState::Waiting;
        StepView {
            words,
            sign: if is_moving { spinner(context) } else { sign },
            tone: if pause.is_some() { Tone::Warning } else { tone },
            state: match state {
                StepState::Sent if step.operation.nature() == Nature::Local => "under way",
                StepState::Waiting if step.later => "",
                _ if pause.is_some() || waits_no_more => "",
                _ => word,
            },
            is_moving,
            pause,
            reason: state.reason(),
            line,
        }
    };
    ledger.rows().map(view).collect()
}

pub(super) fn create<'a>(creating: &'a Creating, context: &Context) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    if creating.course == Course::Undoing {
        parts.extend([text(Tone::Accent, "Undoing this run, last step first."), Part::Blank]);
    }
    parts.extend(steps(&creating.ledger, creating.course == Course::Undoing, context).into_iter().map(Part::Step));
    // One text for all steps that it befell.
    let faults: Vec<_> =
        creating.ledger.rows().filter_map(|(step, state)| Some((step.operation.words(), state.fault()?.to_string()))).collect();
    let mut told: Vec<&String> = Vec::new();
    for (_, words) in &faults {
        if told.contains(&words) {
            continue;
        }
        parts.push(Part::Blank);
        let befallen = faults.iter().filter(|(_, other)| other == words);
        parts.extend(befallen.map(|(step, _)| Remark::new("✗", Tone::Bad, step.clone()).into()));
        parts.push(Part::Text { indent: 4, tone: Tone::Plain, text: words.clone().into() });
        told.push(words);
    }
    if creating.is_ending() {
        parts.extend([Part::Blank, text(Tone::Warning, "Ending: waiting for calls under way. Nothing more is sent.")]);
    }
    let choices = creating.choices();
    if choices.is_empty() {
        return parts;
    }
    parts.push(Part::Blank);
    parts.extend(creating.said.iter().map(|said| Remark::new("!", Tone::Warning, said.clone()).into()));
    let remains = creating.ledger.remains();
    let is_undoing = creating.course == Course::Undoing;
    let words = match (is_undoing, remains.is_empty(), creating.ledger.kept().is_empty()) {
        (false, ..) => "The run stopped. Nothing more is sent.",
        (true, true, true) if !creating.ledger.gone_for_good().is_empty() => "This run is undone, as far as it can be.",
        (true, true, true) => "This run is undone.",
        (true, true, false) => "This run is undone, except for what others use.",
        (true, false, _) => "Not everything could be undone.",
    };
    parts.push(text(Tone::Accent, words));
    let gone = creating.ledger.gone_for_good().into_iter();
    parts.extend(gone.map(|(words, why)| Remark::new("!", Tone::Warning, format!("Can't be undone: {words}. {why}")).into()));
    parts.extend(creating.freed().iter().map(|line| Remark::new("·", Tone::Plain, line.clone()).into()));
    let commands = remains.iter().filter(|_| is_undoing).map(|remainder| remainder.command(&context.cli_options()));
    parts.extend(commands.map(|command| Part::Text { indent: 4, tone: Tone::Plain, text: command.into() }));
    parts.extend(choices.into_iter().enumerate().map(|(index, choice)| Part::Entry {
        index,
        is_at: creating.at == index,
        key: None,
        words: Cow::Borrowed(choice.words()),
        about: Cow::Borrowed(""),
    }));
    parts
}

/// An earlier run, before it is resumed.
pub(super) fn resuming<'a>(resuming: &'a Resuming, context: &Context) -> Vec<Part<'a>> {
    let mut parts = vec![text(Tone::Accent, format!("{} Checking your credentials; then the run resumes.", spinner(context)))];
    let fault = context.facts.caller.as_ref().and_then(Fact::fault);
    parts.extend(fault.map(|fault| Remark::new("✗", Tone::Bad, fault.to_string()).into()));
    parts.push(Part::Blank);
    parts.extend(resuming.run().lines().into_iter().map(|line| text(Tone::Plain, line)));
    parts
}
