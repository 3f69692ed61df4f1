//! A field: what it is for, what it holds, what is said of it.

use super::drafts::{Draft, Drafts};
use super::editor::Editor;
use super::table::Table;
use super::text::TextBox;

/// What a field is for; names are unique within a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldId {
    /// Which guide.
    Guide,
    /// Whose credentials.
    Caller,
    /// The user's name.
    UserName,
    /// The user's path.
    Path,
    /// Whether a key is wanted.
    WantsKey,
    /// What for.
    UseCase,
    /// The console's sentence.
    Understood,
    /// The key's description.
    Description,
    /// Whether console access is wanted.
    WantsConsole,
    /// Generated or own.
    PasswordKind,
    /// The own password.
    Password,
    /// Whether the own password is shown.
    ShowPassword,
    /// A new one at the first sign-in.
    Reset,
    /// Existing groups.
    Groups,
    /// The name of a new group.
    NewGroup,
    /// The new group's policies.
    NewGroupPolicies,
    /// Policies attached to the user.
    Policies,
    /// Policies that are made.
    Drafts,
    /// Whose permissions are copied.
    CopyFrom,
    /// The permissions boundary.
    Boundary,
    /// A choice of the walkthrough.
    Question(usize),
    /// A variable of the walkthrough.
    Variable(usize),
    /// Managed or inline.
    PolicyKind,
    /// The name of a policy.
    PolicyName,
    /// Who gets it.
    PolicyUse,
    /// Its description.
    PolicyDescription,
    /// Its tags.
    PolicyTags,
    /// The file that its document is read from.
    PolicyFile,
    /// Its document.
    PolicyDocument,
    /// Another document under the same name becomes a new version.
    NewVersion,

    /// The key of this tag.
    TagKey(usize),
    /// The value of this tag.
    TagValue(usize),
    /// An MFA code.
    MfaCode,
    /// A pasted access key id.
    KeyId,
    /// A pasted secret access key.
    SecretKey,
    /// A pasted session token.
    Token,
    /// The profile to save.
    Profile,
    /// Its region.
    Region,
    /// Its output format.
    Output,
    /// Which file is written.
    File,
    /// Where to.
    Place,
}

/// One of the options of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its label.
    pub label: String,
    /// What it means.
    pub about: String,
}

/// What a field holds.
#[derive(Debug)]
pub enum Control {
    /// A line of text.
    Text(TextBox),
    /// A line of text that is not shown.
    Hidden {
        /// The text.
        text: TextBox,
        /// Shown all the same, on request.
        shown: bool,
    },
    /// Yes or no.
    Toggle(bool),
    /// One of several.
    Choice {
        /// The options.
        options: Vec<Choice>,
        /// The highlighted one.
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
    /// All is well.
    Good(String),
    /// Worth a second thought.
    Warning(String),
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// Its label.
    pub label: String,
    /// One line on what to type.
    pub hint: String,
    /// What it holds.
    pub control: Control,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What is worth knowing.
    pub note: Option<Note>,
    /// Whether it is asked just now.
    pub asked: bool,
    /// The walkthrough fixes its value: the person can't change it.
    pub fixed: bool,
    /// The walkthrough wants an answer.
    pub required: bool,
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
        }
    }

    /// A line of text.
    pub fn text(id: FieldId, label: &str, text: &str) -> Self {
        Self::new(id, label, Control::Text(TextBox::new(text)))
    }

    /// A line of text that is not shown.
    pub fn hidden(id: FieldId, label: &str) -> Self {
        Self::new(id, label, Control::Hidden { text: TextBox::new(""), shown: false })
    }

    /// Yes or no.
    pub fn toggle(id: FieldId, label: &str, on: bool) -> Self {
        Self::new(id, label, Control::Toggle(on))
    }

    /// One of several.
    pub fn choice(id: FieldId, label: &str, options: Vec<Choice>, chosen: Option<usize>) -> Self {
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

    /// Replaces the text.
    pub fn fill(&mut self, new: &str) {
        self.error = None;
        if let Control::Text(text) | Control::Hidden { text, .. } = &mut self.control {
            text.set(new);
        }
    }

    /// The same with a hint.
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
            table.fixed = fixed;
        }
        if let (true, None) = (fixed, &self.note) {
            self.note = Some(Note::Info("The walkthrough fixes this.".to_owned()));
        }
        self
    }
}
