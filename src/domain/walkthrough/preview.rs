//! What a walkthrough asks and makes, in words: beside the list, and for `iamwalk show`.

use super::{Choice, CopyFrom, DocumentSource, Grants, Proposed, VariableKind, Walkthrough};

fn proposed(value: &Proposed<String>) -> String {
    if value.fixed { format!("{} (fixed)", value.value) } else { value.value.clone() }
}

impl Walkthrough {
    /// What it asks and makes, a line each; lines of a detail begin with blanks.
    pub fn preview(&self) -> Vec<String> {
        let mut lines: Vec<String> = [&self.title, &self.summary].into_iter().filter(|text| !text.is_empty()).cloned().collect();
        lines.extend((!self.source.is_empty()).then(|| format!("Follows: {}", self.source)));
        lines.extend(self.words.walkthrough.lines().map(str::to_owned));
        lines.push(match self.user.value.as_str() {
            "" => "User: you name it".to_owned(),
            _ => format!("User: {}", proposed(&self.user)),
        });
        lines.push(format!("Access: {}", self.access_words()));
        let given = self.grants.words();
        if !given.is_empty() {
            lines.push("Permissions:".to_owned());
            lines.extend(given.into_iter().map(|line| format!("  {line}")));
        }
        if self.fixed {
            lines.push("  (fixed: these can't be changed)".to_owned());
        }
        for choice in &self.choices {
            lines.extend(choice.preview());
        }
        for variable in &self.variables {
            if let VariableKind::Asked { question, value, optional, .. } = &variable.kind {
                let more = match (value.as_str(), optional) {
                    ("", true) => " (may stay empty)".to_owned(),
                    ("", false) => String::new(),
                    (value, _) => format!(" (unless you say otherwise: {value})"),
                };
                lines.push(format!("Asks: {question}{more}"));
            }
        }
        let hand_over = &self.hand_over;
        let saved = [("profile", &hand_over.profile), ("region", &hand_over.region), ("output", &hand_over.output)];
        let saved: Vec<String> =
            saved.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key} {value}")).collect();
        if !saved.is_empty() {
            lines.push(format!("Saved as: {}", saved.join(", ")));
        }
        lines
    }

    /// The options of the command line that answer what it asks.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.user.value.is_empty().then(|| "--user NAME".to_owned()).into_iter().collect();
        for choice in &self.choices {
            let ids: Vec<&str> = choice.answers.iter().map(|answer| answer.id.as_str()).collect();
            keys.push(format!("--set choices.{}={}", choice.id, ids.join("|")));
        }
        for variable in &self.variables {
            if let VariableKind::Asked { .. } = &variable.kind {
                keys.push(format!("--set variables.{}=…", variable.id));
            }
        }
        keys.extend(self.key_of_asked_file().map(|key| format!("--set {key}=PATH")));
        let asks_user = self.all_grants().any(|grants| grants.copy_from == Some(CopyFrom::Asked));
        keys.extend(asks_user.then(|| "--set permissions.copy-from=USER".to_owned()));
        keys
    }

    fn access_words(&self) -> String {
        let access = &self.access;
        let fixed = |fixed: bool| if fixed { " (fixed)" } else { "" };
        let mut words = Vec::new();
        if access.key.value {
            let case = access.use_case.as_ref().map(|case| format!(" for: {}", case.value.label())).unwrap_or_default();
            let described = Some(&access.description.value).filter(|text| !text.is_empty());
            let described = described.map(|text| format!(", described “{text}”")).unwrap_or_default();
            words.push(format!("access key{}{case}{described}", fixed(access.key.fixed)));
        } else {
            words.push(format!("no access key{}", fixed(access.key.fixed)));
        }
        words.push(match access.console.value {
            true => format!("console password, generated{}", fixed(access.console.fixed)),
            false => format!("no console access{}", fixed(access.console.fixed)),
        });
        words.join("; ")
    }
}

impl Choice {
    fn preview(&self) -> Vec<String> {
        let mut lines = vec![format!("Asks: {}", self.question)];
        for (i, answer) in self.answers.iter().enumerate() {
            let sign = if i == self.default { "•" } else { " " };
            lines.push(format!("  ({sign}) {}", answer.label));
            lines.extend(answer.grants.words().into_iter().map(|line| format!("      {line}")));
        }
        lines
    }
}

impl Grants {
    /// What it gives, a line each.
    fn words(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for group in &self.groups {
            lines.push(match &group.policies {
                Some(policies) if policies.is_empty() => format!("group {}, made where it is not there", group.name),
                Some(policies) => format!("group {} with {}", group.name, policies.join(", ")),
                None => format!("the existing group {}", group.name),
            });
        }
        lines.extend(self.attach.iter().map(|policy| format!("policy {policy}")));
        for policy in &self.policies {
            let is_of_group = self.groups.iter().flat_map(|group| group.policies.iter().flatten()).any(|name| *name == policy.id);
            let kind = match (policy.inline, is_of_group, self.boundary.as_ref() == Some(&policy.id)) {
                (true, ..) => "inline policy",
                (_, true, _) => "new policy for the group:",
                (.., true) => "new policy for the boundary:",
                _ => "new policy",
            };
            lines.push(match &policy.document {
                DocumentSource::Text(_) => format!("{kind} {}", policy.name),
                DocumentSource::Supplied(words) => format!("{kind} {} from a file of yours: {words}", policy.name),
            });
        }
        lines.extend(self.boundary.iter().map(|policy| format!("permissions boundary {policy}")));
        lines.extend(self.copy_from.iter().map(|from| match from {
            CopyFrom::Asked => "the permissions of a user whom you choose".to_owned(),
            CopyFrom::User(name) => format!("the permissions of the user {name}"),
        }));
        lines.extend(self.tags.iter().map(|tag| format!("tag {} = {}", tag.key, proposed(&tag.value))));
        lines
    }
}
