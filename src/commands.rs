//! The commands beside the walk: the runs so far, taking one back, the practice server. Each ends in an exit code.

use std::io::{BufRead, IsTerminal, Write, stdin, stdout};

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use iamwalk::app::App;
use iamwalk::app::effect::Farewell;
use iamwalk::domain::caller::Source;
use iamwalk::domain::journal::{End, Record, Run};
use iamwalk::domain::sanitise::clean;
use iamwalk::domain::secret::Vault;
use iamwalk::practice::{CALLER_KEY, Practice};
use iamwalk::runtime::run;
use iamwalk::services::journal::{Journal, Runs};
use iamwalk::services::serve::Server;

use crate::args::Args;
use crate::lines::Lines;
use crate::{compose, inputs, practice_account};

/// A line on the ordinary screen. A reader that is gone takes no text, and that is no failure.
pub fn tell(line: &str) {
    let _ = writeln!(stdout(), "{}", clean(line));
}

fn refuse(words: impl AsRef<str>) -> u8 {
    eprintln!("{}", clean(words.as_ref()));
    2
}

/// `iamwalk runs`.
pub fn list() -> u8 {
    let listed = match Runs::own().list() {
        Ok(listed) => listed,
        Err(fault) => return refuse(fault.what()),
    };
    if listed.is_empty() {
        tell("No runs so far. (Practice is not recorded.)");
        return 0;
    }
    for one in listed {
        let id = &one.id;
        match one.run {
            Ok(Some(run)) => {
                let state = if one.is_busy { "under way" } else { run.state() };
                let own = &run.beginning;
                let at = own.endpoint.as_ref().map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
                tell(&format!("{id}  {state:<11}  {}  {}{at}", own.account, run.user()));
            }
            Ok(None) => tell(&format!("{id}  made no call")),
            Err(why) => tell(&format!("{id}  unreadable: {why}")),
        }
    }
    0
}

/// `iamwalk runs show ID`.
pub fn show(id: &str) -> u8 {
    match Runs::own().read(id) {
        Ok(run) => {
            run.lines().iter().for_each(|line| tell(line));
            remains(&run, &format!("To take it back: iamwalk undo {id}; or by hand, in this order:"));
            0
        }
        Err(fault) => refuse(fault.what()),
    }
}

/// What remains of a run, with the commands that remove it.
fn remains(run: &Run, heading: &str) {
    tell("");
    if run.is_gone() {
        tell("Nothing of this run remains in the account.");
        return;
    }
    tell(heading);
    for remainder in run.ledger.remains() {
        remainder.lines(&run.cli_options()).iter().for_each(|line| tell(line));
    }
    for (words, why) in run.ledger.kept() {
        tell(&format!("  = {words}: it stayed, {why}"));
    }
}

/// `iamwalk undo ID`: shows what it takes back and what stays, asks for the user's name unless `yes`, and takes it back.
pub fn undo(args: &Args, id: &str, yes: bool) -> u8 {
    let (found, journal) = match Runs::own().open(id) {
        Ok(opened) => opened,
        Err(fault) => return refuse(fault.what()),
    };
    found.lines().iter().for_each(|line| tell(line));
    if !found.is_gone() && !yes && !stdin().is_terminal() {
        return refuse("Nothing was sent. Without a terminal to ask on, “--yes” says that it is meant.");
    }
    let word = if found.user().is_empty() { id } else { found.user() };
    let word = (!yes).then(|| word.to_owned());
    let farewell = take_back(args, found, journal, word);
    farewell.lines.iter().for_each(|line| tell(line));
    farewell.code
}

/// Tells lines; then the person types the word, where there is one.
pub fn confirm(lines: &[String], word: Option<&str>) -> bool {
    lines.iter().for_each(|line| tell(line));
    let Some(word) = word else { return true };
    let _ = write!(stdout(), "\nType {} to take all this back: ", clean(word));
    let _ = stdout().flush();
    let mut typed = String::new();
    stdin().lock().read_line(&mut typed).is_ok() && typed.trim() == word
}

fn take_back(args: &Args, found: Run, journal: Journal, word: Option<String>) -> Farewell {
    let failed = |words: String| Farewell::new(2, vec![words]);
    let runtime = match crate::runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    if found.is_gone() {
        let written = runtime.block_on(journal.write(vec![Record::Ended(End::Undone)], true));
        let gone = "Nothing of this run remains in the account.".to_owned();
        return Farewell::new(0, std::iter::once(gone).chain(written.err().map(|fault| fault.what())).collect());
    }
    // What the command line does not say is as it was in the run.
    let own = &found.beginning;
    let args = Args {
        profile: args.profile.clone().or_else(|| own.profile.clone()),
        endpoint_url: args.endpoint_url.clone().or_else(|| own.endpoint.clone()),
        region: args.region.clone().or_else(|| own.region.clone()),
        ..Args::default()
    };
    let (opening, mut services) = compose(&args, &std::env::temp_dir());
    debug_assert_ne!(opening.source, Source::Practice);
    services.journal = Some(journal);
    let farewell = runtime.block_on(async {
        run(&mut Lines::to_stdout(), inputs::signals, services, App::undo(opening, found, Vault::default(), word)).await
    });
    runtime.shutdown_background();
    farewell
}

/// `iamwalk practice serve`.
pub fn serve(port: u16) -> u8 {
    let runtime = match crate::runtime() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format!("The program could not start: {error}.")),
    };
    runtime.block_on(async {
        let mut signals = inputs::signals();
        let server = match Server::bind(port).await {
            Ok(server) => server,
            Err(error) => return refuse(format!("127.0.0.1:{port} can't be listened on: {error}. Choose another --port.")),
        };
        tell(&format!("The practice account listens on http://{}, for this machine only, until Ctrl-C.", server.address));
        tell("It begins anew with each start, and takes any secret. In another terminal:");
        tell("");
        tell(&format!("  export AWS_ENDPOINT_URL=http://{} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1", server.address));
        tell(&format!("  export AWS_ACCESS_KEY_ID={CALLER_KEY} AWS_SECRET_ACCESS_KEY=practice"));
        tell("  aws iam list-users");
        let connector = SharedHttpConnector::new(Practice::new(practice_account, std::time::Duration::ZERO));
        server.run(connector, async move { drop(signals.heard.recv().await) }).await;
        0
    })
}
