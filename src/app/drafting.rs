//! The dialog in which a policy is written: its fields, what is worth knowing of them as one types, and what is looked up for
//! them.

use super::Context;
use super::dialog::{Answer, Asked, Dialog};
use super::drafts::Draft;
use super::event::Key;
use super::field::{Choice, Control, Field, FieldId, Note};
use super::form::Form;
use crate::domain::answers::PolicyUse;
use crate::domain::document::same_document;
use crate::domain::facts::{Fact, PolicySight, Question};
use crate::domain::name::PolicyName;
use crate::domain::policy::{self, GARBLED, Purpose, is_garbled, laid_out};
use crate::domain::walkthrough::Guide;

const INLINE: usize = 1;
const USES: [PolicyUse; 3] = [PolicyUse::User, PolicyUse::Group, PolicyUse::Boundary];

/// The dialog in which a policy is written.
pub fn dialog(draft: &Draft, index: usize) -> Dialog {
    let choice = |label: &str, about: &str| Choice { label: label.to_owned(), about: about.to_owned() };
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
    let form = Form::new(vec![
        Field::text(FieldId::POLICY_NAME, "Policy name", &draft.name)
            .hint("Up to 128 characters: A-Z, a-z, 0-9 and + = , . @ _ -"),
        Field::choice(FieldId::POLICY_KIND, "Kind", kinds, Some(usize::from(draft.inline))),
        Field::choice(FieldId::POLICY_USE, "Who gets it", uses, USES.iter().position(|used| *used == draft.used)),
        Field::text(FieldId::POLICY_DESCRIPTION, "Description - optional", &draft.description)
            .hint("Up to 1,000 characters; IAM lets nobody change it later"),
        Field::text(FieldId::POLICY_TAGS, "Tags - optional", &draft.tags).hint("key=value, key=value"),
        file,
        Field::toggle(FieldId::NEW_VERSION, "Make it a new version of that policy, in force at once", draft.new_version),
        Field::document(FieldId::POLICY_DOCUMENT, "Document (JSON)", &draft.document),
    ]);
    let asked = Asked::Policy {
        index,
        asked: draft.asked.clone(),
        read: if draft.document.trim().is_empty() { String::new() } else { draft.path.clone() },
    };
    let title = if draft.name.is_empty() { "A new policy" } else { "A policy that is made" };
    let mut dialog = Dialog::with_form(asked, title, Vec::new(), form);
    if !draft.asked.is_empty() && draft.document.trim().is_empty() {
        dialog.form.focus_on(FieldId::POLICY_FILE);
    }
    dialog
}

/// The walkthrough fixes the policy: only the file that it asks for is the person's.
pub(super) fn fix_all_but_file(form: &mut Form) {
    for field in form.fields.iter_mut().filter(|field| field.id != FieldId::POLICY_FILE) {
        field.fixed = true;
    }
}

/// What is written in the dialog.
pub fn draft_of(form: &Form, asked: &str) -> Draft {
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

/// Why what is written can't be accepted as it stands, though the policy by itself could: a file that was not read yet, another
/// document under a name that the account has.
pub(super) fn unsettled(dialog: &mut Dialog) -> Option<()> {
    let Asked::Policy { read, .. } = &dialog.asked else { return None };
    let path = dialog.form.text(FieldId::POLICY_FILE).trim();
    if !path.is_empty() && path != read {
        // Leaving its field has it read.
        dialog.form.focus_on(FieldId::POLICY_DOCUMENT);
        return Some(());
    }
    let differs = dialog.form.field(FieldId::NEW_VERSION).is_some_and(|field| field.asked);
    if differs && !dialog.form.is_on(FieldId::NEW_VERSION) {
        let words = "Tick this with Space if that is meant; else give the policy another name.";
        dialog.form.refuse(FieldId::NEW_VERSION, words.to_owned());
        return Some(());
    }
    None
}

/// Whether nothing was written.
pub fn is_blank(draft: &Draft) -> bool {
    draft.name.is_empty() && draft.document.trim().is_empty() && draft.path.is_empty()
}

/// What is to be asked for what stands in the dialog: the policy of the same name, and the file that was typed, once the
/// person has left its field.
pub(super) fn questions(dialog: &mut Dialog, context: &Context) -> (Vec<Question>, Vec<Question>) {
    let Asked::Policy { read, .. } = &mut dialog.asked else { return (Vec::new(), Vec::new()) };
    let policy = context.facts.own_policy(dialog.form.text(FieldId::POLICY_NAME)).map(Question::Policy);
    let path = dialog.form.text(FieldId::POLICY_FILE).trim().to_owned();
    let is_typing = dialog.form.focused().is_some_and(|field| field.id == FieldId::POLICY_FILE);
    let again = (!path.is_empty() && path != *read && !is_typing).then(|| {
        read.clone_from(&path);
        Question::File(path)
    });
    (policy.into_iter().collect(), again.into_iter().collect())
}

/// A file has come that was typed into the dialog.
///
/// The variables of the walkthrough are replaced in it: a vendor's file is used as it comes.
pub(super) fn file_read(dialog: &mut Dialog, path: &str, guide: &Guide, context: &Context) {
    let Asked::Policy { read, .. } = &dialog.asked else { return };
    if read != path {
        return;
    }
    match context.facts.file(path) {
        Some(Fact::Known(text)) => {
            if let Some(Control::Document(editor)) =
                dialog.form.field_mut(FieldId::POLICY_DOCUMENT).map(|field| &mut field.control)
            {
                // Blanks before it IAM does not take, and none is meant.
                editor.set(guide.document(text).unwrap_or_default().trim());
            }
            if let Some(field) = dialog.form.field_mut(FieldId::POLICY_FILE) {
                field.error = None;
            }
        }
        Some(fact) => {
            if let Some(words) = fact.fault().map(|fault| fault.what()) {
                if let Asked::Policy { read, .. } = &mut dialog.asked {
                    read.clear();
                }
                dialog.form.refuse(FieldId::POLICY_FILE, words);
            }
        }
        None => {}
    }
}

/// Writes a legal name in place of an illegal one.
pub(super) fn mend_name(form: &mut Form) {
    if let Some(near) = PolicyName::near(form.text(FieldId::POLICY_NAME)) {
        form.fill(FieldId::POLICY_NAME, near.as_str());
    }
}

/// Brings into the dialog which fields are asked, and what is worth knowing.
pub(super) fn refresh(form: &mut Form, context: &Context) {
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
        field.error = super::drafts::tags(&typed).err();
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

/// Reads the document anew where it has changed.
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
            [] => Note::Good(format!("IAM takes it. {size}")),
            _ => Note::Warning(format!("To be replaced, as it seems: {}. {size}", left.join(", "))),
        });
        return;
    }
    let mut words: Vec<String> = reading.faults.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = reading.faults.len().saturating_sub(SHOWN);
    words.extend((more > 0).then(|| format!("… and {more} more.")));
    words.push(size);
    field.error = Some(words.join("\n"));
}

/// Takes a key of the dialog's own: Ctrl-S accepts it, Ctrl-N mends the name, Esc leaves the editor.
pub(super) fn key(form: &mut Form, key: Key) -> Option<Answer> {
    let is_editing = form.focused().is_some_and(|field| field.id == FieldId::POLICY_DOCUMENT);
    match key {
        Key::Ctrl('s') => Some(Answer::Given(0)),
        Key::Ctrl('n') => {
            mend_name(form);
            Some(Answer::Open)
        }
        Key::Esc if is_editing => {
            form.go_back();
            Some(Answer::Open)
        }
        _ => None,
    }
}
