//! What the values of a walkthrough mean together: IAM's rules, contradictions, variables, quotas. What passes here reaches
//! *Review*.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde::Deserialize;

use super::filling::{Given, Known};
use super::reading::{DOCUMENT_LIMIT, Surroundings};
use super::section::{Notes, nearest};
use super::{Answer, CopyFrom, DocumentSource, Grants, Spot, Variable, VariableKind, Walkthrough};
use crate::domain::arn::Arn;
use crate::domain::catalogue::is_attachable;
use crate::domain::facts::Quotas;
use crate::domain::hand_over::{OUTPUTS, check_profile};
use crate::domain::name::{GroupName, Path, PolicyName, RuleBroken, UserName, same_name};
use crate::domain::policy::{self, INLINE_SIZE, MANAGED_SIZE, Place};
use crate::domain::region;
use crate::domain::tag::{TAGS_LIMIT, check_key, check_value};

/// The longest description of a policy, in characters (IAM quotas).
pub const DESCRIPTION_LIMIT: usize = 1000;

/// What the hand-over puts in by itself.
const RESERVED: [&str; 2] = ["key-id", "secret"];

/// What can't be left out, so that no part of it may be.
const NEEDED: [&str; 4] = ["user.name", "user.path", "hand-over.profile", "hand-over.region"];

/// A managed policy of AWS's that has another name by now.
#[derive(Debug, Deserialize)]
struct Renamed {
    old: String,
    /// None where AWS has retired it.
    new: Option<String>,
}

static RENAMED: LazyLock<Vec<Renamed>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../assets/renamed-policies.json")).unwrap_or_default());

/// The name that a policy of AWS's has by now, where guides know it by an older one.
pub fn renamed(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|policy| policy.old == old)?.new.as_deref()
}

/// Whether AWS has retired the policy of this name, without another in its place.
fn is_retired(name: &str) -> bool {
    RENAMED.iter().any(|policy| policy.old == name && policy.new.is_none())
}

