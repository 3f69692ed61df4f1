//! *Rotation*: which key is replaced, where the new one is saved, and what becomes of the old one.

use super::{FieldError, Page};
use crate::app::Context;
use crate::app::field::{Control, Field, FieldId, FieldOption, Note};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Row, Table};
use crate::domain::answers::{Answers, GivenUp, OldKey, PageAnswer, Rotation};
use crate::domain::facts::{Fact, KeyHolder, KeyPlace, KeySeen, KeySight, Question};
use crate::domain::journal::LATER;
use crate::domain::page::PageId;
use crate::domain::users::KeyUse;

pub static PAGE: Page = Page {
    id: PageId::Access,
    title: "Rotation",
    why: "A second key is made, proven and saved in place of the old one. Only then does the old one stop.",
    needs: Vec::new,
    shown,
    waits: true,
    of_account: false,
    form: |_| form(),
    refresh,
    accept,
    summary,
    words: |walkthrough| &walkthrough.words.access,
    alike: |_, _| true,
};

/// What can become of the old key, in the order of the options.
pub const OLD_KEYS: [(OldKey, &str, &str); 3] = [
    (OldKey::Deactivate, "Deactivate it now, delete it later", "it can be given back until then"),
    (OldKey::Delete, "Deactivate and delete it now", "it can't be had back"),
    (OldKey::Leave, "Leave it active for now", "both later: something else may use it"),
];

fn form() -> Form {
    let required = |field: Field| Field { required: true, ..field };
    let options = OLD_KEYS.map(|(_, label, about)| FieldOption { label: label.to_owned(), about: about.to_owned() });
    let profiles = Table::new(Detail::Remark, &[], Vec::new());
    Form::new(vec![
        Field::carried(FieldId::SUBJECT),
        Field::carried(FieldId::KEY),
        Field::carried(FieldId::LEAVE_OUT),
        required(Field::choice(FieldId::ROTATED, "Key to replace", Vec::new(), None)),
        required(Field::text(FieldId::GIVE_UP_ID, "ID of the other key", "")),
        Field::table(FieldId::PROFILES, "Profiles that get the new key", profiles).apart(),
        required(Field::choice(FieldId::OLD_KEY, "The old key", options.into(), None)).apart(),
        required(Field::text(FieldId::OLD_KEY_ID, "ID of the old key", "")),
    ])
}

fn holder<'a>(form: &Form, context: &'a Context) -> Option<&'a KeyHolder> {
    context.facts.holder(form.text(FieldId::SUBJECT))?.into_known()?
}

fn sight<'a>(id: &str, context: &'a Context) -> Option<&'a KeySight> {
    context.facts.key(id)?.into_known()
}

/// The user, then each of its keys.
fn shown(form: &Form, context: &Context) -> Vec<Question> {
    let user = form.text(FieldId::SUBJECT);
    if user.is_empty() {
        return Vec::new();
    }
    let keys = holder(form, context).into_iter().flat_map(|holder| holder.keys.iter().map(|key| Question::Key(key.id.clone())));
    std::iter::once(Question::Holder(user.to_owned())).chain(keys).collect()
}

/// The key that is replaced.
fn rotated<'a>(form: &Form, context: &'a Context) -> Option<&'a KeySeen> {
    let holder = holder(form, context)?;
    match holder.keys.as_slice() {
        [only] => Some(only),
        keys => keys.get(form.chosen(FieldId::ROTATED)?),
    }
}

/// The other key of a user that has two: it is given up first.
fn other<'a>(form: &Form, context: &'a Context) -> Option<&'a KeySeen> {
    let (holder, rotated) = (holder(form, context)?, rotated(form, context)?);
    holder.keys.iter().find(|key| key.id != rotated.id)
}

