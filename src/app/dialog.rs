//! Dialogs: a question in front of the page. Each carries its own data; Ctrl-C and Esc close it and are never an answer.

mod earlier;
mod pasted;

pub(super) use earlier::{FINISH, FORGET_OLD, KEEP, REPLACE, SHOW, UNDO};

use super::effect::Csv;
use super::event::{Event, Key, Target};
use super::field::{Field, FieldId, FieldOption};
use super::form::{Form, KeyOutcome};
use crate::domain::facts::OwnProfile;
use crate::domain::hand_over::{Destination, OUTPUTS, SavePreview};
use crate::domain::journal::Run;
use crate::domain::name::UserName;
use crate::domain::profile_file::Changed;
use crate::domain::unsent::Unsent;

#[derive(Clone, Debug)]
pub enum Asked {
    /// Add a key to this user, who exists, instead?
    Taken(UserName),
    Leave,
    /// Help; nothing is asked.
    Help,
    /// The code of this MFA device.
    Mfa,
    /// Keys for this session.
    Paste,
    /// Send secrets in clear text to this endpoint?
    ClearText,
    /// Under which name and with which region is the key saved?
    SaveAs(Around),
    /// Save although this is replaced or unclear?
    Consent(Box<SavePreview>),
    Copy,
    /// Which file is written, and where to?
    WriteTo,
    /// Write this file over the one that is there?
    Overwrite {
        csv: Csv,
        path: String,
    },
    /// Print the secrets among the lines, where they stay?
    Reveal,
    /// Leave although nothing was saved?
    Unsaved,
    /// In which form are the calls shown?
    DryRun,
    /// The calls in a form, to look at or to write down; the name of its file.
    Listing {
        name: String,
        text: String,
    },
    Stop,
    /// Undo the run?
    Undo,
    /// Take the highlighted policy off the page?
    RemovePolicy,
    /// Create although something speaks against it?
    CreateAnyway,
    /// What happens to this run of an earlier start?
    Unfinished(Box<Run>),
    /// Go on with these answers of an earlier start?
    Unsent(Box<Unsent>),
    /// What this run of an earlier start made; back to the question about it.
    Shown(Box<Run>),
}

/// What a destination is checked against.
#[derive(Clone, Debug)]
pub struct Around {
    pub profiles: Vec<OwnProfile>,
    /// Whose regions are proposed.
    pub partition: String,
    /// The calls go to a server of one's own, whose regions may have any name.
    pub own_server: bool,
}

#[derive(Debug)]
pub struct Dialog {
    pub asked: Asked,
    pub title: String,
    /// Its text, a paragraph each.
    pub words: Vec<String>,
    /// Its fields, if any.
    pub form: Form,
    /// Its answers, if any; the first is the harmless one.
    pub choices: Vec<&'static str>,
    /// The highlighted answer.
    pub at: usize,
}

/// The answer that says that a secret is where it belongs.
pub(super) const ARRIVED: &str = "It has arrived: leave";
/// The answer that deletes a key that nobody can use.
pub(super) const DELETE: &str = "Delete the key, then leave";
/// The answer that saves the key as it is proposed, and leaves once it is there.
pub(super) const SAVE: &str = "Save the key as a profile, then leave";
/// The same answers where the person goes back to the first page.
pub(super) const ARRIVED_BACK: &str = "It has arrived: go back";
pub(super) const DELETE_BACK: &str = "Delete the key, then go back";
pub(super) const SAVE_BACK: &str = "Save the key as a profile, then go back";
/// The answer that undoes the run.
pub(super) const UNDO_ALL: &str = "Undo everything this run made";
const REPLACE_PROFILE: &str = "Replace it";
/// How many profiles are listed.
const LISTED: usize = 12;

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogOutcome {
    Open,
    /// Closed without an answer.
    Closed,
    /// The fields are filled in, or this answer was chosen.
    Given(usize),
}

impl Dialog {
    pub fn with_form(asked: Asked, title: &str, words: Vec<String>, form: Form) -> Self {
        Self { form, ..Self::new(asked, title, words) }
    }

