//! The real program before a real server, killed from outside at each point of each write: the next start finishes the run, or
//! undoes it, and the server's state says so. The faults of a network, over real connections, go with it.

use std::fs;
use std::path::Path;

use super::support::moto::{self, Moto};
use super::support::proxy::{self, Fate, Proxy};
use super::support::terminal::Terminal;

const SIZE: (u16, u16) = (100, 40);
const ENTER: &str = "\r";
const TAB: &str = "\t";
const DOWN: &str = "\x1b[B";

/// The writes of the run, each once but for the attachments.
const WRITES: [&str; 8] = [
    "CreateUser",
    "CreateGroup",
    "AttachGroupPolicy",
    "AddUserToGroup",
    "AttachUserPolicy",
    "CreateLoginProfile",
    "CreateAccessKey",
    "TagUser",
];

/// What is in the account of a server, by somebody else's code.
fn account(server: &Moto) -> String {
    let code = "import boto3, json\n\
        iam = boto3.client('iam', region_name='us-east-1')\n\
        out = {}\n\
        for u in iam.list_users()['Users']:\n\
        \x20 n = u['UserName']\n\
        \x20 login = True\n\
        \x20 try: iam.get_login_profile(UserName=n)\n\
        \x20 except iam.exceptions.NoSuchEntityException: login = False\n\
        \x20 out[n] = dict(keys=len(iam.list_access_keys(UserName=n)['AccessKeyMetadata']), login=login,\n\
        \x20   groups=[g['GroupName'] for g in iam.list_groups_for_user(UserName=n)['Groups']],\n\
        \x20   policies=[p['PolicyName'] for p in iam.list_attached_user_policies(UserName=n)['AttachedPolicies']],\n\
        \x20   tags=sorted(t['Value'] for t in iam.list_user_tags(UserName=n)['Tags']))\n\
        for g in iam.list_groups()['Groups']:\n\
        \x20 n = g['GroupName']\n\
        \x20 out['group ' + n] = [p['PolicyName'] for p in iam.list_attached_group_policies(GroupName=n)['AttachedPolicies']]\n\
        print(json.dumps(out, sort_keys=True))";
    let keys = [("AWS_ENDPOINT_URL", server.endpoint.as_str()), ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000")];
    moto::script(code, &[keys[0], keys[1], ("AWS_SECRET_ACCESS_KEY", "testing")]).trim().to_owned()
}

const WHOLE: &str = "{\"admin-user\": {\"groups\": [\"AdminUsers\"], \"keys\": 1, \"login\": true, \
    \"policies\": [\"IAMUserChangePassword\"], \"tags\": [\"laptop\"]}, \"group AdminUsers\": [\"AdministratorAccess\"]}";

fn reset(server: &Moto) {
    let reset =
        "import os, urllib.request as r\nr.urlopen(r.Request(os.environ['AWS_ENDPOINT_URL'] + '/moto-api/reset', method='POST'))";
    moto::script(reset, &[("AWS_ENDPOINT_URL", &server.endpoint)]);
}

fn start(proxy: &Proxy, home: &Path) -> Terminal {
    let state = home.join("state");
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("XDG_STATE_HOME", state.to_str().unwrap()),
    ];
    let terminal = Terminal::start(&["--endpoint-url", &proxy.endpoint], home, &environment, SIZE);
    proxy.watch(terminal.id());
    terminal
}

/// From the first page to the confirmed plan of eight calls.
fn walk(terminal: &mut Terminal) {
    terminal.wait("account 123456789012");
    terminal.at("( ) admin-user", DOWN);
    terminal.at("(•) admin-user", ENTER);
    terminal.at("“admin-user” is free.", ENTER);
    terminal.at("› [ ] I understand", " ");
    terminal.at("› [x] I understand", TAB);
    terminal.at("› Description tag", "laptop");
    terminal.at("laptop", ENTER);
    terminal.at("[x] AdministratorAccess", ENTER);
    terminal.at("› Key 1", ENTER);
    terminal.wait("8 API calls, in order");
    terminal.at("[ Create user admin-user ]", ENTER);
}

/// Saves key and password, and leaves.
fn receive(terminal: &mut Terminal, home: &Path) {
    terminal.wait("✓ yes, as arn:aws:iam::123456789012:user/admin-user");
    terminal.at("Save as profile “admin-user”", "s");
    terminal.at("✓ Saved as profile “admin-user”", "p");
    let csv = home.join("admin-user_credentials.csv");
    terminal.wait(&format!("✓ Written to {}", csv.display()));
    terminal.at("✓ yes, as arn:aws:iam::123456789012:user/admin-user", "d");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
}

/// What the next start does with the run.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    Finish,
    Undo,
}

