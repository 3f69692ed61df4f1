//! The person's profile files: what saving a key as a profile would do to them, and the saving itself.
//!
//! In: a new key, and as which profile. Out: keys in the credentials file, region and output in the config file, every other
//! byte as it was. Both edits are `domain::profile_file`'s, and proven by AWS's own parser before either file is written.

pub mod profiles;
mod proof;
mod rotation;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment::Environment;
use super::replace::{self, Found, Replaced};
use super::{private_file, state};
use crate::domain::facts::OwnProfile;
use crate::domain::fault::Fault;
use crate::domain::hand_over::{Consent, Destination, SavePreview, Saving, work_tree_caution};
use crate::domain::profile_file::{Change, Edited, FileKind, Profiles, edit};
use crate::domain::secret::Secret;

/// Tokens of temporary credentials: beside a new key they would make AWS refuse it.
const TOKENS: &[&str] = &["aws_session_token", "aws_security_token"];

/// The file in the state folder that an iamwalk locks while it saves.
const LOCK: &str = "profiles.lock";

/// How often a file is edited again that somebody else changes meanwhile.
const TRIES: u32 = 3;

/// How long another iamwalk is waited for, and how often it is looked.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The two files of a person's profiles, and the folder for what is kept of them.
#[derive(Clone, Debug)]
pub struct ProfileFiles {
    pub credentials: PathBuf,
    /// Regions and all else.
    pub config: PathBuf,
    /// For backups and the lock; without one there is neither.
    pub state: Option<PathBuf>,
    /// The environment that says which of the profiles is used, where they are the person's own.
    pub of: Option<Environment>,
}

#[derive(Clone, Debug)]
pub struct NewKey {
    pub id: String,
    /// Its secret. Where it ends: in the credentials file.
    pub secret: Secret,
}

/// One of the two files with its edit.
struct Proven {
    kind: FileKind,
    path: PathBuf,
    found: Found,
    edited: Edited,
    notes: Vec<String>,
}

impl ProfileFiles {
    /// The person's own: `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`, else `~/.aws`. `None` without a home folder.
    pub fn own(environment: &Environment) -> Option<Self> {
        let from = |variable: &str, name: &str| match environment.get(variable) {
            Some(path) => Some(environment.path(&path)),
            None => environment.home().map(|home| home.join(".aws").join(name)),
        };
        Some(Self {
            credentials: from("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            config: from("AWS_CONFIG_FILE", "config")?,
            state: state::folder(),
            of: Some(environment.clone()),
        })
    }

    /// Files of these names in a folder; practice writes into one of its own.
    pub fn within(folder: &Path) -> Self {
        let state = Some(folder.join("iamwalk"));
        Self { credentials: folder.join("credentials"), config: folder.join("config"), state, of: None }
    }

    /// Writes a first credentials file, where there is none. Without it there is one thing less to practise.
    pub(super) fn begin_with(&self, text: &str) {
        if let Some(folder) = self.credentials.parent() {
            let _ = private_file::folder(folder).and_then(|()| private_file::create(&self.credentials, text.as_bytes()));
        }
    }

    /// Where files are kept as they were before the last change.
    fn backups(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|state| state.join("backups"))
    }

    pub(super) fn path(&self, kind: FileKind) -> &Path {
        match kind {
            FileKind::Credentials => &self.credentials,
            FileKind::Config => &self.config,
        }
    }

    /// Where something of the files stands, in words.
    pub(super) fn place(&self, (kind, line): (FileKind, usize)) -> String {
        format!("line {line} of {}", self.path(kind).display())
    }

    /// The profiles that are there, with a word on what each holds.
    ///
    /// # Errors
    /// The files can't be read.
    pub fn list(&self) -> Result<Vec<OwnProfile>, Fault> {
        profiles::list(self)
    }

    /// What saving a key of this id would do; nothing is written.
    ///
    /// # Errors
    /// Why the files can't be edited, with the line.
    pub fn preview_save(&self, id: &str, to: &Destination) -> Result<SavePreview, Fault> {
        let unknown = NewKey { id: id.to_owned(), secret: Secret::new("x".repeat(40)) };
        let config = self.proven(FileKind::Config, &unknown, to)?;
        let credentials = self.proven(FileKind::Credentials, &unknown, to)?;
        Ok(self.preview(&credentials, &config, to))
    }

