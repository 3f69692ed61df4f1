//! Answers as a file: the same format, with everything answered. Never a secret: a password of the person's own is left out,
//! and one is generated in its place.

use crate::domain::answers::{NewPolicy, PolicyChoice, PolicyUse};
use crate::domain::request::Request;
use crate::domain::tag::Tag;

use super::{HandOverProposal, ResolvedWalkthrough};

/// The text of a walkthrough that answers everything as this request does, which followed this guide.
pub fn written(request: &Request, guide: &ResolvedWalkthrough, hand_over: &HandOverProposal) -> String {
    let mut out = Writer::default();
    let user = &request.user;
    out.text("title", &format!("The answers for {}", user.name));
    out.text("summary", &format!("What was answered for {} with the walkthrough {}.", user.name, guide.name));
    out.text("closing", &guide.closing);
    out.table("user");
    out.text("name", user.name.as_str());
    out.text("path", user.path.as_str());
    out.table("access");
    out.flag("key", request.access.key.is_some());
    if let Some(key) = &request.access.key {
        out.text("use-case", key.use_case.word());
        out.text("description", key.description.as_deref().unwrap_or_default());
    }
    out.flag("console", request.access.console.is_some());
    out.flag("reset", request.access.console.as_ref().is_some_and(|console| console.reset));
    let chosen = &request.permissions;
    let made = |used: PolicyUse| chosen.policies.iter().filter(move |policy| policy.used == used);
    for group in &chosen.groups {
        out.table(&format!("groups.{}", quoted_key(group.as_str())));
    }
    if let Some(group) = &chosen.new_group {
        out.table(&format!("groups.{}", quoted_key(group.name.as_str())));
        let own = made(PolicyUse::Group).map(|policy| policy.name.to_string());
        out.list("policies", own.chain(group.policies.iter().map(reference)));
    }
    out.table("permissions");
    out.list("attach", chosen.attached.iter().map(reference));
    let boundary = made(PolicyUse::Boundary).map(|policy| policy.name.to_string()).next();
    out.text("boundary", &boundary.or_else(|| chosen.boundary.as_ref().map(reference)).unwrap_or_default());
    out.text("copy-from", chosen.copy_from.as_ref().map_or("", |user| user.as_str()));
    for policy in &chosen.policies {
        out.policy(policy);
    }
    for policy in &chosen.inline {
        out.table(&format!("policies.{}", quoted_key(policy.name.as_str())));
        out.flag("inline", true);
        out.document(&policy.document);
    }
    out.tags("tags", &request.tags);
    out.table("hand-over");
    out.text("profile", &hand_over.profile);
    out.text("region", &hand_over.region);
    out.text("output", &hand_over.output);
    out.text("paste", &hand_over.paste);
    out.0
}

/// AWS's policies by name where that says it all, others by ARN.
fn reference(policy: &PolicyChoice) -> String {
    let is_bare = policy.arn.ends_with(&format!(":iam::aws:policy/{}", policy.name));
    if is_bare { policy.name.clone() } else { policy.arn.clone() }
}

/// A text as TOML has it: what JSON escapes, and DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

fn quoted_key(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if is_bare { key.to_owned() } else { quoted(key) }
}

#[derive(Default)]
struct Writer(String);

impl Writer {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn table(&mut self, name: &str) {
        self.line("");
        self.line(&format!("[{name}]"));
    }

    /// What is empty is not said.
    fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("{key} = {}", quoted(value)));
        }
    }

    fn flag(&mut self, key: &str, on: bool) {
        self.line(&format!("{key} = {on}"));
    }

    fn list(&mut self, key: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.map(|item| quoted(&item)).collect();
        self.line(&format!("{key} = [{}]", items.join(", ")));
    }

    fn tags(&mut self, table: &str, tags: &[Tag]) {
        if !tags.is_empty() {
            self.table(table);
            for tag in tags {
                self.line(&format!("{} = {}", quoted_key(&tag.key), quoted(&tag.value)));
            }
        }
    }

    fn policy(&mut self, policy: &NewPolicy) {
        let name = format!("policies.{}", quoted_key(policy.name.as_str()));
        self.table(&name);
        self.text("description", &policy.description);
        self.document(&policy.document);
        if policy.new_version {
            self.flag("new-version", true);
        }
        self.tags(&format!("{name}.tags"), &policy.tags);
    }

    /// Between `'''` as it stands, where TOML takes that.
    fn document(&mut self, document: &str) {
        let is_literal = |c: char| c == '\n' || c == '\t' || !c.is_control();
        if document.contains("''") || document.ends_with('\'') || !document.chars().all(is_literal) {
            return self.text("document", document);
        }
        self.line(&format!("document = '''\n{document}'''"));
    }
}
