//! Arguments and composition: the only place where everything meets. The practice account is handed to the gateway here.
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo)]

mod args;
mod screen;

use std::io::{IsTerminal, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::EventStream;
use crossterm::execute;
use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, WeakUnboundedSender, unbounded_channel};

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use iamwalk::app::effect::Farewell;
use iamwalk::app::event::Signal;
use iamwalk::app::{App, Opening, Places};
use iamwalk::domain::caller::Source;
use iamwalk::domain::secret::Vault;
use iamwalk::practice::{Account, CALLER_KEY, Practice, seeded};
use iamwalk::runtime::{Files, Input, Services, run};
use iamwalk::services::clipboard::Clipboard;
use iamwalk::services::connect::{Patience, Settings};
use iamwalk::services::credentials_file::ProfilePaths;
use iamwalk::services::log;
use iamwalk::services::verify::Waits;
use iamwalk::ui::Theme;
use iamwalk::ui::sanitise::clean;

use args::Args;
use screen::Screen;

/// How long an answer of practice takes: long enough to watch the calls being made.
const PRACTICE_PACE: Duration = Duration::from_millis(120);

fn main() -> ExitCode {
    let args = Args::parse();
    if !stdin().is_terminal() || !stdout().is_terminal() {
        eprintln!("iamwalk asks questions on a full screen and needs a terminal for its input and output. Run it in one.");
        return ExitCode::from(2);
    }
    log::start();
    let scratch = match private_scratch() {
        Ok(scratch) => scratch,
        Err(error) => {
            eprintln!("No temporary folder could be made: {error}. Set TMPDIR to a folder that you may write to.");
            return ExitCode::from(2);
        }
    };
    let farewell = converse(&args, scratch.path());
    keep_if_used(scratch);
    say(&farewell);
    ExitCode::from(farewell.code)
}

/// The whole conversation on the full screen; afterwards the terminal is as it was, whatever happened.
fn converse(args: &Args, scratch: &Path) -> Farewell {
    let failed = |what: String| Farewell { code: 1, lines: vec![what] };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    let mut screen = match Screen::enter() {
        Ok(screen) => screen,
        Err(error) => return failed(format!("The terminal could not be prepared: {error}.")),
    };
    let (opening, services) = compose(args, scratch);
    let theme = Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let ended = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let opened = App::open(opening, Vault::default());
            run(&mut screen.terminal, inputs, services, opened, theme).await
        })
    }));
    drop(screen);
    // A call that hangs must not keep the program.
    runtime.shutdown_background();
    let mut farewell = match ended {
        Ok(Ok(farewell)) => farewell,
        Ok(Err(_)) => Farewell { code: 129, lines: vec!["The terminal is gone.".to_owned()] },
        Err(_) => {
            Farewell { code: 3, lines: vec!["If calls were under way, look at the account for what they made.".to_owned()] }
        }
    };
    if let Some(place) = screen::fell_at() {
        farewell.lines.insert(0, format!("iamwalk fell over a fault of its own, at {place}. Please report it."));
    }
    farewell
}

/// Keys, pastes and clicks, and the system's signals. The channel ends when the terminal can't be read any more.
fn inputs() -> UnboundedReceiver<Input> {
    let (sender, receiver) = unbounded_channel();
    watch_signals(&sender.downgrade());
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(Ok(event)) = events.next().await {
            if sender.send(Input::Terminal(event)).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(unix)]
fn watch_signals(sender: &WeakUnboundedSender<Input>) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [
        (SignalKind::interrupt(), Signal::Interrupt),
        (SignalKind::terminate(), Signal::Terminate),
        (SignalKind::hangup(), Signal::HangUp),
    ];
    for (kind, name) in kinds {
        // Where the system gives no handler the signal does what it always does.
        let Ok(mut listener) = signal(kind) else { continue };
        let sender = sender.clone();
        tokio::spawn(async move {
            while listener.recv().await.is_some() {
                let Some(sender) = sender.upgrade() else { break };
                let _ = sender.send(Input::Signal(name));
            }
        });
    }
}

#[cfg(not(unix))]
fn watch_signals(_: &WeakUnboundedSender<Input>) {}

fn compose(args: &Args, scratch: &Path) -> (Opening, Services) {
    let source = match &args.profile {
        _ if args.practice => Source::Practice,
        Some(name) => Source::Profile(name.clone()),
        None => Source::Chain,
    };
    let files = Files { profiles: ProfilePaths::own(), folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")) };
    let practice_files = Files { profiles: Some(ProfilePaths::within(scratch)), folder: scratch.to_owned() };
    let opening = Opening {
        source,
        endpoint: args.endpoint_url.clone(),
        user: args.user.clone(),
        places: places(&files),
        practice_places: places(&practice_files),
    };
    let settings = Settings {
        region: args.region.clone(),
        endpoint: args.endpoint_url.clone(),
        clear_text: false,
        patience: Patience::default(),
        practice: (SharedHttpConnector::new(Practice::new(practice_account, PRACTICE_PACE)), CALLER_KEY),
    };
    let services = Services {
        settings,
        clipboard: Clipboard::default(),
        terminal_copy: Box::new(|text| execute!(stdout(), CopyToClipboard::to_clipboard_from(text))),
        files,
        practice_files,
        waits: Waits::default(),
    };
    (opening, services)
}

fn practice_account() -> Account {
    seeded(Box::new(|bytes| {
        // Practice keys need not be hard to guess; without random numbers they are all alike.
        let _ = getrandom::fill(bytes);
    }))
}

fn places(files: &Files) -> Places {
    let credentials = files.profiles.as_ref().map(|paths| paths.credentials.display().to_string()).unwrap_or_default();
    Places { credentials: short(&credentials), folder: short(&files.folder.display().to_string()) }
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

/// Practice files stay for the person to look at; an unused folder goes.
fn keep_if_used(scratch: TempDir) {
    if std::fs::read_dir(scratch.path()).is_ok_and(|mut entries| entries.next().is_some()) {
        let path = scratch.keep();
        let _ = writeln!(stdout(), "The files of practice are in {}", path.display());
    }
}

/// The short account, on the ordinary screen. A terminal that is gone takes no text, and that is no failure.
fn say(farewell: &Farewell) {
    let mut out = stdout().lock();
    for line in &farewell.lines {
        let _ = writeln!(out, "{}", clean(line));
    }
}
