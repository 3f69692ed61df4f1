//! The page on which a policy is written, opened from *Permissions*: its fields, what is worth knowing of them as you type, and
//! what is looked up for them.

use std::ops::ControlFlow::{Break, Continue};

use super::asking::Asking;
use super::dialog::Dialog;
use super::event::{Event, Key};
use super::field::{Control, Field, FieldId, FieldOption, Note};
use super::form::{Form, KeyOutcome};
use super::policy_draft::Draft;
use super::transition::{Transition, Turn};
use super::{Context, Out};
use crate::domain::answers::PolicyUse;
use crate::domain::document::same_document;
use crate::domain::facts::{Fact, PolicySight, Question};
use crate::domain::name::PolicyName;
use crate::domain::policy::{self, GARBLED, Purpose, is_garbled, laid_out};

const INLINE: usize = 1;
const USES: [PolicyUse; 3] = [PolicyUse::User, PolicyUse::Group, PolicyUse::Boundary];

#[derive(Debug)]
pub struct PolicyPage {
    asking: Box<Asking>,
    form: Form,
    /// Which of those that are made; one more for a new one.
    index: usize,
    title: &'static str,
    /// Which file the walkthrough asks for.
    asked: String,
    /// The file that was read last.
    read: String,
}

impl PolicyPage {
    /// Opens a policy as far as it is written.
    pub(super) fn new(asking: Box<Asking>, draft: &Draft, index: usize) -> Self {
        let mut form = fields(draft);
        if !draft.asked.is_empty() && draft.document.trim().is_empty() {
            form.focus_on(FieldId::POLICY_FILE);
        }
        if asking.walkthrough().fixed {
            // Only the file that the walkthrough asks for is the person's.
            form.fields.iter_mut().filter(|field| field.id != FieldId::POLICY_FILE).for_each(|field| field.fixed = true);
        }
        Self {
            asking,
            form,
            index,
            title: if draft.name.is_empty() { "A new policy" } else { "Edit policy" },
            asked: draft.asked.clone(),
            read: if draft.document.trim().is_empty() { String::new() } else { draft.path.clone() },
        }
    }

    pub fn title(&self) -> &'static str {
        self.title
    }

    pub fn form(&self) -> &Form {
        &self.form
    }

    pub fn asking(&self) -> &Asking {
        &self.asking
    }

    /// Brings in what is worth knowing.
    pub(super) fn refresh(&mut self, context: &Context) {
        refresh(&mut self.form, context);
    }

    /// What is to be asked for what stands on the page: once the policy of the same name, and again the file that was typed, once
    /// the person has left its field.
    pub(super) fn questions(&mut self, context: &Context) -> (Option<Question>, Option<Question>) {
        let policy = context.facts.own_policy(self.form.text(FieldId::POLICY_NAME)).map(Question::Policy);
        let path = self.form.text(FieldId::POLICY_FILE).trim().to_owned();
        let is_typing = self.form.focused().is_some_and(|field| field.id == FieldId::POLICY_FILE);
        let again = (!path.is_empty() && path != self.read && !is_typing).then(|| {
            self.read.clone_from(&path);
            Question::File(path)
        });
        (policy, again)
    }

    /// Whether the file that was typed is being read.
    pub(super) fn is_reading(&self, context: &Context) -> bool {
        let path = self.form.text(FieldId::POLICY_FILE).trim();
        !path.is_empty() && path == self.read && matches!(context.facts.file(path), Some(Fact::Pending))
    }

    /// A file has come that was typed on the page.
    ///
    /// The variables of the walkthrough are replaced in it: a vendor's file is used as it comes.
    pub(super) fn file_read(&mut self, path: &str, context: &Context) {
        if self.read != path {
            return;
        }
        match context.facts.file(path) {
            Some(Fact::Known(text)) => {
                if let Some(Control::Document(editor)) =
                    self.form.field_mut(FieldId::POLICY_DOCUMENT).map(|field| &mut field.control)
                {
                    // Blanks before it IAM does not take, and none is meant.
                    editor.set(self.asking.walkthrough().document(text).unwrap_or_default().trim());
                }
                if let Some(field) = self.form.field_mut(FieldId::POLICY_FILE) {
                    field.error = None;
                }
            }
            Some(fact) => {
                if let Some(words) = fact.fault().map(|fault| fault.what()) {
                    self.read.clear();
                    self.form.refuse(FieldId::POLICY_FILE, words);
                }
            }
            None => {}
        }
    }

    /// Takes a key: Ctrl-S accepts what is written, Ctrl-N mends the name, Esc leaves the editor, and then the page, which keeps
    /// what is written as far as it is.
    pub(super) fn key(mut self: Box<Self>, key: Key, context: &Context, out: &mut Out) -> Turn<Self> {
        let is_editing = self.form.focused().is_some_and(|field| field.id == FieldId::POLICY_DOCUMENT);
        match key {
            Key::Ctrl('s') => return self.accept(context),
            Key::Ctrl('n') => mend_name(&mut self.form),
            Key::Esc if is_editing => drop(self.form.go_back()),
            Key::Esc => return self.close(),
            Key::Ctrl('c') => out.dialog = Some(Dialog::leave(context.is_practice(), context.keeps_answers())),
            // Enter goes through the fields and accepts at the last, so that none is passed over by accident.
            Key::Enter => {
                if self.form.key(key) == KeyOutcome::Continue && !self.form.go_on() {
                    return self.accept(context);
                }
            }
            key => drop(self.form.key(key)),
        }
        Continue(self)
    }

    /// Takes anything else.
    pub(super) fn on(mut self: Box<Self>, event: Event, context: &Context) -> Turn<Self> {
        if matches!(event, Event::Accept) {
            return self.accept(context);
        }
        self.form.on(event);
        Continue(self)
    }

    fn draft(&self) -> Draft {
        draft_of(&self.form, &self.asked)
    }

    /// Back to *Permissions*; what is written is kept.
    fn close(mut self) -> Turn<Self> {
        let draft = self.draft();
        if !is_blank(&draft) {
            self.asking.keep(self.index, draft);
        }
        Break(Transition::Page(*self.asking))
    }

    /// Closes the page if the policy is complete.
    fn accept(mut self: Box<Self>, context: &Context) -> Turn<Self> {
        if self.is_unsettled() {
            return Continue(self);
        }
        match self.draft().written(context.facts.caller()) {
            Ok(_) => self.close(),
            Err((field, words)) => {
                self.form.refuse(field, words);
                Continue(self)
            }
        }
    }

    /// Whether what is written can't be accepted as it stands, though the policy by itself could: a file that was not read yet,
    /// another document under a name that the account has.
    fn is_unsettled(&mut self) -> bool {
        let path = self.form.text(FieldId::POLICY_FILE).trim();
        if !path.is_empty() && path != self.read {
            // Leaving its field has it read.
            self.form.focus_on(FieldId::POLICY_DOCUMENT);
            return true;
        }
        let differs = self.form.field(FieldId::NEW_VERSION).is_some_and(|field| field.asked);
        if differs && !self.form.is_on(FieldId::NEW_VERSION) {
            let words = "Tick this with Space to do so, or give the policy another name.";
            self.form.refuse(FieldId::NEW_VERSION, words.to_owned());
            return true;
        }
        false
    }
}

