//! Policies in a walkthrough: those that it names, which AWS may call otherwise by now, and the documents of those that it makes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::texts::{SAMPLE_ACCOUNT, sample};
use super::{Checker, Part};
use crate::domain::arn::Arn;
use crate::domain::catalogue::is_attachable;
use crate::domain::name::PolicyName;
use crate::domain::policy::{self, Purpose};
use crate::domain::tag::TAGS_LIMIT;
use crate::domain::walkthrough::read_context::DOCUMENT_LIMIT;
use crate::domain::walkthrough::{DocumentSource, PolicyProposal};

/// The longest description of a policy, in characters (IAM quotas).
pub const DESCRIPTION_LIMIT: usize = 1000;

/// A managed policy of AWS's that has another name by now.
#[derive(Debug, Deserialize)]
struct Renamed {
    old: String,
    /// None where AWS has retired it.
    new: Option<String>,
}

static RENAMED: LazyLock<Vec<Renamed>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../assets/renamed-policies.json")).unwrap_or_default());

/// The name that a policy of AWS's has by now, where guides know it by an older one.
pub fn renamed(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|policy| policy.old == old)?.new.as_deref()
}

/// Whether a text can't be meant as it stands: a guide's own marks around a name. (A name in capitals, or an account's id, may be.)
fn is_surely_left(text: &str) -> bool {
    ["<", "&lt;", "${", "$${", "{"].iter().any(|mark| text.starts_with(mark))
}

/// Whether AWS has retired the policy of this name, without another in its place.
fn is_retired(name: &str) -> bool {
    RENAMED.iter().any(|policy| policy.old == name && policy.new.is_none())
}

/// A policy of AWS's whose name is written in other capitals, or with a slip of the hand.
fn nearest_policy<'a>(name: &str, all: &[&'a str]) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let near = all.iter().map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), *known)).min();
    near.filter(|(distance, known)| *distance <= 2 && known.len() > 8).map(|(_, known)| known)
}

impl Checker<'_> {
    /// A policy by name, ARN or id of one of the file's.
    pub(super) fn reference(&mut self, name: &str, key: &str, part: &Part<'_>, parts: &[Part<'_>]) {
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

    pub(super) fn policy(&mut self, key: &str, policy: &PolicyProposal) {
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
            if !keys.insert(tag) {
                self.fault(&at, "This key stands there already.");
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
        let purpose = Purpose { inline, partition: self.around.partition, account: Some(SAMPLE_ACCOUNT) };
        let reading = policy::read(&sample(self.read, text, self.around.partition), &purpose);
        for fault in &reading.faults {
            let words = fault.told(|place| self.in_file(key, place));
            self.fault_within(key, fault.place, words);
        }
        let limit = policy::size_limit(inline);
        if reading.size > limit {
            self.fault(key, format!("The document has {} characters without white space; IAM takes {limit}.", reading.size));
        }
        for left in reading.placeholders.iter().filter(|left| is_surely_left(&left.text)) {
            let text = &left.text;
            let words = format!("“{text}” is to be replaced: name it in a variable's spelled = [\"{text}\"].");
            self.fault_within(key, left.place, words);
        }
    }
}
