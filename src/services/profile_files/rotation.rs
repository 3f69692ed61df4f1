//! A key in place of another: the profiles that hold the old one, the edit of each, and the copy by which the old one comes back.

use std::path::PathBuf;

use super::{NewKey, ProfileFiles, Proven, TOKENS, TRIES, Writing, busy, profiles, refused};
use crate::domain::facts::{KeyPlace, RoleProfile};
use crate::domain::fault::Fault;
use crate::domain::profile_file::{Change, FileKind, Profile, Profiles};
use crate::domain::secret::Secret;
use crate::services::private_file;
use crate::services::replace::{self, Found, Replaced};

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const BOTH: [FileKind; 2] = [FileKind::Credentials, FileKind::Config];

/// The profiles of one file alone.
fn of_file(kind: FileKind, text: &str) -> Option<Profiles> {
    match kind {
        FileKind::Config => Profiles::read(text, ""),
        FileKind::Credentials => Profiles::read("", text),
    }
    .ok()
}

fn holds(profile: &Profile, id: &str) -> bool {
    profile.get(ID) == Some(id)
}

/// The profiles whose roles are assumed with the key of this one.
fn roles_of(source: &str, all: &Profiles) -> Vec<RoleProfile> {
    let takes = |(name, one): &(&str, &Profile)| {
        *name != source && one.get("source_profile") == Some(source) && one.get("role_arn").is_some()
    };
    let role =
        |(name, one): (&str, &Profile)| RoleProfile { profile: name.to_owned(), asks_for_code: one.get("mfa_serial").is_some() };
    all.iter().filter(takes).map(role).collect()
}

/// Puts a file back that still is as the edit left it.
fn put_back(edit: &Proven) {
    let Ok(now) = Found::read(&edit.path) else { return };
    if now.content() == edit.edited.text.as_bytes() {
        let _ = now.replace(edit.found.content(), false);
    }
}

impl ProfileFiles {
    /// The profiles that hold this key, each with what stands against an edit, and whose role is assumed with it.
    ///
    /// # Errors
    /// The files can't be read.
    pub fn places_of(&self, id: &str) -> Result<Vec<KeyPlace>, Fault> {
        let all = profiles::read(self)?;
        let unknown = NewKey { id: "AKIA".to_owned() + &"X".repeat(16), secret: Secret::new("x".repeat(40)) };
        let place = |(name, profile): (&str, &Profile)| KeyPlace {
            profile: name.to_owned(),
            hinders: self.hinders(name, profile, id, &unknown),
            roles: roles_of(name, &all),
        };
        Ok(all.iter().filter(|(_, profile)| holds(profile, id)).map(place).collect())
    }

    fn hinders(&self, name: &str, profile: &Profile, id: &str, new: &NewKey) -> Option<String> {
        if let Some(key) = profile.shadow() {
            return Some(format!("The AWS CLI passes over its key: the profile has {key}."));
        }
        if self.backups().is_none() {
            return Some("There is no folder to keep a copy of the file: set HOME.".to_owned());
        }
        match self.edits(name, id, new) {
            Err(fault) => Some(fault.what()),
            Ok(edits) => edits.iter().find_map(|edit| {
                let path = edit.path.display();
                match () {
                    () if !edit.edited.asks.is_empty() => Some(edit.edited.asks.join(" ")),
                    () if edit.found.is_protected() => Some(format!("{path} is protected against writing.")),
                    () if edit.found.is_fixed() => {
                        Some(format!("{path} can only be written in place, which a crash would harm."))
                    }
                    () => None,
                }
            }),
        }
    }

    /// The edits of the files in which a profile holds this key.
    fn edits(&self, profile: &str, from: &str, to: &NewKey) -> Result<Vec<Proven>, Fault> {
        let set = || vec![(ID, to.id.as_str()), (SECRET, to.secret.expose())];
        let mut edits = Vec::new();
        for kind in BOTH {
            let Some(own) = of_file(kind, &profiles::text(self.path(kind))?) else { continue };
            if own.get(profile).is_some_and(|own| holds(own, from)) {
                edits.push(self.changed(kind, &Change { kind, profile, set: set(), remove: TOKENS })?);
            }
        }
        let text = |kind| match edits.iter().find(|edit| edit.kind == kind) {
            Some(edit) => Ok(edit.edited.text.clone()),
            None => profiles::text(self.path(kind)),
        };
        let all = Profiles::read(&text(FileKind::Config)?, &text(FileKind::Credentials)?).ok();
        let is_read = all
            .as_ref()
            .and_then(|all| all.get(profile))
            .is_some_and(|after| holds(after, &to.id) && after.get(SECRET) == Some(to.secret.expose()));
        match is_read {
            true => Ok(edits),
            false => Err(refused(&self.credentials, &format!("the profile “{profile}” would not be read as the new key."))),
        }
    }

