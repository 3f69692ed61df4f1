//! What the answer to a dialog does.

use std::ops::ControlFlow::{Break, Continue};

use super::creating::Course;
use super::dialog::{self, Asked, Dialog, DialogOutcome};
use super::effect::{Effect, Farewell};
use super::field::FieldId;
use super::handing_over::{HandingOver, check_save};
use super::tasks::add_key;
use super::transition::{Transition, Turn};
use super::{App, Context, Out, Phase};
use crate::domain::caller::Source;
use crate::domain::journal::Run;
use crate::domain::secret::{Secret, SecretId};

/// Lets the open dialog take something, and does what its answer says.
pub(super) fn in_dialog(app: &mut App, take: impl FnOnce(&mut Dialog) -> DialogOutcome) -> Vec<Effect> {
    let Some(mut dialog) = app.dialog.take() else { return Vec::new() };
    let outcome = take(&mut dialog);
    answered(app, dialog, outcome)
}

/// Does what an answer says.
fn answered(app: &mut App, mut dialog: Dialog, outcome: DialogOutcome) -> Vec<Effect> {
    match (outcome, dialog.asked.clone()) {
        (DialogOutcome::Open, _) => {
            app.dialog = Some(dialog);
            Vec::new()
        }
        (DialogOutcome::Closed, Asked::ClearText) | (DialogOutcome::Given(0), Asked::ClearText) => {
            app.go_to(Transition::Leave(Farewell::new(2, vec!["Nothing was sent. Use an https endpoint.".to_owned()])))
        }
        (DialogOutcome::Given(_), Asked::ClearText) => {
            app.context.sign_in.clear_text = true;
            let source = app.context.sign_in.source.clone();
            app.context.connect(source)
        }
        (_, Asked::Shown(run)) => {
            app.offer(*run);
            Vec::new()
        }
        (DialogOutcome::Given(at), Asked::Unfinished(run)) if at > 0 => unfinished(app, *run, dialog.choices[at]),
        (DialogOutcome::Given(at), Asked::DryRun) if at > 0 => app.advance(|phase, context, out| {
            if let Phase::Reviewing(reviewing) = &phase {
                out.dialog = reviewing.dry_run(at - 1, context);
            }
            Continue(phase)
        }),
        (DialogOutcome::Given(at), Asked::Listing { name, text }) if at > 0 => {
            vec![Effect::WriteText { realm: app.context.realm(), name, text }]
        }
        (answer, Asked::Undo) => app.advance(|phase, context, out| match phase {
            Phase::Creating(creating) => {
                creating.agreed(matches!(answer, DialogOutcome::Given(1..)), context, out).map_continue(Phase::Creating)
            }
            other => Continue(other),
        }),
        // What was held back while the question was open goes on.
        (DialogOutcome::Closed | DialogOutcome::Given(0), Asked::Stop) => app.advance(|phase, context, out| match phase {
            Phase::Creating(creating) => creating.released(context, out).map_continue(Phase::Creating),
            other => Continue(other),
        }),
        (DialogOutcome::Closed | DialogOutcome::Given(0), Asked::Consent(_)) => handing_over(app, |phase, _, _| phase.declined()),
        (DialogOutcome::Closed, _)
        | (
            DialogOutcome::Given(0),
            Asked::Taken(_)
            | Asked::Leave
            | Asked::Help
            | Asked::Unsaved
            | Asked::Reveal
            | Asked::CreateAnyway
            | Asked::RemovePolicy
            | Asked::Unfinished(_)
            | Asked::Copy
            | Asked::DryRun
            | Asked::Listing { .. }
            | Asked::Overwrite { .. },
        ) => Vec::new(),
        (DialogOutcome::Given(_), Asked::CreateAnyway) => app.advance(|phase, _, _| match phase {
            Phase::Reviewing(reviewing) => reviewing.create_anyway().map_continue(Phase::Reviewing),
            other => Continue(other),
        }),
        (DialogOutcome::Given(_), Asked::RemovePolicy) => app.advance(|phase, _, _| match phase {
            Phase::Asking(asking) => asking.remove_policy().map_continue(Phase::Asking),
            other => Continue(other),
        }),
        (DialogOutcome::Given(_), Asked::Taken(user)) => app.advance(|phase, _, _| match phase {
            Phase::Asking(asking) => Break(asking.instead(&add_key::TASK, &user)),
            other => Continue(other),
        }),
        (DialogOutcome::Given(_), Asked::Leave) => app.leave(),
        (DialogOutcome::Given(0), Asked::Unsent(unsent)) => app.advance(|phase, context, _| match phase {
            Phase::Starting(starting) => starting.go_on_with(&unsent, context).map_continue(Phase::Starting),
            other => Continue(other),
        }),
        (DialogOutcome::Given(_), Asked::Unsent(_)) => vec![Effect::ForgetAnswers],
        (DialogOutcome::Given(at), Asked::Unsaved) => {
            let choice = dialog.choices[at];
            handing_over(app, |phase, context, out| phase.answered(choice, context, out))
        }
        (DialogOutcome::Given(_), Asked::Stop) => app.advance(|phase, context, out| match phase {
            Phase::Creating(creating) => creating.stopped(context, out).map_continue(Phase::Creating),
            other => Continue(other),
        }),
        (DialogOutcome::Given(_), Asked::Help | Asked::Unfinished(_) | Asked::DryRun | Asked::Listing { .. }) => Vec::new(),
        (DialogOutcome::Given(_), Asked::Mfa) => {
            app.context.vault.put(SecretId::MfaCode, Secret::new(dialog.form.text(FieldId::MFA_CODE).to_owned()));
            let source = app.context.sign_in.source.clone();
            app.context.connect(source)
        }
        (DialogOutcome::Given(_), Asked::Paste) => paste_keys(app, dialog),
        (DialogOutcome::Given(_), Asked::SaveAs(around)) => match check_save(&dialog.form, &around) {
            Ok(to) => handing_over(app, |phase, context, out| phase.save_as(to, context, out)),
            Err((field, words)) => {
                dialog.form.refuse(field, words);
                app.dialog = Some(dialog);
                Vec::new()
            }
        },
        (DialogOutcome::Given(at), Asked::Consent(preview)) => {
            // The second answer saves, the third besides closes the file to others.
            handing_over(app, |phase, context, out| phase.consented(*preview, at > 1, context, out))
        }
        (DialogOutcome::Given(_), Asked::Reveal) => handing_over(app, |mut phase, context, out| {
            phase.reveal(context, out);
            Continue(phase)
        }),
        (DialogOutcome::Given(at), Asked::Copy) => handing_over(app, |phase, context, out| phase.copy(at - 1, context, out)),
        (DialogOutcome::Given(_), Asked::WriteTo) => {
            let (file, place) = (dialog.form.chosen(FieldId::FILE).unwrap_or(0), dialog.form.text(FieldId::PLACE).to_owned());
            handing_over(app, |phase, context, out| phase.write_to(file, place, context, out))
        }
        (DialogOutcome::Given(_), Asked::Overwrite { csv, path }) => {
            handing_over(app, |phase, context, out| phase.write_over(csv, path, context, out))
        }
    }
}

