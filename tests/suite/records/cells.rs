//! Forty cells of the fault matrix (`matrix`): a write of the full plan meets a fault, and the person answers with a choice.
//!
//! Comes in: the conversation over the practice account, in this process. Goes out: for each cell a record of the calls with their
//! parameters, of the journal, of what the account holds in the end, of the farewell, and of the words on the last screen.
//!
//! One call goes after the other here, and the account's bytes are the same in every run: nothing has to be sorted.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use iamwalk::app::Phase;
use iamwalk::app::creating::RunChoice;
use iamwalk::practice::Practice;
use iamwalk::practice::faults::{Trouble, Troubled};

use crate::matrix::{CHOICES, FAULTS, WRITES, choose, everything, run_over, text};
use crate::support::practice;
use crate::support::turnstile::{Form, form};

use super::compare::hold;
use super::names::{named, steps_apart};

/// How many cells are recorded, and from one to the next how far it is in the matrix: it has no divisor in common with 11, 12 and
/// 3, so that every write, fault and choice comes with different others each time.
const CELLS: usize = 40;
const STRIDE: usize = 109;

type Cell = (&'static str, (Trouble, usize), RunChoice);

fn cells() -> Vec<Cell> {
    let all = WRITES.len() * FAULTS.len() * CHOICES.len();
    let cell = |n: usize| {
        let at = n * STRIDE % all;
        let (choice, rest) = (CHOICES[at % CHOICES.len()], at / CHOICES.len());
        (WRITES[rest / FAULTS.len()], FAULTS[rest % FAULTS.len()], choice)
    };
    (0..CELLS).map(cell).collect()
}

fn fault_name((trouble, times): (Trouble, usize)) -> String {
    let kind = match trouble {
        Trouble::Refused(code, ..) => code.to_owned(),
        other => format!("{other:?}").split('(').next().unwrap().to_owned(),
    };
    match times {
        1 => format!("{kind}-once"),
        usize::MAX => format!("{kind}-always"),
        times => format!("{kind}-{times}-times"),
    }
}

/// The names of the records, in order.
pub fn names() -> Vec<String> {
    let name =
        |(n, (write, fault, choice)): (usize, Cell)| format!("matrix/{:02}-{write}-{}-{choice:?}.txt", n + 1, fault_name(fault));
    cells().into_iter().enumerate().map(name).collect()
}

/// An HTTP client that notes what is sent, whatever happens to it afterwards.
#[derive(Clone, Debug)]
struct Noted {
    inner: Troubled,
    sent: Arc<Mutex<Vec<Form>>>,
}

impl HttpConnector for Noted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.sent.lock().unwrap().push(form(request.body().bytes().unwrap_or_default()));
        self.inner.call(request)
    }
}

fn calls(sent: &[Form]) -> String {
    let mut out = String::new();
    for call in sent {
        let get = |wanted: &str| call.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value);
        let _ = writeln!(out, "- {} ({})", get("Action"), get("Version"));
        for (name, value) in call.iter().filter(|(name, _)| name != "Action" && name != "Version") {
            let _ = writeln!(out, "      {name} = {value}");
        }
    }
    out
}

/// The words of a screen, a line a row: without frames, blanks and empty rows.
fn words(screen: &str) -> String {
    let row = |row: &str| {
        let is_frame = |c: char| c.is_whitespace() || ('\u{2500}'..='\u{257f}').contains(&c);
        row.split(is_frame).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    screen.lines().map(row).filter(|row| !row.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The secrets of an account, and the passwords that were sent to it.
fn secrets(practice: &Practice, sent: &[Form]) -> Vec<String> {
    let keys = practice.with_account(|account| {
        let keys = account.users.values().flat_map(|user| &user.keys);
        keys.map(|key| key.secret.expose().to_owned()).filter(|secret| secret.len() == 40).collect::<Vec<_>>()
    });
    let passwords = sent.iter().flatten().filter(|(name, _)| name == "Password").map(|(_, value)| value.clone());
    keys.into_iter().chain(passwords).collect()
}

fn record((write, fault, choice): Cell) -> String {
    let practice = practice();
    let (trouble, times) = fault;
    let strikes = move |action: &str, earlier: usize| (action == write && earlier < times).then_some(trouble);
    let sent = Arc::default();
    let noted = |inner: Troubled| Noted { inner, sent: Arc::clone(&sent) };
    let mut talk = run_over(&noted(Troubled::new(practice.clone(), strikes)));
    let passed = matches!(talk.app.phase, Phase::HandingOver(_));
    if !passed {
        let calm = noted(Troubled::new(practice.clone(), |_, _| None));
        talk.reconnect(calm.clone());
        choose(&mut talk, choice, &calm);
    }
    let sent = sent.lock().unwrap();
    let chosen = if passed { "nothing had to be chosen".to_owned() } else { format!("chosen: {choice:?}") };
    let farewell = match &talk.left {
        Some(farewell) => format!("code {}\n{}", farewell.code, farewell.lines.join("\n")),
        None => "it goes on".to_owned(),
    };
    let sections = [
        ("the cell", format!("{write} meets {}; {chosen}", fault_name(fault))),
        ("the calls", calls(&sent)),
        ("the journal", steps_apart(&text(&talk.journal))),
        ("the account in the end", everything(&practice)),
        ("the farewell", farewell),
        ("the words of the last screen", words(&talk.screen(120, 50))),
    ];
    let told: String = sections.iter().map(|(title, text)| format!("=== {title}\n{}\n\n", text.trim_end())).collect();
    let secrets = secrets(&practice, &sent);
    let told = named(&told, &secrets, "");
    assert!(!secrets.iter().any(|secret| told.contains(secret)), "a secret in a record");
    told
}

#[test]
fn every_write_fault_and_choice_is_among_the_cells() {
    let cells = cells();
    let writes: BTreeSet<_> = cells.iter().map(|(write, ..)| *write).collect();
    let faults: BTreeSet<_> = cells.iter().map(|(_, fault, _)| fault_name(*fault)).collect();
    let choices: BTreeSet<_> = cells.iter().map(|(.., choice)| format!("{choice:?}")).collect();
    assert_eq!((writes.len(), faults.len(), choices.len()), (WRITES.len(), FAULTS.len(), CHOICES.len()));
    assert_eq!(names().into_iter().collect::<BTreeSet<_>>().len(), CELLS);
}

#[test]
fn forty_cells_of_the_matrix_are_as_recorded() {
    let records: Vec<_> = names().into_iter().zip(cells().into_iter().map(record)).collect();
    hold(&records);
}