    /// In which form are the calls shown?
    /// `refusals`: why other forms can't say it.
    pub fn dry_run(forms: Vec<&'static str>, refusals: Vec<&'static str>) -> Self {
        let words = std::iter::once("The same calls in another form. Nothing is sent.").chain(refusals).map(str::to_owned);
        let choices = std::iter::once("Back").chain(forms).collect();
        Self { choices, ..Self::new(Asked::DryRun, "Show the calls as …", words.collect()) }
    }

    /// A text to look at or to write down.
    pub fn listing(name: String, text: String) -> Self {
        let words = text.lines().map(str::to_owned).collect();
        let title = name.clone();
        Self { choices: vec!["Close", "Write it to a file"], ..Self::new(Asked::Listing { name, text }, title, words) }
    }

    fn new(asked: Asked, title: impl Into<String>, words: Vec<String>) -> Self {
        Self { asked, title: title.into(), words, form: Form::default(), choices: Vec::new(), at: 0 }
    }

    /// Add a key to this user, who exists, instead?
    pub fn taken(user: &UserName) -> Self {
        let words = vec![format!("This account already has the user “{user}”.")];
        let choices = vec!["Choose another name", "Add an access key to it"];
        Self { choices, ..Self::new(Asked::Taken(user.clone()), "Name taken", words) }
    }

    /// Leave the program? `keeps`: what was typed is offered at the next start. In practice an earlier task may have made something.
    pub fn leave(is_practice: bool, keeps: bool) -> Self {
        let kept = if keeps { "Your answers are kept for seven days; a password is not." } else { "What you typed is not kept." };
        let made = if is_practice { "The practice account ends with the program." } else { "Nothing was made in the account." };
        let words = vec![format!("{made} {kept}")];
        Self { choices: vec!["Stay", "Leave"], ..Self::new(Asked::Leave, "Leave iamwalk?", words) }
    }

    pub fn stop() -> Self {
        let words =
            vec!["Nothing new starts while you decide. After a stop you can go on, undo what was made, or leave it.".to_owned()];
        Self { choices: vec!["Go on", "Stop"], ..Self::new(Asked::Stop, "Stop here?", words) }
    }

    /// Undo a run? `plan`: what goes and what stays, a line each.
    pub fn undo(plan: Vec<String>) -> Self {
        Self { choices: vec!["Not now", "Undo all this"], ..Self::new(Asked::Undo, "Undo all this?", plan) }
    }

    /// Take a policy off the page?
    pub fn remove_policy(words: &str) -> Self {
        let words = vec![format!("{words}: its text is lost.")];
        Self { choices: vec!["Keep it", "Remove it"], ..Self::new(Asked::RemovePolicy, "Remove the policy?", words) }
    }

    /// Create although something speaks against it?
    pub fn create_anyway(words: Vec<String>) -> Self {
        Self { choices: vec!["Stay", "Go on anyway"], ..Self::new(Asked::CreateAnyway, "Go on anyway?", words) }
    }

    /// Something to know; nothing is asked.
    pub fn notice(title: &str, words: String) -> Self {
        Self::help(title, vec![words])
    }

    pub fn help(title: &str, words: Vec<String>) -> Self {
        Self { choices: vec!["Close"], ..Self::new(Asked::Help, title, words) }
    }

    /// The code of an MFA device.
    pub fn mfa(serial: &str) -> Self {
        let form = Form::new(vec![Field::hidden(FieldId::MFA_CODE, "Code").hint("Six digits; used once, kept nowhere")]);
        let words = vec![format!("This profile assumes a role that asks for the code of {serial}.")];
        Self { form, ..Self::new(Asked::Mfa, "MFA code", words) }
    }

    /// Keys for this session.
    pub fn paste() -> Self {
        let form = Form::new(vec![
            Field::text(FieldId::KEY_ID, "Access key ID", ""),
            Field::hidden(FieldId::SECRET_KEY, "Secret access key"),
            Field::hidden(FieldId::TOKEN, "Session token - optional").hint("Only for temporary credentials (ASIA…)"),
        ]);
        let words = vec!["Kept in memory for this session and written nowhere.".to_owned()];
        Self { form, ..Self::new(Asked::Paste, "Keys for this session", words) }
    }

