//! A walk without questions: the same pages, filled in by a walkthrough and the command line, accepted one after the other; then
//! *Review*, the run and the hand-over, each as soon as nothing is looked up any more. What would be asked is a refusal before
//! the first call.

use std::ops::ControlFlow::{Break, Continue};

use super::asking::Asking;
use super::creating::Course;
use super::effect::{Csv, Effect, Farewell};
use super::field::FieldId;
use super::form::Form;
use super::pages::{FieldError, walkthrough};
use super::transition::Transition;
use super::{App, Phase};
use crate::domain::access::UseCase;
use crate::domain::dry_run::DryRunFormat;
use crate::domain::facts::Fact;
use crate::domain::hand_over::{SavePreview, key_csv_name, password_csv_name};
use crate::domain::ledger::RunStatus;
use crate::domain::preflight::Severity;
use crate::domain::record::TaskId;

/// What the command line says in place of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchOptions {
    /// Save the key as a profile.
    pub saves: bool,
    /// Write the key's csv there.
    pub csv: Option<String>,
    pub replace: bool,
    /// Join an existing group that gives more than is wanted of it.
    pub accept_existing: bool,
    /// Leave what was made where something fails.
    pub keep_on_failure: bool,
    /// Print the secret with the result.
    pub secret_to_stdout: bool,
    pub json: bool,
    /// Only show the calls, in this form.
    pub dry_run: Option<DryRunFormat>,
}

/// How far a walk without questions is.
#[derive(Debug)]
pub struct Batch {
    pub options: BatchOptions,
    /// The destinations of files: asked for, and what came back.
    pub(super) paths: Option<Option<Result<Vec<String>, String>>>,
    /// Something failed, and what was made is being undone.
    pub(super) failed: bool,
    /// What there is to know on the way, for the face to show.
    pub told: Vec<String>,
}

impl Batch {
    pub fn new(options: BatchOptions) -> Self {
        Self { options, paths: None, failed: false, told: Vec::new() }
    }

    /// Tells something, once.
    pub(super) fn tell(&mut self, words: impl Into<String>) {
        let words = words.into();
        if !self.told.contains(&words) {
            self.told.push(words);
        }
    }
}

/// The files that the hand-over will write, each with where to: the key's csv as ordered, and the password's beside it.
fn files(options: &BatchOptions, user: &str, key: bool, password: bool) -> Vec<(Option<String>, String)> {
    let mut files = Vec::new();
    if key && let Some(csv) = &options.csv {
        files.push((Some(csv.clone()), key_csv_name(user)));
    }
    if password {
        files.push((beside(options.csv.as_deref()), password_csv_name(user)));
    }
    files
}

/// The folder of a path that was typed (a folder ends in `/`); `None` for the current one.
pub(super) fn beside(csv: Option<&str>) -> Option<String> {
    csv?.rsplit_once('/').map(|(folder, _)| format!("{folder}/"))
}

/// Does what can be done now, until something has to be waited for.
pub(super) fn drive(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(more) = step(app) {
        effects.extend(more);
        app.refresh();
        effects.extend(app.look_up());
    }
    effects
}

/// One step; `None`: something has to be waited for.
fn step(app: &mut App) -> Option<Vec<Effect>> {
    app.batch.as_ref()?;
    if matches!(app.phase, Phase::Starting(_) | Phase::Reviewing(_)) {
        if let Some(fault) = app.context.facts.caller.as_ref().and_then(Fact::fault) {
            return Some(refuse(app, vec![fault.batch_words()]));
        }
        // A list that has not come, and what was asked a moment ago.
        if app.context.facts.is_pending() || app.context.facts.caller.is_none() {
            return None;
        }
    }
    match &app.phase {
        Phase::Starting(_) => Some(match looks_first(app) {
            effects if !effects.is_empty() => effects,
            _ => ask(app),
        }),
        Phase::Reviewing(_) => review(app),
        Phase::Creating(_) => create(app),
        Phase::HandingOver(_) => hand_over(app),
        Phase::Asking(_)
        | Phase::WritingPolicy(_)
        | Phase::Users(_)
        | Phase::LoadingRun(_)
        | Phase::Resuming(_)
        | Phase::Left => None,
    }
}

fn refuse(app: &mut App, mut lines: Vec<String>) -> Vec<Effect> {
    lines.push("Nothing was made.".to_owned());
    app.dialog = None;
    app.go_to(Transition::Leave(Farewell::new(2, lines)))
}

/// Asks for what a page has to know before it can be answered; the pages before it are accepted for that, as far as they can be.
fn looks_first(app: &mut App) -> Vec<Effect> {
    let Phase::Starting(starting) = &mut app.phase else { return Vec::new() };
    let asking = starting.asking();
    for page in asking.task().pages {
        asking.turn_to(page.id);
        asking.refresh(&app.context);
        if page.waits {
            let questions =
                asking.questions(&app.context).into_iter().filter(|question| app.context.facts.end(question).is_none());
            let questions: Vec<_> = questions.collect();
            if !questions.is_empty() {
                return app.context.ask(questions);
            }
        }
        if asking.accept_page(&app.context).is_err() {
            break;
        }
    }
    Vec::new()
}

