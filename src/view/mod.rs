//! What is to be seen and heard of the conversation, once and as plain values: the words of each state. Faces draw them as they can.

pub mod fields;
mod hand_over;
pub mod lines;
mod parts;
pub mod question;
mod review;
mod run;
mod users;

use std::borrow::Cow;

pub use fields::FormView;
pub use parts::{Part, Remark, StepView, Tone};
pub use review::api_calls;

use crate::app::creating::Course;
use crate::app::dialog::{Asked, Dialog};
use crate::app::keymap;
use crate::app::{App, Context, Phase, Standpoint};
use crate::domain::facts::Fact;
use crate::domain::users::CredentialReport;

pub struct View<'a> {
    app: &'a App,
    /// Where the calls go, and who makes them.
    pub header: Header,
    /// The words of the rail, and the place of the current one.
    pub rail: (Vec<&'static str>, usize),
    pub title: &'a str,
    /// What the walkthrough says of the page: its name and its words, empty for none.
    pub walkthrough: (&'a str, &'a str),
    /// A question in front of the page.
    pub dialog: Option<DialogView<'a>>,
    /// The keys that work here.
    pub keys: Vec<keymap::KeyHint>,
    /// How many lines the person has scrolled away from where the cursor is.
    pub peek: isize,
    /// What there is to know on the way, where nobody is asked.
    pub told: &'a [String],
    stake: Option<(&'static str, &'static str)>,
    presses: &'static str,
}

/// Where the calls go, and who makes them.
pub struct Header {
    /// Nothing leaves this machine.
    pub is_practice: bool,
    /// Account, alias and region, once they are known.
    pub account: Option<String>,
    /// The caller, that it is being looked up, or why there is none.
    pub caller: (Tone, String),
    /// Others are watching: no secret is shown.
    pub is_presenting: bool,
    /// The endpoint, where it is not AWS's, and who says so.
    pub endpoint: Option<String>,
}

/// A question in front of the page.
pub struct DialogView<'a> {
    pub title: &'a str,
    /// What is reported, a paragraph each.
    pub words: &'a [String],
    pub form: FormView<'a>,
    /// Its answers, and the highlighted one.
    pub choices: (&'a [&'static str], usize),
    /// It shows a long text, which is read from its start and closed from there.
    pub is_long: bool,
    /// Its lines are as wide as they can be.
    pub is_wide: bool,
    /// Its words show what changes in a file: lines behind `- ` and `+ `.
    pub is_diff: bool,
}

const SPINNER: [&str; 4] = ["◐", "◓", "◑", "◒"];

/// The moving sign at this turn.
fn spinner(context: &Context) -> &'static str {
    SPINNER[(context.ticks % 4) as usize]
}

impl<'a> View<'a> {
    pub fn of(app: &'a App) -> Self {
        Self {
            app,
            header: header(&app.context),
            rail: app.rail(),
            title: app.title(),
            walkthrough: app.walkthrough_words(),
            dialog: app.dialog.as_ref().map(|open| dialog(open, &app.context)),
            keys: app.keys(),
            peek: app.peek,
            told: app.batch.as_ref().map_or(&[], |batch| &batch.told),
            stake: app.at_stake(),
            presses: if app.is_pressed_on_card() { "once more" } else { "twice more" },
        }
    }

