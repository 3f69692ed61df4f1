//! The words of a form's fields, and what stands beside the highlighted row of a list.

use std::borrow::Cow;

use crate::app::Context;
use crate::app::field::{Control, Field};
use crate::app::form::Form;
use crate::app::table::{Detail, ListState, Pick, Table};
use crate::domain::facts::{Fact, UserPermissions};
use crate::domain::fault::Fault;

/// A form, and what stands beside its open list.
pub struct FormView<'a> {
    pub form: &'a Form,
    /// What stands beside the highlighted row.
    pub detail: Vec<Beside<'a>>,
}

/// A line of what stands beside a list, by how it is broken where it is too long.
pub enum Beside<'a> {
    Words(Cow<'a, str>),
    /// At words, its indent kept.
    Hanging(String),
    /// Anywhere, its indent kept: nothing of a policy is hidden.
    Code(&'a str),
    Line(String),
}

impl<'a> FormView<'a> {
    pub(super) fn of(form: &'a Form, context: &'a Context) -> Self {
        let detail = match form.focused().map(|field| &field.control) {
            Some(Control::Table(table)) => beside(table, context),
            _ => Vec::new(),
        };
        Self { form, detail }
    }
}

fn beside<'a>(table: &'a Table, context: &'a Context) -> Vec<Beside<'a>> {
    let facts = &context.facts;
    let Some(row) = table.highlighted() else { return Vec::new() };
    let waiting = || vec![Beside::Line("…".to_owned())];
    let refused = |fault: &Fault| vec![Beside::Words(Cow::Owned(fault.to_string()))];
    match table.detail {
        Detail::Document => {
            let mut lines = vec![Beside::Words(Cow::Borrowed(&row.name)), Beside::Line(row.remark.clone())];
            lines.extend(match facts.document(&row.key) {
                Some(Fact::Known(text)) => text.lines().map(Beside::Code).collect(),
                Some(Fact::Denied(fault) | Fact::Failed(fault)) => refused(&fault),
                _ => waiting(),
            });
            lines
        }
        Detail::GroupPolicies => match facts.group_policies(&row.key) {
            Some(Fact::Known(held)) if held.policies.is_empty() && held.inline.is_empty() => {
                vec![Beside::Line("No policies.".to_owned())]
            }
            Some(Fact::Known(held)) => std::iter::once("Policies of this group:".to_owned())
                .chain(held.policies.iter().map(|policy| format!("  {}", policy.name)))
                .chain(held.inline.iter().map(|name| format!("  {name} (inline)")))
                .map(Beside::Line)
                .collect(),
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => refused(&fault),
            _ => waiting(),
        },
        Detail::UserPermissions => match facts.permissions_of(&row.key) {
            Some(Fact::Known(held)) => copied(held).into_iter().map(Beside::Line).collect(),
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => refused(&fault),
            _ => waiting(),
        },
        Detail::Walkthrough => match context.walkthroughs.iter().find(|walkthrough| walkthrough.name == row.key) {
            Some(walkthrough) => walkthrough.preview().into_iter().map(Beside::Hanging).collect(),
            None => Vec::new(),
        },
        Detail::Remark | Detail::Columns(_) => vec![Beside::Words(Cow::Borrowed(&row.remark))],
    }
}

fn copied(held: &UserPermissions) -> Vec<String> {
    let mut lines = Vec::new();
    let mut part = |heading: &str, names: Vec<String>| {
        if !names.is_empty() {
            lines.push(heading.to_owned());
            lines.extend(names.into_iter().map(|name| format!("  {name}")));
        }
    };
    part("Groups:", held.groups.clone());
    part("Attached policies:", held.attached.iter().map(|policy| policy.name.clone()).collect());
    part("Inline policies:", held.inline.iter().map(|(name, _)| name.clone()).collect());
    part("Permissions boundary:", held.boundary.iter().map(|policy| policy.name.clone()).collect());
    if lines.is_empty() {
        lines.push("This user may do nothing.".to_owned());
    }
    lines
}

/// What a field holds, in a line; a text that is not shown is not among it.
pub fn value(field: &Field) -> String {
    match &field.control {
        Control::Text(text) => text.as_str().to_owned(),
        Control::Hidden { .. } => String::new(),
        Control::Toggle(on) => if *on { "yes" } else { "no" }.to_owned(),
        Control::Choice { options, chosen, .. } => {
            chosen.and_then(|at| options.get(at)).map_or("not chosen", |option| option.label.as_str()).to_owned()
        }
        Control::Table(table) => chosen(table),
        Control::Drafts(drafts) => {
            let names: Vec<&str> = drafts.items.iter().map(|draft| draft.name.as_str()).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        }
        Control::Document(editor) => match editor.lines().len() {
            _ if editor.is_blank() => "empty".to_owned(),
            1 => "1 line".to_owned(),
            count => format!("{count} lines"),
        },
    }
}

fn chosen(table: &Table) -> String {
    let names: Vec<&str> = table.chosen().map(|row| row.name.as_str()).collect();
    match (names.as_slice(), table.wanted()) {
        ([], []) => "none chosen".to_owned(),
        ([], wanted) => format!("{} (loading)", wanted.join(", ")),
        (names, _) if table.picking.pick == Pick::Many => format!("{}: {}", names.len(), names.join(", ")),
        (names, _) => names.join(", "),
    }
}

/// How many rows of a list are chosen, of how many at most; empty for one of which a single row can be chosen.
pub fn count(table: &Table) -> String {
    let quota = match table.picking.quota {
        usize::MAX => String::new(),
        quota => format!(" of {quota} at most"),
    };
    if table.picking.pick == Pick::Many { format!("{} chosen{quota}", table.count()) } else { String::new() }
}

/// How much of a list is here and passes its filter.
pub fn extent(table: &Table) -> String {
    let passing = table.visible().len();
    let state = match &table.state {
        ListState::Arriving => format!("{} so far, loading more …", table.len()),
        ListState::Whole if passing == table.len() => format!("{passing} in all"),
        ListState::Whole => format!("{passing} of {}", table.len()),
        ListState::Failed(_) => format!("{} arrived", table.len()),
    };
    match table.has_types() {
        true => format!("{state} · type: {}", table.type_label().unwrap_or("all types")),
        false => state,
    }
}

/// What stands in place of rows where there are none.
pub fn emptiness(table: &Table) -> &'static str {
    if table.is_empty() { "nothing here" } else { "no match" }
}

/// The row behind the policies that are made.
pub const NEW_POLICY: &str = "+ a new policy";