    /// Send secrets in clear text?
    pub fn clear_text(endpoint: &str) -> Self {
        let words = vec![format!(
            "{endpoint} is not on this machine and not https: passwords and the secret access key would travel in clear text, \
             for everybody on the way to read."
        )];
        Self {
            choices: vec!["Leave", "Send them in clear text"],
            ..Self::new(Asked::ClearText, "An unprotected endpoint", words)
        }
    }

    /// Under which name, with which region and output is the key saved?
    pub fn save_as(to: Destination, around: Around, path: &str) -> Self {
        let as_it_is = FieldOption { label: "as it is, or none".to_owned(), about: String::new() };
        let outputs = OUTPUTS.iter().map(|output| FieldOption { label: (*output).to_owned(), about: String::new() });
        let chosen = to.output.and_then(|output| OUTPUTS.iter().position(|one| *one == output)).map_or(0, |at| at + 1);
        let form = Form::new(vec![
            Field::text(FieldId::PROFILE, "Profile", &to.profile),
            Field::text(FieldId::REGION, "Region", &to.region),
            Field::choice(
                FieldId::OUTPUT,
                "Output of the AWS CLI",
                std::iter::once(as_it_is).chain(outputs).collect(),
                Some(chosen),
            ),
        ]);
        let listed: Vec<String> = around.profiles.iter().map(|profile| format!("{} ({})", profile.name, profile.holds)).collect();
        let listed = match &listed[..] {
            [] => "No profile is listed there.".to_owned(),
            [first @ .., last] if listed.len() > LISTED => format!("There are: {}, … {last}.", first[..LISTED].join(", ")),
            all => format!("There are: {}.", all.join(", ")),
        };
        Self { form, ..Self::new(Asked::SaveAs(around), "Save as a profile", vec![format!("Keys go into {path}. {listed}")]) }
    }

    /// Save although a profile is replaced, readers disagree, or others can read the file?
    pub fn consent(preview: SavePreview) -> Self {
        let profile = &preview.destination.profile;
        let mut words = Vec::new();
        words.extend(preview.replaces.then(|| {
            format!("The profile “{profile}” is there. A key in it works on until it is deactivated. This would change, and nothing else:")
        }));
        words.extend(preview.asks.iter().cloned());
        let open = preview.open_to_others.iter();
        words.extend(open.map(|path| format!("Others on this machine can read {path}.")));
        let in_place = preview.in_place.iter();
        words.extend(in_place.map(|path| {
            format!("{path} can only be written in place: a crash of the machine just then would harm it. A copy is kept.")
        }));
        let is_change = |line: &Changed| !matches!(line, Changed::Header(_));
        for (path, changed) in preview.files.iter().filter(|(_, changed)| changed.iter().any(is_change)) {
            words.push(String::new());
            words.push(path.clone());
            words.extend(changed.iter().map(|line| match line {
                Changed::Header(text) => format!("  {text}"),
                Changed::Old(text) => format!("- {text}"),
                Changed::New(text) => format!("+ {text}"),
            }));
        }
        if !preview.notes.is_empty() {
            words.extend([String::new(), preview.notes.join(" ")]);
        }
        let choices = match (preview.replaces, preview.open_to_others.is_empty()) {
            (true, true) => vec!["Do not save", REPLACE_PROFILE],
            (true, false) => vec!["Do not save", REPLACE_PROFILE, "Replace it, and let only me read the file"],
            (false, true) => vec!["Do not save", "Save it"],
            (false, false) => vec!["Do not save", "Save it", "Save it, and let only me read the file"],
        };
        let title = if preview.replaces { "Replace the profile?" } else { "Save it so?" };
        Self { choices, ..Self::new(Asked::Consent(Box::new(preview)), title, words) }
    }

    /// Print the secrets, which no line takes back?
    pub fn reveal() -> Self {
        let words = vec!["It stays among the lines above, and whoever scrolls back sees it.".to_owned()];
        Self { choices: vec!["Do not print it", "Print it"], ..Self::new(Asked::Reveal, "Print the secrets here?", words) }
    }

