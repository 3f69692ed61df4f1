//! *Access*: what of a user's access is stopped.

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Field, FieldId, Note};
use crate::app::form::Form;
use crate::domain::answers::{Answers, PageAnswer, Revocation};
use crate::domain::facts::{Fact, Question};
use crate::domain::page::PageId;

pub static PAGE: Page = Page {
    id: PageId::Access,
    title: "Access",
    why: "Keys and other credentials are made inactive, which can be undone; the console password is deleted, which can't.",
    needs: Vec::new,
    shown,
    waits: false,
    of_account: false,
    form: |_| form(),
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.access,
    alike: |_, _| true,
};

fn form() -> Form {
    let confirm = Field { required: true, ..Field::text(FieldId::CONFIRM, "The user's name", "") };
    Form::new(vec![
        Field::carried(FieldId::SUBJECT),
        Field::toggle(FieldId::DENY, "Deny everything first", true)
            .hint("Stops open sessions too, which deactivating a key does not. Undo takes it off"),
        confirm.hint("Type it to agree: the user is shut out at once"),
    ])
}

fn shown(form: &Form, _: &Context) -> Vec<Question> {
    let user = form.text(FieldId::SUBJECT);
    let all = [Question::Holder, Question::CredentialsOf, Question::OtherCredentials, Question::PermissionsOf];
    if user.is_empty() { Vec::new() } else { all.into_iter().map(|question| question(user.to_owned())).collect() }
}

fn refresh(form: &mut Form, context: &Context) {
    let (user, facts) = (form.text(FieldId::SUBJECT).to_owned(), &context.facts);
    let password = match facts.user_sources().credentials.get(user.as_str()).and_then(|own| own.has_password) {
        Some(true) => Some("a console password (deleted for good)".to_owned()),
        Some(false) | None => None,
    };
    let count = |count: usize, of: &str| (count > 0).then(|| format!("{count} {of}{}", if count == 1 { "" } else { "s" }));
    let keys = facts.holder(&user).and_then(Fact::into_known).flatten().and_then(|holder| count(holder.keys.len(), "access key"));
    let others = facts.other_credentials(&user).and_then(Fact::into_known);
    let others = others.and_then(|others| count(others.found.len(), "other credential"));
    let has: Vec<String> = [keys, others, password].into_iter().flatten().collect();
    let is_open = shown(form, context).iter().any(|question| facts.is_open(question));
    if let Some(field) = form.field_mut(FieldId::CONFIRM) {
        field.note = Some(Note::Info(match (is_open, has.is_empty()) {
            (true, _) => "Looking up what the user has …".to_owned(),
            (false, true) => format!("Type {user} to agree. It has no credentials of its own."),
            (false, false) => format!("Type {user} to agree. It has: {}.", has.join(", ")),
        }));
    }
}

fn accept(form: &Form, _: &Context) -> Result<PageAnswer, FieldError> {
    let typed = form.text(FieldId::CONFIRM).trim().to_owned();
    let user = form.text(FieldId::SUBJECT);
    match typed.as_str() {
        "" => Err(FieldError::at(FieldId::CONFIRM, "Type the user's name to agree.")),
        other if other != user => {
            Err(FieldError::at(FieldId::CONFIRM, format!("“{typed}” is not the name of the user: type {user} to agree.")))
        }
        _ => Ok(PageAnswer::Revocation(Revocation { denies: form.is_on(FieldId::DENY), typed })),
    }
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    let Some(revocation) = answers.revocation() else { return Vec::new() };
    let deny = if revocation.denies { "Everything is denied, and all credentials stop" } else { "All credentials stop" };
    vec![deny.to_owned()]
}