/// Accepts every page, or lists what is missing.
fn ask(app: &mut App) -> Vec<Effect> {
    let Phase::Starting(starting) = &mut app.phase else { return Vec::new() };
    starting.refresh(&app.context);
    let refusals = starting.missing(&app.context);
    let label =
        |form: &Form, refusal: &FieldError| form.field(refusal.field).map(|field| field.label.clone()).unwrap_or_default();
    let words = |asking: &Asking, title: &str, label: &str, refusal: FieldError| {
        let key = asking.key_of(refusal.field);
        let location = asking.location(&key, &refusal.words).map(|location| format!("{location}: ")).unwrap_or_default();
        let words = match key.as_str() {
            "access.use-case" => format!("{} ({})", refusal.words, UseCase::ALL.map(UseCase::word).join(", ")),
            _ => refusal.words,
        };
        let option = match key.as_str() {
            "confirm" | "rotation.old-key" => "--confirm",
            "user.give-up" => "--give-up",
            "rotation.key" => "--key",
            "rotation.profiles" => "--leave-out",
            key => key,
        };
        format!("{location}{title}, {label} ({option}): {words}")
    };
    let mut missing = Vec::new();
    for refusal in refusals {
        let label = label(starting.form(), &refusal);
        missing.push(words(starting.asking(), walkthrough::TITLE, &label, refusal));
    }
    let asking = starting.asking();
    for page in asking.task().pages {
        asking.turn_to(page.id);
        asking.refresh(&app.context);
        // Who says --yes has read what stands beside the key's use case.
        asking.form_of(page.id).set(FieldId::UNDERSTOOD, true);
        asking.refresh(&app.context);
        if let Err(refusal) = asking.accept_page(&app.context) {
            // Without a user there is nothing to say of the user's keys.
            if page.waits && asking.answers().user_name().is_none() && !missing.is_empty() {
                continue;
            }
            missing.push(words(asking, page.title, &label(asking.form(), &refusal), refusal));
        }
    }
    if !missing.is_empty() {
        missing.insert(0, "These answers are missing, or can't be taken:".to_owned());
        let remedy = match asking.task().file {
            Some(_) => "Give them in the walkthrough's file, or with --set key=value (--user NAME for user.name).",
            None => "Give them as options of the command: --help lists them.",
        };
        missing.push(remedy.to_owned());
        return refuse(app, missing);
    }
    let effects = app.advance(|phase, _, _| match phase {
        Phase::Starting(starting) => Break(Transition::Review(starting.into_asking())),
        other => Continue(other),
    });
    match &app.phase {
        // It can't be so; but nobody is there to be asked again and again.
        Phase::Asking(asking) => {
            let words = format!("The page {} can't be answered without a person.", asking.page().title);
            refuse(app, vec![words])
        }
        _ => effects,
    }
}

/// Starts the run once every finding is known, or refuses.
fn review(app: &mut App) -> Option<Vec<Effect>> {
    let (Phase::Reviewing(reviewing), Some(batch)) = (&mut app.phase, &mut app.batch) else { return None };
    if reviewing.pending(&app.context).is_some() {
        return None;
    }
    let options = batch.options.clone();
    let errors = reviewing.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(|finding| finding.words.clone()).collect();
    if reviewing.plan.is_none() {
        return Some(refuse(app, errors));
    }
    if let Some(form) = options.dry_run {
        let (plan, origin) = (reviewing.plan.as_ref()?, app.context.dry_run()?);
        if let Some(words) = form.refusal(plan) {
            return Some(refuse(app, vec![format!("{words} --dry-run=aws-cli can.")]));
        }
        let mut farewell = Farewell::new(0, reviewing.findings.iter().map(|finding| finding.words.clone()).collect());
        farewell.result = Some(form.text(plan, &origin));
        return Some(app.go_to(Transition::Leave(farewell)));
    }
    let access = reviewing.answers().access();
    let key = access.is_some_and(|access| access.key.is_some());
    let password = reviewing.answers().console().is_some_and(|console| console.own_password.is_none());
    let user = reviewing.answers().user_name().unwrap_or_default().to_owned();
    let goes_nowhere = reviewing.answers().rotation().is_some_and(|rotation| rotation.profiles.is_empty());
    if goes_nowhere && options.saves && reviewing.walkthrough().hand_over.profile.is_empty() {
        let words = "No profile gets the new key. Say where it goes: --save-profile NAME, --csv PATH or --secret-to-stdout.";
        return Some(refuse(app, vec![words.to_owned()]));
    }
    if batch.paths.is_none() {
        batch.paths = Some(None);
        return Some(vec![Effect::FindOutputPaths(app.context.realm(), files(&options, &user, key, password))]);
    }
    let Some(Some(paths)) = batch.paths.clone() else { return None };
    let mut against: Vec<String> = paths.as_ref().err().cloned().into_iter().collect();
    let same_file = |csv: &str| csv.rsplit('/').next() == Some(password_csv_name(&user).as_str());
    if key && password && options.csv.as_deref().is_some_and(same_file) {
        against.push("The password is to be written there: give the key's csv another name.".to_owned());
    }
    if key && options.saves {
        against.extend(unsavable(reviewing.preview(), options.replace));
    }
    for finding in &reviewing.findings {
        match finding.severity {
            Severity::Error => against.push(finding.words.clone()),
            Severity::Existing if !options.accept_existing => {
                against.push(format!("{} Add --accept-existing to accept that.", finding.words));
            }
            Severity::Existing | Severity::Warning => batch.tell(format!("! {}", finding.words)),
            Severity::Note => batch.tell(format!("· {}", finding.words)),
        }
    }
    // It is the last of the files, and nobody named it.
    if let (Ok(paths), true) = (paths, password)
        && let Some(path) = paths.last().cloned()
    {
        batch.tell(format!("· The console password goes to {path}"));
    }
    against.dedup();
    if !against.is_empty() {
        return Some(refuse(app, against));
    }
    Some(app.advance(|phase, _, _| match phase {
        Phase::Reviewing(reviewing) => reviewing.create_anyway().map_continue(Phase::Reviewing),
        other => Continue(other),
    }))
}