    /// Saves a key: the credentials first, then the config. What needs the person's consent is asked back, unless `consent` is
    /// to just that.
    ///
    /// # Errors
    /// Nothing was saved, and why.
    pub fn save(&self, key: &NewKey, to: &Destination, consent: Option<&Consent>) -> Result<Saving, Fault> {
        let _lock = self.lock()?;
        self.sweep_locked();
        let agreed = consent.map(|consent| &consent.preview);
        let mut writing = Writing {
            files: self,
            closes: consent.is_some_and(|consent| consent.closes),
            in_place: Vec::new(),
            kept: Vec::new(),
        };
        for _ in 0..TRIES {
            let config = self.proven(FileKind::Config, key, to)?;
            let credentials = self.proven(FileKind::Credentials, key, to)?;
            let mut now = self.preview(&credentials, &config, to);
            // That a rename is impossible shows only when one is tried.
            let tried = agreed.map(|agreed| agreed.in_place.clone()).unwrap_or_default();
            now.in_place.extend(tried.into_iter().filter(|path| !now.in_place.contains(path)).collect::<Vec<_>>());
            if now.needs_consent() && agreed != Some(&now) {
                return Ok(Saving::Asks(Box::new(now)));
            }
            writing.in_place.clone_from(&now.in_place);
            match writing.put(&credentials)? {
                Replaced::Done => {
                    let warnings = writing
                        .config(config, key, to)
                        .err()
                        .map(|fault| format!("The keys are saved, region and output are not. {}", fault.what()));
                    return Ok(Saving::Done { warnings: warnings.into_iter().collect(), kept: writing.kept });
                }
                Replaced::Changed => {}
                Replaced::NoRename(_) => {
                    now.in_place.push(credentials.path.display().to_string());
                    return Ok(Saving::Asks(Box::new(now)));
                }
            }
        }
        Err(busy(&self.credentials))
    }

    /// Removes what a killed program left beside the files. While another iamwalk saves nothing is touched: it does the same.
    pub fn sweep(&self) {
        let path = self.state.as_ref().map(|state| state.join(LOCK)).filter(|path| path.exists());
        // Where nothing was ever saved there is no lock, and nothing to sweep.
        let Some(Ok(file)) = path.map(|path| private_file::append(&path)) else { return };
        if file.try_lock().is_ok() {
            self.sweep_locked();
        }
    }

    fn sweep_locked(&self) {
        let mut folders: Vec<PathBuf> = [&self.credentials, &self.config]
            .into_iter()
            .filter_map(|path| Found::read(path).ok()?.real.parent().map(Path::to_owned))
            .chain(self.backups())
            .collect();
        folders.dedup();
        folders.iter().for_each(|folder| replace::sweep(folder));
    }

    /// The edit of one of the files, proven by both families of readers.
    fn proven(&self, kind: FileKind, key: &NewKey, to: &Destination) -> Result<Proven, Fault> {
        let path = self.path(kind).to_owned();
        let refused = |why: &str| refused(&path, why);
        let found =
            Found::read(&path).map_err(|error| refused(&format!("it can't be read ({}).", private_file::reason(&error))))?;
        let set = match kind {
            FileKind::Credentials => {
                vec![("aws_access_key_id", key.id.as_str()), ("aws_secret_access_key", key.secret.expose())]
            }
            FileKind::Config => {
                let output = to.output.as_deref().map(|output| ("output", output));
                std::iter::once(("region", to.region.as_str())).chain(output).collect()
            }
        };
        self.proven_change(path, found, &Change { kind, profile: &to.profile, set, remove: TOKENS })
    }

    /// The edit of a file as it was found.
    fn proven_change(&self, path: PathBuf, found: Found, change: &Change<'_>) -> Result<Proven, Fault> {
        let refused = |why: &str| refused(&path, why);
        if let Some(why) = found.is_out_of_reach() {
            return Err(refused(&format!("{why}.")));
        }
        let text = std::str::from_utf8(found.content()).map_err(|error| {
            let line = found.content()[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            refused(&format!("line {line}: it is not UTF-8, so that AWS's tools can't read it."))
        })?;
        let edited = edit(text, change).map_err(|why| refused(&format!("{why}")))?;
        let mut notes = edited.notes.clone();
        notes.extend(proof::by_sdk(text, &edited, change).map_err(|why| refused(&why))?);
        if let Some(tree) = found.work_tree() {
            notes.push(work_tree_caution(&path.display().to_string(), &tree.display().to_string()));
        }
        Ok(Proven { kind: change.kind, path, found, edited, notes })
    }

    /// What both edits come to.
    fn preview(&self, credentials: &Proven, config: &Proven, to: &Destination) -> SavePreview {
        let both = [credentials, config];
        let named =
            |is: fn(&Found) -> bool| both.iter().filter(|one| is(&one.found)).map(|one| one.path.display().to_string()).collect();
        let mut notes: Vec<String> = both.iter().flat_map(|one| one.notes.iter().cloned()).collect();
        notes.extend(self.of.iter().flat_map(|environment| shadows(environment, &to.profile)));
        let protected: Vec<String> = named(Found::is_protected);
        let mut asks: Vec<String> = both.iter().flat_map(|one| one.edited.asks.iter().cloned()).collect();
        asks.extend(self.unusable(credentials, config, &to.profile));
        asks.extend(protected.iter().map(|path| format!("{path} is protected against writing.")));
        SavePreview {
            destination: to.clone(),
            files: both.iter().map(|one| (one.path.display().to_string(), one.edited.changed.clone())).collect(),
            replaces: credentials.edited.was_there || config.edited.was_there,
            asks,
            notes,
            open_to_others: if credentials.found.is_open_to_others() {
                vec![credentials.path.display().to_string()]
            } else {
                Vec::new()
            },
            in_place: named(Found::is_fixed),
        }
    }

    /// That the AWS CLI would not use the key in this profile, for what else stands there.
    fn unusable(&self, credentials: &Proven, config: &Proven, profile: &str) -> Option<String> {
        let profiles = Profiles::read(&config.edited.text, &credentials.edited.text).ok()?;
        let key = profiles.get(profile)?.shadow()?;
        let at = self.place(profiles.get(profile)?.place(key)?);
        Some(format!(
            "The AWS CLI would not use the new key: the profile “{profile}” has {key} ({at}), which goes before a key. Take it \
             away there, or save the key under another name."
        ))
    }

    /// Two iamwalk never write at once; anybody else is noticed by what the files hold.
    fn lock(&self) -> Result<Option<File>, Fault> {
        let Some(state) = &self.state else { return Ok(None) };
        let path = state.join(LOCK);
        let opened = private_file::folder(state).and_then(|()| private_file::append(&path));
        // Without a place for the lock there is none; the files are compared anyway.
        let Ok(file) = opened else { return Ok(None) };
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                _ => return Ok(Some(file)),
            }
        }
        Err(Fault::local("Another iamwalk is saving a profile just now. Try again."))
    }
}

