//! A walkthrough with the person's answers to its questions and what is known of the account: every value as it stands on the
//! pages.
//!
//! A variable is replaced inside parsed values and inside the strings of documents, so that no value can change a document's
//! structure. What names an optional variable that is empty falls away: the statement, the policy, the group, the tag.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::{
    AccessProposal, Choice, CopyFrom, DocumentSource, Grants, GroupProposal, HandOverProposal, PolicyProposal, Proposed,
    TagProposal, Variable, VariableKind, Walkthrough, Words,
};
use crate::domain::policy::json::{self, Node, Value};

/// What the person answered to the walkthrough's own questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Responses {
    /// The answer chosen, by the choice's id.
    pub choices: BTreeMap<String, usize>,
    /// What was typed, by the variable's id.
    pub variables: BTreeMap<String, String>,
}

impl Responses {
    /// What holds unless the person says otherwise.
    pub fn defaults(of: &Walkthrough) -> Self {
        let choices = of.choices.iter().map(|choice| (choice.id.clone(), choice.default)).collect();
        let value = |variable: &Variable| match &variable.kind {
            VariableKind::Asked { value, .. } => Some((variable.id.clone(), value.clone())),
            _ => None,
        };
        Self { choices, variables: of.variables.iter().filter_map(value).collect() }
    }

    pub fn chosen(&self, choice: &Choice) -> usize {
        self.choices.get(&choice.id).copied().unwrap_or(choice.default)
    }
}

/// What is known of the account and the user, as far as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// Twelve digits.
    pub account: Option<String>,
    pub region: Option<String>,
    pub partition: Option<String>,
    /// The user's name.
    pub user: Option<String>,
}

/// Every value as it stands on the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedWalkthrough {
    pub name: String,
    /// What it says beside the pages.
    pub words: Words,
    /// What it says at the end.
    pub closing: String,
    /// The user's name.
    pub user: Proposed<String>,
    /// The user's path.
    pub path: Proposed<String>,
    /// Key and console.
    pub access: AccessProposal,
    /// Groups, policies, boundary and tags.
    pub grants: Grants,
    /// Groups, policies and boundary can't be changed by the person.
    pub fixed: bool,
    pub hand_over: HandOverProposal,
    /// What fell away since an optional variable is empty, in words.
    pub omitted: Vec<String>,
    filler: Substitution,
}

impl ResolvedWalkthrough {
    /// The document of a file that the person supplied, its variables replaced. `None` where nothing of it is left.
    pub fn document(&self, supplied: &str) -> Option<String> {
        self.filler.document(supplied)
    }

    /// A text with its variables replaced, its lines as they were.
    pub(super) fn sample(&self, text: &str) -> String {
        self.filler.text(text)
    }
}

impl Variable {
    pub(super) fn spellings(&self) -> impl Iterator<Item = String> {
        std::iter::once(format!("{{{{{}}}}}", self.id)).chain(self.spelled.iter().cloned())
    }

    /// Whether a text names it.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.spellings().any(|spelling| is_named(text, &spelling))
    }

    /// Checks what was typed for it.
    ///
    /// # Errors
    /// What it has to look like.
    pub fn check(&self, typed: &str) -> Result<(), String> {
        let VariableKind::Asked { pattern, hint, optional, .. } = &self.kind else { return Ok(()) };
        if typed.is_empty() {
            return if *optional { Ok(()) } else { Err("It is missing: the walkthrough needs it.".to_owned()) };
        }
        match pattern {
            Some(pattern) => {
                let hint = if hint.is_empty() { format!("what {pattern} matches") } else { hint.clone() };
                if whole(pattern).is_ok_and(|whole| whole.is_match(typed)) {
                    Ok(())
                } else {
                    Err(format!("It has to be: {hint}."))
                }
            }
            // What would change the meaning of a policy's string, or end it.
            None => match ["\"", "\\", "*", "?", "${"].iter().find(|mark| typed.contains(**mark)) {
                Some(mark) => Err(format!("“{mark}” is not allowed here: it would change what a policy means.")),
                None if typed.chars().any(char::is_control) => Err("Control characters are not allowed here.".to_owned()),
                None => Ok(()),
            },
        }
    }
}

/// What a whole answer has to match.
pub(super) fn whole(pattern: &str) -> Result<Regex, regex_lite::Error> {
    Regex::new(&format!("^(?:{pattern})$"))
}

/// What each spelling stands for, the longest first; `None` is not known yet, and stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Substitution(Vec<(String, Option<String>)>);

impl Substitution {
    fn of(walkthrough: &Walkthrough, responses: &Responses, bindings: &Bindings) -> Self {
        let mut all = Vec::new();
        for variable in &walkthrough.variables {
            let value = match &variable.kind {
                VariableKind::Asked { value, .. } => Some(responses.variables.get(&variable.id).unwrap_or(value).clone()),
                VariableKind::AccountId => bindings.account.clone(),
                VariableKind::Region => bindings.region.clone(),
                VariableKind::Partition => bindings.partition.clone(),
                VariableKind::UserName => bindings.user.clone(),
            };
            all.extend(variable.spellings().map(|spelling| (spelling, value.clone())));
        }
        all.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
        Self(all)
    }

