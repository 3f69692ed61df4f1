//! Which key does what: one row a key, with the words that the footer and the help show. The fields' own keys (letters,
//! arrows) are theirs; their rows are here only for the words.

use std::borrow::Cow;

use super::event::Key;
use super::field::Control;
use super::form::Form;
use super::table::{Detail, Pick};
use crate::domain::sanitise::clean;

/// What a key asks for, beyond a field's own editing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    Help,
    /// One page back, or out of what is open.
    Back,
    /// Leave the program, asking first.
    Leave,
    /// Fetch the page's facts again.
    Refresh,
}

/// Where a row of the table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    /// On every page.
    Everywhere,
    Page,
    List,
    /// In a list with something beside it.
    Beside,
    Types,
    /// In a list whose filter is set.
    Filtered,
    /// On a yes/no, or a list.
    Choosing,
    /// In a menu: review, stopped run, hand-over.
    Menu,
    Block,
    /// On the review's last entry.
    Confirm,
    /// In the hand-over's menu.
    HandOver,
    /// On the policies that are made.
    Drafts,
    Review,
    /// On the review of a task whose answers can be a walkthrough's file.
    Answers,
    /// In the dialog in which a policy is written.
    Policy,
    /// There, on any field but the document.
    PolicyField,
    Editor,
    Dialog,
    /// In one that offers answers.
    Answering,
    /// In one with several fields.
    Fields,
    /// In one that is a question, not help itself.
    Question,
    /// While calls are made.
    Running,
    /// In the list of users.
    Users,
    /// Where facts can be fetched again.
    Facts,
}

/// A row: how the key is shown, its words, where it holds, and the command where it is one.
#[derive(Debug)]
pub struct Binding {
    /// As the footer shows it.
    pub shown: &'static str,
    /// What it does, in a word or two.
    pub words: &'static str,
    pub scope: KeyScope,
    /// How early it is left out where the footer is narrow: the highest first.
    pub minor: u8,
}

const fn row(shown: &'static str, words: &'static str, scope: KeyScope, minor: u8) -> Binding {
    Binding { shown, words, scope, minor }
}

/// The keys that move what is longer than the screen; they are not named where all of it is to be seen.
pub const SCROLL: &str = "PgUp PgDn";

/// All rows, in the order of the footer.
pub const BINDINGS: &[Binding] = &[
    row("Enter", "continue", KeyScope::Page, 0),
    row("Enter", "do it", KeyScope::Menu, 0),
    row("Enter", "open", KeyScope::Users, 0),
    row("Space", "open", KeyScope::Drafts, 0),
    row("Del", "remove", KeyScope::Drafts, 2),
    row("d", "dry run", KeyScope::Review, 2),
    row("w", "save answers", KeyScope::Answers, 3),
    row("Ctrl-S", "done", KeyScope::Policy, 0),
    row("Tab", "next field", KeyScope::PolicyField, 1),
    row("Shift-Tab", "out of the document", KeyScope::Editor, 1),
    row("Esc", "back", KeyScope::Policy, 1),
    row("Enter", "go on", KeyScope::Dialog, 0),
    row("↑↓", "choose", KeyScope::Answering, 1),
    row("Tab", "next field", KeyScope::Fields, 1),
    row("Esc", "close", KeyScope::Dialog, 0),
    row("F1", "help", KeyScope::Question, 2),
    row(SCROLL, "scroll", KeyScope::Dialog, 2),
    row("Space", "choose", KeyScope::Choosing, 0),
    row("/", "filter", KeyScope::List, 1),
    row("Ctrl-T", "type", KeyScope::Types, 3),
    row("←→", "scroll beside", KeyScope::Beside, 4),
    row("Esc", "clear filter", KeyScope::Filtered, 1),
    row("↑↓", "choose", KeyScope::Menu, 1),
    row("Tab", "next field", KeyScope::Page, 3),
    row("Tab", "order", KeyScope::Users, 1),
    row("Esc", "back", KeyScope::Users, 1),
    row("Esc", "back", KeyScope::Page, 1),
    row(SCROLL, "scroll", KeyScope::Menu, 4),
    row("Enter", "change", KeyScope::Block, 0),
    row("↑↓", "choose", KeyScope::Block, 1),
    row("Esc", "back", KeyScope::Block, 1),
    row("Esc", "back", KeyScope::Confirm, 1),
    row("Esc", "leave", KeyScope::HandOver, 1),
    row("Esc", "stop", KeyScope::Running, 0),
    row("F5", "fetch again", KeyScope::Page, 5),
    row("F5", "fetch again", KeyScope::Facts, 5),
    row("F1", "help", KeyScope::Everywhere, 1),
    row("Ctrl-C", "leave", KeyScope::Everywhere, 2),
    row("Ctrl-Z", "suspend", KeyScope::Everywhere, 6),
];

