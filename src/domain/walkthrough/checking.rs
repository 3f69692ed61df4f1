//! What the values of a walkthrough mean together: IAM's rules, contradictions, variables, quotas. What passes here reaches
//! *Review*.

mod policies;
mod texts;
mod together;

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::filling::whole;
use super::read_context::ReadContext;
use super::section::{Notes, nearest};
use super::{ChoiceOption, CopyFrom, DocumentSource, Grants, SourceLocation, VariableKind, Walkthrough};
use crate::domain::hand_over::{OUTPUTS, check_profile};
use crate::domain::name::{GroupName, Path, RuleBroken, UserName};
use crate::domain::policy::LineColumn;
use crate::domain::region;
use crate::domain::tag::{check_key, check_value};

pub use policies::{DESCRIPTION_LIMIT, renamed};
use texts::texts;

/// What the hand-over puts in by itself.
const RESERVED: [&str; 2] = ["key-id", "secret"];

/// What can't be left out, so that no part of it may be.
const NEEDED: [&str; 4] = ["user.name", "user.path", "hand-over.profile", "hand-over.region"];

/// Grants with the key under which the file has them, and what they are combined with.
struct Part<'w> {
    key: String,
    choice: Option<usize>,
    grants: &'w Grants,
}

impl Part<'_> {
    fn key_of(&self, rest: &str) -> String {
        if self.key.is_empty() { rest.to_owned() } else { format!("{}.{rest}", self.key) }
    }

    /// Whether both can hold together: two answers to one choice can't.
    fn goes_with(&self, other: &Self) -> bool {
        self.choice.is_none() || self.choice != other.choice
    }
}

/// Notes everything that is wrong.
pub(super) fn check(read: &Walkthrough, around: &ReadContext<'_>, notes: &mut Notes) {
    let mut checker = Checker { read, around, notes, markers: markers() };
    checker.pages();
    checker.choices();
    checker.variables();
    let parts = parts(read);
    for part in &parts {
        checker.grants(part, &parts);
    }
    checker.together(&parts);
}

fn parts(read: &Walkthrough) -> Vec<Part<'_>> {
    let mut parts = vec![Part { key: String::new(), choice: None, grants: &read.grants }];
    for (i, choice) in read.choices.iter().enumerate() {
        parts.extend(choice.answers.iter().map(|answer| Part {
            key: answer_key(&choice.id, answer),
            choice: Some(i),
            grants: &answer.grants,
        }));
    }
    parts
}

fn answer_key(choice: &str, answer: &ChoiceOption) -> String {
    match answer.id.as_str() {
        "yes" | "no" => format!("choices.{choice}.{}", answer.id),
        id => format!("choices.{choice}.answers.{id}"),
    }
}

/// `{{name}}`.
fn markers() -> Option<Regex> {
    Regex::new(r"\{\{([a-z0-9-]+)\}\}").ok()
}

struct Checker<'a> {
    read: &'a Walkthrough,
    around: &'a ReadContext<'a>,
    notes: &'a mut Notes,
    markers: Option<Regex>,
}