/// One case: a sudden end at one write, then the next start.
fn case(server: &Moto, proxy: &Proxy, write: &'static str, fate: Fate, next: Next) {
    let name = format!("{write} {fate:?}, then {next:?}");
    reset(server);
    let home = tempfile::tempdir().unwrap();
    proxy.then(move |action, earlier| if action == write && earlier == 0 { fate } else { Fate::Pass });
    let mut terminal = start(proxy, home.path());
    walk(&mut terminal);
    let code = terminal.end();
    assert!(matches!(code, 129 | 143) || is_kill(fate), "{name}: {code}");
    assert!(is_kill(fate) || !terminal.is_full_screen(), "{name}: the terminal is as it was");
    // Who was asked to end, and is not killed, leaves no key whose secret nobody has.
    assert!(is_kill(fate) || !account(server).contains("\"keys\": 1"), "{name}: {}", account(server));
    drop(terminal);
    proxy.then(|_, _| Fate::Pass);
    let mut terminal = start(proxy, home.path());
    terminal.wait("account 123456789012");
    terminal.wait("An earlier run was not finished");
    terminal.keys(DOWN);
    match next {
        Next::Finish => {
            terminal.at("› Finish it", ENTER);
            receive(&mut terminal, home.path());
            assert_eq!(account(server), WHOLE, "{name}");
            let saved = fs::read_to_string(home.path().join(".aws/credentials")).unwrap();
            assert_eq!(saved.matches("aws_secret_access_key").count(), 1, "{name}");
            let secret = saved.split("aws_secret_access_key = ").nth(1).unwrap().trim();
            let password = fs::read_to_string(home.path().join("admin-user_credentials.csv")).unwrap();
            let password = password.split(',').nth(3).unwrap();
            for journal in fs::read_dir(home.path().join("state/iamwalk/runs")).unwrap().flatten() {
                let text = fs::read_to_string(journal.path()).unwrap();
                assert!(!text.contains(secret) && !text.contains(password), "{name}: a secret in the journal");
            }
        }
        Next::Undo => {
            terminal.at("› Finish it", DOWN);
            terminal.at("› Undo it", ENTER);
            terminal.at("› Not now", "\x1b[B");
            terminal.at("› Undo all this", ENTER);
            terminal.wait("This run is undone.");
            terminal.at("› Back to the first page", DOWN);
            terminal.at("› Leave", ENTER);
            terminal.end();
            assert_eq!(account(server), "{}", "{name}");
        }
    }
    // It is over: the next start offers nothing.
    let runs = std::process::Command::new(env!("CARGO_BIN_EXE_iamwalk"))
        .arg("runs")
        .env_clear()
        .env("HOME", home.path())
        .env("XDG_STATE_HOME", home.path().join("state"))
        .output()
        .unwrap();
    let runs = String::from_utf8(runs.stdout).unwrap();
    assert!(runs.contains(if next == Next::Finish { "finished" } else { "undone" }), "{name}: {runs}");
    assert!(!runs.contains("unfinished"), "{name}: {runs}");
}

fn is_kill(fate: Fate) -> bool {
    matches!(fate, Fate::SignalAtRequest("-KILL") | Fate::SignalAtEffect("-KILL") | Fate::SignalAtAnswer("-KILL"))
}

#[test]
fn killed_in_the_middle_the_next_start_finishes_or_takes_back() {
    let server = moto::start();
    let proxy = proxy::start(&server.endpoint, |_, _| Fate::Pass);
    for (write, fate, next) in [
        ("CreateAccessKey", Fate::SignalAtEffect("-KILL"), Next::Finish),
        ("CreateUser", Fate::SignalAtEffect("-KILL"), Next::Finish),
        ("CreateAccessKey", Fate::SignalAtAnswer("-KILL"), Next::Undo),
        ("CreateLoginProfile", Fate::SignalAtRequest("-KILL"), Next::Undo),
        ("AddUserToGroup", Fate::SignalAtEffect("-TERM"), Next::Undo),
        ("CreateGroup", Fate::SignalAtRequest("-HUP"), Next::Finish),
        ("CreateAccessKey", Fate::SignalAtEffect("-TERM"), Next::Finish),
        ("CreateAccessKey", Fate::SignalAtAnswer("-HUP"), Next::Undo),
        ("TagUser", Fate::SignalAtEffect("-TERM"), Next::Finish),
    ] {
        case(&server, &proxy, write, fate, next);
    }
}

/// The command asks for the user's name, and takes the run back by the endpoint that it was made at.
#[test]
fn undo_from_the_command_line_asks_for_the_name() {
    let server = moto::start();
    let proxy = proxy::start(&server.endpoint, |action, earlier| match (action, earlier) {
        ("CreateAccessKey", 0) => Fate::SignalAtEffect("-KILL"),
        _ => Fate::Pass,
    });
    let home = tempfile::tempdir().unwrap();
    let mut terminal = start(&proxy, home.path());
    walk(&mut terminal);
    terminal.end();
    proxy.then(|_, _| Fate::Pass);
    let journal = fs::read_dir(home.path().join("state/iamwalk/runs")).unwrap().flatten().next().unwrap().path();
    let run = journal.file_stem().unwrap().to_str().unwrap().to_owned();
    let state = home.path().join("state");
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("XDG_STATE_HOME", state.to_str().unwrap()),
    ];
    for (typed, code) in [("bob\r", 2), ("admin-user\r", 0), ("", 0)] {
        let mut terminal = Terminal::start(&["undo", &run], home.path(), &environment, SIZE);
        if !typed.is_empty() {
            terminal.at("Undo all this? Type admin-user to agree:", typed);
        }
        assert_eq!(terminal.end(), code, "{typed}: {}", terminal.screen());
        let screen = terminal.screen();
        match code {
            2 => assert!(screen.contains("Nothing was changed."), "{screen}"),
            _ if typed.is_empty() => assert!(screen.contains("Nothing of this run remains"), "once more: {screen}"),
            _ => {
                // Each step is reported, the user's own last.
                assert!(screen.contains("↶ Create the user admin-user: undone"), "{screen}");
                assert!(screen.contains("Nothing of this run remains in the account."), "{screen}");
                assert_eq!(account(&server), "{}");
            }
        }
    }
}

