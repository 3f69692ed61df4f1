//! A list to choose from: filtered as you type, one or many rows chosen, something about the highlighted one beside it.

use crate::domain::catalogue::Filter;

use super::event::Key;
pub use super::row::Row;
use super::row::Typed;
use super::text::TextBox;

/// What stands beside the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The policy document of the highlighted row.
    Document,
    GroupPolicies,
    /// What the highlighted user may do.
    UserPermissions,
    /// What the highlighted walkthrough asks and makes.
    Walkthrough,
    /// What is shown behind the highlighted row.
    Remark,
    /// Nothing: the rows have columns, under this head.
    Columns(&'static str),
}

/// How many rows can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Any number, up to the quota.
    Many,
    OneOrNone,
    /// One, and the choice follows the highlight.
    One,
}

/// What Enter came to in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// It did something.
    Taken,
    /// The list was filtered, and nothing in it is ticked: said once, in these words.
    Stays(String),
    Nothing,
}

/// What is chosen, and what can be.
#[derive(Debug)]
pub struct Picking {
    /// Keys of the chosen rows, in the order of choosing.
    chosen: Vec<String>,
    /// Names to choose as soon as their rows arrive.
    wanted: Vec<String>,
    /// How many rows can be chosen.
    pub pick: Pick,
    /// The person can't change what is chosen.
    pub fixed: bool,
    /// How many may be chosen, with the words for it.
    pub quota: usize,
}

/// The list's state.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    /// Indices of the rows that the filter and the type let through.
    visible: Vec<usize>,
    /// The highlighted row, an index into `visible`.
    at: usize,
    /// What was typed into the filter.
    pub filter: TextBox,
    /// Whether keys go into the filter.
    pub filtering: bool,
    /// Whether the person went to the highlighted row, with arrows or the mouse: only then does Enter choose it.
    touched: bool,
    /// Whether Enter has said once that nothing is ticked although the list was filtered.
    warned: bool,
    /// The remarks that "type" goes through; empty where the list has no types.
    types: &'static [&'static str],
    /// The chosen type; 0 is all.
    type_at: usize,
    /// What stands beside it.
    pub detail: Detail,
    /// How far that is scrolled, in lines.
    pub detail_top: usize,
    /// Whether more rows are on their way, or why they will not come.
    pub state: ListState,
    /// Counts each change of the highlighted row.
    pub moves: u64,
    /// What is chosen, and what can be.
    pub picking: Picking,
}

/// Whether a list is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListState {
    /// More may come.
    Arriving,
    Whole,
    /// It will not come: why.
    Failed(String),
}

/// The rows that a name or a key means.
fn named<'a>(rows: &'a [Row], name: &'a str) -> impl Iterator<Item = &'a Row> {
    rows.iter().filter(move |row| row.name == name || row.key == name)
}

