//! The users as text to print: a table to read, JSON and CSV for programs.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::{KeyUse, Overview, UserKey};
use crate::domain::moment::Moment;
use crate::domain::sanitise::{ascii, clean};

/// What every form of the list has besides the users.
#[derive(Clone, Debug)]
pub struct Head {
    pub account: String,
    /// AWS's clock: all ages are counted to it.
    pub at: Moment,
    /// When the credential report was made; `None` where each user was asked about.
    pub report_made: Option<Moment>,
    /// What stands out of the root user.
    pub root: Vec<&'static str>,
    /// What is not known, and why.
    pub gaps: Vec<String>,
}

fn key_json(key: &UserKey) -> Value {
    let (used, never) = match key.used {
        KeyUse::Never => (None, Some(true)),
        KeyUse::At(at) => (Some(at), Some(false)),
        KeyUse::Unknown => (None, None),
    };
    json!({ "id": key.id, "status": key.status.word(), "created": key.created, "used": used, "never_used": never })
}

/// As JSON; what is not known is null.
pub fn json(head: &Head, users: &[Overview]) -> String {
    let user = |one: &Overview| {
        json!({
            "name": one.user.name,
            "path": one.user.path,
            "id": one.user.id,
            "arn": one.user.arn,
            "created": one.user.created,
            "console": one.has_password,
            "signed_in": one.user.signed_in,
            "mfa": one.has_mfa,
            "groups": one.groups,
            "policies": one.policies,
            "keys": one.keys.as_ref().map(|keys| keys.iter().map(key_json).collect::<Vec<_>>()),
            "profiles": one.profiles,
            "stands_out": one.notices(head.at).iter().map(super::Notice::words).collect::<Vec<_>>(),
        })
    };
    let users: Vec<Value> = users.iter().map(user).collect();
    let all = json!({
        "account": head.account, "at": head.at, "report_made": head.report_made, "root": head.root, "gaps": head.gaps, "users": users,
    });
    // What a terminal would take for a command is escaped.
    ascii(&format!("{all:#}\n"))
}

const COLUMNS: [&str; 15] = [
    "User name",
    "Path",
    "Created",
    "Console access",
    "Last sign-in",
    "MFA",
    "Groups",
    "Key 1",
    "Key 1 created",
    "Key 1 last used",
    "Key 2",
    "Key 2 created",
    "Key 2 last used",
    "Profiles here",
    "Stands out",
];

fn truth(known: Option<bool>) -> String {
    known.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
}

/// As CSV (RFC 4180), with a head. What a spreadsheet would take for a formula is quoted as text.
pub fn csv(head: &Head, users: &[Overview]) -> String {
    let mut out = COLUMNS.join(",") + "\r\n";
    for one in users {
        let key = |at: usize| {
            let Some(key) = one.keys.as_ref().and_then(|keys| keys.get(at)) else { return [const { String::new() }; 3] };
            let id = key.id.as_ref().map(|id| format!("{id} ")).unwrap_or_default();
            let used = match key.used {
                KeyUse::Never => "never".to_owned(),
                KeyUse::At(at) => at.date(),
                KeyUse::Unknown => String::new(),
            };
            [format!("{id}{}", key.status.word()), key.created.map(Moment::date).unwrap_or_default(), used]
        };
        let notices: Vec<String> = one.notices(head.at).iter().map(super::Notice::words).collect();
        let cells = [
            one.user.name.clone(),
            one.user.path.clone(),
            one.user.created.date(),
            truth(one.has_password),
            one.user.signed_in.map(Moment::date).unwrap_or_default(),
            truth(one.has_mfa),
            one.groups.as_ref().map(|groups| groups.join("; ")).unwrap_or_default(),
        ];
        let rest = [one.profiles.join("; "), notices.join("; ")];
        let all: Vec<String> = cells.into_iter().chain(key(0)).chain(key(1)).chain(rest).map(|text| cell(&text)).collect();
        out += &(all.join(",") + "\r\n");
    }
    out
}

/// A cell: quoted where it holds a comma, a quote or a line end, and never a formula (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// How long ago something was, in a few characters: "today", "12 d".
pub fn ago(at: Moment, now: Moment) -> String {
    match at.days_until(now) {
        0 => "today".to_owned(),
        days => format!("{days} d"),
    }
}

