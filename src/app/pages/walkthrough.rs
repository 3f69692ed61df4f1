//! *Walkthrough*: which guide, and who makes the calls.

use super::{Page, Refusal};
use crate::app::Context;
use crate::app::field::{Choice, Control, Field, FieldId, Note};
use crate::app::form::Form;
use crate::domain::answers::Answers;
use crate::domain::caller::Source;
use crate::domain::facts::{Fact, Question};
use crate::domain::request::PageId;
use crate::domain::walkthrough::{BUILT_IN, Walkthrough};

/// The page.
pub static PAGE: Page = Page {
    id: PageId::Walkthrough,
    title: "Walkthrough",
    why: "A walkthrough fills in and explains the pages that follow; you can change everything it proposes. \
          Nothing is sent to the account before you say so on the page Review.",
    needs: || vec![Question::Profiles, Question::Alias],
    form,
    refresh,
    accept,
    words: |_| "",
};

fn form(chosen: &Walkthrough) -> Form {
    let options = BUILT_IN.iter().map(|guide| Choice { label: guide.name.to_owned(), about: guide.summary.to_owned() }).collect();
    let at = BUILT_IN.iter().position(|guide| **guide == *chosen);
    let callers = Field::choice(FieldId::Caller, "Who makes the calls", Vec::new(), Some(0));
    Form::new(vec![Field::choice(FieldId::Guide, "Walkthrough", options, at), callers])
}

/// The sources among which the person chooses, in the order of the field's options.
pub fn sources(context: &Context) -> Vec<Source> {
    if context.origin == Source::Practice {
        return vec![Source::Practice];
    }
    let mut sources = vec![context.origin.clone()];
    if context.origin != Source::Chain {
        sources.push(Source::Chain);
    }
    let own = context.facts.profiles.iter().map(|profile| Source::Profile(profile.name.clone()));
    sources.extend(own.filter(|source| *source != context.origin));
    if let pasted @ Source::Pasted { .. } = &context.source {
        sources.push(pasted.clone());
    }
    sources.extend([Source::Pasted { key_id: String::new() }, Source::Practice]);
    sources
}

fn option(source: &Source, context: &Context) -> Choice {
    let (label, about) = match source {
        Source::Chain => {
            ("What AWS finds".to_owned(), "environment, AWS_PROFILE or the profile “default”, as the AWS SDKs search".to_owned())
        }
        Source::Profile(name) => {
            let holds = context.facts.profiles.iter().find(|profile| profile.name == *name).map(|profile| profile.holds.clone());
            (format!("Profile {name}"), holds.unwrap_or_default())
        }
        Source::Pasted { key_id } if key_id.is_empty() => {
            ("Paste keys for this session".to_owned(), "kept in memory, written nowhere".to_owned())
        }
        Source::Pasted { key_id } => (format!("Pasted key {key_id}"), "kept in memory, written nowhere".to_owned()),
        Source::Practice => ("Practice".to_owned(), "an account in memory: nothing leaves this machine".to_owned()),
    };
    Choice { label, about }
}

fn refresh(form: &mut Form, context: &Context) {
    let sources = sources(context);
    if let Some(field) = form.field_mut(FieldId::Caller) {
        if let Control::Choice { options, at, chosen } = &mut field.control {
            let new: Vec<Choice> = sources.iter().map(|source| option(source, context)).collect();
            if *options != new {
                // Options arrive while the person looks: what was chosen stays chosen.
                let kept = chosen.and_then(|i| options.get(i)).and_then(|old| new.iter().position(|o| o.label == old.label));
                let current = sources.iter().position(|source| *source == context.source);
                *at = kept.or(current).unwrap_or(0);
                *chosen = Some(*at);
                *options = new;
            }
        }
        // An error of an earlier attempt says nothing of this one.
        if context.facts.caller.as_ref().and_then(Fact::fault).is_none() {
            field.error = None;
        }
        let chosen_is_current = form_choice(&field.control).and_then(|i| sources.get(i)) == Some(&context.source);
        field.note = match &context.facts.caller {
            _ if !chosen_is_current => Some(Note::Info("Enter connects with this choice.".to_owned())),
            None | Some(Fact::Pending) => Some(Note::Info("Asking AWS who that is …".to_owned())),
            Some(Fact::Known(caller)) => match caller.warning() {
                Some(words) => Some(Note::Warning(words.to_owned())),
                None => Some(Note::Good(format!("{} in account {}", caller.arn, caller.account))),
            },
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => Some(Note::Warning(fault.to_string())),
        };
    }
    // In a practice session there is nothing to choose from.
    form.ask(FieldId::Caller, context.origin != Source::Practice);
}

fn form_choice(control: &Control) -> Option<usize> {
    match control {
        Control::Choice { chosen, .. } => *chosen,
        _ => None,
    }
}

/// The source that is chosen on the page.
pub fn chosen_source(form: &Form, context: &Context) -> Option<Source> {
    sources(context).into_iter().nth(form.chosen(FieldId::Caller)?)
}

fn accept(form: &Form, context: &Context, answers: &mut Answers) -> Result<(), Refusal> {
    if let Some(fault) = context.facts.caller.as_ref().and_then(Fact::fault) {
        return Err(Refusal::at(FieldId::Caller, fault));
    }
    let guide = form.chosen(FieldId::Guide).and_then(|at| BUILT_IN.get(at));
    answers.walkthrough = Some(guide.ok_or_else(|| Refusal::at(FieldId::Guide, "Choose a walkthrough; “plain” for none."))?);
    Ok(())
}
