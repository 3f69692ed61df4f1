//! *User*: one that exists.

use super::{FieldError, Page, permissions};
use crate::app::Context;
use crate::app::field::{Control, Field, FieldId, FieldOption};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Pick, Row, Table};
use crate::domain::answers::{Answers, ExistingUser, GivenUp, PageAnswer};
use crate::domain::facts::{KeyHolder, KeySeen, Question};
use crate::domain::name::UserName;
use crate::domain::page::PageId;
use crate::domain::walkthrough::ResolvedWalkthrough;

pub static PAGE: Page = Page {
    id: PageId::User,
    title: "User",
    why: "The user who gets the key. What the user may do stays as it is.",
    needs: Vec::new,
    shown,
    waits: false,
    of_account: true,
    form,
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.user,
    alike: |one, other| one.user == other.user,
};

/// The same for what is no key.
pub static ANY: Page = Page {
    why: "The user whose console access changes.",
    shown: |_, _| vec![Question::Users],
    form: |walkthrough| Form::new(vec![users(walkthrough)]),
    ..PAGE
};

pub static ROTATED: Page = Page { why: "The user whose access key is replaced by a new one.", ..ANY };

pub static REVOKED: Page = Page {
    why: "The user whose access is stopped. Its groups and policies stay, so that it can be let in again.",
    accept: |form, context| {
        let answer = accept(form, context)?;
        let named = if let PageAnswer::Existing(existing) = &answer { existing.user.as_str() } else { "" };
        match context.facts.caller().filter(|caller| caller.is_user(named)) {
            Some(_) => Err(FieldError::at(
                FieldId::USER_NAME,
                format!(
                    "You call as {named}: this would shut yourself out. Choose another user, or another caller on the first page."
                ),
            )),
            None => Ok(answer),
        }
    },
    ..ANY
};

/// The keys of whoever is chosen: who has two gives one up.
fn shown(form: &Form, _: &Context) -> Vec<Question> {
    std::iter::once(Question::Users).chain(chosen(form).map(Question::Holder)).collect()
}

fn chosen(form: &Form) -> Option<String> {
    let table = form.table(FieldId::USER_NAME)?;
    let row = table.chosen().next().map(|row| row.key.clone());
    row.or_else(|| table.wanted().first().cloned())
}

/// The user who is chosen, where it gets a key and can get no further one.
fn full<'a>(form: &Form, context: &'a Context) -> Option<&'a KeyHolder> {
    form.field(FieldId::GIVE_UP)?;
    let holder = context.facts.holder(&chosen(form)?)?.into_known()??;
    holder.is_full().then_some(holder)
}

fn users(walkthrough: &ResolvedWalkthrough) -> Field {
    let wanted = if walkthrough.user.value.is_empty() { Vec::new() } else { vec![walkthrough.user.value.clone()] };
    let users = Table::new(Detail::Remark, &[], wanted).picking(Pick::OneOrNone);
    Field { required: true, ..Field::table(FieldId::USER_NAME, "User", users) }.fixed(walkthrough.user.fixed)
}

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    let required = |field: Field| Field { required: true, ..field };
    Form::new(vec![
        users(walkthrough),
        required(Field::choice(FieldId::GIVE_UP, "Key to give up", Vec::new(), None)).apart(),
        required(Field::text(FieldId::GIVE_UP_ID, "Its ID", "")),
    ])
}

fn refresh(form: &mut Form, context: &Context) {
    let users = context.facts.users();
    if let Some(table) = form.table_mut(FieldId::USER_NAME) {
        table.fill(users.len(), |i| Row::new(&users[i].name, &users[i].name, "", ""));
        table.state = permissions::list_state(&context.facts, &Question::Users);
    }
    let full = full(form, context);
    let typed = form.text(FieldId::GIVE_UP_ID).trim().to_owned();
    if let Some(field) = form.field_mut(FieldId::GIVE_UP) {
        let about = |key: &KeySeen| if key.may_be_in_use() { "it may be in use: its ID is asked" } else { "" };
        let option = |key: &KeySeen| FieldOption { label: key.words(), about: about(key).to_owned() };
        let options: Vec<FieldOption> = full.iter().flat_map(|holder| holder.keys.iter().map(option)).collect();
        // A key that was named beforehand is chosen.
        let named = full.and_then(|holder| holder.keys.iter().position(|key| key.id == typed));
        if let Control::Choice { options: known, at, chosen } = &mut field.control
            && *known != options
        {
            (*known, *at, *chosen) = (options, named.unwrap_or_default(), named);
        }
        field.asked = full.is_some();
        field.hint = "A user can have two access keys. What is deleted can't be had back.".to_owned();
    }
    let given = given_up(form, context);
    let asks = given.zip(full).and_then(|(given, holder)| holder.key(&given.key)).is_some_and(KeySeen::may_be_in_use);
    form.ask(FieldId::GIVE_UP_ID, asks);
    if let Some(field) = form.field_mut(FieldId::GIVE_UP_ID) {
        field.hint = "Whatever uses this key stops: type its ID to agree".to_owned();
    }
}

/// The key that is given up, as far as that is known.
fn given_up(form: &Form, context: &Context) -> Option<GivenUp> {
    let typed = form.text(FieldId::GIVE_UP_ID).trim().to_owned();
    match full(form, context) {
        Some(holder) => {
            let key = holder.keys.get(form.chosen(FieldId::GIVE_UP)?)?.id.clone();
            Some(GivenUp { key, typed })
        }
        None if chosen(form).and_then(|user| context.facts.holder(&user)).is_some_and(|fact| fact.known().is_some()) => None,
        // The review finds out whether that can be.
        None => Some(typed).filter(|typed| !typed.is_empty()).map(|typed| GivenUp { key: typed.clone(), typed }),
    }
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    let refuse = |words: String| FieldError::at(FieldId::USER_NAME, words);
    let table = form.table(FieldId::USER_NAME);
    let name = match table.map(|table| (table.chosen().next(), table.wanted(), &table.state)) {
        Some((Some(row), ..)) => row.key.clone(),
        Some((None, [name, ..], ListState::Whole)) => {
            return Err(refuse(format!("The account has no user {name}. Choose another.")));
        }
        // The review looks it up by itself, and says so where there is none.
        Some((None, [name, ..], _)) => name.clone(),
        _ => return Err(refuse("Choose a user with Space.".to_owned())),
    };
    let gives_up = given_up(form, context);
    if let Some(holder) = full(form, context)
        && let Some(words) = holder.hinders(gives_up.as_ref())
    {
        return Err(match &gives_up {
            None => FieldError::at(FieldId::GIVE_UP, "Choose the key to give up: a user can have two."),
            Some(_) => FieldError::at(FieldId::GIVE_UP_ID, words),
        });
    }
    let user = UserName::new(&name).map_err(|rule| refuse(rule.to_string()))?;
    Ok(PageAnswer::Existing(ExistingUser { user, gives_up, key: None }))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    let given = answers.given_up().map(|given| format!("gives up the access key {}", given.key));
    answers.user_name().map(str::to_owned).into_iter().chain(given).collect()
}
