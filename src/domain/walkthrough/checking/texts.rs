//! The texts of a walkthrough: where variables may stand, which are asked, and which placeholders are left.

use super::{answer_key, parts};
use crate::domain::policy::{self, Purpose, is_garbled};
use crate::domain::walkthrough::filling::{Bindings, Responses};
use crate::domain::walkthrough::{CopyFrom, DocumentSource, PolicyProposal, Variable, Walkthrough};

impl Walkthrough {
    /// Whether a variable is used with these answers; one that stands only in another answer is not asked.
    pub fn asks(&self, variable: &Variable, responses: &Responses) -> bool {
        let dropped: Vec<String> = self
            .choices
            .iter()
            .flat_map(|choice| {
                let chosen = responses.chosen(choice);
                choice
                    .answers
                    .iter()
                    .enumerate()
                    .filter(move |(i, _)| *i != chosen)
                    .map(|(_, answer)| answer_key(&choice.id, answer))
            })
            .collect();
        let all = texts(self);
        let names = |text: &str| variable.is_in(text);
        let is_dropped = |key: &str| {
            dropped.iter().any(|dropped| key.strip_prefix(dropped.as_str()).is_some_and(|rest| rest.starts_with('.')))
        };
        // One that stands nowhere is for a file of the person's.
        !all.iter().any(|(_, text)| names(text)) || all.iter().any(|(key, text)| names(text) && !is_dropped(key))
    }

    /// What looks like a placeholder in its documents, and may be meant as it stands.
    pub fn left_over(&self, partition: &str) -> Vec<String> {
        let documents = self.all_grants().flat_map(|grants| &grants.policies).filter_map(|policy| match &policy.document {
            DocumentSource::Text(text) => {
                let purpose = Purpose { inline: policy.inline, partition: Some(partition), account: Some(SAMPLE_ACCOUNT) };
                Some((policy, policy::read(&sample(self, text, Some(partition)), &purpose)))
            }
            DocumentSource::Supplied(_) => None,
        });
        let words = |policy: &PolicyProposal, left: &policy::Placeholder| {
            format!("“{}” in the document of {}, line {}", left.text, policy.name, left.place.line)
        };
        documents
            .flat_map(|(policy, reading)| reading.placeholders.iter().map(|left| words(policy, left)).collect::<Vec<_>>())
            .collect()
    }

    /// The policies whose description IAM would not give back as it is written.
    pub fn garbled(&self) -> Vec<&str> {
        let policies = self.all_grants().flat_map(|grants| &grants.policies);
        policies.filter(|policy| is_garbled(&policy.description)).map(|policy| policy.name.as_str()).collect()
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

/// The account that stands for the person's own in checks: none of a guide's examples.
pub(super) const SAMPLE_ACCOUNT: &str = "210987654321";

/// A text with a sample in place of each variable.
pub(super) fn sample(read: &Walkthrough, text: &str, partition: Option<&str>) -> String {
    let mut responses = Responses::defaults(read);
    for value in responses.variables.values_mut().filter(|value| value.is_empty()) {
        "sample".clone_into(value);
    }
    let some = |text: &str| Some(text.to_owned());
    let bindings = Bindings {
        account: some(SAMPLE_ACCOUNT),
        region: some("us-east-1"),
        partition: some(partition.unwrap_or("aws")),
        user: some("sample"),
    };
    read.resolve(&responses, &bindings).sample(text)
}

/// Every text in which a variable may stand, with its key.
pub(super) fn texts(read: &Walkthrough) -> Vec<(String, &str)> {
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
