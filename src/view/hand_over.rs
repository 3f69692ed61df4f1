//! The words of *Hand-over*. A secret is among them only while it is revealed.

use super::{Part, Remark, Tone, spinner};
use crate::app::Context;
use crate::app::handing_over::{HandingOver, Proof, Said};
use crate::domain::hand_over::{PROVEN, Progress};

pub(super) fn hand_over<'a>(handing_over: &'a HandingOver, context: &Context) -> Vec<Part<'a>> {
    let text = |indent, tone, text: String| Part::Text { indent, tone, text: text.into() };
    let labelled = |label, tone, value: String| Part::Labelled { label, tone, value };
    let secret = |label, id| {
        let is_shown = handing_over.is_revealed() && !context.presenter;
        Part::Secret { label, shown: context.vault.get(id).filter(|_| is_shown) }
    };
    let mut parts = vec![text(2, Tone::Good, (handing_over.task.done)(handing_over.user()))];
    if let Some((id, handle)) = handing_over.key_made() {
        parts.extend([labelled("Access key ID", Tone::Plain, id.to_owned()), secret("Secret access key", handle)]);
    }
    let sign = spinner(context);
    let proof = match handing_over.proof() {
        Proof::None => None,
        Proof::Proving(Progress { good, .. }) if *good > 0 => {
            Some((Tone::Dim, format!("{sign} {good} of {PROVEN} good answers")))
        }
        Proof::Proving(Progress { trouble: Some(words), tries, .. }) => {
            Some((Tone::Warning, format!("{sign} try {tries}: {words}")))
        }
        Proof::Proving(Progress { tries, .. }) => {
            Some((Tone::Dim, format!("{sign} try {}; a new key needs 3 to 15 s", tries.max(&1))))
        }
        Proof::Proven(arn) => Some((Tone::Good, format!("✓ yes, as {arn}"))),
        Proof::Failed(_) => Some((Tone::Bad, "✗ no".to_owned())),
    };
    parts.extend(proof.map(|(tone, words)| labelled("Verified", tone, words)));
    if let Proof::Failed(words) = handing_over.proof() {
        parts.push(text(4, Tone::Plain, words.clone()));
    }
    if let Some(handle) = handing_over.password() {
        let url = handing_over.url().unwrap_or("see your partition's console");
        parts.extend([secret("Console password", handle), labelled("Sign-in URL", Tone::Plain, url.to_owned())]);
    }
    if handing_over.key_made().is_none() && handing_over.password().is_none() {
        parts.extend(handing_over.done_words().map(|words| Remark::new("✓", Tone::Good, words).into()));
        let undo = context.run.as_ref().filter(|_| !handing_over.ledger().remains().is_empty());
        parts.extend(undo.map(|run| Remark::new("·", Tone::Plain, format!("To undo it: iamwalk undo {run}")).into()));
    }
    if let Some(paste) = handing_over.paste() {
        parts.extend([Part::Blank, Part::Pasted(paste), Part::Blank]);
    }
    let remark = |sign, tone, text: String| Part::from(Remark::new(sign, tone, text));
    // What is still being done is no warning.
    let note = |note: String| match note.starts_with("Not done yet") {
        true => remark("…", Tone::Dim, note),
        false => remark("!", Tone::Warning, note),
    };
    parts.extend(handing_over.notes().into_iter().map(note));
    parts.extend(handing_over.pause().map(|pause| remark("·", Tone::Dim, pause)));
    parts.extend(handing_over.deliveries(context).into_iter().map(|line| remark("✓", Tone::Good, line)));
    // Where the key does not work through it, nobody is told to use it.
    let usage = handing_over.usage(context).filter(|_| !matches!(handing_over.proof(), Proof::Failed(_)));
    parts.extend(usage.map(|words| remark("·", Tone::Plain, words)));
    parts.extend(handing_over.left_for_later(context).map(|words| remark("·", Tone::Plain, words)));
    parts.extend(handing_over.kept().map(|kept| remark("·", Tone::Dim, kept)));
    if handing_over.is_deleting() {
        parts.push(remark(sign, Tone::Warning, "The key is being deleted …".to_owned()));
        return parts;
    }
    parts.extend(handing_over.said().map(|said| match said {
        Said::Good(words) => remark("·", Tone::Dim, words.clone()),
        Said::Bad(words) => remark("✗", Tone::Bad, words.clone()),
    }));
    parts.push(Part::Blank);
    let at = handing_over.at();
    parts.extend(handing_over.items(context).into_iter().enumerate().map(|(index, item)| Part::Entry {
        index,
        is_at: at == index,
        key: Some(item.key),
        words: item.words.into(),
        about: item.about.into(),
    }));
    parts
}
