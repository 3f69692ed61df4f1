//! Rotating a key: a second one in its place, proven before the old one goes.

use super::{Task, Wanted};
use crate::app::Context;
use crate::app::pages::rotation::in_use_elsewhere;
use crate::app::pages::{existing_user, found_key, rotation};
use crate::domain::answers::{Answers, OldKey};
use crate::domain::facts::{Fact, Facts, KeyHolder, KeySight, Question};
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Finding, Severity, refused};
use crate::domain::record::TaskId;

pub static TASK: Task = Task {
    id: TaskId::RotateKey,
    title: "Rotate an access key",
    about: "a new key in place of an old one, here and now, with nothing broken",
    verb: "Rotate",
    past: "Rotated",
    pages: &[&existing_user::ROTATED, &rotation::PAGE],
    wants,
    plan,
    findings,
    confirm: |answers| format!("Rotate the key of {}", answers.user_name().unwrap_or_default()),
    file: None,
    done: |user| format!("{user} has a new access key in place of the old one."),
};

/// The same from a key in place of a user.
pub static FROM_KEY: Task = Task { pages: &[&found_key::PAGE, &rotation::PAGE], ..TASK };

fn holder<'a>(answers: &Answers, facts: &'a Facts) -> Option<&'a KeyHolder> {
    facts.holder(answers.user_name()?)?.into_known()?
}

fn sight<'a>(answers: &Answers, facts: &'a Facts) -> Option<&'a KeySight> {
    facts.key(&answers.rotation()?.key)?.into_known()
}

/// Why something else may use the old key.
fn used_by(answers: &Answers, context: &Context) -> Option<String> {
    in_use_elsewhere(sight(answers, &context.facts)?, context)
}

/// The user and the key are looked up again, and whether each profile can be edited.
fn wants(answers: &Answers, plan: Option<&Plan>, facts: &Facts) -> Vec<Wanted> {
    let (Some(user), Some(rotation)) = (answers.user_name(), answers.rotation()) else { return Vec::new() };
    let mut wants = vec![
        Wanted::anew(Question::Holder(user.to_owned()), "the user and its keys"),
        Wanted::anew(Question::Key(rotation.key.clone()), "where the key is used"),
    ];
    wants.extend(Wanted::rights(plan, facts));
    wants
}

fn plan(answers: &Answers, facts: &Facts) -> Option<Plan> {
    facts.caller()?;
    Plan::of_rotation(holder(answers, facts)?, answers.rotation()?, &sight(answers, facts)?.places)
}

fn findings(answers: &Answers, plan: Option<&Plan>, context: &Context) -> Vec<Finding> {
    let finding = |severity, words| Finding { page: PageId::Access, severity, words };
    let (facts, user) = (&context.facts, answers.user_name().unwrap_or_default());
    let Some(rotation) = answers.rotation() else { return Vec::new() };
    let mut found = Vec::new();
    match facts.holder(user) {
        Some(Fact::Known(None)) => found.push(finding(Severity::Error, format!("The account has no user “{user}”."))),
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => found.push(finding(Severity::Error, fault.to_string())),
        Some(Fact::Known(Some(holder))) if holder.key(&rotation.key).is_none() => {
            found.push(finding(Severity::Error, format!("{user} has no access key {} any more.", rotation.key)));
        }
        Some(Fact::Known(Some(holder))) => {
            let others = holder.keys.iter().filter(|key| key.id != rotation.key);
            for other in others {
                let words = match rotation.gives_up.as_ref().is_some_and(|given| given.key == other.id) {
                    true => (
                        Severity::Warning,
                        format!("Can't be undone: {} is deleted first. Whatever still uses it stops.", other.words()),
                    ),
                    false => (
                        Severity::Error,
                        format!("{user} has a second key by now: {}. Go back to the page Rotation.", other.words()),
                    ),
                };
                found.push(finding(words.0, words.1));
            }
        }
        Some(Fact::Pending) | None => {}
    }
    let signs = rotation.gives_up.as_ref().and_then(|given| context.signs_with(&given.key));
    found.extend(signs.map(|words| finding(Severity::Error, words)));
    if let Some(sight) = sight(answers, facts) {
        let is_there = |profile: &&String| sight.places.iter().any(|place| place.profile == **profile);
        found.extend(rotation.profiles.iter().filter(|profile| !is_there(profile)).map(|profile| {
            let words = format!("The profile {profile} does not hold the old key any more. Go back to the page Rotation.");
            finding(Severity::Error, words)
        }));
        for place in &sight.places {
            let is_saved = rotation.profiles.contains(&place.profile);
            let words = match (&place.hinders, is_saved, rotation.old_key) {
                (Some(why), true, _) => {
                    Some((Severity::Error, format!("The profile {} can't get the new key. {why}", place.profile)))
                }
                (_, false, OldKey::Deactivate | OldKey::Delete) => {
                    Some((Severity::Warning, format!("The profile {} keeps the old key, and stops with it.", place.profile)))
                }
                _ => None,
            };
            found.extend(words.map(|(severity, words)| finding(severity, words)));
            let roles = place.roles.iter().filter(|role| is_saved && role.asks_for_code);
            found.extend(roles.map(|role| {
                let words = format!("The profile {} asks for an MFA code, so it is not proven with the new key.", role.profile);
                finding(Severity::Note, words)
            }));
        }
        for named in sight.named.iter().filter(|named| named.starts_with("the environment")) {
            let words =
                format!("The old key stands in {named} of this shell, where nothing can change it. Set it anew yourself.");
            found.push(finding(Severity::Warning, words));
        }
    }
    if let (OldKey::Leave, false, Some(why)) = (rotation.old_key, rotation.profiles.is_empty(), used_by(answers, context)) {
        let words = format!("The old key works on. {why}: something else may still need it.");
        found.push(finding(Severity::Note, words));
    }
    if rotation.old_key == OldKey::Delete {
        let words = format!("Can't be undone: {} is deleted at the end. Until then everything can be given back.", rotation.key);
        found.push(finding(Severity::Warning, words));
    }
    found.extend(plan.into_iter().flat_map(|plan| refused(plan, facts)));
    found
}