/// The one that is meant by itself: it was named, or it alone is in a profile of this machine.
fn proposed(form: &Form, context: &Context, keys: &[KeySeen]) -> Option<usize> {
    let named = form.text(FieldId::KEY).trim();
    let is_here = |key: &&KeySeen| sight(&key.id, context).is_some_and(|sight| !sight.places.is_empty());
    match keys.iter().position(|key| key.id == named) {
        None if keys.iter().filter(is_here).count() == 1 => keys.iter().position(|key| is_here(&key)),
        named => named,
    }
}

fn places<'a>(form: &Form, context: &'a Context) -> &'a [KeyPlace] {
    rotated(form, context).and_then(|key| sight(&key.id, context)).map_or(&[], |sight| &sight.places)
}

/// Why a key may be in use by something else than this program: since yesterday, by a service that IAM names; or that can't be
/// seen.
pub fn in_use_elsewhere(sight: &KeySight, context: &Context) -> Option<String> {
    let at = match sight.owner.key.as_ref().map(|key| (key.used, &key.id)) {
        None | Some((KeyUse::Unknown, _)) => return Some("Its last use can't be seen".to_owned()),
        Some((KeyUse::Never, _)) => return None,
        Some((KeyUse::At(at), _)) => at,
    };
    let service = sight.owner.last_call.as_ref().map_or("a service", |(service, _)| service.as_str());
    let key = sight.owner.key.as_ref().and_then(|key| key.id.as_deref());
    // What this program itself calls with it says nothing of others.
    let signs = context.sign_in.origins.keys.all().any(|own| Some(own) == key);
    let is_own = signs && matches!(service, "iam" | "sts");
    let is_recent = at.days_until(context.sign_in.clock) <= 1 && !is_own;
    is_recent.then(|| format!("It was used since yesterday, by {service}"))
}

fn used_by(form: &Form, context: &Context) -> Option<String> {
    in_use_elsewhere(sight(&rotated(form, context)?.id, context)?, context)
}

fn old_key(form: &Form) -> Option<OldKey> {
    form.chosen(FieldId::OLD_KEY).and_then(|at| OLD_KEYS.get(at)).map(|(old, ..)| *old)
}

/// Whether the old key's id is asked before that happens to it.
fn asks_for_id(form: &Form, context: &Context) -> bool {
    match old_key(form) {
        Some(OldKey::Delete) => true,
        Some(OldKey::Deactivate) => used_by(form, context).is_some(),
        Some(OldKey::Leave) | None => false,
    }
}

