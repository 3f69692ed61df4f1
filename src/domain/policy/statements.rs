//! The grammar of a policy: which elements there are, what each holds, and the forms of actions and conditions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::json::{Node, Value};
use super::{Faults, LEGACY, Purpose, Rank, arns};

const TOP: [&str; 3] = ["Version", "Id", "Statement"];
const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal"];
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// Checks a whole document.
pub(super) fn check(document: &Node, purpose: &Purpose<'_>, faults: &mut Faults) {
    let Value::Object(elements) = &document.value else {
        return faults.syntax(document.at, "A policy begins with “{”: it is an object with Version and Statement.");
    };
    known(elements, &TOP, "of a policy", faults);
    version(document.at, one(elements, "Version"), purpose.inline, faults);
    if let Some(id) = one(elements, "Id") {
        match id.value {
            Value::Text(_) => {
                faults.add(
                    Rank::Identity,
                    id.at,
                    "A policy of a user or group has no Id: remove it.",
                    "Policy document has prohibited field Id.",
                );
            }
            _ => faults.syntax(id.at, "Id has to be a text."),
        }
    }
    let Some(statement) = one(elements, "Statement") else {
        return faults.syntax(document.at, "Statement is missing: it says what is allowed.");
    };
    let statements = match &statement.value {
        Value::Object(_) => std::slice::from_ref(statement),
        Value::List(statements) if !statements.is_empty() => statements,
        _ => return faults.syntax(statement.at, "Statement has to hold at least one statement."),
    };
    let mut sids: Vec<&str> = Vec::new();
    let mut partitions = arns::Partitions::of(purpose.partition);
    for statement in statements {
        let Value::Object(elements) = &statement.value else {
            faults.syntax(statement.at, "A statement is an object: {\"Effect\": …, \"Action\": …, \"Resource\": …}.");
            continue;
        };
        known(elements, &ELEMENTS, "of a statement", faults);
        sid(one(elements, "Sid"), &mut sids, faults);
        effect(statement.at, one(elements, "Effect"), faults);
        for item in texts(statement.at, elements, ["Action", "NotAction"], faults) {
            action(item.at, item.text().unwrap_or_default(), faults);
        }
        for item in texts(statement.at, elements, ["Resource", "NotResource"], faults) {
            arns::check(item.at, item.text().unwrap_or_default(), &mut partitions, faults);
        }
        if let Some(condition) = one(elements, "Condition") {
            conditions(condition, faults);
        }
        for key in ["Principal", "NotPrincipal"] {
            if let Some(principal) = entry(elements, key) {
                let words = format!("{key} is for policies of resources and roles: a policy of a user or group has none.");
                faults.add(Rank::Identity, principal.0.at, words, "Policy document should not specify a principal.");
            }
        }
    }
}

type Entries = [(Node, Node)];

fn entry<'a>(elements: &'a Entries, name: &str) -> Option<&'a (Node, Node)> {
    // Of a name that appears twice IAM's own parser would take the last; that it does is reported as a fault.
    elements.iter().rfind(|(key, _)| key.text() == Some(name))
}

fn one<'a>(elements: &'a Entries, name: &str) -> Option<&'a Node> {
    entry(elements, name).map(|(_, value)| value)
}

/// Every element is known, in its own capitals, and there once.
fn known(elements: &Entries, names: &[&str], of: &str, faults: &mut Faults) {
    let mut seen = Seen::default();
    for (key, _) in elements {
        let name = key.text().unwrap_or_default();
        let earlier = seen.earlier(name.to_owned(), key.at);
        if !names.contains(&name) {
            let meant = names.iter().find(|known| known.eq_ignore_ascii_case(name));
            faults.syntax(
                key.at,
                match meant {
                    Some(meant) => format!("“{name}” has to be written “{meant}”."),
                    None => format!("“{name}” is no element {of}: there are {}.", names.join(", ")),
                },
            );
        } else if let Some(earlier) = earlier {
            faults.twice(key.at, earlier, format!("“{name}” appears twice: make one of the two."));
        }
    }
}

