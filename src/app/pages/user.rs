//! *User*: name and path.

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Field, FieldId, Note};
use crate::app::form::Form;
use crate::domain::answers::{Answers, PageAnswer, UserDetails};
use crate::domain::facts::{Existence, Fact, Question};
use crate::domain::name::{Path, UserName, same_name};
use crate::domain::page::PageId;
use crate::domain::walkthrough::ResolvedWalkthrough;

pub static PAGE: Page = Page {
    id: PageId::User,
    title: "User",
    why: "An IAM user is an identity with long-term credentials that is used to interact with AWS in an account.",
    needs: || vec![Question::Users, Question::Quotas],
    shown: |_, _| Vec::new(),
    waits: false,
    of_account: false,
    form,
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.user,
    alike: |one, other| (&one.user, &one.path) == (&other.user, &other.path),
};

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    Form::new(vec![
        Field::text(FieldId::USER_NAME, "User name", &walkthrough.user.value)
            .hint("Up to 64 characters: A-Z, a-z, 0-9 and + = , . @ _ -")
            .fixed(walkthrough.user.fixed),
        Field::text(FieldId::PATH, "Path - optional", &walkthrough.path.value)
            .hint("Groups users in ARNs, as in /team/; “/” unless you type one")
            .fixed(walkthrough.path.fixed),
    ])
}

/// The user of this name whom the account has, as it is spelled there; `None` while that is not known.
fn taken(name: &str, context: &Context) -> Option<Option<String>> {
    if let Some(user) = context.facts.users().iter().map(|user| &user.name).find(|user| same_name(user, name)) {
        return Some(Some(user.clone()));
    }
    if context.facts.user(name).and_then(Fact::into_known) == Some(Existence::Taken) {
        return Some(Some(name.to_owned()));
    }
    context.facts.end(&Question::Users)?.known().map(|()| None)
}

fn refresh(form: &mut Form, context: &Context) {
    let name = form.text(FieldId::USER_NAME).to_owned();
    if let Some(field) = form.field_mut(FieldId::USER_NAME) {
        field.note = None;
        // As you type: the rule that is broken, or whether the name is free.
        match UserName::new(&name) {
            _ if name.is_empty() => {}
            Err(rule) => field.error = Some(rule.to_string()),
            Ok(_) => match taken(&name, context) {
                Some(Some(user)) => field.error = Some(taken_words(&user)),
                Some(None) => {
                    field.error = None;
                    field.note = Some(match name.contains(',') {
                        true => Note::Warning(format!("“{name}” is free, as one user: commas are part of its name.")),
                        false => Note::Good(format!("“{name}” is free.")),
                    });
                }
                None => {
                    field.error = None;
                    let fault = context.facts.end(&Question::Users).and_then(Fact::fault);
                    field.note =
                        fault.map(|fault| Note::Info(format!("Whether the name is free can't be seen: {}", fault.what())));
                }
            },
        }
    }
    let path = form.text(FieldId::PATH).to_owned();
    if let (Some(field), Err(rule)) = (form.field_mut(FieldId::PATH), Path::new(&path)) {
        field.error = Some(rule.to_string());
    }
}

fn taken_words(user: &str) -> String {
    format!("Taken: this account already has “{user}”. Choose another name.")
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    let name = UserName::new(form.text(FieldId::USER_NAME)).map_err(|rule| FieldError::at(FieldId::USER_NAME, rule))?;
    if let Some(Some(user)) = taken(name.as_str(), context) {
        let refusal = FieldError::at(FieldId::USER_NAME, taken_words(&user));
        return Err(FieldError { taken: UserName::new(&user).ok(), ..refusal });
    }
    let path = Path::new(form.text(FieldId::PATH)).map_err(|rule| FieldError::at(FieldId::PATH, rule))?;
    Ok(PageAnswer::User(UserDetails { name, path }))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    let words = |user: &UserDetails| match user.path.as_str() {
        "/" => user.name.to_string(),
        path => format!("{}, path {path}", user.name),
    };
    answers.user().map(words).into_iter().collect()
}