fn fields(draft: &Draft) -> Form {
    let choice = |label: &str, about: &str| FieldOption { label: label.to_owned(), about: about.to_owned() };
    let kinds = vec![
        choice("Managed", "a policy of the account: others can be given it too"),
        choice("Inline", "this user's own: it goes with the user"),
    ];
    let uses = vec![
        choice("This user", "attached to the user"),
        choice("The new group", "attached to the group that is created for this user"),
        choice("The boundary", "the most that the user may do, whatever else is attached"),
    ];
    let file = Field::text(FieldId::POLICY_FILE, "Read it from a file", &draft.path).hint(match draft.asked.as_str() {
        "" => "A path; it replaces what is written below",
        asked => asked,
    });
    Form::new(vec![
        Field::text(FieldId::POLICY_NAME, "Policy name", &draft.name)
            .hint("Up to 128 characters: A-Z, a-z, 0-9 and + = , . @ _ -"),
        Field::choice(FieldId::POLICY_KIND, "Kind", kinds, Some(usize::from(draft.inline))),
        Field::choice(FieldId::POLICY_USE, "Who gets it", uses, USES.iter().position(|used| *used == draft.used)),
        Field::text(FieldId::POLICY_DESCRIPTION, "Description - optional", &draft.description)
            .hint("Up to 1,000 characters; IAM lets nobody change it later"),
        Field::text(FieldId::POLICY_TAGS, "Tags - optional", &draft.tags).hint("key=value, key=value"),
        file,
        Field::toggle(FieldId::NEW_VERSION, "Make it the new default version of that policy", draft.new_version),
        Field::document(FieldId::POLICY_DOCUMENT, "Document (JSON)", &draft.document),
    ])
}

fn draft_of(form: &Form, asked: &str) -> Draft {
    let text = |id| form.text(id).to_owned();
    let inline = form.chosen(FieldId::POLICY_KIND) == Some(INLINE);
    let used = form.chosen(FieldId::POLICY_USE).and_then(|at| USES.get(at)).copied().unwrap_or(PolicyUse::User);
    Draft {
        name: text(FieldId::POLICY_NAME),
        description: text(FieldId::POLICY_DESCRIPTION),
        tags: text(FieldId::POLICY_TAGS),
        document: form.document(FieldId::POLICY_DOCUMENT).map(|editor| editor.text()).unwrap_or_default(),
        path: text(FieldId::POLICY_FILE),
        asked: asked.to_owned(),
        inline,
        used: if inline { PolicyUse::User } else { used },
        new_version: form.is_on(FieldId::NEW_VERSION),
    }
}

/// Whether nothing was written.
fn is_blank(draft: &Draft) -> bool {
    draft.name.is_empty() && draft.document.trim().is_empty() && draft.path.is_empty()
}

