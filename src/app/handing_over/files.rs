//! The csv files of the hand-over: which there are, and where they went.

use std::ops::ControlFlow::Continue;

use super::{HandingOver, Said};
use crate::app::dialog::Dialog;
use crate::app::effect::{Csv, Effect};
use crate::app::event::Wrote;
use crate::app::field::FieldId;
use crate::app::transition::Turn;
use crate::app::{Context, Out};
use crate::domain::fault::Fault;
use crate::domain::hand_over::{import_csv_name, key_csv_name, password_csv_name};
use crate::domain::record::{Delivery, Record};
use crate::domain::secret::SecretId;

/// Files for the person to keep.
#[derive(Debug, Default)]
pub(super) struct CsvFiles {
    /// What was written, and which of it holds key and password.
    pub(super) files: Vec<String>,
    pub(super) key_csv: bool,
    pub(super) import_csv: bool,
    pub(super) password_csv: bool,
    /// Which file was to go where the person typed, until it is there.
    pub(super) typed: Option<(usize, String)>,
    pub(super) cautions: Vec<String>,
}

impl HandingOver {
    /// The files that can be written, with their names.
    pub(super) fn csvs(&self) -> Vec<(Csv, String)> {
        let mut csvs = Vec::new();
        if let Some((step, id)) = &self.secrets.key {
            let secret = SecretId::Of(*step);
            csvs.push((Csv::Key { id: id.clone(), secret }, key_csv_name(&self.user)));
            csvs.push((Csv::Import { id: id.clone(), secret }, import_csv_name(&self.user)));
        }
        if let Some(password) = self.password() {
            csvs.push((self.password_file(password), password_csv_name(&self.user)));
        }
        csvs
    }

    pub(super) fn password_file(&self, password: SecretId) -> Csv {
        Csv::Password { password, url: self.secrets.url.clone().unwrap_or_default() }
    }

    pub(super) fn write(&mut self, csv: Csv, to: Option<String>, over: bool, context: &Context, out: &mut Out) {
        self.writing += 1;
        out.effects.push(Effect::Write { realm: context.realm(), user: self.user.clone(), csv, to, over });
    }

    /// Writes one of the files to where the person said.
    pub(in crate::app) fn write_to(
        mut self: Box<Self>,
        file: usize,
        place: String,
        context: &Context,
        out: &mut Out,
    ) -> Turn<Self> {
        if let Some((csv, _)) = self.csvs().into_iter().nth(file) {
            self.written.typed = Some((file, place.clone()));
            self.write(csv, Some(place), false, context, out);
        }
        Continue(self)
    }

    pub(in crate::app) fn write_over(
        mut self: Box<Self>,
        csv: Csv,
        path: String,
        context: &Context,
        out: &mut Out,
    ) -> Turn<Self> {
        self.write(csv, Some(path), true, context, out);
        Continue(self)
    }

    pub(super) fn wrote(&mut self, csv: Csv, answer: Wrote, context: &Context, out: &mut Out) {
        match answer {
            Wrote::Done { path, caution } => {
                self.written.typed = None;
                let (key, password) = (self.key_step(), self.secrets.password);
                let (slot, step, delivery) = match csv {
                    Csv::Key { .. } => (&mut self.written.key_csv, key, Delivery::KeyCsv { file: path.clone() }),
                    Csv::Import { .. } => (&mut self.written.import_csv, key, Delivery::KeyCsv { file: path.clone() }),
                    Csv::Password { .. } => {
                        (&mut self.written.password_csv, password, Delivery::PasswordCsv { file: path.clone() })
                    }
                };
                *slot = true;
                out.effects.extend(step.map(|step| Effect::Record(vec![Record::Delivered(step, delivery)])));
                if !self.written.files.contains(&path) {
                    self.written.files.push(path);
                }
                self.written.cautions.extend(caution.clone());
                self.menu.said = caution.map(Said::Bad);
                self.go_to_open(context);
            }
            Wrote::Exists(_) if self.is_ending() => {}
            Wrote::Exists(path) if !context.interactive => self.failed(&Fault::local(format!("{path} already exists."))),
            Wrote::Exists(path) => out.dialog = Some(Dialog::overwrite(csv, path)),
            Wrote::Failed(fault) if !context.interactive => self.failed(&fault),
            // What was typed is not lost: it can be mended where it stands.
            Wrote::Failed(fault) => match self.written.typed.take().filter(|_| !self.is_ending()) {
                Some((file, place)) => {
                    let mut dialog = Dialog::write_to(&self.csvs(), file, &place);
                    dialog.form.refuse(FieldId::PLACE, fault.what());
                    out.dialog = Some(dialog);
                }
                None => self.menu.said = Some(Said::Bad(fault.what())),
            },
        }
    }
}
