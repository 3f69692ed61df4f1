//! The ways of a secret to its owner: clipboard, profile files, csv; and the proof of the key. Secrets come from the vault
//! here and end where the services say.

use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::Runtime;
use super::reports::Report;
use crate::app::effect::{Copied, Csv, Realm};
use crate::app::event::{CopyWay, Event, Wrote};
use crate::domain::fault::Fault;
use crate::domain::hand_over::{
    Consent, Destination, Outcome, import_csv, import_csv_name, key_csv, key_csv_name, key_text, password_csv, password_csv_name,
    work_tree_caution,
};
use crate::domain::secret::{Secret, SecretId};
use crate::services::csv_file::{self, Written};
use crate::services::private_file;
use crate::services::profile_files::{NewKey, ProfileFiles};
use crate::services::standard_output;

/// How long the end of the program waits for the clipboard to be cleared.
const CLEAR_LIMIT: Duration = Duration::from_secs(1);

/// How the writing of a file went, in words.
fn wrote(answer: Result<Written, Fault>) -> Wrote {
    match answer {
        Ok(Written::Done { path, work_tree }) => {
            let path = path.display().to_string();
            let caution = work_tree.map(|tree| work_tree_caution(&path, &tree.display().to_string()));
            Wrote::Done { path, caution }
        }
        Ok(Written::Exists(path)) => Wrote::Exists(path.display().to_string()),
        Err(fault) => Wrote::Failed(fault),
    }
}

fn no_home() -> Fault {
    Fault::local("No home folder was found: set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE.")
}

impl Runtime {
    fn secret(&self, id: SecretId) -> Result<Secret, Fault> {
        self.vault.get(id).ok_or_else(|| Fault::local("The secret is no longer in memory."))
    }

    fn profiles(&self, realm: Realm) -> Result<ProfileFiles, Fault> {
        self.stores(realm).profiles.clone().ok_or_else(no_home)
    }

    /// Where csv files go. The folder of practice is made here, with its first file; where it can't be made, writing says so.
    fn folder(&self, realm: Realm) -> PathBuf {
        let folder = self.stores(realm).folder.clone();
        if realm == Realm::Practice {
            let _ = private_file::folder(&folder);
        }
        folder
    }

    pub(super) fn copy(&self, what: Copied, through_terminal: bool) {
        let is_secret = !matches!(what, Copied::Text(_));
        let text = match what {
            Copied::Text(text) => Ok(Secret::new(text)),
            Copied::Secret(id) => self.secret(id),
            Copied::Key { form, profile, id, secret } => {
                self.secret(secret).map(|secret| Secret::new(std::mem::take(&mut *key_text(form, &profile, &id, &secret))))
            }
        };
        let (clipboard, reports, multiplexer) =
            (self.services.clipboard.clone(), self.reports.clone(), self.services.multiplexer);
        reports.clone().spawn(async move {
            let Ok(text) = text else { return };
            if clipboard.copy(text.clone(), is_secret).await {
                reports.event(Event::Copied(CopyWay::System));
            } else if through_terminal {
                let hindrance = tokio::task::spawn_blocking(move || multiplexer.hindrance()).await.unwrap_or_default();
                reports.send(Report::TerminalCopy { text, hindrance });
            } else {
                reports.event(Event::Copied(CopyWay::Nowhere));
            }
        });
    }

    pub(super) fn uncopy(&self) {
        let (clipboard, reports) = (self.services.clipboard.clone(), self.reports.clone());
        reports.clone().spawn(async move {
            if clipboard.clear().await {
                reports.event(Event::ClipboardCleared);
            }
        });
    }

    /// The end of the program leaves no secret in the clipboard.
    pub(super) async fn clear_clipboard(&self) {
        let _ = tokio::time::timeout(CLEAR_LIMIT, self.services.clipboard.clear()).await;
    }

    pub(super) fn sweep(&self, realm: Realm) {
        let (profiles, folder) = (self.profiles(realm), self.stores(realm).folder.clone());
        drop(tokio::task::spawn_blocking(move || {
            csv_file::sweep(&folder);
            if let Ok(profiles) = profiles {
                profiles.sweep();
            }
        }));
    }

    pub(super) fn preview_save(&self, realm: Realm, key_id: String, to: Destination) {
        let (profiles, reports) = (self.profiles(realm), self.reports.clone());
        reports.clone().spawn(async move {
            let (answer, there) = match profiles {
                Ok(profiles) => {
                    let there = profiles.list().unwrap_or_default();
                    let destination = to.clone();
                    let preview = tokio::task::spawn_blocking(move || profiles.preview_save(&key_id, &destination)).await;
                    (preview.unwrap_or_else(|_| Err(Fault::local("Your AWS files could not be read."))), there)
                }
                Err(fault) => (Err(fault), Vec::new()),
            };
            reports.event(Event::SavePreviewed { to, answer: answer.map(Box::new), profiles: there });
        });
    }