/// `cargo test -- --ignored`: every write, every point, every signal, finished and undone.
#[test]
#[ignore = "the whole of it takes minutes"]
fn killed_in_the_middle_whole() {
    let server = moto::start();
    let proxy = proxy::start(&server.endpoint, |_, _| Fate::Pass);
    let mut cases = 0;
    for write in WRITES {
        for signal in ["-KILL", "-TERM", "-HUP"] {
            for fate in [Fate::SignalAtRequest(signal), Fate::SignalAtEffect(signal), Fate::SignalAtAnswer(signal)] {
                for next in [Next::Finish, Next::Undo] {
                    case(&server, &proxy, write, fate, next);
                    cases += 1;
                }
            }
        }
    }
    println!("{cases} sudden ends: 0 orphans");
}

/// The faults of a network, over real connections before a real server.
fn fault(server: &Moto, proxy: &Proxy, write: &'static str, fate: Fate, times: usize, choice: &str) {
    let name = format!("{write} {fate:?} x {times}, {choice}");
    reset(server);
    let home = tempfile::tempdir().unwrap();
    proxy.then(move |action, earlier| if action == write && earlier < times { fate } else { Fate::Pass });
    let mut terminal = start(proxy, home.path());
    walk(&mut terminal);
    terminal.wait_for_one(&["The run stopped", "✓ yes, as arn:aws:iam::123456789012:user/admin-user"]);
    if terminal.screen().contains("The run stopped") {
        proxy.then(|_, _| Fate::Pass);
        match choice {
            "retry" => terminal.at("› Retry what failed or is unclear", ENTER),
            _ => {
                terminal.at("› Retry what failed or is unclear", DOWN);
                terminal.at("› Undo everything", ENTER);
                terminal.at("› Not now", DOWN);
                terminal.at("› Undo all this", ENTER);
                terminal.wait("This run is undone.");
                assert_eq!(account(server), "{}", "{name}");
                return;
            }
        }
    }
    terminal.wait_for_one(&["✓ yes, as arn:aws:iam::123456789012:user/admin-user"]);
    // Only the description may be left over: on its way still, or failed.
    terminal.wait_gone("Not done yet: Describe");
    terminal.wait_still();
    if terminal.screen().contains("Try the description again") {
        proxy.then(|_, _| Fate::Pass);
        terminal.keys("t");
        terminal.wait_gone("Try the description again");
        terminal.wait_gone("Not done yet: Describe");
    }
    receive(&mut terminal, home.path());
    assert_eq!(account(server), WHOLE, "{name}");
}

#[test]
fn the_faults_of_a_network() {
    let server = moto::start();
    let proxy = proxy::start(&server.endpoint, |_, _| Fate::Pass);
    for (write, fate, times, choice) in [
        ("CreateAccessKey", Fate::Lost, 1, "retry"),
        ("CreateAccessKey", Fate::Cut, 9, "undo"),
        ("CreateUser", Fate::Page, 9, "retry"),
        ("AttachUserPolicy", Fate::Refused("Throttling", 400), 2, "retry"),
        ("CreateLoginProfile", Fate::Refused("AccessDenied", 403), 9, "undo"),
    ] {
        fault(&server, &proxy, write, fate, times, choice);
    }
}

/// `cargo test -- --ignored`: every write, every fault, retried and undone.
#[test]
#[ignore = "the whole of it takes minutes"]
fn the_faults_of_a_network_whole() {
    let faults = [
        (Fate::Refused("Throttling", 400), 3),
        (Fate::Refused("ServiceFailure", 500), 2),
        (Fate::Refused("AccessDenied", 403), 9),
        (Fate::Lost, 1),
        (Fate::Lost, 9),
        (Fate::Dropped, 9),
        (Fate::Cut, 1),
        (Fate::Page, 1),
        (Fate::Hang, 1),
    ];
    // A server for each fault: most of the time is waiting.
    let cases: usize = std::thread::scope(|scope| {
        let runs = faults.map(|(fate, times)| {
            scope.spawn(move || {
                let server = moto::start();
                let proxy = proxy::start(&server.endpoint, |_, _| Fate::Pass);
                for write in WRITES {
                    for choice in ["retry", "undo"] {
                        fault(&server, &proxy, write, fate, times, choice);
                    }
                }
                println!("{fate:?} x {times}: {} cases", WRITES.len() * 2);
                WRITES.len() * 2
            })
        });
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    println!("{cases} faults: 0 orphans");
}