/// Writes a legal name in place of an illegal one.
fn mend_name(form: &mut Form) {
    if let Some(near) = PolicyName::near(form.text(FieldId::POLICY_NAME)) {
        form.fill(FieldId::POLICY_NAME, near.as_str());
    }
}

/// Brings in which fields are asked, and what is worth knowing.
fn refresh(form: &mut Form, context: &Context) {
    let inline = form.chosen(FieldId::POLICY_KIND) == Some(INLINE);
    for id in [FieldId::POLICY_USE, FieldId::POLICY_DESCRIPTION, FieldId::POLICY_TAGS] {
        form.ask(id, !inline);
    }
    let name = form.text(FieldId::POLICY_NAME).to_owned();
    if let Some(field) = form.field_mut(FieldId::POLICY_NAME)
        && !name.is_empty()
    {
        field.error = PolicyName::new(&name).err().map(|rule| match PolicyName::near(&name) {
            Some(near) => format!("{rule} Ctrl-N writes “{near}”."),
            None => rule.to_string(),
        });
    }
    let typed = form.text(FieldId::POLICY_TAGS).to_owned();
    if let Some(field) = form.field_mut(FieldId::POLICY_TAGS) {
        field.error = super::policy_draft::tags(&typed).err();
    }
    let arn = (!inline).then(|| context.facts.own_policy(&name)).flatten();
    let there = arn.and_then(|arn| context.facts.policy(&arn)).and_then(Fact::into_known).cloned();
    let document = form.document(FieldId::POLICY_DOCUMENT).map(|editor| editor.text()).unwrap_or_default();
    let differs = match &there {
        _ if document.trim().is_empty() => None,
        Some(PolicySight::There(there)) if !same_document(&there.document, &document) => Some(there.document.clone()),
        _ => None,
    };
    let is_used = matches!(there, Some(PolicySight::There(_))) && differs.is_none() && !document.trim().is_empty();
    form.ask(FieldId::NEW_VERSION, differs.is_some());
    if let Some(field) = form.field_mut(FieldId::POLICY_NAME) {
        field.note = match (&differs, is_used) {
            (_, true) => Some(Note::Good("The account has this policy with this document: it is used as it is.".to_owned())),
            (Some(_), _) => Some(Note::Warning(
                "The account has a policy of this name with another document: see below, or type another name.".to_owned(),
            )),
            _ => None,
        };
    }
    if let Some(field) = form.field_mut(FieldId::NEW_VERSION) {
        field.note = differs.map(|old| Note::Info(difference(&old, &document)));
    }
    look_at_document(form, &Purpose::of(context.facts.caller()).inline(inline));
    let description = form.text(FieldId::POLICY_DESCRIPTION).to_owned();
    if let Some(field) = form.field_mut(FieldId::POLICY_DESCRIPTION) {
        field.note = is_garbled(&description).then(|| Note::Warning(GARBLED.to_owned()));
    }
}

/// The lines of two documents that are not in both.
fn difference(old: &str, new: &str) -> String {
    let (old, new) = (laid_out(old), laid_out(new));
    let changed = diff::lines(&old, &new).into_iter().filter_map(|line| match line {
        diff::Result::Left(line) => Some(format!("- {}", line.trim())),
        diff::Result::Right(line) => Some(format!("+ {}", line.trim())),
        diff::Result::Both(..) => None,
    });
    changed.collect::<Vec<_>>().join("\n")
}

/// How many faults are shown below the document.
const SHOWN: usize = 3;

/// Reads the document again where it has changed.
fn look_at_document(form: &mut Form, purpose: &Purpose<'_>) {
    let Some(field) = form.field_mut(FieldId::POLICY_DOCUMENT) else { return };
    let Control::Document(editor) = &mut field.control else { return };
    let seen = format!("{} {purpose:?}", editor.version);
    if editor.checked.as_ref() == Some(&seen) {
        return;
    }
    editor.checked = Some(seen);
    (field.note, field.error) = (None, None);
    if editor.is_blank() {
        field.note = Some(Note::Info("Paste it here, write it, or read it from a file.".to_owned()));
        return;
    }
    let reading = policy::read(&editor.text(), purpose);
    let limit = policy::size_limit(purpose.inline);
    let size = format!("{} of {limit} characters, white space not counted.", reading.size);
    if reading.faults.is_empty() && reading.size <= limit {
        let left: Vec<&str> = reading.placeholders.iter().map(|left| left.text.as_str()).collect();
        field.note = Some(match left[..] {
            [] => Note::Good(format!("IAM accepts it. {size}")),
            _ => Note::Warning(format!("Still contains placeholders: {}. {size}", left.join(", "))),
        });
        return;
    }
    let mut words: Vec<String> = reading.faults.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = reading.faults.len().saturating_sub(SHOWN);
    words.extend((more > 0).then(|| format!("… and {more} more.")));
    words.push(size);
    field.error = Some(words.join("\n"));
}