/// Grants with the key under which the file has them, and what they are combined with.
struct Part<'w> {
    key: String,
    /// The choice that they belong to.
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
pub(super) fn check(read: &Walkthrough, around: &Surroundings<'_>, notes: &mut Notes) {
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

fn answer_key(choice: &str, answer: &Answer) -> String {
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
    around: &'a Surroundings<'a>,
    notes: &'a mut Notes,
    markers: Option<Regex>,
}

impl Checker<'_> {
    fn fault(&mut self, key: &str, words: impl Into<String>) {
        let nowhere = Spot { source: std::sync::Arc::from(self.read.name.as_str()), place: None, inner: None };
        let spot = self.read.spot(key).cloned().unwrap_or(nowhere);
        self.notes.fault(&spot, words);
    }

    /// Notes what is wrong at a place of a document: at that line of the file where its lines stand there as they are.
    fn fault_within(&mut self, key: &str, at: Place, words: String) {
        let inner = self.read.spot(key).and_then(|spot| Some((spot.clone(), spot.inner?)));
        match inner {
            Some((spot, inner)) => {
                let column = if at.line == 1 { inner.column + at.column - 1 } else { at.column };
                let place = Some(Place { line: inner.line + at.line - 1, column });
                self.notes.fault(&Spot { place, ..spot }, words);
            }
            None => self.fault(key, format!("In the document, line {}, column {}: {words}", at.line, at.column)),
        }
    }

    fn rule<T>(&mut self, key: &str, checked: Result<T, RuleBroken>) {
        if let Err(rule) = checked {
            self.fault(key, rule.to_string());
        }
    }

    /// Whether a text names no variable: then it can be checked as it is.
    fn is_plain(&self, text: &str) -> bool {
        !text.contains("{{")
            && !self.read.variables.iter().any(|variable| variable.spellings().any(|spelling| text.contains(&spelling)))
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
            self.rule("hand-over.profile", check_profile(&hand_over.profile));
        }
        if !hand_over.region.is_empty()
            && self.is_plain(&hand_over.region)
            && let Err(words) = region::check(&hand_over.region)
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
            let used = texts.iter().any(|(_, text)| variable.spellings().any(|spelling| text.contains(&spelling)));
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
                if variable.spellings().any(|spelling| text.contains(&spelling)) {
                    self.fault(place, format!("“{}” may stay empty, so {place} can't be made of it.", variable.id));
                }
            }
            if question.is_empty() {
                self.fault(&key, "The variable needs a question = \"…\", or known = \"…\".");
            }
            if let Some(Err(error)) = pattern.as_ref().map(|pattern| Regex::new(&format!("^(?:{pattern})$"))) {
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
                && own.spellings().any(|spelling| text.contains(&spelling))
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

    fn tag(&mut self, spot: &str, key: &str, value: &str) {
        if self.is_plain(key) {
            self.rule(spot, check_key(key));
        }
        if self.is_plain(value) {
            self.rule(spot, check_value(value));
        }
    }

    /// A policy by name, ARN or id of one of the file's.
    fn reference(&mut self, name: &str, key: &str, part: &Part<'_>, parts: &[Part<'_>]) {
        let key = format!("{key}.{name}");
        let holds = |part: &Part<'_>| part.grants.policies.iter().find(|policy| policy.id == name).map(|policy| policy.inline);
        let always = parts.iter().filter(|other| other.choice.is_none() || other.key == part.key).find_map(holds);
        match (always, parts.iter().find_map(holds)) {
            (Some(true), _) => {
                return self
                    .fault(&key, format!("“{name}” is an inline policy: it is the user's own, and nothing else can have it."));
            }
            (Some(false), _) => return,
            (None, Some(_)) => return self.fault(&key, format!("“{name}” is made only where another answer is given.")),
            (None, None) => {}
        }
        if !self.is_plain(name) {
            return;
        }
        let own = parts.iter().flat_map(|part| &part.grants.policies).map(|policy| policy.id.as_str());
        if !self.around.aws_policies.contains(&name)
            && let Some(near) = nearest_policy(name, &own.collect::<Vec<_>>())
        {
            return self.fault(&key, format!("There is no policy “{name}”. Did you mean “{near}”, which the file makes?"));
        }
        if name.starts_with("arn:") {
            let is_policy = Arn::read(name).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("policy/"));
            if !is_policy {
                return self
                    .fault(&key, format!("“{name}” is no ARN of a policy, as in arn:aws:iam::aws:policy/ReadOnlyAccess."));
            }
            if !is_attachable(name) {
                return self.fault(&key, format!("“{name}” can't be attached: AWS keeps it for service roles."));
            }
        } else if let Err(rule) = PolicyName::new(name) {
            return self.fault(&key, rule.to_string());
        }
        let short = name.rsplit('/').next().unwrap_or(name);
        if let Some(new) = renamed(short) {
            return self.fault(&key, format!("There is no policy “{short}” any more, or never was: write “{new}”."));
        }
        if is_retired(short) {
            return self.fault(&key, format!("AWS has retired the policy “{short}”: choose another."));
        }
        let is_own = name.starts_with("arn:") && !name.contains(":iam::aws:policy/");
        let all = self.around.aws_policies;
        if !is_own
            && !all.is_empty()
            && !all.contains(&short)
            && let Some(near) = nearest_policy(short, all)
        {
            let own = if name.starts_with("arn:") { "" } else { " (A policy of the account's own: write its ARN.)" };
            self.fault(&key, format!("AWS has no policy “{short}”. Did you mean “{near}”?{own}"));
        }
    }

    fn policy(&mut self, key: &str, policy: &super::PolicyProposal) {
        if self.is_plain(&policy.name)
            && let Err(rule) = PolicyName::new(&policy.name)
        {
            let near = PolicyName::near(&policy.name).map(|near| format!(" Write name = \"{near}\".")).unwrap_or_default();
            let at = format!("{key}.name");
            self.fault(&at, format!("{rule}{near}"));
        }
        if policy.description.chars().count() > DESCRIPTION_LIMIT {
            self.fault(&format!("{key}.description"), format!("A description has up to {DESCRIPTION_LIMIT} characters."));
        }
        if policy.inline && (!policy.description.is_empty() || !policy.tags.is_empty() || policy.new_version) {
            self.fault(key, "An inline policy has neither description nor tags nor versions.");
        }
        let mut keys = BTreeSet::new();
        for (tag, value) in &policy.tags {
            let at = format!("{key}.tags.{tag}");
            self.tag(&at, tag, value);
            if tag.contains('=') {
                self.fault(&at, "A key with “=” can't be told from its value on the page: take another.");
            }
            if !keys.insert(tag.to_lowercase()) {
                self.fault(&at, "This key stands there already (keys are compared ignoring case).");
            }
        }
        if policy.tags.len() > TAGS_LIMIT {
            self.fault(&format!("{key}.tags"), format!("A policy has up to {TAGS_LIMIT} tags."));
        }
        if let DocumentSource::Text(text) = &policy.document {
            self.document(&format!("{key}.document"), text, policy.inline);
        }
    }

    fn document(&mut self, key: &str, text: &str, inline: bool) {
        if text.len() > DOCUMENT_LIMIT {
            return self.fault(key, format!("The document has {} bytes; {DOCUMENT_LIMIT} are read at most.", text.len()));
        }
        // With samples in place of variables, whose lines are those of the text.
        let reading = policy::read(&sample(self.read, text));
        for fault in &reading.faults {
            self.fault_within(key, fault.place, format!("{} (IAM says: {})", fault.words, fault.iam));
        }
        let limit = if inline { INLINE_SIZE } else { MANAGED_SIZE };
        if reading.size > limit {
            self.fault(key, format!("The document has {} characters without white space; IAM takes {limit}.", reading.size));
        }
        for left in reading.placeholders.iter().filter(|left| left.text.starts_with('<') || left.text.starts_with("${")) {
            let text = &left.text;
            let words = format!("“{text}” is to be replaced: name it in a variable's spelled = [\"{text}\"].");
            self.fault_within(key, left.place, words);
        }
    }

    /// What parts mean that can hold together.
    fn together(&mut self, parts: &[Part<'_>]) {
        for (i, part) in parts.iter().enumerate() {
            for other in parts[..=i].iter().filter(|other| other.goes_with(part) || other.key == part.key) {
                self.pair(part, other, other.key == part.key);
            }
        }
        let quotas = Quotas::default();
        let worst = |count: &dyn Fn(&Grants) -> usize| -> usize {
            let of_choice = |choice: &super::Choice| choice.answers.iter().map(|answer| count(&answer.grants)).max().unwrap_or(0);
            count(&self.read.grants) + self.read.choices.iter().map(of_choice).sum::<usize>()
        };
        let named: BTreeSet<&str> = self
            .read
            .all_grants()
            .flat_map(|grants| {
                let of_groups = grants.groups.iter().flat_map(|group| group.policies.iter().flatten());
                of_groups.chain(&grants.boundary).map(String::as_str)
            })
            .collect();
        let attached = worst(&|grants| {
            let made = grants
                .policies
                .iter()
                .filter(|policy| !policy.inline && !named.contains(policy.id.as_str()) && !grants.attach.contains(&policy.id));
            grants.attach.len() + made.count()
        });
        let of_groups = worst(&|grants| grants.groups.iter().filter_map(|group| group.policies.as_ref()).map(Vec::len).sum());
        let groups = worst(&|grants| grants.groups.len());
        let tags = worst(&|grants| grants.tags.len()) + usize::from(!self.read.access.description.value.is_empty());
        let inline = worst(&|grants| {
            let size = |policy: &super::PolicyProposal| match &policy.document {
                DocumentSource::Text(text) if policy.inline => policy::read(text).size,
                _ => 0,
            };
            grants.policies.iter().map(size).sum()
        });
        for (count, limit, key, what) in [
            (attached, quotas.policies_per_user, "permissions.attach", "policies attached to the user"),
            (of_groups, quotas.policies_per_group, "groups", "policies attached to the group"),
            (groups, quotas.groups_per_user, "groups", "groups of the user"),
            (tags, TAGS_LIMIT, "tags", "tags, the key's description among them"),
            (inline, INLINE_SIZE, "policies", "characters of inline policies"),
        ] {
            if count > limit {
                self.fault(key, format!("{count} {what} are possible together; IAM takes {limit}."));
            }
        }
    }

    fn pair(&mut self, part: &Part<'_>, other: &Part<'_>, same: bool) {
        for (i, tag) in part.grants.tags.iter().enumerate() {
            let earlier = if same { &part.grants.tags[..i] } else { &other.grants.tags };
            for found in earlier.iter().filter(|found| found.key.to_lowercase() == tag.key.to_lowercase()) {
                if same || found != tag {
                    let words = format!("The tag “{}” is said to be “{}” already.", found.key, found.value.value);
                    self.fault(&part.key_of(&format!("tags.{}", tag.key)), words);
                }
            }
        }
        for (i, policy) in part.grants.policies.iter().enumerate() {
            let earlier = if same { &part.grants.policies[..i] } else { &other.grants.policies };
            for found in earlier.iter().filter(|found| found.id == policy.id || same_name(&found.name, &policy.name)) {
                let words = format!("The policy “{}” is made already, as [policies.{}].", found.name, found.id);
                self.fault(&part.key_of(&format!("policies.{}", policy.id)), words);
            }
        }
        for (i, group) in part.grants.groups.iter().enumerate() {
            let earlier = if same { &part.grants.groups[..i] } else { &other.grants.groups };
            for found in earlier {
                let alike = same_name(&found.name, &group.name);
                if group.policies.is_some() && found.policies.is_some() && found.name != group.name {
                    let words = format!("One group can be made for a user; “{}” is made already.", found.name);
                    self.fault(&part.key_of(&format!("groups.{}", group.name)), words);
                } else if alike && (same || found.name != group.name) {
                    self.fault(&part.key_of(&format!("groups.{}", group.name)), "This group stands there already.");
                }
            }
        }
        if same {
            return;
        }
        if let (Some(one), Some(two)) = (&part.grants.boundary, &other.grants.boundary)
            && one != two
        {
            self.fault(&part.key_of("permissions.boundary"), format!("The boundary is said to be “{two}” already."));
        }
        if let (Some(one), Some(two)) = (&part.grants.copy_from, &other.grants.copy_from)
            && one != two
        {
            self.fault(&part.key_of("permissions.copy-from"), "Permissions are copied from somebody else already.");
        }
    }
}