/// Why the key could not be saved as a profile without somebody to ask.
fn unsavable(preview: Option<Result<&SavePreview, String>>, replace: bool) -> Vec<String> {
    let preview = match preview {
        Some(Ok(preview)) => preview,
        Some(Err(words)) => return vec![format!("The key could not be saved as a profile. {words}")],
        None => return Vec::new(),
    };
    let mut against = preview.asks.clone();
    if preview.replaces && !replace {
        let name = &preview.destination.profile;
        against.push(format!(
            "There is a profile “{name}” already: --replace replaces it, --save-profile NAME saves under another name."
        ));
    }
    against.extend(preview.in_place.iter().map(|path| {
        format!(
            "{path} can only be written in place, which a crash would harm: save from the full screen, which asks, or use --csv."
        )
    }));
    against
}

/// Waits for the run; one that has stopped is undone, or left where that was ordered.
fn create(app: &mut App) -> Option<Vec<Effect>> {
    let Phase::Creating(creating) = &app.phase else { return None };
    if creating.is_moving() || creating.course == Course::Undoing || creating.ledger.status() != RunStatus::Stopped {
        return None;
    }
    // What was stopped is not let work again because something else could not be stopped.
    let revokes = matches!(creating.task.id, TaskId::Revoke | TaskId::RevokeKey);
    let batch = app.batch.as_mut()?;
    if batch.failed {
        return None;
    }
    batch.failed = true;
    let keeps = batch.options.keep_on_failure || revokes;
    batch.tell(match keeps {
        _ if revokes => "The run did not get through. What it has stopped stays stopped.",
        true => "The run stopped. What it made is kept.",
        false => "The run stopped. Undoing what it made.",
    });
    Some(app.advance(|phase, context, out| match phase {
        Phase::Creating(creating) if keeps => creating.end(context, out).map_continue(Phase::Creating),
        Phase::Creating(creating) => creating.take_back(context, out).map_continue(Phase::Creating),
        other => Continue(other),
    }))
}

/// What of the hand-over is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Next {
    /// Something is under way.
    Wait,
    /// Save the key as a profile, with this consent.
    Save(Option<Box<SavePreview>>),
    Write(Csv, Option<String>),
    /// No way of the key to its owner is left.
    Lost(String),
    /// Print the result.
    Tell,
    Leave,
}

fn hand_over(app: &mut App) -> Option<Vec<Effect>> {
    let (Phase::HandingOver(handing_over), Some(batch)) = (&app.phase, &mut app.batch) else { return None };
    // It ends by itself.
    if handing_over.is_ending() {
        return None;
    }
    let options = batch.options.clone();
    for words in handing_over.faults().iter().chain(handing_over.file_cautions()) {
        batch.tell(format!("! {words}"));
    }
    let next = handing_over.next(&options);
    if let Next::Lost(words) = &next {
        batch.tell(format!("! {words}"));
        batch.failed = true;
    }
    match next {
        Next::Wait => None,
        Next::Lost(_) if options.keep_on_failure => Some(app.advance(|phase, context, out| match phase {
            Phase::HandingOver(handing_over) => handing_over.leave(context, out).map_continue(Phase::HandingOver),
            other => Continue(other),
        })),
        Next::Lost(_) => Some(app.advance(|phase, context, _| match phase {
            Phase::HandingOver(handing_over) => {
                let files = handing_over.deliveries(context).into_iter().chain(handing_over.kept()).collect();
                Break(Transition::Revoke(handing_over.into_finished(), files))
            }
            other => Continue(other),
        })),
        next => Some(app.advance(|phase, context, out| match phase {
            Phase::HandingOver(handing_over) => handing_over.go(next, &options, context, out).map_continue(Phase::HandingOver),
            other => Continue(other),
        })),
    }
}