/// A saving under way.
struct Writing<'a> {
    files: &'a ProfileFiles,
    closes: bool,
    /// The files that the person lets be written in place.
    in_place: Vec<String>,
    kept: Vec<String>,
}

impl Writing<'_> {
    /// Region and output; somebody else may change the file meanwhile.
    fn config(&mut self, mut config: Proven, key: &NewKey, to: &Destination) -> Result<(), Fault> {
        for _ in 0..TRIES {
            match self.put(&config)? {
                Replaced::Done => return Ok(()),
                Replaced::Changed => config = self.files.proven(FileKind::Config, key, to)?,
                Replaced::NoRename(error) => return Err(refused(&config.path, &format!("{}.", private_file::reason(&error)))),
            }
        }
        Err(busy(&self.files.config))
    }

    /// Replaces a file, keeps it as it was, and reads back what is there then.
    fn put(&mut self, proven: &Proven) -> Result<Replaced, Fault> {
        let Proven { path, found, edited, .. } = proven;
        let after = edited.text.as_bytes();
        if found.bytes.as_ref().is_some_and(|bytes| bytes.as_slice() == after) {
            return Ok(Replaced::Done);
        }
        let failed = |error: io::Error| {
            Fault::local(format!("{} could not be written: {}.", path.display(), private_file::reason(&error)))
        };
        let in_place = self.in_place.contains(&path.display().to_string());
        let mut kept = None;
        if let Some(bytes) = &found.bytes {
            match self.files.backups().map(|backups| backups.join(proven.kind.name())) {
                Some(backup) => {
                    replace::keep(&backup, bytes).map_err(|error| {
                        let why =
                            format!("no copy of it could be kept in {} ({}).", backup.display(), private_file::reason(&error));
                        refused(path, &why)
                    })?;
                    kept = Some(backup.display().to_string());
                }
                None if in_place => return Err(refused(path, "there is no folder to keep a copy of it: set HOME.")),
                None => {}
            }
        }
        let closes = self.closes && proven.kind == FileKind::Credentials;
        let replaced = match in_place && found.bytes.is_some() {
            true => found.overwrite(after, closes).map_err(failed)?,
            false => found.replace(after, closes).map_err(failed)?,
        };
        if !matches!(replaced, Replaced::Done) {
            return Ok(replaced);
        }
        self.kept.extend(kept);
        // What is there now is what was proven, or somebody else's later work, which is left alone.
        let Ok(now) = Found::read(path) else { return Ok(replaced) };
        let is_torn = !now.content().is_empty() && now.content() != after && after.starts_with(now.content());
        if is_torn {
            let _ = found.bytes.as_ref().map(|bytes| now.replace(bytes, false));
            return Err(refused(path, "the disk did not keep what was written; it was put back."));
        }
        Ok(replaced)
    }
}

/// What in the environment keeps tools from a saved profile (AWS CLI user guide, "Precedence").
fn shadows(environment: &Environment, profile: &str) -> Vec<String> {
    let other = environment.profile().filter(|name| name != profile);
    let key = environment.get("AWS_ACCESS_KEY_ID").map(|_| {
        format!("AWS_ACCESS_KEY_ID is set in this shell: tools use that key unless you give them “--profile {profile}”.")
    });
    let other = other.map(|name| format!("AWS_PROFILE is set to “{name}” in this shell: tell tools “--profile {profile}”."));
    key.into_iter().chain(other).collect()
}

fn refused(path: &Path, why: &str) -> Fault {
    Fault::local(format!("{} is left as it is: {why}", path.display()))
}

fn busy(path: &Path) -> Fault {
    Fault::local(format!("{} is being changed by another program all the time. Try again.", path.display()))
}
