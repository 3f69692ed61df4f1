//! The hand-over without questions: what was ordered, one after the other, then the result.

use std::ops::ControlFlow::Continue;

use super::copying::Taken;
use super::{Finished, HandingOver, Proof};
use crate::app::batch::{BatchOptions, Next, beside};
use crate::app::effect::{Csv, Effect};
use crate::app::transition::Turn;
use crate::app::{Context, Out};
use crate::domain::fault::Fault;
use crate::domain::hand_over::{Consent, Outcome, SavePreview};
use crate::domain::secret::SecretId;

#[derive(Clone, Debug, Default)]
pub(super) struct BatchProgress {
    saving: bool,
    /// So were the files.
    key_csv: bool,
    password_csv: bool,
    /// What could not be done, in words.
    faults: Vec<String>,
    told: bool,
    /// It could not be written there, and the secret was in it.
    lost: Option<String>,
}

impl HandingOver {
    /// What could not be done so far.
    pub(in crate::app) fn faults(&self) -> &[String] {
        &self.batch.faults
    }

    /// Notes what is to be known of what was done.
    pub(super) fn warned(&mut self, words: impl IntoIterator<Item = String>) {
        self.batch.faults.extend(words);
    }

    /// Whether everything that was ordered was done.
    pub(super) fn is_batch_done(&self) -> bool {
        self.batch.faults.is_empty()
    }

    /// Notes what could not be done.
    pub(super) fn failed(&mut self, fault: &Fault) {
        self.batch.faults.push(fault.what());
    }

    pub(in crate::app) fn next(&self, options: &BatchOptions) -> Next {
        let batch = &self.batch;
        if let Some(words) = &batch.lost {
            return Next::Lost(words.clone());
        }
        if batch.told {
            return Next::Leave;
        }
        if self.writing > 0 || self.is_unfinished() {
            return Next::Wait;
        }
        if let Some((step, id)) = &self.secrets.key {
            // The run itself has saved it where the key of before was.
            if options.saves && !batch.saving && self.saving.saved.is_none() {
                return match &self.saving.preview {
                    None => Next::Wait,
                    Some(Ok(preview)) => Next::Save(preview.needs_consent().then(|| preview.clone())),
                    Some(Err(_)) => Next::Save(None),
                };
            }
            if let (Some(csv), false) = (&options.csv, batch.key_csv) {
                return Next::Write(Csv::Key { id: id.clone(), secret: SecretId::Of(*step) }, Some(csv.clone()));
            }
        }
        if let (Some(password), false, false) = (self.password(), batch.password_csv, self.secrets.own_password) {
            return Next::Write(self.password_file(password), beside(options.csv.as_deref()));
        }
        if matches!(self.proof, Proof::Proving(_)) {
            return Next::Wait;
        }
        let arrives = self.saving.saved.is_some() || self.written.key_csv || options.secret_to_stdout;
        match batch.faults.last() {
            Some(words) if self.secrets.key.is_some() && !arrives => Next::Lost(words.clone()),
            _ => Next::Tell,
        }
    }

    pub(in crate::app) fn go(
        mut self: Box<Self>,
        next: Next,
        options: &BatchOptions,
        context: &mut Context,
        out: &mut Out,
    ) -> Turn<Self> {
        match next {
            Next::Save(preview) => {
                self.batch.saving = true;
                let consent = preview
                    .filter(|seen| is_allowed(seen, options))
                    .map(|preview| Box::new(Consent { preview: *preview, closes: false }));
                self.save(self.saving.destination.clone(), consent, context, out);
            }
            Next::Write(csv, to) => {
                match csv {
                    Csv::Password { .. } => self.batch.password_csv = true,
                    Csv::Key { .. } | Csv::Import { .. } => self.batch.key_csv = true,
                }
                self.write(csv, to, false, context, out);
            }
            Next::Tell => {
                self.writing += 1;
                let secret = self.key_made().map(|(_, secret)| secret).filter(|_| options.secret_to_stdout);
                let outcome = Box::new(self.outcome(context));
                out.effects.push(Effect::PrintResult { outcome, secret, json: options.json });
            }
            Next::Leave => return self.leave(context, out),
            Next::Wait | Next::Lost(_) => {}
        }
        Continue(self)
    }

    /// The result has arrived at standard output, or not.
    pub(super) fn was_told(&mut self, secret: bool, answer: Result<(), String>) {
        match answer {
            Err(words) if secret => {
                self.batch.lost = Some(format!("The secret could not be printed: {words}. The key is deleted."));
            }
            Err(words) => {
                self.batch.told = true;
                self.batch.faults.push(format!("The result could not be printed: {words}."));
            }
            Ok(()) => {
                self.batch.told = true;
                if secret {
                    self.exposure.key_taken = Taken { seen: true, arrived: true, ..self.exposure.key_taken };
                }
            }
        }
    }

    fn outcome(&self, context: &Context) -> Outcome {
        let caller = context.facts.caller();
        Outcome {
            user: self.user.clone(),
            account: caller.map(|caller| caller.account.clone()).unwrap_or_default(),
            key_id: self.secrets.key.as_ref().map(|(_, id)| id.clone()),
            profile: self.saving.saved.clone(),
            profiles: self.saving.saves.clone(),
            old_key: self.left_for_later(context),
            files: self.written.files.clone(),
            sign_in_url: self.secrets.url.clone(),
            verified: match &self.proof {
                Proof::None => None,
                Proof::Proven(arn) => Some(Ok(arn.clone())),
                Proof::Failed(words) => Some(Err(words.clone())),
                Proof::Proving(_) => Some(Err("not yet".to_owned())),
            },
            paste: self.pasted(&match (&self.saving.saved, self.written.files.first()) {
                (Some(profile), _) => format!("(the secret: it is in the profile “{profile}”)"),
                (None, Some(file)) => format!("(the secret: it is in {file})"),
                (None, None) => "(the secret)".to_owned(),
            }),
            closing: self.walkthrough.closing.trim().to_owned(),
            run: context.run.clone(),
        }
    }

    /// What the run did, to undo it.
    pub(in crate::app) fn into_finished(self: Box<Self>) -> Finished {
        Finished { task: self.task, ledger: self.ledger, walkthrough: self.walkthrough, own_password: self.secrets.own_password }
    }
}

/// Whether the orders allow what would be asked.
fn is_allowed(preview: &SavePreview, options: &BatchOptions) -> bool {
    preview.asks.is_empty() && preview.in_place.is_empty() && (options.replace || !preview.replaces)
}