    pub(super) fn save(&self, realm: Realm, id: String, secret: SecretId, to: Destination, consent: Option<Box<Consent>>) {
        let (secret, profiles, reports) = (self.secret(secret), self.profiles(realm), self.reports.clone());
        reports.clone().spawn(async move {
            let answer = match (secret, profiles) {
                (Ok(secret), Ok(profiles)) => {
                    let to = to.clone();
                    tokio::task::spawn_blocking(move || profiles.save(&NewKey { id, secret }, &to, consent.as_deref()))
                        .await
                        .unwrap_or_else(|_| Err(Fault::local("The profile could not be saved.")))
                }
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
            };
            reports.event(Event::Saved { to, answer });
        });
    }

    pub(super) fn write(&self, realm: Realm, user: String, csv: Csv, to: Option<String>, over: bool) {
        let folder = self.folder(realm);
        let text = self.text(&user, &csv);
        let reports = self.reports.clone();
        reports.clone().spawn(async move {
            let answer = match text {
                Ok((name, text)) => {
                    let write = move || csv_file::write(&folder, to.as_deref(), &name, &text, over);
                    tokio::task::spawn_blocking(write)
                        .await
                        .unwrap_or_else(|_| Err(Fault::local("The file could not be written.")))
                }
                Err(fault) => Err(fault),
            };
            let answer = wrote(answer);
            reports.event(Event::Wrote { csv, answer });
        });
    }

    pub(super) fn find_output_paths(&self, realm: Realm, files: Vec<(Option<String>, String)>) {
        let folder = self.folder(realm);
        let reports = self.reports.clone();
        reports.clone().spawn(async move {
            let find = move || -> Result<Vec<String>, Fault> {
                let path = |(to, name): &(Option<String>, String)| csv_file::prove(&folder, to.as_deref(), name);
                files.iter().map(|file| path(file).map(|path| path.display().to_string())).collect()
            };
            let found = tokio::task::spawn_blocking(find).await;
            let answer = found.unwrap_or_else(|_| Err(Fault::local("The folder of the files could not be read.")));
            reports.event(Event::OutputPaths(answer.map_err(|fault| fault.what())));
        });
    }

    /// Prints the result. Where the secret ends: at whoever reads standard output.
    pub(super) fn tell(&self, outcome: &Outcome, secret: Option<SecretId>, json: bool) {
        let known = secret.and_then(|secret| self.vault.get(secret));
        let text = if json { outcome.json(known.as_ref()) } else { outcome.text(known.as_ref()) };
        let reports = self.reports.clone();
        reports.clone().spawn(async move {
            let print = move || standard_output::print(&text);
            let answer = tokio::task::spawn_blocking(print).await;
            let answer = answer.unwrap_or_else(|_| Err("it could not be written".to_owned()));
            reports.event(Event::ResultPrinted { secret: secret.is_some(), answer });
        });
    }

    /// Writes a text without a secret, never over a file.
    pub(super) fn list(&self, realm: Realm, name: String, text: String) {
        let folder = self.folder(realm);
        let reports = self.reports.clone();
        reports.clone().spawn(async move {
            let write = move || csv_file::write_beside(&folder, &name, &text);
            let answer = tokio::task::spawn_blocking(write).await;
            let answer = answer.unwrap_or_else(|_| Err(Fault::local("The file could not be written.")));
            reports.event(Event::TextWritten(match wrote(answer) {
                Wrote::Done { path, .. } => Wrote::Done { path, caution: None },
                other => other,
            }));
        });
    }

    fn text(&self, user: &str, csv: &Csv) -> Result<(String, Zeroizing<String>), Fault> {
        match csv {
            Csv::Key { id, secret } => Ok((key_csv_name(user), key_csv(id, &self.secret(*secret)?))),
            Csv::Import { id, secret } => {
                let text = import_csv(user, id, &self.secret(*secret)?).map_err(Fault::local)?;
                Ok((import_csv_name(user), text))
            }
            Csv::Password { password, url } => Ok((password_csv_name(user), password_csv(user, &self.secret(*password)?, url))),
        }
    }

    pub(super) fn prove(&mut self, realm: Realm, key_id: String, secret: SecretId, user: String, profile: Option<String>) {
        let (gateway, secret, waits) = (self.gateway(), self.secret(secret), self.services.settings.waits);
        let through = profile.clone().map(|profile| self.profiles(realm).map(|files| (files, profile))).transpose();
        let reports = self.reports.clone();
        // An older proof is of no more interest, and must not speak for this one.
        let proof = self.reports.spawn(async move {
            let tell = |progress| reports.event(Event::Proving { profile: profile.clone(), progress });
            let answer = match (gateway, secret, through) {
                (Ok(gateway), Ok(secret), Ok(None)) => gateway.verify(&key_id, &secret, &user, waits, &tell).await,
                (Ok(gateway), Ok(_), Ok(Some((files, name)))) => gateway.verify_profile(&files, &name, &user, waits, &tell).await,
                (Err(fault), ..) | (_, Err(fault), _) | (.., Err(fault)) => Err(fault),
            };
            reports.event(Event::Proven { profile, answer });
        });
        if let Some(older) = self.proof.replace(proof) {
            older.abort();
        }
    }
}