/// The command of a key, where it is one. `typing`: characters go into a text.
pub fn command(key: Key, typing: bool) -> Option<KeyCommand> {
    match key {
        Key::F(1) => Some(KeyCommand::Help),
        Key::Char('?') if !typing => Some(KeyCommand::Help),
        Key::Esc => Some(KeyCommand::Back),
        Key::Ctrl('c') => Some(KeyCommand::Leave),
        Key::F(5) | Key::Ctrl('r') => Some(KeyCommand::Refresh),
        _ => None,
    }
}

/// The rows that hold for a form's focused field.
pub fn scopes(form: &Form) -> Vec<KeyScope> {
    let mut scopes = vec![KeyScope::Everywhere, KeyScope::Page];
    match form.focused().map(|field| &field.control) {
        Some(Control::Table(table)) => {
            scopes.push(KeyScope::List);
            if !matches!(table.detail, Detail::Columns(_)) {
                scopes.push(KeyScope::Beside);
            }
            if !table.filtering {
                scopes.push(KeyScope::Choosing);
            }
            if table.has_types() {
                scopes.push(KeyScope::Types);
            }
            if table.filtering || !table.filter.as_str().is_empty() {
                scopes.push(KeyScope::Filtered);
            }
        }
        Some(Control::Toggle(_) | Control::Choice { .. }) => scopes.push(KeyScope::Choosing),
        Some(Control::Drafts(_)) => scopes.push(KeyScope::Drafts),
        _ => {}
    }
    scopes
}

/// The rows that hold in the list of users.
pub fn scopes_of_users(form: &Form) -> Vec<KeyScope> {
    let own = scopes(form);
    let is_of_page = |scope: &KeyScope| *scope == KeyScope::Page;
    match form.focused().map(|field| &field.control) {
        Some(Control::Table(_)) => {
            let list = own.into_iter().filter(|scope| !is_of_page(scope) && *scope != KeyScope::Choosing);
            list.chain([KeyScope::Users, KeyScope::Facts]).collect()
        }
        _ => own,
    }
}

/// A row as it is shown now.
#[derive(Clone, Debug)]
pub struct KeyHint {
    pub shown: &'static str,
    /// What it does here.
    pub words: Cow<'static, str>,
    /// How early it is left out where there is little room.
    pub minor: u8,
}

/// The rows for these places, in the footer's order; "clear filter" hides "back". `enter`: what Enter does on the focused field,
/// where that is more than going on.
pub fn rows(scopes: &[KeyScope], enter: Option<String>) -> Vec<KeyHint> {
    let filtered = scopes.contains(&KeyScope::Filtered);
    let is_typing = enter.is_some() && !scopes.contains(&KeyScope::Choosing);
    let own = |binding: &&Binding| matches!(binding.scope, KeyScope::Page | KeyScope::Dialog) && binding.shown == "Enter";
    BINDINGS
        .iter()
        .filter(|binding| scopes.contains(&binding.scope))
        .filter(|binding| !(is_typing && binding.shown == "/"))
        .filter(|binding| !(filtered && matches!(binding.scope, KeyScope::Page | KeyScope::Users) && binding.shown == "Esc"))
        .map(|binding| {
            let words = enter.clone().filter(|_| own(&binding)).map_or(Cow::Borrowed(binding.words), Cow::Owned);
            KeyHint { shown: binding.shown, words, minor: binding.minor }
        })
        .collect()
}

/// What Enter does on a form's focused field, where that is more than going on: it ends a filter, or chooses a row.
pub fn enter_words(form: &Form) -> Option<String> {
    match &form.focused()?.control {
        Control::Table(table) if table.filtering => Some("end the filter".to_owned()),
        Control::Table(table) => {
            let verb = if table.picking.pick == Pick::Many { "tick" } else { "choose" };
            table.meant().map(|row| format!("{verb} {}", short(&row.name)))
        }
        Control::Choice { options, at, chosen: None } => {
            options.get(*at).map(|option| format!("choose {}", short(&option.label)))
        }
        _ => None,
    }
}

/// How much of a name the footer has room for.
const NAME: usize = 32;

/// A name, cut in its middle where it is long.
pub(super) fn short(name: &str) -> String {
    let name = clean(name);
    let all: Vec<char> = name.chars().collect();
    if all.len() <= NAME {
        return name;
    }
    let (head, tail) = (&all[..NAME / 2], &all[all.len() - NAME / 2 + 1..]);
    head.iter().chain(&['…']).chain(tail).collect()
}
