//! The words of a user's own page: what is known of it, and where what it may do comes from.

use std::borrow::Cow;

use super::{Part, Remark, Tone};
use crate::app::Context;
use crate::app::users::{UserChoice, Users};
use crate::domain::facts::{Fact, LastUse, Question};
use crate::domain::moment::{Moment, days};
use crate::domain::users::{KeyUse, OtherCredential, UserKey};

fn labelled(label: &'static str, value: impl Into<String>) -> Part<'static> {
    Part::Labelled { label, tone: Tone::Plain, value: value.into() }
}

/// A key in words: "AKIA… Active, 412 days old, last used 3 days ago".
fn key(key: &UserKey, now: Moment) -> String {
    let used = match key.used {
        KeyUse::Never => LastUse::Never,
        KeyUse::At(at) => LastUse::DaysAgo(at.days_until(now)),
        KeyUse::Unknown => LastUse::Unknown,
    }
    .words();
    let age = key.created.map(|created| format!("{} old, ", days(created.days_until(now)))).unwrap_or_default();
    format!("{} {}, {age}{used}", key.id.as_deref().unwrap_or("Key"), key.status.word().to_lowercase())
}

/// `open`: it is still being looked up.
fn yes_or_no(known: Option<bool>, open: bool) -> &'static str {
    match known {
        None if open => "…",
        None => "can't be seen",
        Some(true) => "yes",
        Some(false) => "no",
    }
}

pub(super) fn user<'a>(users: &'a Users, context: &'a Context) -> Vec<Part<'a>> {
    let (Some(open), Some(one)) = (users.open(), users.shown()) else { return Vec::new() };
    let now = context.sign_in.clock;
    let is_open = context.facts.is_open(&Question::CredentialsOf(open.name.clone()));
    let mut parts = vec![
        labelled("User name", one.user.name.clone()),
        labelled("ARN", one.user.arn.clone()),
        labelled("Created", format!("{}, {} ago", one.user.created.date(), days(one.user.created.days_until(now)))),
    ];
    let signed_in = match (one.has_password, one.user.signed_in) {
        (Some(true), Some(at)) => format!("yes, last sign-in {}", at.date()),
        (Some(true), None) => "yes, never signed in".to_owned(),
        (known, _) => yes_or_no(known, is_open).to_owned(),
    };
    parts.push(labelled("Console access", signed_in));
    let own = context.facts.user_sources().credentials.get(one.user.name.as_str()).and_then(|own| own.mfa.clone());
    let devices = own.filter(|devices| !devices.is_empty()).map(|devices| devices.join(", "));
    parts.push(labelled("MFA", devices.unwrap_or_else(|| yes_or_no(one.has_mfa, is_open).to_owned())));
    match &one.keys {
        None => parts.push(labelled("Access keys", yes_or_no(None, is_open))),
        Some(keys) if keys.is_empty() => parts.push(labelled("Access keys", "none")),
        Some(keys) => {
            let label = |at| if at == 0 { "Access keys" } else { "" };
            parts.extend(keys.iter().enumerate().map(|(at, one)| labelled(label(at), key(one, now))));
        }
    }
    parts.extend(others(&open.name, context));
    if !one.profiles.is_empty() {
        parts.push(labelled("Profiles here", one.profiles.join(", ")));
    }
    parts.extend(one.notices(now).iter().map(|notice| Remark::new("!", Tone::Warning, notice.words()).into()));
    parts.push(Part::Blank);
    parts.extend(permissions(&open.name, context));
    let details = context.facts.user_sources().details.iter().find(|details| details.name == open.name);
    let tags = details.map(|details| details.tags.iter().map(|tag| format!("{} = {}", tag.key, tag.value)).collect::<Vec<_>>());
    parts.extend(tags.filter(|tags| !tags.is_empty()).map(|tags| labelled("Tags", tags.join(", "))));
    let run = |(at, (id, state)): (usize, &(String, &'static str))| {
        labelled(if at == 0 { "Runs of iamwalk" } else { "" }, format!("{id}, {state}"))
    };
    parts.extend(open.runs.iter().enumerate().map(run));
    parts.push(Part::Blank);
    parts.extend(UserChoice::ALL.into_iter().enumerate().map(|(index, choice)| Part::Entry {
        index,
        is_at: open.at == index,
        key: None,
        words: Cow::Borrowed(choice.words()),
        about: Cow::Borrowed(""),
    }));
    parts
}

/// What else the user can sign with; nothing where there is none.
fn others(user: &str, context: &Context) -> Vec<Part<'static>> {
    let now = context.sign_in.clock;
    match context.facts.other_credentials(user) {
        Some(Fact::Known(all)) => {
            let words = |(at, one): (usize, &OtherCredential)| {
                let age = one.created.map(|created| format!(", {} old", days(created.days_until(now)))).unwrap_or_default();
                let status = one.status.word().to_lowercase();
                let label = if at == 0 { "Other credentials" } else { "" };
                labelled(label, format!("{} {} {status}{age}", one.kind.words(), one.id))
            };
            let gaps = all.gaps.iter().map(|gap| Remark::new("!", Tone::Warning, gap.clone()).into());
            all.found.iter().enumerate().map(words).chain(gaps).collect()
        }
        Some(Fact::Denied(_) | Fact::Failed(_)) => vec![labelled("Other credentials", "can't be seen")],
        Some(Fact::Pending) | None => Vec::new(),
    }
}

/// Where everything that the user may do comes from.
fn permissions(user: &str, context: &Context) -> Vec<Part<'static>> {
    let held = match context.facts.permissions_of(user) {
        Some(Fact::Known(held)) => held,
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => {
            return vec![Remark::new("✗", Tone::Bad, fault.to_string()).into()];
        }
        Some(Fact::Pending) | None => return vec![labelled("Permissions", "…")],
    };
    let mut parts = Vec::new();
    for group in &held.groups {
        let policies = match context.facts.group_policies(group) {
            Some(Fact::Known(held)) => {
                let inline = held.inline.iter().map(|name| format!("{name} (inline)"));
                let all: Vec<String> = held.policies.iter().map(|policy| policy.name.clone()).chain(inline).collect();
                if all.is_empty() { "no policies".to_owned() } else { all.join(", ") }
            }
            Some(Fact::Denied(_) | Fact::Failed(_)) => "its policies can't be seen".to_owned(),
            Some(Fact::Pending) | None => "…".to_owned(),
        };
        let label = if parts.is_empty() { "By its groups" } else { "" };
        parts.push(labelled(label, format!("{group}: {policies}")));
    }
    let own = held.attached.iter().map(|policy| policy.name.clone());
    let own: Vec<String> = own.chain(held.inline.iter().map(|(name, _)| format!("{name} (inline)"))).collect();
    if !own.is_empty() {
        parts.push(labelled("Its own policies", own.join(", ")));
    }
    parts.extend(held.boundary.iter().map(|policy| labelled("At most (boundary)", policy.name.clone())));
    if parts.is_empty() {
        parts.push(labelled("Permissions", "none of its own, and none by groups"));
    }
    parts
}