/// A text with a sample in place of each variable.
fn sample(read: &Walkthrough, text: &str) -> String {
    let mut given = Given::defaults(read);
    for value in given.variables.values_mut().filter(|value| value.is_empty()) {
        "sample".clone_into(value);
    }
    let some = |text: &str| Some(text.to_owned());
    let known = Known { account: some("123456789012"), region: some("us-east-1"), partition: some("aws"), user: some("sample") };
    read.guide(&given, &known).sample(text)
}

impl Walkthrough {
    /// Whether a variable is used with these answers; one that stands only in another answer is not asked.
    pub fn asks(&self, variable: &Variable, given: &Given) -> bool {
        let dropped: Vec<String> = self
            .choices
            .iter()
            .flat_map(|choice| {
                let chosen = given.chosen(choice);
                choice
                    .answers
                    .iter()
                    .enumerate()
                    .filter(move |(i, _)| *i != chosen)
                    .map(|(_, answer)| answer_key(&choice.id, answer))
            })
            .collect();
        let all = texts(self);
        let names = |text: &str| variable.spellings().any(|spelling| text.contains(&spelling));
        let is_dropped = |key: &str| {
            dropped.iter().any(|dropped| key.strip_prefix(dropped.as_str()).is_some_and(|rest| rest.starts_with('.')))
        };
        // One that stands nowhere is for a file of the person's.
        !all.iter().any(|(_, text)| names(text)) || all.iter().any(|(key, text)| names(text) && !is_dropped(key))
    }