impl Checker<'_> {
    fn fault(&mut self, key: &str, words: impl Into<String>) {
        let nowhere = SourceLocation { source: std::sync::Arc::from(self.read.name.as_str()), place: None, inner: None };
        let location = self.read.location(key).cloned().unwrap_or(nowhere);
        self.notes.fault(&location, words);
    }

    /// Notes what is wrong at a place of a document: at that line of the file where its lines stand there as they are.
    fn fault_within(&mut self, key: &str, at: LineColumn, words: String) {
        match self.read.location(key).cloned().filter(|location| location.inner.is_some()) {
            Some(location) => {
                let place = Some(self.in_file(key, at));
                self.notes.fault(&SourceLocation { place, ..location }, words);
            }
            None => self.fault(key, format!("In the document, line {}, column {}: {words}", at.line, at.column)),
        }
    }

    /// Where a place of a document stands in the file; the place itself where its lines don't stand there as they are.
    fn in_file(&self, key: &str, at: LineColumn) -> LineColumn {
        let Some(inner) = self.read.location(key).and_then(|location| location.inner) else { return at };
        let column = if at.line == 1 { inner.column + at.column - 1 } else { at.column };
        LineColumn { line: inner.line + at.line - 1, column }
    }

    fn rule<T>(&mut self, key: &str, checked: Result<T, RuleBroken>) {
        if let Err(rule) = checked {
            self.fault(key, rule.to_string());
        }
    }

    /// Whether a text names no variable: then it can be checked as it is.
    fn is_plain(&self, text: &str) -> bool {
        !text.contains("{{") && !self.read.variables.iter().any(|variable| variable.is_in(text))
    }

    fn pages(&mut self) {
        let read = self.read;
        let name = &read.user.value;
        if !name.is_empty() && self.is_plain(name) {
            self.rule("user.name", UserName::new(name));
        }
        if self.is_plain(&read.path.value) {
            self.rule("user.path", Path::new(&read.path.value));
        }
        if self.is_plain(&read.access.description.value) {
            self.rule("access.description", check_value(&read.access.description.value));
        }
        let hand_over = &read.hand_over;
        if !hand_over.profile.is_empty() && self.is_plain(&hand_over.profile) {
            self.rule("hand-over.profile", check_profile(&hand_over.profile, true));
        }
        if !hand_over.region.is_empty()
            && self.is_plain(&hand_over.region)
            && let Err(words) = region::check(&hand_over.region, self.around.own_server)
        {
            self.fault("hand-over.region", words);
        }
        if !hand_over.output.is_empty() && !OUTPUTS.contains(&hand_over.output.as_str()) {
            self.fault(
                "hand-over.output",
                format!("There is no output “{}”. There are: {}.", hand_over.output, OUTPUTS.join(", ")),
            );
        }
    }

    fn choices(&mut self) {
        for choice in &self.read.choices {
            if choice.answers.len() < 2 {
                self.fault(&format!("choices.{}", choice.id), "A choice has two answers or more.");
            }
        }
    }

    fn variables(&mut self) {
        let read = self.read;
        let texts = texts(read);
        let has_supplied = read.all_grants().any(|grants| {
            grants.policies.iter().any(|policy| policy.supplied || matches!(policy.document, DocumentSource::Supplied(_)))
        });
        let mut spellings = BTreeSet::new();
        for variable in &read.variables {
            let key = format!("variables.{}", variable.id);
            for spelling in variable.spellings() {
                if spelling.chars().count() < 3 {
                    self.fault(
                        &format!("{key}.spelled"),
                        format!("“{spelling}” is too short: it would be found in other words."),
                    );
                }
                if !spellings.insert(spelling.clone()) {
                    self.fault(&format!("{key}.spelled"), format!("“{spelling}” stands for another variable already."));
                }
            }
            let used = texts.iter().any(|(_, text)| variable.is_in(text));
            // A file of the person's may hold the vendor's own spelling.
            if !used && (!has_supplied || variable.spelled.is_empty()) {
                let words = format!(
                    "The variable is never used: write {{{{{}}}}} where its value belongs, or take it away.",
                    variable.id
                );
                self.fault(&key, words);
            }
            if RESERVED.contains(&variable.id.as_str()) {
                self.fault(&key, format!("“{}” means what the hand-over knows by itself: take another name.", variable.id));
            }
            let VariableKind::Asked { question, hint, pattern, value, optional } = &variable.kind else { continue };
            for (name, text) in [("question", question), ("hint", hint), ("value", value)] {
                if text.contains("{{") {
                    self.fault(&format!("{key}.{name}"), "A variable can't be made of another one.");
                }
            }
            for (place, text) in texts.iter().filter(|(place, _)| *optional && NEEDED.contains(&place.as_str())) {
                if variable.is_in(text) {
                    self.fault(place, format!("“{}” may stay empty, so {place} can't be made of it.", variable.id));
                }
            }
            if question.is_empty() {
                self.fault(&key, "The variable needs a question = \"…\", or known = \"…\".");
            }
            if let Some(Err(error)) = pattern.as_deref().map(whole) {
                self.fault(&format!("{key}.pattern"), format!("This is no regular expression: {error}."));
            } else if let Some(Err(words)) = (!value.is_empty()).then(|| variable.check(value)) {
                self.fault(&format!("{key}.value"), words);
            }
        }
        for (key, text) in &texts {
            let Some(markers) = self.markers.clone() else { return };
            for found in markers.captures_iter(text).filter_map(|found| found.get(1)) {
                let name = found.as_str();
                let is_reserved = RESERVED.contains(&name);
                if is_reserved && key != "hand-over.paste" {
                    self.fault(key, format!("“{{{{{name}}}}}” stands only in hand-over.paste."));
                    continue;
                }
                if is_reserved || read.variables.iter().any(|variable| variable.id == name) {
                    continue;
                }
                let paste: &[&str] = if key == "hand-over.paste" { &RESERVED } else { &[] };
                let ids = read.variables.iter().map(|variable| variable.id.as_str());
                let near = nearest(name, ids.chain(paste.iter().copied()));
                let near = near.map(|near| format!(" Did you mean {{{{{near}}}}}?")).unwrap_or_default();
                self.fault(key, format!("There is no variable “{name}”: define it as [variables.{name}].{near}"));
            }
            if ["user.name", "user.path"].contains(&key.as_str())
                && let Some(own) = read.variables.iter().find(|variable| matches!(variable.kind, VariableKind::UserName))
                && own.is_in(text)
            {
                self.fault(key, "The user's name is not known yet where this is filled in.");
            }
        }
    }

    fn grants(&mut self, part: &Part<'_>, parts: &[Part<'_>]) {
        let grants = part.grants;
        for group in &grants.groups {
            let key = part.key_of(&format!("groups.{}", group.name));
            if self.is_plain(&group.name) {
                self.rule(&key, GroupName::new(&group.name));
            }
            for policy in group.policies.iter().flatten() {
                self.reference(policy, &format!("{key}.policies"), part, parts);
            }
        }
        for policy in &grants.attach {
            self.reference(policy, &part.key_of("permissions.attach"), part, parts);
        }
        if let Some(boundary) = &grants.boundary {
            self.reference(boundary, &part.key_of("permissions.boundary"), part, parts);
        }
        if grants.copy_from == Some(CopyFrom::Asked) && self.read.fixed {
            self.fault(
                &part.key_of("permissions.copy-from"),
                "What is fixed can't be asked: name the user, or take “fixed” away.",
            );
        }
        if let Some(CopyFrom::User(name)) = &grants.copy_from
            && self.is_plain(name)
        {
            self.rule(&part.key_of("permissions.copy-from"), UserName::new(name));
        }
        for tag in &grants.tags {
            let key = part.key_of(&format!("tags.{}", tag.key));
            self.tag(&key, &tag.key, &tag.value.value);
        }
        for policy in &grants.policies {
            self.policy(&part.key_of(&format!("policies.{}", policy.id)), policy);
        }
    }

    fn tag(&mut self, location: &str, key: &str, value: &str) {
        if self.is_plain(key) {
            self.rule(location, check_key(key));
        }
        if self.is_plain(value) {
            self.rule(location, check_value(value));
        }
    }
}