    pub fn copy(things: impl Iterator<Item = &'static str>) -> Self {
        let words = vec!["Lines for a shell begin with a blank, which keeps them out of most histories.".to_owned()];
        Self { choices: std::iter::once("Back").chain(things).collect(), ..Self::new(Asked::Copy, "Copy", words) }
    }

    /// Which file is written, and where to?
    pub fn write_to(csvs: &[(Csv, String)], file: usize, place: &str) -> Self {
        let choice = |(csv, name): &(Csv, String)| {
            let about = match csv {
                Csv::Key { .. } => "the console's file of a key",
                Csv::Import { .. } => "for “aws configure import”",
                Csv::Password { .. } => "password and sign-in URL",
            };
            FieldOption { label: name.clone(), about: about.to_owned() }
        };
        let form = Form::new(vec![
            Field::choice(FieldId::FILE, "File", csvs.iter().map(choice).collect(), Some(file)),
            Field::text(FieldId::PLACE, "Where to", place).hint("A folder, or a file of another name"),
        ]);
        Self { form, ..Self::new(Asked::WriteTo, "Write a file", vec!["Only you can read it.".to_owned()]) }
    }

    /// Write over a file that is there?
    pub fn overwrite(csv: Csv, path: String) -> Self {
        let words = vec![format!("{path} already exists. Its content would be lost.")];
        Self {
            choices: vec!["Keep it", "Write over it"],
            ..Self::new(Asked::Overwrite { csv, path }, "Write over the file?", words)
        }
    }

    /// Leave although something would be lost? `seen`: somebody may have it. `key`: it is a key, that can be saved or deleted.
    /// `back`: not out of the program, but to its first page.
    pub fn unsaved(title: &str, words: Vec<String>, (seen, key, back): (bool, bool, bool)) -> Self {
        let [save, arrived, delete, anyway] = match back {
            false => [SAVE, ARRIVED, DELETE, "Leave anyway"],
            true => [SAVE_BACK, ARRIVED_BACK, DELETE_BACK, "Go back anyway"],
        };
        let offered = [(true, "Stay"), (key, save), (seen, arrived), (key, delete), (key, UNDO_ALL), (true, anyway)];
        let choices = offered.into_iter().filter(|(is_offered, _)| *is_offered).map(|(_, words)| words).collect();
        Self { choices, ..Self::new(Asked::Unsaved, title, words) }
    }

    /// Whether characters go into a text.
    pub fn is_typing(&self) -> bool {
        self.form.is_typing()
    }

    pub fn key(&mut self, key: Key) -> DialogOutcome {
        match key {
            Key::Esc | Key::Ctrl('c') => return DialogOutcome::Closed,
            Key::Enter if self.form.fields.is_empty() => return DialogOutcome::Given(self.at),
            // What is wrong is mended first.
            Key::Enter if self.form.focused().is_some_and(|field| field.error.is_some()) => {}
            Key::Enter => {
                // Enter goes through the fields and confirms at the last, so that none is passed over by accident.
                if self.form.key(key) == KeyOutcome::Continue && !self.form.go_on() {
                    return DialogOutcome::Given(0);
                }
            }
            Key::Left | Key::Up | Key::BackTab if self.form.fields.is_empty() => self.at = self.at.saturating_sub(1),
            Key::Right | Key::Down | Key::Tab if self.form.fields.is_empty() => {
                self.at = (self.at + 1).min(self.choices.len().saturating_sub(1));
            }
            key => {
                self.form.key(key);
            }
        }
        DialogOutcome::Open
    }

    pub fn click(&mut self, target: Target) -> DialogOutcome {
        match target {
            Target::Entry(at) if at < self.choices.len() => return DialogOutcome::Given(at),
            Target::Field(field) => self.form.click(field),
            Target::Row { field, row } => self.form.click_row(field, row),
            Target::Entry(_) => {}
        }
        DialogOutcome::Open
    }

    /// Takes what goes into its fields.
    pub fn on(&mut self, event: Event) -> DialogOutcome {
        self.form.on(event);
        DialogOutcome::Open
    }
}
