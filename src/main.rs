//! Arguments and composition: the only place where everything meets. The practice account is handed to the gateway here.
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo)]

mod args;
mod commands;
mod guides;
mod inputs;
mod lines;
mod screen;
mod seal;
mod unasked;

use std::io::{IsTerminal, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tempfile::TempDir;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use iamwalk::app::effect::Farewell;
use iamwalk::app::{App, Opening, Places};
use iamwalk::domain::caller::Source;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::walkthrough::Walkthrough;
use iamwalk::practice::{Account, CALLER_KEY, Practice, seeded};
use iamwalk::runtime::{Files, FullScreen, Hands, InFlight, Services, run};
use iamwalk::services::clipboard::Clipboard;
use iamwalk::services::connect::{Patience, Settings};
use iamwalk::services::credentials::Sessions;
use iamwalk::services::csv_file::is_in_work_tree;
use iamwalk::services::environment::Environment;
use iamwalk::services::journal::Runs;
use iamwalk::services::log;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::terminal_copy::Multiplexer;
use iamwalk::services::terminal_loan::Lender;
use iamwalk::services::verify::Waits;
use iamwalk::ui::Theme;

use args::{Args, Command, PracticeCommand, RunsCommand};
use screen::Screen;

/// How long an answer of practice takes: long enough to watch the calls being made.
const PRACTICE_PACE: Duration = Duration::from_millis(120);

/// How long the clipboard may take then.
const CLEAR_LIMIT: Duration = Duration::from_secs(1);

/// How long calls under way are awaited after a fault of the program itself.
const GRACE: Duration = Duration::from_secs(12);

fn main() -> ExitCode {
    let args = Args::parse();
    seal::against_others();
    log::start();
    ExitCode::from(match &args.command {
        None if args.yes || args.dry_run.is_some() => unasked::walk(&args),
        None => walk(&args),
        Some(_) if args.walkthrough.is_some() => {
            eprintln!("A walkthrough goes with no command: iamwalk WALKTHROUGH, or iamwalk COMMAND.");
            2
        }
        Some(_) if args.practice => {
            eprintln!("--practice is a walk of its own; it goes with no command.");
            2
        }
        Some(Command::List) => guides::list(),
        Some(Command::Show { of }) => guides::show(of),
        Some(Command::Check { file, partition }) => guides::check(&args, file, partition.as_deref()),
        Some(Command::New { file }) => guides::new(file),
        Some(Command::Runs { of: None }) => commands::list(),
        Some(Command::Runs { of: Some(RunsCommand::Show { run }) }) => commands::show(run),
        Some(Command::Undo { run, yes }) => commands::undo(&args, run, *yes),
        Some(Command::Practice { how: PracticeCommand::Serve { port } }) => commands::serve(*port),
    })
}

/// The walk on the full screen.
fn walk(args: &Args) -> u8 {
    let walkthrough = match guides::chosen(args) {
        Ok(walkthrough) => walkthrough,
        Err(faults) => return guides::refuse(&faults),
    };
    if !stdin().is_terminal() || !stdout().is_terminal() {
        eprintln!(
            "iamwalk asks questions on a full screen and needs a terminal for its input and output. Run it in one, or without \
             questions: iamwalk WALKTHROUGH --yes --user NAME"
        );
        return 2;
    }
    let scratch = match private_scratch() {
        Ok(scratch) => scratch,
        Err(error) => {
            eprintln!("No temporary folder could be made: {error}. Set TMPDIR to a folder that you may write to.");
            return 2;
        }
    };
    let vault = Vault::default();
    let farewell = converse(args, walkthrough, scratch.path(), vault.clone());
    if let Some(path) = keep_if_used(scratch) {
        commands::tell(&format!("The files of practice are in {}", path.display()));
    }
    farewell.lines.iter().for_each(|line| commands::tell(line));
    for (label, id) in &farewell.secrets {
        // The person asked for it: on a line of its own, to be selected whole. Where it ends: on the ordinary screen.
        if let Some(secret) = vault.get(*id) {
            let _ = writeln!(stdout(), "{label}:\n{}", secret.expose());
        }
    }
    farewell.code
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// The whole conversation on the full screen; afterwards the terminal is as it was, whatever happened.
fn converse(args: &Args, walkthrough: Option<Arc<Walkthrough>>, scratch: &Path, vault: Vault) -> Farewell {
    let failed = |what: String| Farewell::new(1, vec![what]);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    let mut screen = match Screen::enter() {
        Ok(screen) => screen,
        Err(error) => return failed(format!("The terminal could not be prepared: {error}.")),
    };
    let (mut opening, services) = compose(args, scratch);
    opening.walkthrough = walkthrough;
    let theme = Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let fallen = Fallen::of(&services);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let hands = Hands { suspend: &screen::suspend, lend: &screen::lend, take_back: &screen::take_back };
            let mut face = FullScreen { terminal: &mut screen.terminal, theme, hands };
            run(&mut face, inputs::terminal, services, App::open(opening, vault)).await
        })
    }));
    drop(screen);
    let farewell = ended.unwrap_or_else(|_| fallen.farewell(&runtime));
    // A call that hangs must not keep the program.
    runtime.shutdown_background();
    farewell
}