    /// What looks in its documents as if it were to be replaced, and may be meant as it stands.
    pub fn left_over(&self) -> Vec<String> {
        let documents = self.all_grants().flat_map(|grants| &grants.policies).filter_map(|policy| match &policy.document {
            DocumentSource::Text(text) => Some((policy, policy::read(&sample(self, text)))),
            DocumentSource::Supplied(_) => None,
        });
        let words = |policy: &super::PolicyProposal, left: &policy::Placeholder| {
            format!("“{}” in the document of {}, line {}", left.text, policy.name, left.place.line)
        };
        documents
            .flat_map(|(policy, reading)| reading.placeholders.iter().map(|left| words(policy, left)).collect::<Vec<_>>())
            .collect()
    }

    /// The policies that it names and that are none of these: the account has to have them.
    pub fn unknown_policies(&self, aws_policies: &[&str]) -> Vec<String> {
        let own = |name: &String| self.all_grants().any(|grants| grants.policies.iter().any(|policy| policy.id == *name));
        let named = self.all_grants().flat_map(|grants| {
            let of_groups = grants.groups.iter().flat_map(|group| group.policies.iter().flatten());
            grants.attach.iter().chain(&grants.boundary).chain(of_groups)
        });
        let short = |name: &String| name.rsplit('/').next().unwrap_or(name).to_owned();
        let unknown = named.filter(|name| !own(name) && !aws_policies.contains(&short(name).as_str()));
        let mut found: Vec<String> = unknown.cloned().collect();
        found.sort();
        found.dedup();
        found
    }
}

