//! *Tags*: key-value pairs on the user.

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Field, FieldId};
use crate::app::form::Form;
use crate::domain::answers::{Answers, PageAnswer};
use crate::domain::page::PageId;
use crate::domain::tag::{TAGS_LIMIT, Tag, check_key, check_value, repeated};
use crate::domain::walkthrough::ResolvedWalkthrough;

pub static PAGE: Page = Page {
    id: PageId::Tags,
    title: "Tags",
    why: "Tags are key-value pairs that help to identify, organize, or search for users. They are optional: Enter goes on.",
    needs: Vec::new,
    shown: |_, _| Vec::new(),
    waits: false,
    of_account: false,
    form,
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.tags,
    alike: |one, other| one.grants.tags == other.grants.tags,
};

fn form(walkthrough: &ResolvedWalkthrough) -> Form {
    let mut fields = Vec::new();
    for (i, tag) in walkthrough.grants.tags.iter().enumerate() {
        let [mut key, mut value] = pair(i);
        key.fill(&tag.key);
        value.fill(&tag.value.value);
        // A fixed value stays with its key.
        fields.extend([key.fixed(tag.value.fixed), value.fixed(tag.value.fixed)]);
    }
    fields.extend(pair(walkthrough.grants.tags.len()));
    Form::new(fields)
}

fn pair(i: usize) -> [Field; 2] {
    [
        Field::text(FieldId::tag_key(i), &format!("Key {}", i + 1), "")
            .hint("An e-mail address, a job title; you can add up to 50 tags")
            .apart(),
        Field::text(FieldId::tag_value(i), "Value - optional", ""),
    ]
}

fn tags(form: &Form) -> Vec<Tag> {
    let text = |id| form.text(id).to_owned();
    (0..form.fields.len() / 2).map(|i| Tag { key: text(FieldId::tag_key(i)), value: text(FieldId::tag_value(i)) }).collect()
}

fn is_empty(tag: &Tag) -> bool {
    tag.key.is_empty() && tag.value.is_empty()
}

fn refresh(form: &mut Form, _: &Context) {
    let tags = tags(form);
    // There is always one empty pair to type into.
    if tags.last().is_none_or(|tag| !is_empty(tag)) && tags.len() < TAGS_LIMIT {
        form.fields.extend(pair(tags.len()));
    }
    for (i, tag) in tags.iter().enumerate() {
        if let (Some(field), Err(rule)) = (form.field_mut(FieldId::tag_key(i)), check_key(&tag.key))
            && !tag.key.is_empty()
        {
            field.error = Some(rule.to_string());
        }
        if let (Some(field), Err(rule)) = (form.field_mut(FieldId::tag_value(i)), check_value(&tag.value)) {
            field.error = Some(rule.to_string());
        }
    }
}

fn accept(form: &Form, _: &Context) -> Result<PageAnswer, FieldError> {
    let filled: Vec<(usize, Tag)> = tags(form).into_iter().enumerate().filter(|(_, tag)| !is_empty(tag)).collect();
    for (i, tag) in &filled {
        check_key(&tag.key).map_err(|rule| FieldError::at(FieldId::tag_key(*i), rule))?;
        check_value(&tag.value).map_err(|rule| FieldError::at(FieldId::tag_value(*i), rule))?;
    }
    let (places, all): (Vec<usize>, Vec<Tag>) = filled.into_iter().unzip();
    if let Some(i) = repeated(&all) {
        return Err(FieldError::at(
            FieldId::tag_key(places[i]),
            "This key is listed above already (keys are compared ignoring case).",
        ));
    }
    Ok(PageAnswer::Tags(all))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    match answers.tags() {
        None | Some([]) => vec!["None".to_owned()],
        Some(tags) => tags.iter().map(|tag| format!("{} = {}", tag.key, tag.value)).collect(),
    }
}