fn refresh(form: &mut Form, context: &Context) {
    let keys: &[KeySeen] = holder(form, context).map_or(&[], |holder| &holder.keys);
    let proposed = proposed(form, context, keys);
    let mut is_other = false;
    if let Some(field) = form.field_mut(FieldId::ROTATED) {
        let options: Vec<FieldOption> = keys.iter().map(|key| FieldOption { label: key.words(), about: String::new() }).collect();
        if let Control::Choice { options: known, at, chosen } = &mut field.control {
            if *known != options {
                is_other = !known.is_empty();
                (*known, *at, *chosen) = (options, 0, None);
            }
            if chosen.is_none() {
                (*at, *chosen) = (proposed.unwrap_or(*at), proposed);
            }
        }
        field.asked = keys.len() > 1;
    }
    let other = other(form, context).cloned();
    form.ask(FieldId::GIVE_UP_ID, other.is_some());
    if let (Some(field), Some(other)) = (form.field_mut(FieldId::GIVE_UP_ID), &other) {
        field.hint = match other.may_be_in_use() {
            true => {
                "A user can have two keys, so this one is deleted first. Whatever uses it stops: type its ID to agree".to_owned()
            }
            false => "A user can have two keys, so this one is deleted first: type its ID to agree".to_owned(),
        };
        field.note = Some(Note::Warning(other.words()));
    }
    let left_out: Vec<String> = form.text(FieldId::LEAVE_OUT).split(',').map(|name| name.trim().to_owned()).collect();
    let places = places(form, context);
    if let Some(table) = form.table_mut(FieldId::PROFILES) {
        table.state = ListState::Whole;
        let rows: Vec<Row> = places.iter().map(|place| Row::new(&place.profile, &place.profile, remark(place), "")).collect();
        let is_other = table.visible().map(|row| &row.key).ne(places.iter().map(|place| &place.profile));
        table.replace(rows);
        if is_other && !table.is_empty() {
            let wanted = places.iter().filter(|place| place.hinders.is_none() && !left_out.contains(&place.profile));
            table.want_all(&wanted.map(|place| place.profile.clone()).collect::<Vec<_>>());
        }
    }
    form.ask(FieldId::PROFILES, !places.is_empty());
    let is_saved = form.table(FieldId::PROFILES).is_some_and(|table| table.count() > 0);
    let elsewhere = used_by(form, context);
    let is_deleted = old_key(form) == Some(OldKey::Delete);
    let has_none = holder(form, context).filter(|holder| holder.keys.is_empty()).map(no_key);
    let is_known = rotated(form, context).is_some_and(|key| sight(&key.id, context).is_some());
    if let Some(field) = form.field_mut(FieldId::OLD_KEY) {
        // What was chosen for another user's key is not chosen for this one.
        if let (true, Control::Choice { chosen, .. }) = (is_other, &mut field.control) {
            *chosen = None;
        }
        if let Control::Choice { at, chosen, .. } = &mut field.control
            && is_known
            && (chosen.is_none() || !is_saved)
        {
            // A new key that is in no profile yet takes the place of nothing.
            let best = if is_saved && elsewhere.is_none() { OldKey::Deactivate } else { OldKey::Leave };
            let best = OLD_KEYS.iter().position(|(old, ..)| *old == best);
            (*at, *chosen) = (best.unwrap_or_default(), best);
        }
        field.note = match (is_known, is_saved, elsewhere) {
            _ if has_none.is_some() => has_none.map(Note::Warning),
            (false, ..) => Some(Note::Info("Looking it up …".to_owned())),
            (true, false, _) => Some(Note::Info(
                "No profile of this machine gets the new key: the old one stays active until you have put the new one where it is used."
                    .to_owned(),
            )),
            (true, true, Some(why)) => Some(Note::Warning(format!("{why}: something else may still need it."))),
            (true, true, None) if is_deleted => None,
            (true, true, None) => Some(Note::Info(format!("“Later” is {LATER} days from now; iamwalk reminds you."))),
        };
    }
    let asks = asks_for_id(form, context);
    let old_id = rotated(form, context).map(|key| key.id.clone());
    form.ask(FieldId::OLD_KEY_ID, asks);
    if let Some(field) = form.field_mut(FieldId::OLD_KEY_ID) {
        field.hint = format!("Whatever still uses it stops: type {} to agree", old_id.unwrap_or_default());
    }
}

fn no_key(holder: &KeyHolder) -> String {
    let user = &holder.user;
    format!("{user} has no access key to replace. iamwalk add-key {user} adds one.")
}

fn remark(place: &KeyPlace) -> String {
    let role = |one: &crate::domain::facts::RoleProfile| match one.asks_for_code {
        true => format!("{} (asks for an MFA code: not proven)", one.profile),
        false => one.profile.clone(),
    };
    let roles: Vec<String> = place.roles.iter().map(role).collect();
    let roles = (!roles.is_empty()).then(|| format!("Roles are assumed with it by: {}.", roles.join(", ")));
    let all: Vec<String> = place.hinders.clone().into_iter().chain(roles).collect();
    if all.is_empty() { "The new key is saved here, and proven through it.".to_owned() } else { all.join(" ") }
}