/// What is looked at after a fault of the program itself.
struct Fallen {
    runs: Runs,
    in_flight: InFlight,
    clipboard: Clipboard,
}

impl Fallen {
    fn of(services: &Services) -> Self {
        Self { runs: services.runs.clone(), in_flight: services.in_flight.clone(), clipboard: services.clipboard.clone() }
    }

    /// The calls go on without the conversation, and write down themselves what came of them.
    fn farewell(self, runtime: &tokio::runtime::Runtime) -> Farewell {
        runtime.block_on(self.in_flight.settled(GRACE));
        let _ = runtime.block_on(async { tokio::time::timeout(CLEAR_LIMIT, self.clipboard.clear()).await });
        let place = screen::fell_at().unwrap_or_default();
        let mut lines = vec![format!("iamwalk fell over a fault of its own, at {place}. Please report it.")];
        match self.runs.current() {
            Some(run) => {
                lines.push(format!(
                    "What was made is recorded as run {run}: iamwalk offers to finish or undo it at its next start."
                ));
                lines.push(format!("To see it: iamwalk runs show {run}"));
                Farewell::new(3, lines)
            }
            None => {
                lines.push("No run was begun.".to_owned());
                Farewell::new(1, lines)
            }
        }
    }
}

fn compose(args: &Args, scratch: &Path) -> (Opening, Services) {
    let source = match &args.profile {
        _ if args.practice => Source::Practice,
        Some(name) => Source::Profile(name.clone()),
        None => Source::Chain,
    };
    let environment = Environment::of_process();
    let own = ProfileFiles::own(&environment);
    let files = Files { profiles: own.clone(), folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")) };
    let practice_files = Files { profiles: Some(ProfileFiles::within(scratch)), folder: scratch.to_owned() };
    let opening = Opening {
        source,
        endpoint: args.endpoint_url.clone(),
        user: args.user.clone(),
        walkthrough: None,
        presenter: args.presenter,
        places: places(&files),
        practice_places: places(&practice_files),
        seed: seed(),
    };
    let settings = Settings {
        region: args.region.clone(),
        endpoint: args.endpoint_url.clone(),
        clear_text: false,
        patience: Patience::default(),
        practice: (SharedHttpConnector::new(Practice::new(practice_account, PRACTICE_PACE)), CALLER_KEY),
        environment,
        // Without a home folder there is none of them.
        files: own.unwrap_or_else(|| ProfileFiles::within(&scratch.join("no-home"))),
        sessions: Sessions::default(),
        lender: Lender::default(),
    };
    let multiplexer = Multiplexer::around();
    let services = Services {
        settings,
        clipboard: Clipboard::default(),
        terminal_copy: Box::new(move |text| screen::copy(text, multiplexer)),
        multiplexer,
        files,
        practice_files,
        waits: Waits::default(),
        confirm: commands::confirm,
        runs: Runs::own(),
        journal: None,
        in_flight: InFlight::default(),
        fell_at: screen::fell_at,
    };
    (opening, services)
}

/// Any number; without random numbers all programs wait alike.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

fn practice_account() -> Account {
    seeded(Box::new(|bytes| {
        // Practice keys need not be hard to guess; without random numbers they are all alike.
        let _ = getrandom::fill(bytes);
    }))
}

fn places(files: &Files) -> Places {
    let credentials = files.profiles.as_ref().map(|paths| paths.credentials.display().to_string()).unwrap_or_default();
    Places {
        credentials: short(&credentials),
        folder: short(&files.folder.display().to_string()),
        in_work_tree: is_in_work_tree(&files.folder),
    }
}

/// A path with the home folder as `~`.
fn short(path: &str) -> String {
    match dirs::home_dir().and_then(|home| path.strip_prefix(&home.display().to_string()).map(str::to_owned)) {
        Some(rest) if rest.starts_with('/') => format!("~{rest}"),
        _ => path.to_owned(),
    }
}

/// The folder of practice files, which only its owner may enter.
fn private_scratch() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix("iamwalk-practice-").tempdir()
}

/// What was saved in practice stays for the person to look at; a folder with nothing but a lock goes.
fn keep_if_used(scratch: TempDir) -> Option<PathBuf> {
    let is_file = |entry: std::io::Result<std::fs::DirEntry>| entry.is_ok_and(|entry| entry.path().is_file());
    let is_used = std::fs::read_dir(scratch.path()).is_ok_and(|mut entries| entries.any(is_file));
    is_used.then(|| scratch.keep())
}