/// What a table shows of the keys: "2 active, 412 d".
pub fn keys_in_short(keys: Option<&[UserKey]>, now: Moment) -> String {
    let Some(keys) = keys else { return "?".to_owned() };
    let active = keys.iter().filter(|key| key.status == crate::domain::operation::KeyStatus::Active);
    let oldest = active.clone().filter_map(|key| key.created).map(|created| created.days_until(now)).max();
    match (active.count(), keys.len(), oldest) {
        (_, 0, _) => "-".to_owned(),
        (0, count, _) => format!("{count} inactive"),
        (count, _, Some(days)) => format!("{count} active, {days} d"),
        (count, ..) => format!("{count} active"),
    }
}

/// What a table shows of the console password: none, or when somebody signed in with it last.
pub fn console_in_short(one: &Overview, now: Moment) -> String {
    match (one.has_password, one.user.signed_in) {
        (None, _) => "?".to_owned(),
        (Some(false), _) => "-".to_owned(),
        (Some(true), Some(at)) => ago(at, now),
        (Some(true), None) => "never".to_owned(),
    }
}

/// What a table shows of a yes or no.
pub fn mark(known: Option<bool>) -> &'static str {
    match known {
        None => "?",
        Some(true) => "yes",
        Some(false) => "-",
    }
}

/// As a table to read.
pub fn text(head: &Head, users: &[Overview]) -> String {
    let titles = ["User", "Groups", "Sign-in", "MFA", "Keys", "Last seen", "Profiles here", "Stands out"];
    let row = |one: &Overview| {
        let notices: Vec<String> = one.notices(head.at).iter().map(super::Notice::words).collect();
        let groups = one.groups.as_ref().map_or_else(|| "?".to_owned(), |groups| groups.join(", "));
        [
            clean(&one.user.name),
            clean(&groups),
            console_in_short(one, head.at),
            mark(one.has_mfa).to_owned(),
            keys_in_short(one.keys.as_deref(), head.at),
            one.last_seen().map_or_else(|| "-".to_owned(), |at| ago(at, head.at)),
            clean(&one.profiles.join(", ")),
            notices.join(", "),
        ]
    };
    let rows: Vec<[String; 8]> = std::iter::once(titles.map(str::to_owned)).chain(users.iter().map(row)).collect();
    let widths: Vec<usize> = (0..titles.len()).map(|at| rows.iter().map(|row| row[at].width()).max().unwrap_or(0)).collect();
    // A column of which nobody has anything is left out.
    let is_used = |at: &usize| rows[1..].iter().any(|row| !row[*at].is_empty());
    let used: Vec<usize> = (0..titles.len()).filter(|at| *at == 0 || is_used(at)).collect();
    let line = |row: &[String; 8]| {
        let cells = used.iter().map(|at| format!("{}{}", row[*at], " ".repeat(widths[*at] - row[*at].width())));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let count = if users.len() == 1 { "1 user".to_owned() } else { format!("{} users", users.len()) };
    let report = head.report_made.map(|made| format!("; the credential report is of {made}")).unwrap_or_default();
    let told = head.root.iter().copied().chain(head.gaps.iter().map(String::as_str));
    let told: String = told.map(|words| format!("! {}\n", clean(words))).collect();
    rows.iter().map(line).collect::<String>() + &format!("\n{count} in account {}{report}.\n{told}", head.account)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_commas_stay_inside() {
        assert_eq!(cell("-a+=,.@_"), "\"'-a+=,.@_\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a\"b"), "\"a\"\"b\"");
        assert_eq!(cell("plain"), "plain");
    }

    proptest! {
        /// Whatever stands in a cell comes back from a reader of RFC 4180, and begins like no formula.
        #[test]
        fn any_cell_is_read_back(text in ".{0,40}") {
            let written = cell(&text);
            let read = match written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
                Some(inner) => inner.replace("\"\"", "\""),
                None => written.clone(),
            };
            prop_assert!(!read.starts_with(['=', '+', '-', '@']));
            prop_assert!(read == text || read.strip_prefix('\'') == Some(text.as_str()));
        }
    }
}
