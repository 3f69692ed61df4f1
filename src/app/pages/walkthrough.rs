//! The fields of the start: which walkthrough, its own questions, and who makes the calls.

use std::sync::Arc;

use super::FieldError;
use crate::app::Context;
use crate::app::field::{Control, Field, FieldId, FieldOption, Note};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Pick, Row, Table};
use crate::app::tasks::{TASKS, Task};
use crate::domain::caller::Source;
use crate::domain::facts::Fact;
use crate::domain::walkthrough::{Responses, Variable, VariableKind, Walkthrough};

/// The start's word in the rail.
pub const TITLE: &str = "Walkthrough";

pub const WHY: &str = "A walkthrough fills in and explains the pages that follow; you can change what it proposes. \
                       Nothing is sent to the account before you say so on the page Review.";

/// The fields, with this task and this walkthrough proposed.
pub fn form(task: &Task, proposed: &str) -> Form {
    let option = |label: &str, about: &str| FieldOption { label: label.to_owned(), about: about.to_owned() };
    let tasks = TASKS.iter().map(|task| option(task.title, task.about));
    let tasks = tasks.chain([option("See the users", "who there is, and what stands out; nothing changes")]).collect();
    let at = TASKS.iter().position(|one| one.id == task.id);
    let guides = Table::new(Detail::Walkthrough, &[], vec![proposed.to_owned()]).picking(Pick::One);
    let callers = Table::new(Detail::Remark, &[], Vec::new()).picking(Pick::One);
    let mut form = Form::new(vec![
        Field::choice(FieldId::TASK, "What to do", tasks, at),
        Field::table(FieldId::GUIDE, "Walkthrough", guides),
        Field::table(FieldId::CALLER, "Who makes the calls", callers).apart(),
    ]);
    // The task is answered already.
    form.focus_on(FieldId::GUIDE);
    form
}

pub fn task(form: &Form) -> Option<&'static Task> {
    form.chosen(FieldId::TASK).and_then(|at| TASKS.get(at)).copied()
}

/// Whether the users are to be seen, in place of a task.
pub fn wants_users(form: &Form) -> bool {
    form.chosen(FieldId::TASK) == Some(TASKS.len())
}

pub fn chosen<'a>(form: &Form, context: &'a Context) -> Option<&'a Arc<Walkthrough>> {
    let name = &form.table(FieldId::GUIDE)?.chosen().next()?.key;
    context.walkthroughs.iter().find(|walkthrough| walkthrough.name == *name)
}

/// The fields of a walkthrough's own questions.
fn questions(walkthrough: &Walkthrough) -> Vec<Field> {
    let choices = walkthrough.choices.iter().enumerate().map(|(i, choice)| {
        let option = |answer: &crate::domain::walkthrough::ChoiceOption| FieldOption {
            label: answer.label.clone(),
            about: answer.about.clone(),
        };
        let options = choice.answers.iter().map(option).collect();
        Field::choice(FieldId::question(i), &choice.question, options, Some(choice.default))
    });
    let variables = walkthrough.variables.iter().enumerate().filter_map(|(i, variable)| match &variable.kind {
        VariableKind::Asked { question, hint, value, optional, .. } => {
            let field = Field::text(FieldId::variable(i), question, value).hint(hint);
            Some(Field { required: !optional, ..field })
        }
        _ => None,
    });
    let mut fields: Vec<Field> = choices.chain(variables).collect();
    if let Some(first) = fields.first_mut() {
        first.is_apart = true;
    }
    fields
}

/// What is answered to the walkthrough's own questions.
pub fn responses(form: &Form, walkthrough: &Walkthrough) -> Responses {
    let mut responses = Responses::defaults(walkthrough);
    for (i, choice) in walkthrough.choices.iter().enumerate() {
        if let Some(at) = form.chosen(FieldId::question(i)) {
            responses.choices.insert(choice.id.clone(), at);
        }
    }
    for (i, variable) in walkthrough.variables.iter().enumerate() {
        if form.field(FieldId::variable(i)).is_some() {
            responses.variables.insert(variable.id.clone(), form.text(FieldId::variable(i)).trim().to_owned());
        }
    }
    responses
}

/// The walkthrough's own questions that are not answered, or not as they have to be.
pub fn missing(form: &Form, walkthrough: &Walkthrough) -> Vec<FieldError> {
    let refusal = |(i, variable): (usize, &Variable)| {
        let id = FieldId::variable(i);
        form.field(id).filter(|field| field.asked)?;
        variable.check(form.text(id).trim()).err().map(|words| FieldError::at(id, words))
    };
    walkthrough.variables.iter().enumerate().filter_map(refusal).collect()
}

/// The sources among which the person chooses, in the order of the field's options.
pub fn sources(context: &Context) -> Vec<Source> {
    if context.sign_in.origin == Source::Practice {
        return vec![Source::Practice];
    }
    let mut sources = vec![context.sign_in.origin.clone()];
    if context.sign_in.origin != Source::Chain {
        sources.push(Source::Chain);
    }
    let own = context.facts.profiles().iter().map(|profile| Source::Profile(profile.name.clone()));
    sources.extend(own.filter(|source| *source != context.sign_in.origin));
    if let pasted @ Source::Pasted { .. } = &context.sign_in.source {
        sources.push(pasted.clone());
    }
    sources.extend([Source::Pasted { key_id: String::new() }, Source::Practice]);
    sources
}

