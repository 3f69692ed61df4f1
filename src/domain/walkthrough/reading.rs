//! From the tree of a TOML text to a walkthrough: each table by its keys. What the values mean together is checked after it.

use std::sync::Arc;

use super::checking::check;
use super::node::{Node, Setting, Value, parse};
use super::read_context::{FILE_LIMIT, ReadContext};
use super::section::{Notes, Section, nearest, proposed, text};
use super::{
    AccessProposal, Choice, ChoiceOption, CopyFrom, DocumentSource, Grants, GroupProposal, HandOverProposal, PolicyProposal,
    Proposed, SourceLocation, TagProposal, Variable, VariableKind, Walkthrough, WalkthroughFault, Words,
};
use crate::domain::access::UseCase;

const TOP: &[&str] = &[
    "title",
    "summary",
    "source",
    "closing",
    "words",
    "user",
    "access",
    "permissions",
    "groups",
    "policies",
    "tags",
    "choices",
    "variables",
    "hand-over",
];
const WORDS: &[&str] = &["walkthrough", "user", "access", "permissions", "tags", "review", "hand-over"];
const USER: &[&str] = &["name", "path"];
const ACCESS: &[&str] = &["key", "use-case", "description", "console", "reset"];
const PERMISSIONS: &[&str] = &["attach", "boundary", "copy-from", "fixed"];
const GROUP: &[&str] = &["policies"];
const POLICY: &[&str] = &["name", "description", "tags", "document", "file", "ask", "inline", "new-version"];
const CHOICE: &[&str] = &["question", "default", "answers", "yes", "no"];
const ANSWER: &[&str] = &["label", "about", "words", "permissions", "groups", "policies", "tags"];
const VARIABLE: &[&str] = &["question", "hint", "pattern", "value", "optional", "known", "spelled"];
const HAND_OVER: &[&str] = &["profile", "region", "output", "paste"];

/// Reads a walkthrough with the settings of the command line. `name` is the one under which it is chosen, `source` is what
/// faults name.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read(
    name: &str,
    source: &str,
    file: &str,
    settings: &[Setting],
    around: &ReadContext<'_>,
) -> Result<Walkthrough, Vec<WalkthroughFault>> {
    if file.len() > FILE_LIMIT {
        let words = format!("This file has {} bytes; a walkthrough has up to {FILE_LIMIT}.", file.len());
        return Err(vec![WalkthroughFault { source: source.to_owned(), place: None, words }]);
    }
    let mut tree = parse(file, &Arc::from(source))?;
    let mut notes = Notes::default();
    for (i, setting) in settings.iter().enumerate() {
        let earlier = settings[..i].iter().find(|earlier| earlier.key == setting.key);
        let set = match earlier {
            Some(earlier) => Err(WalkthroughFault {
                source: setting.from.clone(),
                place: None,
                words: format!("“{}” is answered twice: {} says it too.", setting.key, earlier.from),
            }),
            None => tree.set(setting),
        };
        notes.faults.extend(set.err());
    }
    let mut reader = Reader { notes, around };
    let walkthrough = reader.walkthrough(name, &tree);
    let mut notes = reader.notes;
    let walkthrough = walkthrough.map(|read| {
        let read = Walkthrough { locations: notes.locations.clone(), ..read };
        check(&read, around, &mut notes);
        read
    });
    match walkthrough {
        Some(read) if notes.faults.is_empty() => Ok(read),
        _ => {
            let mut faults = notes.faults;
            faults.sort_by_key(|fault| (fault.place.is_none(), fault.place));
            faults.dedup();
            Err(faults)
        }
    }
}

struct Reader<'a> {
    notes: Notes,
    around: &'a ReadContext<'a>,
}

