//! A field: what it is for, what it holds, what is said of it.

use super::editor::Editor;
use super::policy_draft::{Draft, Drafts};
use super::table::Table;
use super::text::TextBox;
use crate::domain::page::PageId;
use crate::domain::unsent::{KeptField, KeptValue};

/// What a field is for: the key by which a walkthrough or an answers file says what it holds. Ids are unique within a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldId {
    /// The key, as in the format of walkthroughs.
    pub key: &'static str,
    /// Which part of the answer, where a key is answered by several fields; empty for the first.
    part: &'static str,
    /// Which of several alike.
    pub at: usize,
}

impl FieldId {
    pub const TASK: Self = Self::new("task", "");
    pub const GUIDE: Self = Self::new("walkthrough", "");
    pub const CALLER: Self = Self::new("caller", "");
    /// The order of the list of users.
    pub const ORDER: Self = Self::new("users", "order");
    pub const USERS: Self = Self::new("users", "");
    pub const USER_NAME: Self = Self::new("user.name", "");
    /// The access key that is given up for another.
    pub const GIVE_UP: Self = Self::new("user.give-up", "");
    /// Its id, typed.
    pub const GIVE_UP_ID: Self = Self::new("user.give-up", "id");
    /// What happens to the console access of a user that exists.
    pub const CONSOLE: Self = Self::new("access.console", "change");
    /// The user whom the pages before it have named, and its key where they named one: carried along, and not asked.
    pub const SUBJECT: Self = Self::new("subject", "");
    /// The id of an access key.
    pub const KEY: Self = Self::new("key", "");
    /// Which of two keys is replaced.
    pub const ROTATED: Self = Self::new("rotation.key", "");
    /// The profiles that get the new key.
    pub const PROFILES: Self = Self::new("rotation.profiles", "");
    /// Profiles that do not, by the command line.
    pub const LEAVE_OUT: Self = Self::new("rotation.profiles", "left-out");
    /// What becomes of the old key.
    pub const OLD_KEY: Self = Self::new("rotation.old-key", "");
    /// Its id, typed.
    pub const OLD_KEY_ID: Self = Self::new("rotation.old-key", "id");
    /// Whether everything is denied to the user.
    pub const DENY: Self = Self::new("revocation.deny", "");
    /// A word that confirms.
    pub const CONFIRM: Self = Self::new("confirm", "");
    pub const PATH: Self = Self::new("user.path", "");
    pub const WANTS_KEY: Self = Self::new("access.key", "");
    pub const USE_CASE: Self = Self::new("access.use-case", "");
    /// The console's sentence.
    pub const UNDERSTOOD: Self = Self::new("access.use-case", "understood");
    /// The key's description.
    pub const DESCRIPTION: Self = Self::new("access.description", "");
    /// Whether console access is wanted.
    pub const WANTS_CONSOLE: Self = Self::new("access.console", "");
    /// Generated or own.
    pub const PASSWORD_KIND: Self = Self::new("access.console", "kind");
    pub const PASSWORD: Self = Self::new("access.console", "password");
    /// Whether the own password is shown.
    pub const SHOW_PASSWORD: Self = Self::new("access.console", "show");
    /// A new one at the first sign-in.
    pub const RESET: Self = Self::new("access.reset", "");
    pub const GROUPS: Self = Self::new("groups", "");
    pub const NEW_GROUP: Self = Self::new("groups", "new");
    /// The new group's policies.
    pub const NEW_GROUP_POLICIES: Self = Self::new("groups", "policies");
    pub const POLICIES: Self = Self::new("permissions.attach", "");
    pub const DRAFTS: Self = Self::new("policies", "");
    pub const COPY_FROM: Self = Self::new("permissions.copy-from", "");
    pub const BOUNDARY: Self = Self::new("permissions.boundary", "");
    /// Managed or inline.
    pub const POLICY_KIND: Self = Self::new("policies", "kind");
    pub const POLICY_NAME: Self = Self::new("policies", "name");
    pub const POLICY_USE: Self = Self::new("policies", "use");
    pub const POLICY_DESCRIPTION: Self = Self::new("policies", "description");
    pub const POLICY_TAGS: Self = Self::new("policies", "tags");
    /// The file that its document is read from.
    pub const POLICY_FILE: Self = Self::new("policies", "file");
    pub const POLICY_DOCUMENT: Self = Self::new("policies", "document");
    /// Another document under the same name becomes a new version.
    pub const NEW_VERSION: Self = Self::new("policies", "new-version");
    pub const MFA_CODE: Self = Self::new("mfa-code", "");
    /// A pasted access key id.
    pub const KEY_ID: Self = Self::new("pasted-key", "id");
    /// A pasted secret access key.
    pub const SECRET_KEY: Self = Self::new("pasted-key", "secret");
    pub const TOKEN: Self = Self::new("pasted-key", "token");
    pub const PROFILE: Self = Self::new("hand-over.profile", "");
    pub const REGION: Self = Self::new("hand-over.region", "");
    pub const OUTPUT: Self = Self::new("hand-over.output", "");
    pub const FILE: Self = Self::new("file", "");
    pub const PLACE: Self = Self::new("file", "place");

    const fn new(key: &'static str, part: &'static str) -> Self {
        Self { key, part, at: 0 }
    }

