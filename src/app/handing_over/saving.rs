//! Saving the key as a profile: as what, what that would do, and the person's consent where something is replaced or unclear.

use std::ops::ControlFlow::Continue;

use super::{Act, HandingOver, Said};
use crate::app::dialog::{Around, Asked, Dialog};
use crate::app::effect::Effect;
use crate::app::field::{FieldId, Note};
use crate::app::form::Form;
use crate::app::transition::Turn;
use crate::app::{Context, Out};
use crate::domain::facts::OwnProfile;
use crate::domain::fault::Fault;
use crate::domain::hand_over::{Consent, Destination, OUTPUTS, SavePreview, Saving, check_profile};
use crate::domain::record::{Delivery, Record};
use crate::domain::region;
use crate::domain::secret::SecretId;

/// How many regions are named below the field.
const SUGGESTIONS: usize = 5;

#[derive(Debug)]
pub(super) struct ProfileSaving {
    pub(super) destination: Destination,
    /// The person chose its region.
    pub(super) region_is_said: bool,
    /// What that would do; of no older destination.
    pub(super) preview: Option<Result<Box<SavePreview>, Fault>>,
    /// It is to be saved so as soon as that is known, unless it has to be asked about.
    pub(super) saves_next: bool,
    /// The person leaves once it is saved and proven.
    pub(super) leaves: bool,
    pub(super) profiles: Vec<OwnProfile>,
    /// The profile that was saved last, and all that were.
    pub(super) saved: Option<String>,
    pub(super) saves: Vec<String>,
    /// Where the profile files are kept as they were.
    pub(super) kept: Vec<String>,
}

impl ProfileSaving {
    pub(super) fn of(destination: Destination, region_is_said: bool) -> Self {
        Self {
            destination,
            region_is_said,
            preview: None,
            saves_next: false,
            leaves: false,
            profiles: Vec::new(),
            saved: None,
            saves: Vec::new(),
            kept: Vec::new(),
        }
    }
}

impl HandingOver {
    /// Asks what saving would do.
    pub(super) fn preview_save(&mut self, context: &Context, out: &mut Out) {
        if let Some((_, id)) = &self.secrets.key {
            out.effects.push(Effect::PreviewSave {
                realm: context.realm(),
                key_id: id.clone(),
                to: self.saving.destination.clone(),
            });
        }
    }

    pub(super) fn save(&mut self, to: Destination, consent: Option<Box<Consent>>, context: &Context, out: &mut Out) {
        if let Some((step, id)) = &self.secrets.key {
            self.writing += 1;
            out.effects.push(Effect::Save {
                realm: context.realm(),
                key_id: id.clone(),
                secret: SecretId::Of(*step),
                to,
                consent,
            });
        }
    }

    /// Saves as what the person filled in, once its effect is known.
    pub(in crate::app) fn save_as(mut self: Box<Self>, to: Destination, context: &Context, out: &mut Out) -> Turn<Self> {
        self.saving.destination = to;
        (self.saving.preview, self.saving.saves_next, self.saving.region_is_said) = (None, true, true);
        self.preview_save(context, out);
        Continue(self)
    }

    /// Saves as the person has agreed to.
    pub(in crate::app) fn consented(
        mut self: Box<Self>,
        preview: SavePreview,
        closes: bool,
        context: &Context,
        out: &mut Out,
    ) -> Turn<Self> {
        self.save(preview.destination.clone(), Some(Box::new(Consent { preview, closes })), context, out);
        Continue(self)
    }

    /// The person does not want it saved so.
    pub(in crate::app) fn declined(mut self: Box<Self>) -> Turn<Self> {
        self.saving.leaves = false;
        Continue(self)
    }

    /// What saving would do is known; what there is to know of it is reported before it is done.
    pub(super) fn save_previewed(&mut self, answer: Result<Box<SavePreview>, Fault>, context: &Context, out: &mut Out) {
        // A profile that is there keeps its region, unless the person says another.
        let region = self
            .saving
            .profiles
            .iter()
            .find(|profile| profile.name == self.saving.destination.profile)
            .and_then(|own| own.region.clone());
        if let Some(region) = region.filter(|region| *region != self.saving.destination.region && !self.saving.region_is_said) {
            self.saving.destination.region = region;
            return self.preview_save(context, out);
        }
        let is_next = std::mem::take(&mut self.saving.saves_next) && !self.is_ending();
        match &answer {
            Ok(preview) if is_next && (preview.needs_consent() || !preview.notes.is_empty()) => {
                out.dialog = Some(Dialog::consent((**preview).clone()));
            }
            _ if is_next => self.save(self.saving.destination.clone(), None, context, out),
            _ => {}
        }
        self.saving.preview = Some(answer);
    }