impl Reader<'_> {
    fn walkthrough(&mut self, name: &str, tree: &Node) -> Option<Walkthrough> {
        let notes = &mut self.notes;
        let top = Section::of(tree, "", TOP, notes)?;
        let mut read = Walkthrough {
            name: name.to_owned(),
            title: top.text("title", notes),
            summary: top.text("summary", notes),
            source: top.text("source", notes),
            closing: top.text("closing", notes),
            ..Walkthrough::plain()
        };
        if let Some(user) = top.section("user", USER, notes) {
            read.user = user.proposed_text("name", notes).unwrap_or_default();
            read.path = user.proposed_text("path", notes).unwrap_or_default();
        }
        if let Some(access) = top.section("access", ACCESS, notes) {
            read.access = self.access(&access, read.access);
        }
        if let Some(permissions) = top.section("permissions", PERMISSIONS, &mut self.notes) {
            read.fixed = permissions.flag("fixed", &mut self.notes).unwrap_or_default();
        }
        read.words = self.words(&top);
        read.grants = self.grants(&top);
        read.choices = self.choices(&top);
        read.variables = self.variables(&top);
        if let Some(hand_over) = top.section("hand-over", HAND_OVER, &mut self.notes) {
            let mut text = |name| hand_over.text(name, &mut self.notes);
            read.hand_over = HandOverProposal {
                profile: text("profile"),
                region: text("region"),
                output: text("output"),
                paste: text("paste"),
            };
        }
        Some(read)
    }

    fn words(&mut self, around: &Section<'_>) -> Words {
        let Some(words) = around.section("words", WORDS, &mut self.notes) else { return Words::default() };
        let mut text = |name| words.text(name, &mut self.notes).trim().to_owned();
        Words {
            walkthrough: text("walkthrough"),
            user: text("user"),
            access: text("access"),
            permissions: text("permissions"),
            tags: text("tags"),
            review: text("review"),
            hand_over: text("hand-over"),
        }
    }

    fn access(&mut self, access: &Section<'_>, plain: AccessProposal) -> AccessProposal {
        let notes = &mut self.notes;
        let use_case = access.get("use-case", notes).and_then(|node| {
            proposed(node, "access.use-case", notes, |node, key, notes| {
                let word = text(node, key, notes)?;
                let found = UseCase::ALL.into_iter().find(|case| case.word() == word);
                if found.is_none() {
                    let words = UseCase::ALL.map(UseCase::word).join(", ");
                    notes.fault(&node.location, format!("There is no use case “{word}”. There are: {words}."));
                }
                found
            })
        });
        AccessProposal {
            key: access.proposed_flag("key", notes).unwrap_or(plain.key),
            use_case,
            description: access.proposed_text("description", notes).unwrap_or_default(),
            console: access.proposed_flag("console", notes).unwrap_or_default(),
            reset: access.proposed_flag("reset", notes).unwrap_or(plain.reset),
        }
    }

    /// What the file itself, or an answer of one of its choices, gives.
    fn grants(&mut self, around: &Section<'_>) -> Grants {
        let notes = &mut self.notes;
        let mut grants = Grants::default();
        if let Some(permissions) = around.section("permissions", PERMISSIONS, notes) {
            grants.attach = permissions.texts("attach", notes).unwrap_or_default();
            grants.boundary = Some(permissions.text("boundary", notes)).filter(|name| !name.is_empty());
            grants.copy_from = permissions.get("copy-from", notes).and_then(|node| match &node.value {
                Value::Bool(true) => Some(CopyFrom::Asked),
                Value::Bool(false) => None,
                _ => text(node, "permissions.copy-from", notes).map(CopyFrom::User),
            });
            if !around.key.is_empty() && permissions.get("fixed", notes).is_some() {
                notes.fault(permissions.location, "“fixed” stands only in the file's own [permissions].");
            }
        }
        if let Some(groups) = around.names("groups", notes) {
            for (name, _, node) in groups.entries() {
                let Some(group) = Section::of(node, &groups.full(name), GROUP, notes) else { continue };
                grants.groups.push(GroupProposal { name: name.to_owned(), policies: group.texts("policies", notes) });
            }
        }
        if let Some(tags) = around.names("tags", notes) {
            for (key, _, node) in tags.entries() {
                let full = tags.full(key);
                notes.locations.insert(full.clone(), node.location.clone());
                if let Some(value) = proposed(node, &full, notes, text) {
                    grants.tags.push(TagProposal { key: key.to_owned(), value });
                }
            }
        }
        if let Some(policies) = around.names("policies", notes) {
            for (id, _, node) in policies.entries() {
                grants.policies.extend(self.policy(&policies.full(id), id, node));
            }
        }
        grants
    }

    fn policy(&mut self, key: &str, id: &str, node: &Node) -> Option<PolicyProposal> {
        let notes = &mut self.notes;
        let policy = Section::of(node, key, POLICY, notes)?;
        let name = policy.text("name", notes);
        let mut tags = Vec::new();
        if let Some(table) = policy.names("tags", notes) {
            for (tag, _, value) in table.entries() {
                notes.locations.insert(table.full(tag), value.location.clone());
                tags.extend(text(value, &table.full(tag), notes).map(|value| (tag.to_owned(), value)));
            }
        }
        let sources: Vec<&str> =
            ["document", "file", "ask"].into_iter().filter(|source| policy.entries().any(|(name, ..)| name == *source)).collect();
        // On the command line it is the person's own file, wherever it lies.
        let supplied = policy.entries().find(|(name, _, node)| *name == "file" && node.location.place.is_none());
        let document = match sources[..] {
            _ if supplied.is_some() => {
                let file = policy.text("file", notes);
                match (self.around.supplied)(&file) {
                    Ok(text) => DocumentSource::Text(text),
                    Err(why) => {
                        let location = policy.get("file", notes).map_or(policy.location, |node| &node.location);
                        notes.fault(location, why);
                        return None;
                    }
                }
            }
            ["document"] => DocumentSource::Text(policy.text("document", notes)),
            ["ask"] => DocumentSource::Supplied(policy.text("ask", notes)),
            ["file"] => {
                let file = policy.text("file", notes);
                let location =
                    policy.get("file", notes).map(|node| node.location.clone()).unwrap_or_else(|| policy.location.clone());
                match (self.around.beside)(&file) {
                    Ok(text) => {
                        // Faults of the document stand in that file.
                        let place = Some(crate::domain::policy::LineColumn { line: 1, column: 1 });
                        notes.locations.insert(
                            policy.full("document"),
                            SourceLocation { source: Arc::from(file.as_str()), place, inner: place },
                        );
                        DocumentSource::Text(text)
                    }
                    Err(why) => {
                        notes.fault(&location, why);
                        return None;
                    }
                }
            }
            [] => {
                let words = "The policy needs a document: document = '''…''', file = \"…\" beside this file, or ask = \"…\" for a \
                             file of the person's.";
                notes.fault(policy.location, words);
                return None;
            }
            _ => {
                notes.fault(policy.location, format!("Its document is given twice: by {}. Keep one.", sources.join(" and ")));
                return None;
            }
        };
        Some(PolicyProposal {
            id: id.to_owned(),
            name: if name.is_empty() { id.to_owned() } else { name },
            description: policy.text("description", notes),
            tags,
            document,
            inline: policy.flag("inline", notes).unwrap_or_default(),
            new_version: policy.flag("new-version", notes).unwrap_or_default(),
            supplied: supplied.is_some(),
        })
    }

    fn choices(&mut self, top: &Section<'_>) -> Vec<Choice> {
        let Some(choices) = top.names("choices", &mut self.notes) else { return Vec::new() };
        let entries: Vec<_> = choices.entries().collect();
        entries.into_iter().filter_map(|(id, _, node)| self.choice(&choices.full(id), id, node)).collect()
    }

    fn choice(&mut self, key: &str, id: &str, node: &Node) -> Option<Choice> {
        let choice = Section::of(node, key, CHOICE, &mut self.notes)?;
        let question = choice.text("question", &mut self.notes);
        if question.is_empty() {
            self.notes.fault(choice.location, "The choice needs a question = \"…\".");
        }
        let yes_no = choice.entries().any(|(name, ..)| name == "yes" || name == "no");
        let mut answers = Vec::new();
        if let Some(section) = choice.names("answers", &mut self.notes) {
            if yes_no {
                self.notes.fault(choice.location, "A choice has either answers, or yes and no.");
            }
            for (id, _, node) in section.entries() {
                answers.extend(self.answer(&section.full(id), id, id, node));
            }
        } else {
            for (id, label) in [("yes", "Yes"), ("no", "No")] {
                let given = choice.get(id, &mut self.notes);
                answers.push(match given {
                    Some(node) => self.answer(&choice.full(id), id, label, node)?,
                    None => ChoiceOption { id: id.to_owned(), label: label.to_owned(), ..ChoiceOption::default() },
                });
            }
        }
        let default = choice.get("default", &mut self.notes);
        let named = default.and_then(|node| match &node.value {
            Value::Bool(on) if !yes_no && choice.entries().any(|(name, ..)| name == "answers") => Some(on.to_string()),
            Value::Bool(on) => Some(if *on { "yes".to_owned() } else { "no".to_owned() }),
            _ => text(node, &choice.full("default"), &mut self.notes),
        });
        let ids: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
        let at = match (named, default) {
            (Some(name), Some(node)) => {
                let at = ids.iter().position(|id| *id == name);
                if at.is_none() {
                    let near =
                        nearest(&name, ids.iter().copied()).map(|near| format!(" Did you mean “{near}”?")).unwrap_or_default();
                    let words = format!("There is no answer “{name}”. There are: {}.{near}", ids.join(", "));
                    self.notes.fault(&node.location, words);
                }
                at
            }
            (None, None) => {
                let words =
                    format!("The choice needs a default, the answer that holds unless the person chooses: {}.", ids.join(", "));
                self.notes.fault(choice.location, words);
                None
            }
            _ => None,
        };
        Some(Choice { id: id.to_owned(), question, default: at?, answers })
    }

    fn answer(&mut self, key: &str, id: &str, label: &str, node: &Node) -> Option<ChoiceOption> {
        let answer = Section::of(node, key, ANSWER, &mut self.notes)?;
        let given = answer.text("label", &mut self.notes);
        Some(ChoiceOption {
            id: id.to_owned(),
            label: if given.is_empty() { label.to_owned() } else { given },
            about: answer.text("about", &mut self.notes),
            grants: self.grants(&answer),
            words: self.words(&answer),
        })
    }

    fn variables(&mut self, top: &Section<'_>) -> Vec<Variable> {
        let notes = &mut self.notes;
        let Some(variables) = top.names("variables", notes) else { return Vec::new() };
        let mut found = Vec::new();
        for (id, location, node) in variables.entries() {
            let Some(variable) = Section::of(node, &variables.full(id), VARIABLE, notes) else { continue };
            if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                notes.fault(location, "A variable is called by small letters, digits and “-”.");
            }
            let known = variable.text("known", notes);
            let kind = match known.as_str() {
                "account-id" => VariableKind::AccountId,
                "region" => VariableKind::Region,
                "partition" => VariableKind::Partition,
                "user-name" => VariableKind::UserName,
                "" => VariableKind::Asked {
                    question: variable.text("question", notes),
                    hint: variable.text("hint", notes),
                    pattern: Some(variable.text("pattern", notes)).filter(|pattern| !pattern.is_empty()),
                    value: variable.text("value", notes),
                    optional: variable.flag("optional", notes).unwrap_or_default(),
                },
                other => {
                    let location = variable.get("known", notes).map_or(location, |node| &node.location);
                    notes.fault(
                        location,
                        format!("“{other}” is not known by itself: account-id, region, partition, user-name are."),
                    );
                    continue;
                }
            };
            if !known.is_empty()
                && let Some((name, location, _)) = variable.entries().find(|(name, ..)| !["known", "spelled"].contains(name))
            {
                notes.fault(location, format!("What is known is not asked: take “{name}” away, or “known”."));
            }
            let spelled = variable.texts("spelled", notes).unwrap_or_default();
            found.push(Variable { id: id.to_owned(), kind, spelled });
        }
        found
    }
}

impl Proposed<String> {
    pub fn suggested(value: impl Into<String>) -> Self {
        Self { value: value.into(), fixed: false }
    }
}