    /// A choice of the walkthrough.
    pub const fn question(at: usize) -> Self {
        Self { at, ..Self::new("choices", "") }
    }

    pub const fn variable(at: usize) -> Self {
        Self { at, ..Self::new("variables", "") }
    }

    pub const fn tag_key(at: usize) -> Self {
        Self { at, ..Self::new("tags", "key") }
    }

    pub const fn tag_value(at: usize) -> Self {
        Self { at, ..Self::new("tags", "value") }
    }

    /// Which part of the answer to its key it is; empty for the first.
    pub fn part(self) -> &'static str {
        self.part
    }

    /// What is said of it beforehand.
    pub fn given(self, page: PageId, value: KeptValue) -> KeptField {
        KeptField { page, field: (self.key.to_owned(), self.part.to_owned(), self.at), value }
    }

    /// Whether it is one of the walkthrough's own questions.
    pub fn is_of_walkthrough(self) -> bool {
        self.is_variable() || self.key == Self::question(0).key
    }

    /// Whether it is a variable of the walkthrough.
    pub fn is_variable(self) -> bool {
        self.key == Self::variable(0).key
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOption {
    pub label: String,
    pub about: String,
}

#[derive(Debug)]
pub enum Control {
    Text(TextBox),
    /// A line of text that is not shown.
    Hidden {
        text: TextBox,
        /// Shown anyway, on request.
        shown: bool,
    },
    Toggle(bool),
    Choice {
        options: Vec<FieldOption>,
        at: usize,
        /// The chosen one; none at first where the person has to decide.
        chosen: Option<usize>,
    },
    /// Some of many.
    Table(Box<Table>),
    /// A text of many lines.
    Document(Box<Editor>),
    /// Policies that are made.
    Drafts(Drafts),
}

/// A remark below a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Good to know.
    Info(String),
    Good(String),
    /// Worth a second thought.
    Warning(String),
}

#[derive(Debug)]
pub struct Field {
    pub id: FieldId,
    pub label: String,
    /// One line on what to type.
    pub hint: String,
    pub control: Control,
    pub error: Option<String>,
    /// What is worth knowing.
    pub note: Option<Note>,
    /// Whether it is asked just now.
    pub asked: bool,
    /// The walkthrough fixes its value: the person can't change it.
    pub fixed: bool,
    /// The walkthrough wants an answer.
    pub required: bool,
    /// It begins a block of its own.
    pub is_apart: bool,
}

impl Field {
    fn new(id: FieldId, label: &str, control: Control) -> Self {
        Self {
            id,
            label: label.to_owned(),
            hint: String::new(),
            control,
            error: None,
            note: None,
            asked: true,
            fixed: false,
            required: false,
            is_apart: false,
        }
    }

    pub fn text(id: FieldId, label: &str, text: &str) -> Self {
        Self::new(id, label, Control::Text(TextBox::new(text)))
    }

    /// A line of text that is not shown.
    pub fn hidden(id: FieldId, label: &str) -> Self {
        Self::new(id, label, Control::Hidden { text: TextBox::new(""), shown: false })
    }

    pub fn toggle(id: FieldId, label: &str, on: bool) -> Self {
        Self::new(id, label, Control::Toggle(on))
    }

    pub fn choice(id: FieldId, label: &str, options: Vec<FieldOption>, chosen: Option<usize>) -> Self {
        Self::new(id, label, Control::Choice { options, at: chosen.unwrap_or(0), chosen })
    }

    /// A text of many lines.
    pub fn document(id: FieldId, label: &str, text: &str) -> Self {
        Self::new(id, label, Control::Document(Box::new(Editor::new(text))))
    }

    /// Policies that are made.
    pub fn drafts(id: FieldId, label: &str, items: Vec<Draft>) -> Self {
        let at = items.len();
        Self::new(id, label, Control::Drafts(Drafts { items, at }))
    }

    /// Some of many.
    pub fn table(id: FieldId, label: &str, table: Table) -> Self {
        Self::new(id, label, Control::Table(Box::new(table)))
    }

    /// Whether nothing was answered yet.
    pub fn is_open(&self) -> bool {
        match &self.control {
            Control::Text(text) | Control::Hidden { text, .. } => text.as_str().is_empty(),
            Control::Toggle(on) => !on,
            Control::Choice { chosen, .. } => chosen.is_none(),
            Control::Table(table) => table.count() == 0 && table.wanted().is_empty(),
            Control::Document(editor) => editor.is_blank(),
            Control::Drafts(drafts) => drafts.lacks(),
        }
    }

    /// A text that comes from elsewhere, and is not asked.
    pub fn carried(id: FieldId) -> Self {
        Self { asked: false, ..Self::text(id, "", "") }
    }

    /// The same, at the head of a block.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.is_apart = true;
        self
    }

    /// Replaces the text.
    pub fn fill(&mut self, new: &str) {
        self.error = None;
        if let Control::Text(text) | Control::Hidden { text, .. } = &mut self.control {
            text.set(new);
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// The same, with a value that the person can't change.
    #[must_use]
    pub fn fixed(mut self, fixed: bool) -> Self {
        self.fixed = fixed;
        if let Control::Table(table) = &mut self.control {
            table.picking.fixed = fixed;
        }
        if let (true, None) = (fixed, &self.note) {
            self.note = Some(Note::Info("The walkthrough fixes this.".to_owned()));
        }
        self
    }
}
