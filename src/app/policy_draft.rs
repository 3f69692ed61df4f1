//! Policies that are made, as far as they are written: the rows on *Permissions*. What is typed is kept whichever way the person
//! goes; it is checked when the page is accepted.

pub use crate::domain::draft::Draft;

use super::field::FieldId;
use crate::domain::answers::{InlinePolicy, NewPolicy, PolicyUse};
use crate::domain::arn::Arn;
use crate::domain::caller::Caller;
use crate::domain::name::PolicyName;
use crate::domain::policy::{self, Purpose};
use crate::domain::tag::{TAGS_LIMIT, Tag, check_key, check_value, repeated_exactly};
use crate::domain::walkthrough::{DESCRIPTION_LIMIT, DocumentSource, PolicyProposal};

/// The rows: each policy, and behind them one that opens a new one.
#[derive(Debug, Default)]
pub struct Drafts {
    pub items: Vec<Draft>,
    /// The highlighted row.
    pub at: usize,
}

impl Drafts {
    /// Moves the highlight. `false` at its edge.
    pub fn go(&mut self, down: bool) -> bool {
        let to = if down { self.at + 1 } else { self.at.wrapping_sub(1) };
        let moves = to <= self.items.len();
        if moves {
            self.at = to;
        }
        moves
    }

    pub fn highlighted(&self) -> Option<&Draft> {
        self.items.get(self.at)
    }

    /// Whether the walkthrough asks for a file for the highlighted one.
    pub fn asks(&self) -> bool {
        self.highlighted().is_some_and(|draft| !draft.asked.is_empty())
    }

    /// Whether that file was not given yet.
    pub fn lacks(&self) -> bool {
        self.asks() && self.highlighted().is_some_and(|draft| draft.document.trim().is_empty())
    }

    /// Takes the highlighted policy away. `false` on the row behind them.
    pub fn remove(&mut self) -> bool {
        let is_there = self.at < self.items.len();
        if is_there {
            self.items.remove(self.at);
        }
        is_there
    }

    /// Keeps what was written: in place of the one that was opened, or as a new one.
    pub fn put(&mut self, index: usize, draft: Draft) {
        match self.items.get_mut(index) {
            Some(old) => *old = draft,
            None => self.items.push(draft),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    Managed(NewPolicy),
    /// The user's own.
    Inline(InlinePolicy),
}

impl Draft {
    pub fn proposed(policy: &PolicyProposal, used: PolicyUse) -> Self {
        let (document, asked) = match &policy.document {
            DocumentSource::Text(text) => (text.clone(), String::new()),
            DocumentSource::Supplied(words) => (String::new(), words.clone()),
        };
        Self {
            name: policy.name.clone(),
            description: policy.description.clone(),
            tags: policy.tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", "),
            document,
            path: String::new(),
            asked,
            inline: policy.inline,
            used,
            new_version: policy.new_version,
        }
    }

    pub fn words(&self) -> String {
        let name = if self.name.is_empty() { "(no name yet)" } else { &self.name };
        let kind = if self.inline { "inline" } else { "managed" };
        let used = match self.used {
            PolicyUse::User => "",
            PolicyUse::Group => ", for the new group",
            PolicyUse::Boundary => ", as the permissions boundary",
        };
        let missing = if self.document.trim().is_empty() { " — its document is missing" } else { "" };
        format!("{name} ({kind}{used}){missing}")
    }

    /// The policy, where it is complete.
    ///
    /// # Errors
    /// The field of the dialog that is missing or wrong, and why.
    pub fn written(&self, caller: Option<&Caller>) -> Result<Written, (FieldId, String)> {
        let at = |field: FieldId| move |words: String| (field, words);
        let name = PolicyName::new(&self.name).map_err(|rule| at(FieldId::POLICY_NAME)(rule.to_string()))?;
        if self.document.trim().is_empty() {
            let words = if self.asked.is_empty() { "Paste or write the policy document." } else { self.asked.as_str() };
            return Err((if self.asked.is_empty() { FieldId::POLICY_DOCUMENT } else { FieldId::POLICY_FILE }, words.to_owned()));
        }
        check_document(&self.document, &Purpose::of(caller).inline(self.inline)).map_err(at(FieldId::POLICY_DOCUMENT))?;
        if self.inline {
            return Ok(Written::Inline(InlinePolicy { name, document: self.document.clone() }));
        }
        if self.description.chars().count() > DESCRIPTION_LIMIT {
            return Err(at(FieldId::POLICY_DESCRIPTION)(format!("A description has up to {DESCRIPTION_LIMIT} characters.")));
        }
        Ok(Written::Managed(NewPolicy {
            name,
            description: self.description.trim().to_owned(),
            tags: tags(&self.tags).map_err(at(FieldId::POLICY_TAGS))?,
            document: self.document.clone(),
            used: self.used,
            new_version: self.new_version,
        }))
    }
}

fn check_document(document: &str, purpose: &Purpose<'_>) -> Result<(), String> {
    let reading = policy::read(document, purpose);
    if let Some(fault) = reading.refusal() {
        return Err(fault.to_string());
    }
    let limit = policy::size_limit(purpose.inline);
    if reading.size > limit {
        return Err(format!("{} characters without white space; IAM takes {limit}.", reading.size));
    }
    Ok(())
}

/// `key=value, key=value`; a value may hold `=`, and no key or value may hold a comma.
pub(super) fn tags(typed: &str) -> Result<Vec<Tag>, String> {
    let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
    let tag = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let tag = Tag { key: key.trim().to_owned(), value: value.trim().to_owned() };
        check_key(&tag.key).and_then(|()| check_value(&tag.value)).map_err(|rule| rule.to_string())?;
        Ok(tag)
    };
    let tags: Vec<Tag> = parts.map(tag).collect::<Result<_, String>>()?;
    match repeated_exactly(&tags) {
        Some(i) => Err(format!("The key “{}” appears twice.", tags[i].key)),
        None if tags.len() > TAGS_LIMIT => Err(format!("A policy has up to {TAGS_LIMIT} tags.")),
        None => Ok(tags),
    }
}

/// The name behind an ARN's last slash.
pub(super) fn name_of(arn: &str) -> Option<String> {
    Arn::read(arn).filter(|arn| arn.service == "iam" && arn.resource.starts_with("policy/"))?;
    arn.rsplit('/').next().map(str::to_owned)
}