    /// Puts a key into a profile that holds another, wherever that stands. `keeps`: a copy of the file is kept from which
    /// [`ProfileFiles::secret_of`] finds the other one's secret.
    ///
    /// Where the secret ends: in the file.
    ///
    /// # Errors
    /// The profile is as it was, and why; also where it holds neither of the two.
    pub fn swap(&self, profile: &str, from: &str, to: &NewKey, keeps: bool) -> Result<(), Fault> {
        let _lock = self.lock()?;
        self.sweep_locked();
        for _ in 0..TRIES {
            let now = profiles::read(self)?;
            match now.get(profile) {
                Some(now) if holds(now, &to.id) => return Ok(()),
                Some(now) if holds(now, from) => {}
                _ => {
                    let words = format!("The profile “{profile}” holds another key by now. It is left as it is.");
                    return Err(Fault::local(words));
                }
            }
            let mut writing = Writing { files: self, closes: false, in_place: Vec::new(), kept: Vec::new() };
            let edits = self.edits(profile, from, to)?;
            let mut is_done = true;
            for (at, edit) in edits.iter().enumerate() {
                let kept = if keeps { self.keep_copy(edit, from) } else { Ok(()) };
                let put = kept.and_then(|()| writing.put(edit)).and_then(|put| match put {
                    Replaced::NoRename(error) => Err(refused(&edit.path, &format!("{}.", private_file::reason(&error)))),
                    put => Ok(put),
                });
                match put {
                    Ok(put) => is_done &= matches!(put, Replaced::Done),
                    // All of it, or nothing: half a profile would hold another key than the run knows of.
                    Err(fault) => {
                        edits[..at].iter().for_each(put_back);
                        return Err(fault);
                    }
                }
            }
            if is_done {
                return Ok(());
            }
        }
        Err(busy(&self.credentials))
    }

    /// Where files are kept as they were while a profile of theirs held this key.
    fn copies(&self, id: &str) -> impl Iterator<Item = (FileKind, PathBuf)> {
        let backups = self.backups();
        let name = move |kind: FileKind| Some((kind, backups.as_ref()?.join(format!("{}.{id}", kind.name()))));
        BOTH.into_iter().filter_map(name).collect::<Vec<_>>().into_iter()
    }

    fn keep_copy(&self, edit: &Proven, id: &str) -> Result<(), Fault> {
        let Some((_, path)) = self.copies(id).find(|(kind, path)| *kind == edit.kind && !path.exists()) else { return Ok(()) };
        replace::keep(&path, edit.found.content()).map_err(|error| {
            let why = private_file::reason(&error);
            refused(&edit.path, &format!("no copy of it could be kept in {} ({why}).", path.display()))
        })
    }

    /// The secret of a key that a profile of this machine holds, or held before [`ProfileFiles::swap`].
    ///
    /// Where it ends: with the caller, and wiped when dropped.
    pub(in crate::services) fn secret_of(&self, id: &str) -> Option<Secret> {
        let of = |all: &Profiles| {
            let found = all.iter().find(|(_, profile)| holds(profile, id) && profile.get(SECRET).is_some());
            found.and_then(|(_, profile)| profile.get(SECRET)).map(|secret| Secret::new(secret.to_owned()))
        };
        let current = profiles::read(self).ok().and_then(|all| of(&all));
        let kept = |(kind, path): (FileKind, PathBuf)| of(&of_file(kind, &profiles::text(&path).ok()?)?);
        current.or_else(|| self.copies(id).find_map(kept))
    }

    /// Removes the copies that are kept for a key: it is gone, or back in its profiles.
    pub(in crate::services) fn forget_copies(&self, id: &str) {
        for (_, path) in self.copies(id) {
            let _ = std::fs::remove_file(path);
        }
    }

    /// Whether a profile holds this key.
    pub(in crate::services) fn has(&self, profile: &str, id: &str) -> bool {
        profiles::read(self).is_ok_and(|all| all.get(profile).is_some_and(|own| holds(own, id)))
    }

    fn changed(&self, kind: FileKind, change: &Change<'_>) -> Result<Proven, Fault> {
        let path = self.path(kind).to_owned();
        let found = Found::read(&path)
            .map_err(|error| refused(&path, &format!("it can't be read ({}).", private_file::reason(&error))))?;
        self.proven_change(path, found, change)
    }
}