    pub fn body(&self) -> Vec<Part<'a>> {
        body(self.app)
    }

    /// Whether it goes on by itself.
    pub fn goes_on(&self) -> bool {
        self.app.goes_on()
    }

    /// Whether the page was opened from another, which it leads back to.
    pub fn is_within_another(&self) -> bool {
        matches!(self.app.phase, Phase::WritingPolicy(_))
    }

    /// Where the conversation stands.
    pub fn standpoint(&self) -> Standpoint {
        self.app.standpoint()
    }

    /// Each step of the run, where there is one.
    pub fn steps(&self) -> Vec<StepView> {
        let (ledger, undoes) = match &self.app.phase {
            Phase::Creating(creating) => (&creating.ledger, creating.course == Course::Undoing),
            Phase::HandingOver(handing_over) => (handing_over.ledger(), false),
            _ => return Vec::new(),
        };
        run::steps(ledger, undoes, &self.app.context)
    }

    /// The words of the card that stands where a terminal is too small for a page.
    pub fn card(&self, (columns, rows): (u16, u16)) -> String {
        match self.stake {
            Some((what, then)) => {
                format!("{what} Enlarge the window to {columns}x{rows}, or press Ctrl-C {}: {then}.", self.presses)
            }
            None => format!("Too small: iamwalk needs {columns}x{rows}. Enlarge the window, or press Ctrl-C to leave."),
        }
    }
}

fn header(context: &Context) -> Header {
    let (account, caller) = match &context.facts.caller {
        Some(Fact::Known(caller)) => {
            let alias = context.facts.alias().map(|alias| format!(" ({alias})")).unwrap_or_default();
            let account = format!("account {}{alias} · {}", caller.account, context.sign_in.region);
            let origin = Some(context.sign_in.origins.credentials.as_str()).filter(|words| !words.is_empty());
            let origin = origin.map(|words| format!(" · from {words}")).unwrap_or_default();
            (Some(account), (Tone::Plain, format!("as {}{origin}", caller.arn)))
        }
        None | Some(Fact::Pending) => (None, (Tone::Dim, format!("{} checking your credentials …", spinner(context)))),
        Some(Fact::Denied(fault) | Fact::Failed(fault)) => (None, (Tone::Bad, format!("✗ {} F5 tries again.", fault.what()))),
    };
    let endpoint = context.sign_in.endpoint.as_ref().map(|url| match context.sign_in.origins.endpoint.as_str() {
        "" => url.clone(),
        said_by => format!("{url} ({said_by})"),
    });
    Header { is_practice: context.is_practice(), is_presenting: context.presenter, account, caller, endpoint }
}

fn body(app: &App) -> Vec<Part<'_>> {
    let context = &app.context;
    match &app.phase {
        Phase::Starting(_) | Phase::Asking(_) => {
            let form = app.form().map(|form| Part::Form(FormView::of(form, context)));
            [Part::Why(app.why()), Part::Blank].into_iter().chain(form).collect()
        }
        Phase::Users(users) if users.open().is_some() => users::user(users, context),
        Phase::Users(users) => {
            let root = context.facts.credential_report().map(CredentialReport::of_root).unwrap_or_default();
            let root = root.into_iter().map(|words| Remark::new("!", Tone::Warning, words.to_owned()).into());
            let form = Part::Form(FormView::of(users.form(), context));
            std::iter::once(Part::Why(app.why())).chain(root).chain([Part::Blank, form]).collect()
        }
        Phase::WritingPolicy(page) => vec![Part::Blank, Part::Form(FormView::of(page.form(), context))],
        Phase::Reviewing(reviewing) => review::review(reviewing, context),
        Phase::Resuming(resuming) => run::resuming(resuming, context),
        Phase::Creating(creating) => run::create(creating, context),
        Phase::HandingOver(handing_over) => hand_over::hand_over(handing_over, context),
        Phase::LoadingRun(_) => {
            vec![Part::Text { indent: 2, tone: Tone::Accent, text: Cow::Borrowed("Opening the record of the run …") }]
        }
        Phase::Left => Vec::new(),
    }
}

fn dialog<'a>(open: &'a Dialog, context: &'a Context) -> DialogView<'a> {
    DialogView {
        title: &open.title,
        words: &open.words,
        form: FormView::of(&open.form, context),
        choices: (&open.choices, open.at),
        is_long: matches!(open.asked, Asked::Listing { .. }) || (matches!(open.asked, Asked::Help) && open.words.len() > 3),
        is_wide: matches!(open.asked, Asked::Listing { .. }),
        is_diff: matches!(open.asked, Asked::Consent(_)),
    }
}
