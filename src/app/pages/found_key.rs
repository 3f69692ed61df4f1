//! *Key*: one that was found somewhere: whose it is, and where on this machine it is named.

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Field, FieldId, Note};
use crate::app::form::Form;
use crate::domain::answers::{Answers, ExistingUser, PageAnswer};
use crate::domain::facts::{Fact, KeySight, Question};
use crate::domain::key_id::{self, KeyKind};
use crate::domain::moment::{Moment, ago};
use crate::domain::name::UserName;
use crate::domain::page::PageId;
use crate::domain::users::KeyUse;

pub static PAGE: Page = Page {
    id: PageId::User,
    title: "Key",
    why: "Whose key it is, and where on this machine it is named. The ID is no secret; never type the secret here.",
    needs: Vec::new,
    shown: |form, _| id(form).map(Question::Key).into_iter().collect(),
    waits: true,
    of_account: false,
    form: |_| Form::new(vec![Field { required: true, ..Field::text(FieldId::KEY, "Access key ID", "") }.hint("AKIA…")]),
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.user,
    alike: |_, _| true,
};

/// What was typed, where that is the id of a user's key: anything else may be a secret, and is asked about nowhere.
fn id(form: &Form) -> Option<String> {
    let typed = form.text(FieldId::KEY).trim();
    (key_id::kind(typed) == Some(KeyKind::LongTerm)).then(|| typed.to_owned())
}

/// What is known of a key, in sentences.
pub fn words(sight: &KeySight, now: Moment) -> String {
    let owner = &sight.owner;
    let mut words = Vec::new();
    words.extend(owner.account.as_ref().map(|account| format!("Account {account}")));
    words.extend(owner.user.as_ref().map(|user| format!("user {user}")));
    if let Some(key) = &owner.key {
        words.push(key.status.word().to_lowercase());
        words.extend(key.created.map(|created| format!("created {}", ago(created.days_until(now)))));
        let by = owner.last_call.as_ref().map(|(service, region)| format!(" by {service} in {region}")).unwrap_or_default();
        words.push(match key.used {
            KeyUse::Never => "never used, as far as IAM knows".to_owned(),
            KeyUse::At(at) => format!("last used {}{by}", ago(at.days_until(now))),
            KeyUse::Unknown => "its last use can't be seen".to_owned(),
        });
    }
    let profiles: Vec<String> = sight.places.iter().map(|place| format!("profile {}", place.profile)).collect();
    let places: Vec<String> = profiles.into_iter().chain(sight.named.iter().cloned()).collect();
    let here = match places.is_empty() {
        true => "On this machine it is neither in your AWS files nor in the environment".to_owned(),
        false => format!("On this machine: {}", places.join(", ")),
    };
    format!("{}. {here}.", words.join(", "))
}

fn refresh(form: &mut Form, context: &Context) {
    let note = id(form).map(|id| match context.facts.key(&id) {
        Some(Fact::Known(sight)) => match hinders(sight, &id, context) {
            Some(words) => Note::Warning(words),
            None => Note::Info(words(sight, context.sign_in.clock)),
        },
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => Note::Warning(fault.what()),
        Some(Fact::Pending) | None => Note::Info("Looking it up …".to_owned()),
    });
    if let Some(field) = form.field_mut(FieldId::KEY) {
        field.note = note;
    }
}

/// Why nothing can be done with this key here.
fn hinders(sight: &KeySight, id: &str, context: &Context) -> Option<String> {
    let own = &context.facts.caller()?.account;
    match (&sight.owner.account, &sight.owner.user) {
        (Some(account), _) if account != own => Some(format!(
            "The key {id} is of account {account}, and you call as somebody of account {own}. Choose a profile of account {account}."
        )),
        (_, Some(_)) => None,
        (_, None) if sight.owner.gaps.is_empty() => Some(format!(
            "No user of account {own} has the key {id}: it is deleted, or it is the root user's, which only root itself can \
             deactivate (sign in as root, then Security credentials)."
        )),
        (_, None) => Some(format!("Whose key {id} is can't be seen. {}", sight.owner.gaps.join(" "))),
    }
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    let refuse = |words: &str| FieldError::at(FieldId::KEY, words);
    let typed = form.text(FieldId::KEY).trim();
    let id = id(form).ok_or_else(|| match key_id::kind(typed) {
        Some(KeyKind::Temporary) => refuse(
            "That is a temporary key (ASIA…): it expires by itself and can't be deactivated. Revoke the user or the role that \
             it is of: CloudTrail says which.",
        ),
        _ if typed.is_empty() => refuse("Type the ID of the access key: AKIA…"),
        // What was typed may be a secret: it is not told again.
        _ => refuse("That is no access key ID: it begins with AKIA and has capital letters and digits, 16 at least."),
    })?;
    let sight = match context.facts.key(&id) {
        Some(Fact::Known(sight)) => sight,
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => return Err(refuse(&fault.to_string())),
        Some(Fact::Pending) | None => return Err(refuse("It is still being looked up. Press Enter again in a moment.")),
    };
    if let Some(words) = hinders(sight, &id, context) {
        return Err(refuse(&words));
    }
    let user = UserName::new(sight.owner.user.as_deref().unwrap_or_default()).map_err(|rule| refuse(&rule.to_string()))?;
    Ok(PageAnswer::Existing(ExistingUser { user, gives_up: None, key: Some(id) }))
}

fn summary(answers: &Answers, context: &Context) -> Vec<String> {
    let Some(id) = answers.found_key() else { return Vec::new() };
    let sight = context.facts.key(id).and_then(Fact::into_known);
    std::iter::once(id.to_owned()).chain(sight.map(|sight| words(sight, context.sign_in.clock))).collect()
}
