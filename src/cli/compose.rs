//! Composition: what a command needs of the layers, put together. The practice account is handed to the gateway here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;

use iamwalk::app::effect::Farewell;
use iamwalk::app::tasks::create_user;
use iamwalk::app::{OutputPaths, StartOptions};
use iamwalk::domain::caller::Source;
use iamwalk::practice::{self, CALLER_KEY, Practice, seeded};
use iamwalk::runtime::{InFlight, Services, Stores};
use iamwalk::services::clipboard::Clipboard;
use iamwalk::services::csv_file::is_in_work_tree;
use iamwalk::services::environment::Environment;
use iamwalk::services::journal::Runs;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::sessions::Sessions;
use iamwalk::services::settings::Settings;
use iamwalk::services::settings::Timeouts;
use iamwalk::services::settings::Waits;
use iamwalk::services::terminal_copy::Multiplexer;
use iamwalk::services::terminal_loan::Lender;
use iamwalk::services::unsent::UnsentFile;

use super::account::AccountOptions;
use super::screen;
use super::tell::confirm;

/// How long an answer of practice takes: long enough to watch the calls being made.
const PRACTICE_PACE: Duration = Duration::from_millis(120);

/// How long the clipboard may take after a fault of the program itself.
const CLEAR_LIMIT: Duration = Duration::from_secs(1);

/// How long calls under way are awaited then.
const GRACE: Duration = Duration::from_secs(12);

/// What all tasks of a command run on.
///
/// # Errors
/// What the system says.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// What a conversation opens with, and what performs its effects. `scratch`: where the files of practice go.
pub fn compose(account: &AccountOptions, scratch: &Path) -> (StartOptions, Services) {
    let source = match &account.caller.profile {
        _ if account.practice => Source::Practice,
        Some(name) => Source::Profile(name.clone()),
        None => Source::Chain,
    };
    let environment = Environment::of_process();
    let own = ProfileFiles::own(&environment);
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let aws = Stores { profiles: own.clone(), folder, runs: Runs::own() };
    let profiles = Some(ProfileFiles::within(scratch));
    let practice = Stores { profiles, folder: scratch.to_owned(), runs: Runs::in_memory() };
    let options = StartOptions {
        source,
        endpoint: account.caller.endpoint_url.clone(),
        task: &create_user::TASK,
        user: None,
        given: Vec::new(),
        walkthrough: None,
        presenter: false,
        in_lines: false,
        paths: paths(&aws),
        practice_paths: paths(&practice),
        seed: seed(),
    };
    let settings = Settings {
        region: account.caller.region.clone(),
        endpoint: account.caller.endpoint_url.clone(),
        clear_text: false,
        patience: Timeouts::default(),
        practice: (SharedHttpConnector::new(Practice::new(practice_account, PRACTICE_PACE)), CALLER_KEY),
        environment,
        // Without a home folder there is none of them.
        files: own.unwrap_or_else(|| ProfileFiles::within(&scratch.join("no-home"))),
        practice_files: ProfileFiles::within(scratch),
        practice_profile: String::new(),
        waits: Waits::default(),
        sessions: Sessions::default(),
        lender: Lender::default(),
    };
    let multiplexer = Multiplexer::around();
    let services = Services {
        settings,
        clipboard: Clipboard::default(),
        terminal_copy: Box::new(move |text| screen::copy(text, multiplexer)),
        multiplexer,
        aws,
        practice,
        confirm,
        journal: None,
        unsent: UnsentFile::own(),
        in_flight: InFlight::default(),
        fell_at: screen::fell_at,
    };
    (options, services)
}

/// Any number; without random numbers all programs wait alike, and practise in one folder.
pub fn seed() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// An account of practice with a few users to look at.
pub fn practice_account() -> practice::Account {
    seeded(Box::new(|bytes| {
        // Practice keys need not be hard to guess; without random numbers they are all alike.
        let _ = getrandom::fill(bytes);
    }))
}

fn paths(stores: &Stores) -> OutputPaths {
    let credentials = stores.profiles.as_ref().map(|paths| paths.credentials.display().to_string()).unwrap_or_default();
    OutputPaths {
        credentials: short(&credentials),
        folder: short(&stores.folder.display().to_string()),
        in_work_tree: is_in_work_tree(&stores.folder),
    }
}

/// A path with the home folder as `~`.
fn short(path: &str) -> String {
    match dirs::home_dir().and_then(|home| path.strip_prefix(&home.display().to_string()).map(str::to_owned)) {
        Some(rest) if rest.starts_with('/') => format!("~{rest}"),
        _ => path.to_owned(),
    }
}

/// What is looked at after a fault of the program itself.
pub struct CrashReport {
    runs: Runs,
    in_flight: InFlight,
    clipboard: Clipboard,
}

impl CrashReport {
    /// What these services know of a run.
    pub fn of(services: &Services) -> Self {
        Self { runs: services.aws.runs.clone(), in_flight: services.in_flight.clone(), clipboard: services.clipboard.clone() }
    }

    /// The calls go on without the conversation, and write down themselves what came of them.
    pub fn farewell(self, runtime: &tokio::runtime::Runtime) -> Farewell {
        runtime.block_on(self.in_flight.settled(GRACE));
        let _ = runtime.block_on(async { tokio::time::timeout(CLEAR_LIMIT, self.clipboard.clear()).await });
        let place = screen::fell_at().unwrap_or_default();
        let mut lines = vec![format!("iamwalk had an internal error at {place}. Please report it.")];
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