fn row(source: &Source, context: &Context) -> Row {
    let (label, about) = match source {
        Source::Chain => {
            ("What AWS finds".to_owned(), "environment, AWS_PROFILE or the profile “default”, as the AWS SDKs search".to_owned())
        }
        Source::Profile(name) => {
            let holds =
                context.facts.profiles().iter().find(|profile| profile.name == *name).map(|profile| profile.holds.clone());
            (format!("Profile {name}"), holds.unwrap_or_default())
        }
        Source::Pasted { key_id } if key_id.is_empty() => {
            ("Paste keys for this session".to_owned(), "kept in memory, written nowhere".to_owned())
        }
        Source::Pasted { key_id } => (format!("Pasted key {key_id}"), "kept in memory, written nowhere".to_owned()),
        Source::Practice => ("Practice".to_owned(), "an account in memory: nothing leaves this machine".to_owned()),
    };
    Row::new(&label, &label, about, "")
}

/// Shows who makes the calls now, as when keys were pasted.
pub fn follow_source(form: &mut Form, context: &Context) {
    let Some(table) = form.table_mut(FieldId::CALLER) else { return };
    table.replace(sources(context).iter().map(|source| row(source, context)).collect());
    table.clear_filter();
    table.choose(&row(&context.sign_in.source, context).key);
}

/// Brings facts and what is typed into the fields.
pub fn refresh(form: &mut Form, context: &Context) {
    if let Some(table) = form.table_mut(FieldId::GUIDE) {
        table.fill(context.walkthroughs.len(), |i| {
            let walkthrough = &context.walkthroughs[i];
            Row::new(&walkthrough.name, &walkthrough.name, &walkthrough.title, "").found_by(&walkthrough.title)
        });
        table.state = ListState::Whole;
    }
    if let Some(field) = form.field_mut(FieldId::GUIDE) {
        field.note = context.unread_walkthroughs.clone().map(Note::Warning);
    }
    if let Some(walkthrough) = chosen(form, context).filter(|walkthrough| walkthrough.name != form.walkthrough) {
        form.walkthrough.clone_from(&walkthrough.name);
        // The questions stand between the list and the caller.
        let is_own = |field: &Field| matches!(field.id, FieldId::TASK | FieldId::GUIDE | FieldId::CALLER);
        let focused = form.focused().map(|field| field.id);
        form.fields.retain(is_own);
        form.fields.splice(2..2, questions(walkthrough));
        if let Some(id) = focused {
            form.focus_on(id);
        }
    }
    if let Some(walkthrough) = chosen(form, context) {
        let responses = responses(form, walkthrough);
        for (i, variable) in walkthrough.variables.iter().enumerate() {
            form.ask(FieldId::variable(i), walkthrough.asks(variable, &responses));
            let typed = form.text(FieldId::variable(i)).trim().to_owned();
            if let Some(field) = form.field_mut(FieldId::variable(i))
                && !typed.is_empty()
            {
                field.error = variable.check(&typed).err();
            }
        }
    }
    let sources = sources(context);
    if let Some(field) = form.field_mut(FieldId::CALLER) {
        if let Control::Table(table) = &mut field.control {
            table.replace(sources.iter().map(|source| row(source, context)).collect());
            table.state = ListState::Whole;
            if table.count() == 0 {
                table.choose(&row(&context.sign_in.source, context).key);
            }
        }
        // An error of an earlier attempt says nothing of this one.
        if context.facts.caller.as_ref().and_then(Fact::fault).is_none() {
            field.error = None;
        }
        let chosen = if let Control::Table(table) = &field.control { table.chosen().next() } else { None };
        let chosen_is_current = chosen.is_some_and(|chosen| chosen.key == row(&context.sign_in.source, context).key);
        field.note = match &context.facts.caller {
            _ if !chosen_is_current => Some(Note::Info("Enter connects with this choice.".to_owned())),
            None | Some(Fact::Pending) => Some(Note::Info("Checking these credentials …".to_owned())),
            Some(Fact::Known(caller)) => match caller.warning() {
                Some(words) => Some(Note::Warning(words.to_owned())),
                None => Some(Note::Good(format!("{} in account {}", caller.arn, caller.account))),
            },
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => Some(Note::Warning(fault.to_string())),
        };
    }
    let wants_users = wants_users(form);
    form.ask(FieldId::GUIDE, !wants_users);
    // In a practice session there is nothing to choose from.
    form.ask(FieldId::CALLER, context.sign_in.origin != Source::Practice);
}

pub fn chosen_source(form: &Form, context: &Context) -> Option<Source> {
    let chosen = &form.table(FieldId::CALLER)?.chosen().next()?.key;
    sources(context).into_iter().find(|source| row(source, context).key == *chosen)
}

/// The name of the chosen walkthrough, once it can be followed.
///
/// # Errors
/// What is missing or wrong.
pub fn accept(form: &Form, context: &Context) -> Result<String, FieldError> {
    if let Some(fault) = context.facts.caller.as_ref().and_then(Fact::fault) {
        return Err(FieldError::at(FieldId::CALLER, fault));
    }
    let walkthrough =
        chosen(form, context).ok_or_else(|| FieldError::at(FieldId::GUIDE, "Choose a walkthrough; “plain” for none."))?;
    match missing(form, walkthrough).into_iter().next() {
        Some(first) => Err(first),
        None => Ok(walkthrough.name.clone()),
    }
}