/// A user's own policy may still be of the first version, or say none; of a managed one IAM wants the current version.
fn version(at: usize, version: Option<&Node>, inline: bool, faults: &mut Faults) {
    const OLD: &str = "Policy document must be version 2012-10-17 or greater.";
    const REMEDY: &str = "Write \"Version\": \"2012-10-17\". It is the version of the language, and not the date of writing.";
    match version.map(|node| (node.at, node.text())) {
        Some((_, Some("2012-10-17"))) => {}
        Some((_, Some("2008-10-17"))) | None if inline => {}
        Some((at, Some("2008-10-17"))) => faults.add(Rank::Version, at, REMEDY, OLD),
        Some((at, _)) => faults.syntax(at, REMEDY),
        None => faults.add(Rank::Version, at, format!("Version is missing. {REMEDY}"), OLD),
    }
}

fn sid<'a>(sid: Option<&'a Node>, sids: &mut Vec<&'a str>, faults: &mut Faults) {
    let Some(node) = sid else { return };
    let Some(text) = node.text() else {
        return faults.syntax(node.at, "Sid has to be a text.");
    };
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let words = "A Sid has letters A-Z, a-z and digits only.";
        faults.add(Rank::Identity, node.at, words, "Statement IDs (SID) should be alpha-numeric.");
    }
    if !text.is_empty() && sids.contains(&text) {
        let words = format!("The Sid “{text}” appears twice: give each statement its own, or none.");
        faults.add(Rank::Sid, node.at, words, "Statement IDs (SID) in a single policy must be unique.");
    }
    sids.push(text);
}

fn effect(at: usize, effect: Option<&Node>, faults: &mut Faults) {
    const REMEDY: &str = "Effect has to be \"Allow\" or \"Deny\".";
    match effect.map(|node| (node.at, node.text())) {
        Some((_, Some("Allow" | "Deny"))) => {}
        Some((at, Some(text))) if text.eq_ignore_ascii_case("allow") || text.eq_ignore_ascii_case("deny") => {
            faults.add(Rank::Legacy, at, format!("{REMEDY} Capitals count."), LEGACY);
        }
        Some((at, _)) => faults.syntax(at, REMEDY),
        None => faults.syntax(at, format!("Effect is missing. {REMEDY}")),
    }
}

/// `Action` or `NotAction`, `Resource` or `NotResource`: exactly one of the two, a text or a list of texts. Gives the texts.
fn texts<'a>(at: usize, elements: &'a Entries, names: [&str; 2], faults: &mut Faults) -> Vec<&'a Node> {
    let is_action = names[0] == "Action";
    let missing = |faults: &mut Faults, at: usize| {
        let (rank, iam) = match is_action {
            true => (Rank::NoAction, "Policy statement must contain actions."),
            false => (Rank::NoResource, "Policy statement must contain resources."),
        };
        faults.add(rank, at, format!("A statement needs {} or {}, with at least one entry.", names[0], names[1]), iam);
        Vec::new()
    };
    let node = match names.map(|name| entry(elements, name)) {
        [Some(_), Some((key, _))] => {
            faults.syntax(key.at, format!("{} and {} exclude each other.", names[0], names[1]));
            return Vec::new();
        }
        [Some((_, node)), None] | [None, Some((_, node))] => node,
        [None, None] => return missing(faults, at),
    };
    if matches!(&node.value, Value::List(items) if items.is_empty()) {
        return missing(faults, node.at);
    }
    let (texts, others): (Vec<&Node>, Vec<&Node>) = node.items().iter().partition(|item| item.text().is_some());
    for other in others {
        faults.syntax(other.at, format!("{} has to be a text, or a list of texts.", names[0]));
    }
    texts
}

fn action(at: usize, action: &str, faults: &mut Faults) {
    let mut parts = action.split(':');
    let (vendor, name, more) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    if name.is_none() && vendor != "*" {
        let words = format!("“{action}” lacks its service: an action is “s3:GetObject”, or “*” for all.");
        let iam = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
        faults.add(Rank::Action, at, words, iam);
    } else if more.is_some() {
        let words = format!("“{action}” has more than one “:”.");
        faults.add(Rank::Action, at, words, "Actions/Condition can contain only one colon.");
    } else if vendor != "*" && !vendor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
        let words = format!("“{vendor}” is no service: only letters, digits, - and . stand before the “:”.");
        faults.add(Rank::Action, at, words, format!("Vendor {vendor} is not valid"));
    }
}

