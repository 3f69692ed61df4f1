//! The grammar of a policy: which elements there are, what each holds, and the forms of actions and conditions.

use super::json::{Node, Value};
use super::{Faults, Rank, arns};

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
pub(super) fn check(document: &Node, faults: &mut Faults) {
    let Value::Object(elements) = &document.value else {
        return faults.syntax(document.at, "A policy begins with “{”: it is an object with Version and Statement.");
    };
    known(elements, &TOP, "of a policy", faults);
    version(document.at, one(elements, "Version"), faults);
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
    for statement in statements {
        let Value::Object(elements) = &statement.value else {
            faults.syntax(statement.at, "A statement is an object: {\"Effect\": …, \"Action\": …, \"Resource\": …}.");
            continue;
        };
        known(elements, &ELEMENTS, "of a statement", faults);
        sid(one(elements, "Sid"), &mut sids, faults);
        effect(statement.at, one(elements, "Effect"), faults);
        texts(statement.at, elements, ["Action", "NotAction"], faults);
        texts(statement.at, elements, ["Resource", "NotResource"], faults);
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
    // Of a name that stands there twice IAM's own parser would take the last; that it does is told as a fault.
    elements.iter().rfind(|(key, _)| key.text() == Some(name))
}

fn one<'a>(elements: &'a Entries, name: &str) -> Option<&'a Node> {
    entry(elements, name).map(|(_, value)| value)
}

/// Every element is known, in its own capitals, and there once.
fn known(elements: &Entries, names: &[&str], of: &str, faults: &mut Faults) {
    for (index, (key, _)) in elements.iter().enumerate() {
        let name = key.text().unwrap_or_default();
        if !names.contains(&name) {
            let meant = names.iter().find(|known| known.eq_ignore_ascii_case(name));
            faults.syntax(
                key.at,
                match meant {
                    Some(meant) => format!("“{name}” has to be written “{meant}”."),
                    None => format!("“{name}” is no element {of}: there are {}.", names.join(", ")),
                },
            );
        } else if elements[..index].iter().any(|(earlier, _)| earlier.text() == Some(name)) {
            faults.syntax(key.at, format!("“{name}” is there twice: make one of the two."));
        }
    }
}

fn version(at: usize, version: Option<&Node>, faults: &mut Faults) {
    const OLD: &str = "Policy document must be version 2012-10-17 or greater.";
    const REMEDY: &str = "Write \"Version\": \"2012-10-17\". It is the version of the language, and not the date of writing.";
    match version.map(|node| (node.at, node.text())) {
        Some((_, Some("2012-10-17"))) => {}
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
        let words = format!("The Sid “{text}” is there twice: give each statement its own, or none.");
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

pub(super) const LEGACY: &str = "The policy failed legacy parsing";

/// `Action` or `NotAction`, `Resource` or `NotResource`: exactly one of the two, a text or a list of texts.
fn texts(at: usize, elements: &Entries, names: [&str; 2], faults: &mut Faults) {
    let is_action = names[0] == "Action";
    let missing = |faults: &mut Faults, at: usize| {
        let (rank, iam) = match is_action {
            true => (Rank::NoAction, "Policy statement must contain actions."),
            false => (Rank::NoResource, "Policy statement must contain resources."),
        };
        faults.add(rank, at, format!("A statement needs {} or {}, with at least one entry.", names[0], names[1]), iam);
    };
    let found = names.map(|name| entry(elements, name));
    let node = match found {
        [Some(_), Some((key, _))] => return faults.syntax(key.at, format!("{} and {} exclude each other.", names[0], names[1])),
        [Some((_, node)), None] | [None, Some((_, node))] => node,
        [None, None] => return missing(faults, at),
    };
    let items = match &node.value {
        Value::Text(_) => std::slice::from_ref(node),
        Value::List(items) if items.is_empty() => return missing(faults, node.at),
        Value::List(items) => items,
        _ => return faults.syntax(node.at, format!("{} has to be a text, or a list of texts.", names[0])),
    };
    for item in items {
        match item.text() {
            Some(text) if is_action => action(item.at, text, faults),
            Some(text) => arns::check(item.at, text, faults),
            None => faults.syntax(item.at, format!("{} has to be a text, or a list of texts.", names[0])),
        }
    }
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
    for (operator, keys) in operators {
        let name = operator.text().unwrap_or_default();
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
        for (_, value) in entries {
            let values = match &value.value {
                Value::List(values) => values,
                _ => std::slice::from_ref(value),
            };
            for value in values {
                match &value.value {
                    Value::Text(text) if bare.starts_with("Date") => date(value.at, text, faults),
                    Value::Text(_) | Value::Bool | Value::Number => {}
                    _ => faults.syntax(value.at, "The value of a condition has to be a text, a number, or true or false."),
                }
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