    pub(super) fn was_saved(&mut self, to: Destination, answer: Result<Saving, Fault>, context: &Context, out: &mut Out) {
        match answer {
            Ok(Saving::Done { warnings, kept }) => {
                self.warned(warnings.iter().cloned());
                self.menu.said = match (warnings.is_empty(), self.saving.leaves) {
                    (true, true) => Some(Said::Good("iamwalk ends once the key is proven to work.".to_owned())),
                    (true, false) => None,
                    (false, _) => Some(Said::Bad(warnings.join(" "))),
                };
                let file = context.paths().credentials.clone();
                let saved = Delivery::Saved { profile: to.profile.clone(), file };
                out.effects.extend(self.key_step().map(|key| Effect::Record(vec![Record::Delivered(key, saved)])));
                if !self.saving.saves.contains(&to.profile) {
                    self.saving.saves.push(to.profile.clone());
                }
                (self.saving.saved, self.saving.kept) = (Some(to.profile), kept);
                // The list of profiles is another now.
                self.preview_save(context, out);
                // From here on it is the saved profile that has to be proven.
                self.prove(context, out);
                self.go_to_open(context);
            }
            Ok(Saving::Asks(_)) if self.is_ending() => {}
            // The files have changed since they were looked at.
            Ok(Saving::Asks(_)) if !context.interactive => {
                let words = "Your AWS files have changed since, so the key was not saved as a profile.";
                self.failed(&Fault::local(words));
            }
            Ok(Saving::Asks(preview)) => {
                self.saving.preview = Some(Ok(preview.clone()));
                out.dialog = Some(Dialog::consent(*preview));
            }
            Err(fault) => {
                self.saving.leaves = false;
                self.failed(&fault);
                self.menu.said =
                    Some(Said::Bad(format!("{} Or copy the block for the credentials file (c), and paste it.", fault.what())));
                self.go_to(context, Act::SaveAs);
            }
        }
    }

    /// What is to be known before the key is saved as it stands.
    pub(super) fn cautions(&self) -> Vec<String> {
        match &self.saving.preview {
            Some(Ok(preview)) if preview.replaces => {
                let own = "There is a profile of this name: you will see what changes first.".to_owned();
                std::iter::once(own).chain(preview.notes.iter().cloned()).collect()
            }
            Some(Ok(preview)) => preview.notes.clone(),
            Some(Err(fault)) => vec![fault.what()],
            None => Vec::new(),
        }
    }

    /// What to propose: another name where there is a profile of this one.
    pub(super) fn proposal(&self) -> Destination {
        let name = &self.saving.destination.profile;
        let is_there = |name: &str| self.saving.profiles.iter().any(|profile| profile.name == name);
        let free = (2..).map(|n| format!("{name}-{n}")).find(|name| !is_there(name));
        let profile = free.filter(|_| is_there(name)).unwrap_or_else(|| name.clone());
        Destination { profile, ..self.saving.destination.clone() }
    }
}

/// As what the person wants it saved, or what is wrong with the fields.
///
/// # Errors
/// The field, and the rule that it breaks.
pub(in crate::app) fn check_save(form: &Form, to: &Around) -> Result<Destination, (FieldId, String)> {
    let Around { profiles, partition, own_server } = to;
    let (profile, typed) = (form.text(FieldId::PROFILE), form.text(FieldId::REGION));
    // A place that is in one region alone, as “frank”, means that.
    let region = match &region::suggested(partition, typed)[..] {
        [(only, _)] if region::check(typed, *own_server).is_err() => only,
        _ => typed,
    };
    let is_there = profiles.iter().any(|one| one.name == profile);
    check_profile(profile, is_there).map_err(|rule| (FieldId::PROFILE, rule.to_string()))?;
    region::check(region, *own_server).map_err(|words| (FieldId::REGION, words))?;
    let output = form.chosen(FieldId::OUTPUT).and_then(|at| at.checked_sub(1)).and_then(|at| OUTPUTS.get(at));
    Ok(Destination { profile: profile.to_owned(), region: region.to_owned(), output: output.map(|output| (*output).to_owned()) })
}

/// What is worth knowing of the fields of "save as", as you type.
pub(in crate::app) fn refresh_dialog(dialog: &mut Dialog) {
    let Asked::SaveAs(Around { profiles, partition, own_server }) = &dialog.asked else { return };
    let name = dialog.form.text(FieldId::PROFILE);
    let there = profiles.iter().find(|profile| profile.name == name);
    let broken = check_profile(name, there.is_some()).err().map(|rule| rule.to_string());
    let there = there.map(|profile| {
        Note::Warning(format!("It is there, with: {}. You will see what changes before it is replaced.", profile.holds))
    });
    let typed = dialog.form.text(FieldId::REGION);
    let found = region::suggested(partition, typed);
    let regions = match &found[..] {
        [(only, place)] if *only == typed => Note::Good((*place).to_owned()),
        [] => match region::check(typed, *own_server) {
            Ok(()) => Note::Info("None that this version knows; it is saved as typed.".to_owned()),
            Err(words) => Note::Warning(words),
        },
        found => {
            let names: Vec<String> = found.iter().take(SUGGESTIONS).map(|(name, place)| format!("{name} ({place})")).collect();
            let more = if found.len() > SUGGESTIONS { ", …" } else { "" };
            Note::Info(names.join(", ") + more)
        }
    };
    if let Some(field) = dialog.form.field_mut(FieldId::PROFILE) {
        (field.error, field.note) = (broken, there);
    }
    if let Some(field) = dialog.form.field_mut(FieldId::REGION) {
        field.note = Some(regions);
    }
}