    /// The spelling that stands at a place of a text.
    fn at(&self, text: &str, at: usize) -> Option<&(String, Option<String>)> {
        self.0.iter().find(|(spelling, _)| stands_at(text, at, spelling))
    }

    fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            match self.at(text, at) {
                Some((spelling, value)) => {
                    out.push_str(value.as_ref().unwrap_or(spelling));
                    at += spelling.len();
                }
                None => {
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        out
    }

    /// A text of many lines: those that name an empty variable fall away.
    fn lines(&self, text: &str) -> String {
        if !self.names_empty(text) {
            return self.text(text);
        }
        text.lines().filter_map(|line| self.kept(line)).collect::<Vec<_>>().join("\n")
    }

    /// Whether a text names a variable that was left empty.
    fn names_empty(&self, text: &str) -> bool {
        self.0.iter().any(|(spelling, value)| value.as_deref() == Some("") && is_named(text, spelling))
    }

    /// The text, or nothing where it falls away.
    fn kept(&self, text: &str) -> Option<String> {
        (!self.names_empty(text)).then(|| self.text(text))
    }

    fn proposed(&self, proposed: &Proposed<String>) -> Proposed<String> {
        Proposed { value: self.text(&proposed.value), fixed: proposed.fixed }
    }

    fn document(&self, text: &str) -> Option<String> {
        if !self.0.iter().any(|(spelling, _)| text.contains(spelling.as_str())) {
            return Some(text.to_owned());
        }
        // What is no JSON is refused as it stands.
        let Ok(mut document) = json::read(text) else { return Some(text.to_owned()) };
        let Value::Object(elements) = &mut document.value else { return Some(text.to_owned()) };
        for (_, statement) in elements.iter_mut().filter(|(key, _)| key.text() == Some("Statement")) {
            if let Value::List(statements) = &mut statement.value {
                statements.retain(|statement| !self.falls(statement));
                if statements.is_empty() {
                    return None;
                }
            } else if self.falls(statement) {
                return None;
            }
        }
        document.change_texts(&|text| self.text(text));
        Some(document.laid_out())
    }

    /// Whether a statement names a variable that was left empty.
    fn falls(&self, statement: &Node) -> bool {
        let mut falls = false;
        statement.each_text(&mut |_, text| falls |= self.names_empty(text));
        falls
    }

    /// What falls away.
    fn omitted(&self, grants: &Grants) -> Vec<String> {
        let mut omitted = Vec::new();
        for policy in &grants.policies {
            let DocumentSource::Text(text) = &policy.document else { continue };
            match self.document(text) {
                _ if !self.names_empty(text) => {}
                None => omitted.push(format!("The policy {} is left out", self.text(&policy.name))),
                Some(_) => omitted.push(format!("A part of the policy {} is left out", self.text(&policy.name))),
            }
        }
        let names = grants.attach.iter().chain(grants.groups.iter().map(|group| &group.name)).chain(&grants.boundary);
        omitted.extend(names.filter(|name| self.names_empty(name)).map(|name| format!("“{name}” is left out")));
        omitted.iter().map(|words| format!("{words}: what it names was left empty.")).collect()
    }

    fn grants(&self, grants: &Grants) -> Grants {
        // What refers to a policy that falls away goes with it.
        let is_gone = |name: &String| {
            let of_file = grants.policies.iter().find(|policy| policy.id == *name);
            of_file.is_some_and(|policy| match &policy.document {
                DocumentSource::Text(text) => self.document(text).is_none() || self.names_empty(&policy.name),
                DocumentSource::Supplied(_) => self.names_empty(&policy.name),
            })
        };
        let all =
            |names: &[String]| names.iter().filter(|name| !is_gone(name)).filter_map(|name| self.kept(name)).collect::<Vec<_>>();
        let group = |group: &GroupProposal| {
            Some(GroupProposal { name: self.kept(&group.name)?, policies: group.policies.as_deref().map(all) })
        };
        let tag = |tag: &TagProposal| {
            let value = Proposed { value: self.kept(&tag.value.value)?, fixed: tag.value.fixed };
            Some(TagProposal { key: self.kept(&tag.key)?, value })
        };
        let pair = |(key, value): &(String, String)| Some((self.kept(key)?, self.kept(value)?));
        let policy = |policy: &PolicyProposal| {
            let document = match &policy.document {
                DocumentSource::Text(text) => DocumentSource::Text(self.document(text)?),
                DocumentSource::Supplied(words) => DocumentSource::Supplied(self.text(words)),
            };
            Some(PolicyProposal {
                name: self.kept(&policy.name)?,
                description: self.text(&policy.description),
                tags: policy.tags.iter().filter_map(pair).collect(),
                document,
                ..policy.clone()
            })
        };
        Grants {
            groups: grants.groups.iter().filter_map(group).collect(),
            attach: all(&grants.attach),
            boundary: grants.boundary.as_ref().filter(|name| !is_gone(name)).and_then(|name| self.kept(name)),
            copy_from: grants.copy_from.as_ref().and_then(|from| match from {
                CopyFrom::User(name) => self.kept(name).map(CopyFrom::User),
                CopyFrom::Asked => Some(CopyFrom::Asked),
            }),
            policies: grants.policies.iter().filter_map(policy).collect(),
            tags: grants.tags.iter().filter_map(tag).collect(),
        }
    }
}

/// Whether a text names a spelling anywhere.
fn is_named(text: &str, spelling: &str) -> bool {
    text.match_indices(spelling).any(|(at, _)| stands_at(text, at, spelling))
}

/// Whether a spelling stands at a place of a text, as a whole: `$ACCOUNT` does not stand in `$ACCOUNT_ID`, nor `mybucket` in
/// `notmybucket`, `mybucket-data` or `mybucket.logs`. What begins or ends with a mark, as `<bucket>`, needs nothing around it.
fn stands_at(text: &str, at: usize, spelling: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    // A dash or a dot joins words, and ends a sentence.
    fn goes_on(mut beside: impl Iterator<Item = char>, is_word: fn(char) -> bool) -> bool {
        match beside.next() {
            Some('-' | '.') => beside.next().is_some_and(is_word),
            Some(c) => is_word(c),
            None => false,
        }
    }
    let Some(rest) = text[at..].strip_prefix(spelling) else { return false };
    let ends_whole = !spelling.ends_with(is_word) || !goes_on(rest.chars(), is_word);
    let begins_whole = !spelling.starts_with(is_word) || !goes_on(text[..at].chars().rev(), is_word);
    ends_whole && begins_whole
}

impl Grants {
    /// Adds what an answer gives. A group that is named before gets the further policies.
    pub(super) fn add(&mut self, more: &Self) {
        for group in &more.groups {
            match self.groups.iter_mut().find(|bindings| bindings.name == group.name) {
                Some(bindings) => {
                    if let Some(policies) = &group.policies {
                        add_all(bindings.policies.get_or_insert_default(), policies);
                    }
                }
                None => self.groups.push(group.clone()),
            }
        }
        add_all(&mut self.attach, &more.attach);
        self.boundary = self.boundary.take().or_else(|| more.boundary.clone());
        self.copy_from = self.copy_from.take().or_else(|| more.copy_from.clone());
        self.policies.extend(more.policies.iter().cloned());
        self.tags.extend(more.tags.iter().filter(|tag| !self.tags.contains(tag)).cloned().collect::<Vec<_>>());
    }
}

fn add_all(to: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !to.contains(name) {
            to.push(name.clone());
        }
    }
}

