//! *User*: one that exists.

use super::{FieldError, Page, permissions};
use crate::app::Context;
use crate::app::field::{Field, FieldId};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Pick, Row, Table};
use crate::domain::answers::{Answers, PageAnswer};
use crate::domain::facts::Question;
use crate::domain::name::UserName;
use crate::domain::page::PageId;
use crate::domain::walkthrough::ResolvedWalkthrough;

pub static PAGE: Page = Page {
    id: PageId::User,
    title: "User",
    why: "The user who gets the key. Everything else of the user stays as it is.",
    needs: Vec::new,
    shown: |_| vec![Question::Users],
    of_account: true,
    form,
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.user,
    alike: |one, other| one.user == other.user,
};

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    let wanted = if walkthrough.user.value.is_empty() { Vec::new() } else { vec![walkthrough.user.value.clone()] };
    let users = Table::new(Detail::Remark, &[], wanted).picking(Pick::OneOrNone);
    Form::new(vec![Field { required: true, ..Field::table(FieldId::USER_NAME, "User", users) }.fixed(walkthrough.user.fixed)])
}

fn refresh(form: &mut Form, context: &Context) {
    let users = context.facts.users();
    if let Some(table) = form.table_mut(FieldId::USER_NAME) {
        table.fill(users.len(), |i| Row::new(&users[i].name, &users[i].name, "", ""));
        table.state = permissions::list_state(&context.facts, &Question::Users);
    }
}

fn accept(form: &Form, _: &Context) -> Result<PageAnswer, FieldError> {
    let refuse = |words: String| FieldError::at(FieldId::USER_NAME, words);
    let table = form.table(FieldId::USER_NAME);
    let name = match table.map(|table| (table.chosen().next(), table.wanted(), &table.state)) {
        Some((Some(row), ..)) => row.key.clone(),
        Some((None, [name, ..], ListState::Whole)) => {
            return Err(refuse(format!("The account has no user {name}. Choose another.")));
        }
        // The review looks it up by itself, and says so where there is none.
        Some((None, [name, ..], _)) => name.clone(),
        _ => return Err(refuse("Choose with Space who gets the key.".to_owned())),
    };
    UserName::new(&name).map(PageAnswer::Existing).map_err(|rule| refuse(rule.to_string()))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    answers.user_name().map(str::to_owned).into_iter().collect()
}
