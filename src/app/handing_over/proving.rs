//! The proof of the new key: by itself while nothing is saved, then through the saved profile, as other programs will use it.

use super::HandingOver;
use crate::app::effect::Effect;
use crate::app::{Context, Out};
use crate::domain::fault::Fault;
use crate::domain::hand_over::Progress;
use crate::domain::secret::SecretId;

/// How far the proof of the new key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    None,
    /// Under way.
    Proving(Progress),
    /// The ARN as which the key answers.
    Proven(String),
    Failed(String),
}

impl HandingOver {
    /// Proves the key again.
    pub(super) fn prove(&mut self, context: &Context, out: &mut Out) {
        if let Some((step, id)) = &self.secrets.key {
            self.proof = Proof::Proving(Progress::default());
            out.effects.push(Effect::Prove {
                realm: context.realm(),
                key_id: id.clone(),
                secret: SecretId::Of(*step),
                user: self.user.clone(),
                profile: self.saving.saved.clone(),
            });
        }
    }

    /// Whether this is the proof that is under way: one of before the key was saved, or of a key that is gone, says nothing.
    fn is_proving(&self, profile: &Option<String>) -> bool {
        matches!(self.proof, Proof::Proving(..)) && *profile == self.saving.saved
    }

    /// A try was made.
    pub(super) fn proving(&mut self, profile: &Option<String>, progress: Progress) {
        if self.is_proving(profile) {
            self.proof = Proof::Proving(progress);
        }
    }

    /// The proof is through.
    pub(super) fn proven(&mut self, profile: Option<String>, answer: Result<String, Fault>) {
        if !self.is_proving(&profile) {
            return;
        }
        self.works |= answer.is_ok();
        self.proof = match (answer, profile) {
            (Ok(arn), _) => Proof::Proven(arn),
            (Err(fault), Some(profile)) if self.works => Proof::Failed(self.not_through(&profile, &fault)),
            (Err(fault), _) => Proof::Failed(fault.to_string()),
        };
    }

    /// Why a key that works does not work through its profile.
    fn not_through(&self, profile: &str, fault: &Fault) -> String {
        let why = fault.said.clone().unwrap_or_else(|| fault.what());
        // What the files have against it; what the environment has does not matter to a profile that is named.
        let notes = match &self.saving.preview {
            Some(Ok(preview)) => preview.notes.iter().find(|note| note.contains("line ")).cloned(),
            _ => None,
        };
        let why = notes.unwrap_or_else(|| format!("{}.", why.trim_end_matches('.')));
        format!("The key works, but not through the profile “{profile}”. {why} Fix that, or save under another name (a).")
    }
}