impl Words {
    /// Each page's words, with the page's key.
    pub fn pages(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("walkthrough", self.walkthrough.as_str()),
            ("user", &self.user),
            ("access", &self.access),
            ("permissions", &self.permissions),
            ("tags", &self.tags),
            ("review", &self.review),
            ("hand-over", &self.hand_over),
        ]
        .into_iter()
    }

    /// Each page's words.
    fn all_mut(&mut self) -> [&mut String; 7] {
        [
            &mut self.walkthrough,
            &mut self.user,
            &mut self.access,
            &mut self.permissions,
            &mut self.tags,
            &mut self.review,
            &mut self.hand_over,
        ]
    }

    fn add(&mut self, more: &Self) {
        let mut more = more.clone();
        for (words, more) in self.all_mut().into_iter().zip(more.all_mut()) {
            if !words.is_empty() && !more.is_empty() {
                words.push_str("\n\n");
            }
            words.push_str(more);
        }
    }
}

impl Walkthrough {
    /// Its values for these answers and this account.
    pub fn resolve(&self, responses: &Responses, bindings: &Bindings) -> ResolvedWalkthrough {
        let filler = Substitution::of(self, responses, bindings);
        let (mut grants, mut words) = (self.grants.clone(), self.words.clone());
        for choice in &self.choices {
            if let Some(answer) = choice.answers.get(responses.chosen(choice)) {
                grants.add(&answer.grants);
                words.add(&answer.words);
            }
        }
        for text in words.all_mut() {
            *text = filler.lines(text);
        }
        let omitted = filler.omitted(&grants);
        ResolvedWalkthrough {
            name: self.name.clone(),
            closing: filler.lines(&self.closing),
            user: filler.proposed(&self.user),
            path: filler.proposed(&self.path),
            access: AccessProposal { description: filler.proposed(&self.access.description), ..self.access.clone() },
            grants: filler.grants(&grants),
            fixed: self.fixed,
            hand_over: HandOverProposal {
                profile: filler.text(&self.hand_over.profile),
                region: filler.text(&self.hand_over.region),
                output: self.hand_over.output.clone(),
                paste: filler.lines(&self.hand_over.paste),
            },
            words,
            omitted,
            filler,
        }
    }
}
