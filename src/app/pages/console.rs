//! *Access*: the console password of a user that exists.

use super::{FieldError, Page, access};
use crate::app::Context;
use crate::app::field::{Field, FieldId, FieldOption, Note};
use crate::app::form::Form;
use crate::domain::answers::{Answers, ConsoleChange, PageAnswer};
use crate::domain::facts::Question;
use crate::domain::page::PageId;
use crate::domain::walkthrough::ResolvedWalkthrough;

pub static PAGE: Page = Page {
    id: PageId::Access,
    title: "Access",
    why: "A password lets the user sign in to the AWS Management Console. Access keys go on working.",
    needs: || vec![Question::PasswordPolicy],
    shown: |form, _| {
        let user = form.text(FieldId::SUBJECT);
        if user.is_empty() { Vec::new() } else { vec![Question::CredentialsOf(user.to_owned())] }
    },
    waits: false,
    of_account: false,
    form,
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.access,
    alike: |one, other| one.access == other.access,
};

/// What can happen to it, in the order of the options.
pub const GIVE: &str = "Give a password";
pub const REPLACE: &str = "Replace the password";
pub const TAKE_AWAY: &str = "Take console access away";

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    let option = |(label, about): (&str, &str)| FieldOption { label: label.to_owned(), about: about.to_owned() };
    let options = [
        (GIVE, "where the user has none"),
        (REPLACE, "the one of before stops at once, and can't be had back"),
        (TAKE_AWAY, "the password is deleted, and can't be had back; access keys go on"),
    ];
    let change = Field { required: true, ..Field::choice(FieldId::CONSOLE, "Console access", options.map(option).into(), None) };
    let confirm = Field { required: true, ..Field::text(FieldId::CONFIRM, "The user's name", "") };
    let confirm = confirm.hint("Type it to agree: a password can't be had back");
    Form::new(
        [Field::carried(FieldId::SUBJECT), change, confirm].into_iter().chain(access::console_fields(walkthrough)).collect(),
    )
}

fn chosen(form: &Form) -> Option<&'static str> {
    form.chosen(FieldId::CONSOLE).and_then(|at| [GIVE, REPLACE, TAKE_AWAY].get(at)).copied()
}

fn refresh(form: &mut Form, context: &Context) {
    let own = context.facts.user_sources().credentials.get(form.text(FieldId::SUBJECT)).and_then(|own| own.has_password);
    let user = form.text(FieldId::SUBJECT).to_owned();
    if let Some(field) = form.field_mut(FieldId::CONSOLE) {
        field.note = own.map(|has| Note::Info(format!("{user} has {} console password.", if has { "a" } else { "no" })));
    }
    let change = chosen(form);
    form.ask(FieldId::CONFIRM, change == Some(TAKE_AWAY));
    access::refresh_console(form, context, change.is_some_and(|change| change != TAKE_AWAY));
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    Ok(PageAnswer::Console(match chosen(form) {
        None => return Err(FieldError::at(FieldId::CONSOLE, "Choose what happens to the user's console access.")),
        Some(GIVE) => ConsoleChange::Give(access::console(form, context)?),
        Some(REPLACE) => ConsoleChange::Replace(access::console(form, context)?),
        Some(_) => {
            let typed = form.text(FieldId::CONFIRM).trim().to_owned();
            if typed.is_empty() {
                return Err(FieldError::at(FieldId::CONFIRM, "Type the user's name to agree."));
            }
            ConsoleChange::TakeAway { typed }
        }
    }))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    match answers.console_change() {
        Some(ConsoleChange::Give(wish) | ConsoleChange::Replace(wish)) => vec![access::console_words(wish)],
        Some(ConsoleChange::TakeAway { .. }) => vec!["Console access is taken away".to_owned()],
        None => Vec::new(),
    }
}