/// A policy of AWS's whose name is written in other capitals, or with a slip of the hand.
fn nearest_policy<'a>(name: &str, all: &[&'a str]) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let near = all.iter().map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), *known)).min();
    near.filter(|(distance, known)| *distance <= 2 && known.len() > 8).map(|(_, known)| known)
}

/// Every text in which a variable may stand, with its key.
fn texts(read: &Walkthrough) -> Vec<(String, &str)> {
    let mut found: Vec<(String, &str)> = vec![
        ("user.name".to_owned(), &read.user.value),
        ("user.path".to_owned(), &read.path.value),
        ("access.description".to_owned(), &read.access.description.value),
        ("closing".to_owned(), &read.closing),
        ("hand-over.profile".to_owned(), &read.hand_over.profile),
        ("hand-over.region".to_owned(), &read.hand_over.region),
        ("hand-over.paste".to_owned(), &read.hand_over.paste),
    ];
    found.extend(read.words.pages().map(|(page, text)| (format!("words.{page}"), text)));
    for choice in &read.choices {
        for answer in &choice.answers {
            let key = answer_key(&choice.id, answer);
            found.extend(answer.words.pages().map(|(page, text)| (format!("{key}.words.{page}"), text)));
        }
    }
    for part in parts(read) {
        let grants = part.grants;
        for group in &grants.groups {
            let key = part.key_of(&format!("groups.{}", group.name));
            found.push((key.clone(), &group.name));
            found.extend(group.policies.iter().flatten().map(|policy| (format!("{key}.policies"), policy.as_str())));
        }
        found.extend(grants.attach.iter().map(|policy| (part.key_of("permissions.attach"), policy.as_str())));
        found.extend(grants.boundary.iter().map(|policy| (part.key_of("permissions.boundary"), policy.as_str())));
        if let Some(CopyFrom::User(name)) = &grants.copy_from {
            found.push((part.key_of("permissions.copy-from"), name));
        }
        for tag in &grants.tags {
            let key = part.key_of(&format!("tags.{}", tag.key));
            found.extend([(key.clone(), tag.key.as_str()), (key, tag.value.value.as_str())]);
        }
        for policy in &grants.policies {
            let key = part.key_of(&format!("policies.{}", policy.id));
            found.push((format!("{key}.name"), &policy.name));
            found.push((format!("{key}.description"), &policy.description));
            found.extend(policy.tags.iter().flat_map(|(tag, value)| {
                [(format!("{key}.tags.{tag}"), tag.as_str()), (format!("{key}.tags.{tag}"), value.as_str())]
            }));
            match &policy.document {
                DocumentSource::Text(text) => found.push((format!("{key}.document"), text)),
                DocumentSource::Supplied(words) => found.push((format!("{key}.ask"), words)),
            }
        }
    }
    found
}