impl Table {
    /// An empty list; rows whose name or key is in `wanted` are chosen as they arrive.
    pub fn new(detail: Detail, types: &'static [&'static str], wanted: Vec<String>) -> Self {
        Self {
            rows: Vec::new(),
            visible: Vec::new(),
            at: 0,
            filter: TextBox::new(""),
            filtering: false,
            touched: false,
            warned: false,
            types,
            type_at: 0,
            detail,
            detail_top: 0,
            picking: Picking { chosen: Vec::new(), wanted, pick: Pick::Many, fixed: false, quota: usize::MAX },
            state: ListState::Arriving,
            moves: 0,
        }
    }

    /// The same, of which so many rows can be chosen.
    #[must_use]
    pub fn picking(mut self, pick: Pick) -> Self {
        self.picking.pick = pick;
        self
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds the rows that have arrived since, or takes all of them again when the list was fetched again.
    pub fn fill(&mut self, total: usize, row: impl Fn(usize) -> Row) {
        if total == self.rows.len() {
            return;
        }
        let highlighted = self.highlighted().map(|row| row.key.clone());
        if total < self.rows.len() {
            self.rows.clear();
        }
        self.rows.extend((self.rows.len()..total).map(row));
        let mut proposed = None;
        // AWS's own comes before one of the account's with the same name.
        let of_aws = |row: &&Row| row.key.contains(":iam::aws:");
        self.picking.wanted.retain(|name| match named(&self.rows, name).max_by_key(of_aws) {
            Some(row) => {
                self.picking.chosen.push(row.key.clone());
                proposed.get_or_insert_with(|| row.key.clone());
                false
            }
            None => true,
        });
        self.sift();
        // What is proposed is what should be looked at; else the row under the cursor stays under it while others arrive.
        if let Some(key) = proposed.or(highlighted) {
            self.at = self.visible.iter().position(|i| self.rows[*i].key == key).unwrap_or(0);
        }
    }

    /// Takes other rows; what was chosen stays chosen, and the row under the cursor under it.
    pub fn replace(&mut self, rows: Vec<Row>) {
        if self.rows == rows {
            return;
        }
        let highlighted = self.highlighted().map(|row| row.key.clone());
        self.rows = rows;
        self.picking.chosen.retain(|key| self.rows.iter().any(|row| row.key == *key));
        self.sift();
        self.highlight(highlighted.as_deref().unwrap_or_default());
    }

    /// Chooses this row and no other, and goes to it.
    pub fn choose(&mut self, key: &str) {
        self.picking.chosen = self.rows.iter().filter(|row| row.key == key).map(|row| row.key.clone()).collect();
        self.highlight(key);
    }

    fn highlight(&mut self, key: &str) {
        self.at = self.visible.iter().position(|at| self.rows[*at].key == key).unwrap_or(self.at);
    }

    fn sift(&mut self) {
        let filter = Filter::new(self.filter.as_str());
        let kind = self.type_label();
        let passes = |row: &Row| (kind.is_none_or(|kind| row.remark == kind)) && filter.finds(&row.search);
        self.visible = (0..self.rows.len()).filter(|i| passes(&self.rows[*i])).collect();
        let typed = Typed::new(self.filter.as_str());
        if !typed.is_empty() {
            self.visible.sort_by_cached_key(|i| self.rows[*i].distance(&typed));
        }
        self.at = 0;
        // Nobody went to the row that is first now.
        (self.touched, self.warned) = (false, false);
        self.detail_top = 0;
        self.moves += 1;
    }

    /// The type that is shown; `None` for all.
    pub fn type_label(&self) -> Option<&'static str> {
        self.type_at.checked_sub(1).and_then(|i| self.types.get(i)).copied()
    }

    /// Whether the list has types to go through.
    pub fn has_types(&self) -> bool {
        !self.types.is_empty()
    }

    /// The rows that pass, with their place among all rows.
    pub fn visible(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.visible.iter().map(|i| &self.rows[*i])
    }

    /// The place of the highlighted row among those that pass.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn highlighted(&self) -> Option<&Row> {
        self.visible.get(self.at).map(|i| &self.rows[*i])
    }

    /// Whether a row is chosen.
    pub fn is_chosen(&self, key: &str) -> bool {
        self.picking.chosen.iter().any(|chosen| chosen == key)
    }

    /// The chosen rows, in the order of choosing.
    pub fn chosen(&self) -> impl Iterator<Item = &Row> {
        self.picking.chosen.iter().filter_map(|key| self.rows.iter().find(|row| row.key == *key))
    }

    /// How many are chosen.
    pub fn count(&self) -> usize {
        self.picking.chosen.len()
    }

    /// Chooses a row of this name as soon as it comes.
    pub fn want(&mut self, name: &str) {
        self.picking.wanted = vec![name.to_owned()];
    }

    /// Chooses the rows of these keys and no others, those that have not come as soon as they do.
    pub fn want_all(&mut self, keys: &[String]) {
        let is_here = |key: &&String| self.rows.iter().any(|row| row.key == **key);
        let (here, to_come): (Vec<&String>, Vec<&String>) = keys.iter().partition(is_here);
        self.picking.chosen = here.into_iter().cloned().collect();
        self.picking.wanted = to_come.into_iter().cloned().collect();
        if let Some(key) = self.picking.chosen.first().cloned() {
            self.highlight(&key);
        }
    }

    /// Names that were to be chosen and whose rows have not come.
    pub fn wanted(&self) -> &[String] {
        &self.picking.wanted
    }

    /// Chooses the highlighted row, or no longer.
    pub fn toggle(&mut self) {
        if self.picking.fixed {
            return;
        }
        if let Some(key) = self.highlighted().map(|row| row.key.clone()) {
            if self.picking.pick == Pick::One || (self.picking.pick == Pick::OneOrNone && !self.is_chosen(&key)) {
                self.picking.wanted.clear();
                self.picking.chosen = vec![key];
                return;
            }
            match self.picking.chosen.iter().position(|chosen| *chosen == key) {
                Some(i) => drop(self.picking.chosen.remove(i)),
                None => self.picking.chosen.push(key),
            }
        }
    }

    /// The row that Enter would choose: the one that the person went to, or the only one that a filter left; of several only while
    /// none is chosen.
    pub fn meant(&self) -> Option<&Row> {
        let is_only = self.visible.len() == 1 && self.is_filtered();
        let is_open =
            !self.picking.fixed && !self.filtering && (self.picking.pick != Pick::Many || self.picking.chosen.is_empty());
        self.highlighted().filter(|row| is_open && (self.touched || is_only) && !self.is_chosen(&row.key))
    }

    /// Whether a filter leaves rows out.
    fn is_filtered(&self) -> bool {
        !self.filter.as_str().trim().is_empty()
    }

    /// Enter: ends the filter's typing and chooses nothing; else chooses the row that is meant. A list that nobody touched grants
    /// nothing.
    pub fn enter(&mut self) -> Entered {
        if self.filtering {
            self.filtering = false;
            return Entered::Taken;
        }
        if self.meant().is_some() {
            self.toggle();
            return Entered::Taken;
        }
        let is_seen = |key: &String| self.visible.iter().any(|at| self.rows[*at].key == *key);
        let hidden = self.picking.chosen.first().filter(|key| self.picking.pick != Pick::Many && !is_seen(key));
        let words = match (hidden, self.picking.chosen.is_empty()) {
            (Some(key), _) => {
                let name = self.rows.iter().find(|row| row.key == *key).map_or(key, |row| &row.name);
                format!("“{name}” is still chosen: go to another with the arrows, or press Enter to use it.")
            }
            (None, true) => "Nothing is ticked: tick with Space, or press Enter to go on without.".to_owned(),
            (None, false) => return Entered::Nothing,
        };
        if !self.is_filtered() || self.picking.fixed || std::mem::replace(&mut self.warned, true) {
            return Entered::Nothing;
        }
        Entered::Stays(words)
    }

    /// Moves the highlight.
    pub fn go(&mut self, rows: isize) {
        let last = self.visible.len().saturating_sub(1);
        let at = self.at.saturating_add_signed(rows).min(last);
        self.touched = true;
        if at != self.at {
            self.at = at;
            self.detail_top = 0;
            self.moves += 1;
        }
        if self.picking.pick == Pick::One {
            self.toggle();
        }
        self.filtering = false;
    }

    /// Highlights a row by its place among those that pass.
    pub fn jump(&mut self, at: usize) {
        self.go(isize::try_from(at).unwrap_or(isize::MAX) - isize::try_from(self.at).unwrap_or_default());
    }

    pub fn next_type(&mut self) {
        self.type_at = (self.type_at + 1) % (self.types.len() + 1);
        self.sift();
    }

    /// Empties the filter. `false` when it was empty.
    pub fn clear_filter(&mut self) -> bool {
        let had = self.filtering || !self.filter.as_str().is_empty();
        self.filter.set("");
        self.filtering = false;
        if had {
            self.sift();
        }
        had
    }

    /// Chooses no row, where that can be.
    pub fn choose_none(&mut self) {
        if !self.picking.fixed && self.picking.pick != Pick::One {
            self.picking.chosen.clear();
            self.picking.wanted.clear();
        }
    }

    /// Filters by this and nothing else.
    pub fn filter_by(&mut self, words: &str) {
        self.filter.set(words);
        self.filtering = false;
        self.sift();
    }

    /// A pasted text goes into the filter.
    pub fn paste(&mut self, text: &str) {
        self.filter.insert(text);
        self.filtering = true;
        self.sift();
    }

    /// Takes a key that is the list's own. `false` when it is not.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Char('/') if !self.filtering => self.filtering = true,
            Key::Char(' ') if !self.filtering => self.toggle(),
            Key::Ctrl('u') => drop(self.clear_filter()),
            Key::Char(c) => {
                self.filtering = true;
                self.filter.insert(c.encode_utf8(&mut [0; 4]));
                self.sift();
            }
            Key::Backspace => {
                self.filter.end();
                self.filter.backspace();
                self.sift();
            }
            Key::Delete if !self.picking.fixed && !self.picking.wanted.is_empty() => self.picking.wanted.clear(),
            Key::Ctrl('t') if self.has_types() => self.next_type(),
            Key::PageDown => self.go(10),
            Key::PageUp => self.go(-10),
            Key::Home => self.go(isize::MIN),
            Key::End => self.go(isize::MAX),
            Key::Right => self.detail_top = self.detail_top.saturating_add(5),
            Key::Left => self.detail_top = self.detail_top.saturating_sub(5),
            _ => return false,
        }
        true
    }
}