fn accept(form: &Form, context: &Context) -> Result<PageAnswer, FieldError> {
    let user = form.text(FieldId::SUBJECT);
    let holder = match context.facts.holder(user) {
        Some(Fact::Known(Some(holder))) => holder,
        Some(Fact::Known(None)) => {
            return Err(FieldError::at(FieldId::OLD_KEY, format!("The account has no user “{user}”.")));
        }
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => return Err(FieldError::at(FieldId::OLD_KEY, fault)),
        Some(Fact::Pending) | None => {
            return Err(FieldError::at(FieldId::OLD_KEY, "The user is still being looked up. Press Enter again in a moment."));
        }
    };
    if holder.keys.is_empty() {
        return Err(FieldError::at(FieldId::OLD_KEY, no_key(holder)));
    }
    let named = form.text(FieldId::KEY).trim();
    if !named.is_empty() && holder.key(named).is_none() {
        return Err(FieldError::at(FieldId::ROTATED, format!("{user} has no access key {named}.")));
    }
    let key = rotated(form, context)
        .ok_or_else(|| FieldError::at(FieldId::ROTATED, "The user has two keys: choose which one is replaced."))?;
    let sight = match context.facts.key(&key.id) {
        Some(Fact::Known(sight)) => sight,
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => return Err(FieldError::at(FieldId::OLD_KEY, fault)),
        Some(Fact::Pending) | None => {
            return Err(FieldError::at(FieldId::OLD_KEY, "The key is still being looked up. Press Enter again in a moment."));
        }
    };
    let gives_up = other(form, context)
        .map(|other| GivenUp { key: other.id.clone(), typed: form.text(FieldId::GIVE_UP_ID).trim().to_owned() });
    if let Some(given) = gives_up.as_ref().filter(|given| given.typed != given.key) {
        let words = format!(
            "{user} has two access keys, IAM's limit. The other one, {}, is deleted first: type its ID to agree.",
            given.key
        );
        return Err(FieldError::at(FieldId::GIVE_UP_ID, words));
    }
    let profiles: Vec<String> =
        form.table(FieldId::PROFILES).into_iter().flat_map(|table| table.chosen().map(|row| row.key.clone())).collect();
    let hindered = sight.places.iter().filter(|place| profiles.contains(&place.profile));
    if let Some((place, why)) = hindered.filter_map(|place| Some((place, place.hinders.as_ref()?))).next() {
        return Err(FieldError::at(FieldId::PROFILES, format!("The profile {}: {why} Or leave it out.", place.profile)));
    }
    let old_key = old_key(form).ok_or_else(|| FieldError::at(FieldId::OLD_KEY, "Choose what becomes of the old key."))?;
    if profiles.is_empty() && old_key != OldKey::Leave {
        let words = "No profile of this machine gets the new key, so the old one has to stay active for now.";
        return Err(FieldError::at(FieldId::OLD_KEY, words));
    }
    let typed = form.text(FieldId::OLD_KEY_ID).trim().to_owned();
    if asks_for_id(form, context) && typed != key.id {
        return Err(FieldError::at(FieldId::OLD_KEY_ID, format!("Type {} to agree: whatever still uses it stops.", key.id)));
    }
    Ok(PageAnswer::Rotation(Rotation { key: key.id.clone(), profiles, old_key, typed, gives_up }))
}

fn summary(answers: &Answers, _: &Context) -> Vec<String> {
    let Some(rotation) = answers.rotation() else { return Vec::new() };
    let saved = match rotation.profiles.is_empty() {
        true => "the new key is saved in no profile here".to_owned(),
        false => format!("the new key is saved in: {}", rotation.profiles.join(", ")),
    };
    let old = match rotation.old_key {
        OldKey::Deactivate => "the old key is deactivated now, and deleted later",
        OldKey::Delete => "the old key is deactivated and deleted now",
        OldKey::Leave => "the old key stays active for now",
    };
    let given = rotation.gives_up.as_ref().map(|given| format!("gives up the access key {}", given.key));
    [format!("replaces {}", rotation.key), saved, old.to_owned()].into_iter().chain(given).collect()
}