fn conditions(condition: &Node, faults: &mut Faults) {
    let Value::Object(operators) = &condition.value else {
        return faults.syntax(condition.at, "Condition has to be an object: {\"StringEquals\": {\"aws:…\": \"…\"}}.");
    };
    // IAM ignores capitals in operators and condition keys.
    let mut seen = Seen::default();
    for (operator, keys) in operators {
        let name = operator.text().unwrap_or_default();
        if let Some(earlier) = seen.earlier(name.to_ascii_lowercase(), operator.at) {
            let words = format!("The operator “{name}” appears twice: put the keys of both into one.");
            faults.twice(operator.at, earlier, words);
        }
        let bare = ["ForAnyValue:", "ForAllValues:"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
        let Value::Object(entries) = &keys.value else {
            faults.syntax(keys.at, format!("{name} has to be an object of condition keys and values."));
            continue;
        };
        if !OPERATORS.contains(&bare) && !entries.is_empty() {
            let meant = OPERATORS.iter().find(|known| known.eq_ignore_ascii_case(bare));
            let meant = meant.map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
            faults.syntax(operator.at, format!("“{name}” is no condition operator.{meant}"));
        }
        let mut seen = Seen::default();
        for (key, _) in entries {
            let name = key.text().unwrap_or_default();
            if let Some(earlier) = seen.earlier(name.to_ascii_lowercase(), key.at) {
                let words = format!(
                    "The condition key “{name}” appears twice (capitals don't count): put the values of both into one list."
                );
                faults.twice(key.at, earlier, words);
            }
            // `accounts.google.com:aud`, `aws:PrincipalTag/team`.
            if name.split(':').next().is_none_or(str::is_empty) || !name.contains(':') {
                let words = format!("“{name}” lacks its service: a condition key is “aws:SourceVpc” or “s3:prefix”.");
                let iam = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
                faults.add(Rank::Action, key.at, words, iam);
            }
        }
        for (_, value) in entries {
            let values = match &value.value {
                Value::List(values) => values,
                _ => std::slice::from_ref(value),
            };
            for value in values {
                match &value.value {
                    Value::Text(text) if bare.starts_with("Date") => date(value.at, text, faults),
                    Value::Text(_) | Value::Bool(_) | Value::Number(_) => {}
                    _ => faults.syntax(value.at, "The value of a condition has to be a text, a number, or true or false."),
                }
            }
        }
    }
}

/// Names that were met, with where each stands first.
#[derive(Default)]
struct Seen(HashMap<String, usize>);

impl Seen {
    /// Where the same name stands already.
    fn earlier(&mut self, name: String, at: usize) -> Option<usize> {
        match self.0.entry(name) {
            Entry::Occupied(earlier) => Some(*earlier.get()),
            Entry::Vacant(new) => {
                new.insert(at);
                None
            }
        }
    }
}

/// A date of ISO 8601, or seconds since 1970.
fn date(at: usize, text: &str, faults: &mut Faults) {
    let is_number = |text: &str, most: u64| text.parse::<u64>().is_ok_and(|number| number <= most);
    let lower = text.to_ascii_lowercase();
    let is_date = if !lower.contains(['t', '-']) {
        text.parse::<i64>().is_ok_and(|seconds| seconds >= 0)
    } else {
        let (day, time) = lower.split_once('t').unwrap_or((&lower, ""));
        let day = day.strip_prefix('-').unwrap_or(day);
        let mut parts = day.split('-');
        let (year, month, of_month) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let time = time.trim_end_matches('z').split(['+', '-']).next().unwrap_or_default();
        let mut clock = time.split(':');
        let within =
            |part: Option<&str>, most| part.is_none_or(|part| is_number(part.split('.').next().unwrap_or_default(), most));
        is_number(year, 292_278_993)
            && month.is_none_or(|month| (1..=12).contains(&month.parse().unwrap_or(0)))
            && of_month.is_none_or(|day| (1..=31).contains(&day.parse().unwrap_or(0)))
            && parts.next().is_none()
            && (time.is_empty() || (within(clock.next(), 23) && within(clock.next(), 59) && within(clock.next(), 59)))
    };
    if !is_date {
        faults.add(Rank::Legacy, at, format!("“{text}” is no date: write it as 2026-12-31T23:59:59Z."), LEGACY);
    }
}