/// Lets the hand-over do something; a question of its own is open only there.
fn handing_over(app: &mut App, act: impl FnOnce(Box<HandingOver>, &mut Context, &mut Out) -> Turn<HandingOver>) -> Vec<Effect> {
    app.advance(|phase, context, out| match phase {
        Phase::HandingOver(phase) => act(phase, context, out).map_continue(Phase::HandingOver),
        other => Continue(other),
    })
}

/// What happens to a run of an earlier start.
fn unfinished(app: &mut App, run: Run, choice: &str) -> Vec<Effect> {
    let id = run.beginning.run.clone();
    match choice {
        dialog::FINISH | dialog::REPLACE | dialog::FORGET_OLD => open(app, id, Course::Making),
        dialog::KEEP => {
            app.context.earlier.keeps_key = true;
            open(app, id, Course::Making)
        }
        dialog::UNDO => open(app, id, Course::Undoing),
        dialog::SHOW => {
            app.dialog = Some(Dialog::shown(run));
            Vec::new()
        }
        _ => {
            let is_other = |run: &Run| run.beginning.run != id;
            app.context.earlier.refused.retain(is_other);
            app.context.earlier.unfinished.retain(is_other);
            vec![Effect::Forget(id)]
        }
    }
}

fn open(app: &mut App, run: String, course: Course) -> Vec<Effect> {
    app.advance(|phase, _, out| match phase {
        Phase::Starting(starting) => {
            out.effects.push(Effect::Open { run, course });
            Continue(Phase::LoadingRun(starting))
        }
        other => Continue(other),
    })
}

/// Takes the pasted keys into the vault, and connects with them.
fn paste_keys(app: &mut App, mut dialog: Dialog) -> Vec<Effect> {
    let id = dialog.form.text(FieldId::KEY_ID).trim().to_owned();
    let wrong = if id.len() < 16 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        Some((FieldId::KEY_ID, "An access key id has at least 16 letters and digits, as AKIA…."))
    } else if dialog.form.text(FieldId::SECRET_KEY).trim().is_empty() {
        Some((FieldId::SECRET_KEY, "Paste the secret that belongs to this id."))
    } else if id.starts_with("ASIA") && dialog.form.text(FieldId::TOKEN).trim().is_empty() {
        Some((FieldId::TOKEN, "ASIA… is a temporary key: it works only with its session token."))
    } else {
        None
    };
    if let Some((field, words)) = wrong {
        dialog.form.refuse(field, words.to_owned());
        app.dialog = Some(dialog);
        return Vec::new();
    }
    let secret = |field| Secret::new(dialog.form.text(field).trim().to_owned());
    app.context.vault.put(SecretId::CallerKey, secret(FieldId::SECRET_KEY));
    let token = secret(FieldId::TOKEN);
    if token.expose().is_empty() {
        app.context.vault.forget(SecretId::CallerToken);
    } else {
        app.context.vault.put(SecretId::CallerToken, token);
    }
    app.context.connect(Source::Pasted { key_id: id })
}
