//! The budgets of the design, measured in one run: `cargo bench`. Figures, never assertions: machines are shared and noisy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test or a measurement ends so")]

#[path = "../tests/suite/support/terminal.rs"]
#[allow(dead_code)]
mod terminal;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use iamwalk::app::effect::Effect;
use iamwalk::app::event::{Connected, Event, Key};
use iamwalk::app::{App, OutputPaths, StartOptions, update};
use iamwalk::domain::caller::{Caller, Origins, Source};
use iamwalk::domain::catalogue::ManagedPolicy;
use iamwalk::domain::facts::{LookupResult, Question};
use iamwalk::domain::moment::Moment;
use iamwalk::domain::operation::KeyStatus;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::users::{CredentialReport, KeyUse, ListedUser, ReportedUser, UserKey};
use iamwalk::faces::full_screen::{Theme, draw};
use iamwalk::practice::entities::User;
use iamwalk::practice::protocol::{self, Response, SignedBy};
use iamwalk::practice::{Account, seeded};
use iamwalk::view::View;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::Terminal as Screen;
use ratatui::backend::TestBackend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use terminal::Terminal;

fn main() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_iamwalk"));
    let size = std::fs::metadata(&program).map_or(0, |found| found.len());
    println!("binary: {:.2} MiB", size as f64 / (1024.0 * 1024.0));
    first_frame();
    key_press();
    users();
    policy_reader();
    walkthroughs();
    confirm_to_secret();
    users_over_the_network();
}

/// The reader on 130 kB of what is dear to read.
fn policy_reader() {
    const LONG: usize = 130_000;
    let fill = |unit: &str| unit.repeat(LONG / unit.len());
    let around = |inner: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{inner}]}}"#);
    let texts = [
        ("one long text", around(&format!(r#"{{"Effect":"Allow","Action":"{}"}}"#, fill("a")))),
        ("faults alone", around(&fill(r#"{"Efect":1},"#))),
        ("open brackets", fill("[")),
        ("placeholders", around(&format!(r#"{{"Resource":"{}"}}"#, fill("<a>$B")))),
        ("actions", around(&format!(r#"{{"Effect":"Allow","Resource":"*","Action":[{}"s3:*"]}}"#, fill(r#""s3:GetObject","#)))),
    ];
    let worst = texts.iter().map(|(name, text)| {
        let start = Instant::now();
        std::hint::black_box(iamwalk::domain::policy::read(text, &iamwalk::domain::policy::Purpose::default()));
        (start.elapsed(), *name)
    });
    if let Some((time, name)) = worst.max() {
        println!("policy reader on 130 kB: worst {time:.2?} ({name}; budget 50 ms)");
    }
}

/// All built-in walkthroughs, which are read after the first frame.
fn walkthroughs() {
    let start = Instant::now();
    let count = std::hint::black_box(iamwalk::domain::walkthrough::BUILT_IN.len());
    println!("the {count} built-in walkthroughs are read in {:.2?}", start.elapsed());
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

/// From the start of a program to the last bytes of its first frame, which hold `end`. It is read as it comes: a clock that looks
/// now and then would add the same to both programs, and hide what lies between them.
fn frame(program: &str, argument: &str, end: &str, home: &Path) -> Duration {
    let size = PtySize { cols: 100, rows: 30, ..PtySize::default() };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(program);
    command.arg(argument);
    command.env_clear();
    command.env("HOME", home);
    command.env("TERM", "xterm-256color");
    command.cwd(home);
    let start = Instant::now();
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (mut drawn, mut buffer) = (Vec::new(), [0; 8192]);
    while !drawn.windows(end.len()).any(|bytes| bytes == end.as_bytes()) {
        let length = reader.read(&mut buffer).unwrap();
        assert!(length > 0, "no {end} in {}", String::from_utf8_lossy(&drawn));
        drawn.extend_from_slice(&buffer[..length]);
    }
    let taken = start.elapsed();
    let _ = child.kill();
    let _ = child.wait();
    taken
}

/// Ours and the bare program's in turn.
fn first_frame() {
    let here = std::env::current_exe().unwrap();
    let bare = std::fs::read_dir(here.parent().unwrap())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("bare-")) && path.extension().is_none()
        })
        .max_by_key(|path| path.metadata().and_then(|found| found.modified()).ok())
        .expect("cargo bench builds the bare program too");
    let home = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        ours.push(frame(env!("CARGO_BIN_EXE_iamwalk"), "--practice", "leave", home.path()));
        theirs.push(frame(bare.to_str().unwrap(), "--frame", "Walkthrough", home.path()));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("first frame: {ours:.2?}, bare program {theirs:.2?}, ratio {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
}

/// A conversation whose caller is known.
fn connected(open: fn(StartOptions, Vault) -> (App, Vec<Effect>)) -> (App, Vec<Effect>) {
    let options = StartOptions {
        task: &iamwalk::app::tasks::create_user::TASK,
        source: Source::Practice,
        endpoint: None,
        user: Some("bob".to_owned()),
        given: Vec::new(),
        walkthrough: None,
        paths: OutputPaths::default(),
        practice_paths: OutputPaths::default(),
        presenter: false,
        in_lines: false,
        seed: 7,
    };
    let (mut app, effects) = open(options, Vault::default());
    let caller = Caller::new("111122223333", "arn:aws:iam::111122223333:user/me").unwrap();
    update(
        &mut app,
        Event::Connected {
            epoch: 1,
            answer: Ok(Connected {
                caller,
                region: "us-east-1".to_owned(),
                clock: Moment(0),
                endpoint: None,
                origins: Origins::default(),
            }),
        },
    );
    (app, effects)
}

/// A key press to its frame, 10,000 policies in the list, 200x60.
fn key_press() {
    let (mut app, _) = connected(App::open);
    let row = |i: usize| ManagedPolicy {
        name: format!("AmazonService{i}FullAccess"),
        arn: format!("arn:aws:iam::111122223333:policy/AmazonService{i}FullAccess"),
        version: "v1".to_owned(),
    };
    for page in 0..10 {
        let rows = (page * 1000..(page + 1) * 1000).map(row).collect();
        update(&mut app, Event::Learned { epoch: 1, question: Question::Policies, answer: Ok(LookupResult::Policies(rows)) });
    }
    update(&mut app, Event::Learned { epoch: 1, question: Question::Policies, answer: Ok(LookupResult::End) });
    let to_list = [Key::Enter, Key::Enter, Key::Up, Key::Char(' '), Key::Enter, Key::Tab, Key::Tab];
    for key in to_list {
        update(&mut app, Event::Key(key));
    }
    let mut screen = Screen::new(TestBackend::new(200, 60)).unwrap();
    let mut times = Vec::new();
    for _ in 0..20 {
        for key in
            [Key::Char('f'), Key::Char('u'), Key::Char('l'), Key::Down, Key::Char(' '), Key::Backspace, Key::Esc, Key::PageDown]
        {
            let start = Instant::now();
            update(&mut app, Event::Key(key));
            screen.draw(|frame| drop(draw(&View::of(&app), Theme::new(true), frame))).unwrap();
            times.push(start.elapsed());
        }
    }
    let shown: String = screen.backend().buffer().content().iter().map(|cell| cell.symbol()).collect();
    assert!(shown.contains("10000 in all"), "the list is not open");
    let worst = times.iter().max().copied().unwrap_or_default();
    println!("key press in 10,000 policies at 200x60: median {:.2?}, worst {worst:.2?} (budget 5 ms)", median(times));
}

/// A key press to its frame in the list of 5,000 users, and in its order by the oldest key; 200x60.
fn users() {
    const USERS: usize = 5_000;
    let user = |i: usize| ListedUser {
        name: format!("user{i:04}"),
        path: "/team/".to_owned(),
        id: format!("AIDA{i:017}"),
        arn: format!("arn:aws:iam::111122223333:user/team/user{i:04}"),
        created: Moment(i as i64 * 86_400),
        signed_in: i.is_multiple_of(3).then_some(Moment(1_000 * 86_400)),
    };
    let reported = |i: usize| {
        let key = UserKey { id: None, status: KeyStatus::Active, created: Some(Moment(i as i64 * 86_400)), used: KeyUse::Never };
        (format!("user{i:04}"), ReportedUser { has_password: i.is_multiple_of(2), has_mfa: i.is_multiple_of(5), keys: vec![key] })
    };
    let (mut app, _) = connected(App::users);
    for page in 0..USERS / 1000 {
        let rows = (page * 1000..(page + 1) * 1000).map(user).collect();
        update(&mut app, Event::Learned { epoch: 1, question: Question::Users, answer: Ok(LookupResult::Users(rows)) });
    }
    update(&mut app, Event::Learned { epoch: 1, question: Question::Users, answer: Ok(LookupResult::End) });
    let report = CredentialReport { made: Moment(0), users: (0..USERS).map(reported).collect(), root: None };
    let answer = Ok(LookupResult::CredentialReport(Box::new(report)));
    update(&mut app, Event::Learned { epoch: 1, question: Question::CredentialReport, answer });
    let mut screen = Screen::new(TestBackend::new(200, 60)).unwrap();
    let mut times = Vec::new();
    for _ in 0..20 {
        for key in [Key::Down, Key::PageDown, Key::Char('4'), Key::Char('2'), Key::Backspace, Key::Esc, Key::End, Key::Up] {
            let start = Instant::now();
            update(&mut app, Event::Key(key));
            screen.draw(|frame| drop(draw(&View::of(&app), Theme::new(true), frame))).unwrap();
            times.push(start.elapsed());
        }
    }
    let shown: String = screen.backend().buffer().content().iter().map(|cell| cell.symbol()).collect();
    assert!(shown.contains("5000 in all"), "the list is not open: {shown}");
    let worst = times.iter().max().copied().unwrap_or_default();
    println!("key press in 5,000 users at 200x60: median {:.2?}, worst {worst:.2?} (budget 5 ms)", median(times));
}

const DELAY: Duration = Duration::from_millis(50);

/// A plan of 16 calls against a loopback server whose answers take 50 ms: Enter on the review to the hand-over on the screen.
fn confirm_to_secret() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (_, endpoint) = runtime.block_on(serve(account(), &[]));
    let keys = [("AWS_ACCESS_KEY_ID", iamwalk::practice::CALLER_KEY), ("AWS_SECRET_ACCESS_KEY", "practice")];
    let mut times = Vec::new();
    for round in 0..5 {
        let name = format!("bench{round}");
        // A home of its own: in the same one the run before, which was left, would be offered first.
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(&["--endpoint-url", &endpoint, "--user", &name], home.path(), &keys, (120, 40));
        terminal.wait("as arn:aws:iam");
        terminal.at("(•) plain", "\r");
        terminal.at(&format!("“{name}” is free."), "\r");
        terminal.at("› Use case", "\r");
        terminal.at("(•) Command", "\t");
        terminal.at("› [ ] I understand", " ");
        terminal.at("› [x] I understand", "\t");
        terminal.at("› Description", "\t");
        terminal.at("› [ ] Provide user access", " ");
        terminal.at("› [x] Provide user access", "\r");
        terminal.at("› [ ] Auditors", "\t");
        terminal.at("› Create group", &format!("Group{round}"));
        terminal.at(&format!("Group{round}"), "\t");
        terminal.wait("› Policies of the new group");
        terminal.at("1208 in all", " ");
        terminal.at("1 chosen", "\t");
        terminal.wait("› Attach policies directly");
        for chosen in 1..=9 {
            terminal.keys(" \x1b[B");
            terminal.wait(&format!("{chosen} chosen of"));
        }
        terminal.keys("\r");
        terminal.at("› Key 1", "\r");
        terminal.wait("16 API calls");
        // The names have been looked up by now; what is measured is the run.
        std::thread::sleep(4 * DELAY);
        let start = Instant::now();
        terminal.keys("\r");
        terminal.wait("Access key ID");
        times.push(start.elapsed());
        if round == 4 {
            report_process(terminal.id());
        }
    }
    // User and group; eight and five of the thirteen that hang on them; the key.
    let best = 4 * DELAY;
    let ours = median(times);
    println!(
        "confirm to secret, 16 calls of 50 ms: {ours:.2?}, best schedule {best:.2?}, ratio {:.2}",
        ours.as_secs_f64() / best.as_secs_f64()
    );
}

/// Memory at its highest, and the processor time of three idle seconds.
fn report_process(id: u32) {
    let field = |name: &str| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        status.lines().find(|line| line.starts_with(name)).map(|line| line[name.len()..].trim().to_owned()).unwrap_or_default()
    };
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let times: Vec<u64> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
        times.iter().sum::<u64>()
    };
    std::thread::sleep(Duration::from_secs(5));
    let before = ticks();
    std::thread::sleep(Duration::from_secs(3));
    println!(
        "memory after the run: {} resident, {} at most; idle for 3 s: {} ticks",
        field("VmRSS:"),
        field("VmHWM:"),
        ticks() - before
    );
}

/// The list of 5,000 users from a loopback server whose answers take 50 ms, and which refuses the reports: from the caller's name on
/// the screen to the first rows, and how many calls about single users are under way at once.
fn users_over_the_network() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut account = account();
    let sample = account.users["build-server"].clone();
    for i in 0..5_000 {
        let name = format!("user{i:04}");
        account.users.insert(name.clone(), User { name, id: format!("AIDA{i:017}"), keys: Vec::new(), ..sample.clone() });
    }
    let (server, endpoint) = runtime.block_on(serve(account, &["GenerateCredentialReport", "GetAccountAuthorizationDetails"]));
    let keys = [("AWS_ACCESS_KEY_ID", iamwalk::practice::CALLER_KEY), ("AWS_SECRET_ACCESS_KEY", "practice")];
    let mut times = Vec::new();
    for _ in 0..5 {
        let home = tempfile::tempdir().unwrap();
        let terminal = Terminal::start(&["users", "--endpoint-url", &endpoint], home.path(), &keys, (120, 40));
        terminal.wait("as arn:aws:iam");
        let start = Instant::now();
        terminal.wait("build-server");
        times.push(start.elapsed());
        // The rows on the screen are asked about meanwhile.
        std::thread::sleep(20 * DELAY);
    }
    println!(
        "first rows of 5,000 users, answers of 50 ms: {:.2?} after the caller's name, ratio to one round trip {:.2}; calls about \
         single users at once: {} at most",
        median(times.clone()),
        median(times).as_secs_f64() / DELAY.as_secs_f64(),
        server.users_at_most.load(Ordering::Relaxed)
    );
}

fn account() -> Account {
    let mut account: Account = seeded(Box::new(|bytes| getrandom::fill(bytes).unwrap()));
    account.key_lag = 0;
    account
}

/// What a server counts.
#[derive(Default)]
struct Server {
    /// Calls about single users under way, now and at most.
    users_now: AtomicUsize,
    users_at_most: AtomicUsize,
}

const OF_USERS: [&str; 5] = ["ListAccessKeys", "GetLoginProfile", "ListMFADevices", "ListGroupsForUser", "GetAccessKeyLastUsed"];

/// A practice account behind a loopback port, each answer after the delay; `refuses`: actions that the caller may not call.
async fn serve(account: Account, refuses: &'static [&'static str]) -> (Arc<Server>, String) {
    let (server, account) = (Arc::new(Server::default()), Arc::new(Mutex::new(account)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let counts = Arc::clone(&server);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, Arc::clone(&account), Arc::clone(&counts), refuses));
        }
    });
    (server, endpoint)
}

async fn connection(mut stream: TcpStream, account: Arc<Mutex<Account>>, server: Arc<Server>, refuses: &'static [&'static str]) {
    let mut pending = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let (head, length) = loop {
            if let Some(end) = pending.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&pending[..end]).into_owned();
                let length = header(&head, "content-length").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
                if pending.len() >= end + 4 + length {
                    break (head, end + 4 + length);
                }
            }
            match stream.read(&mut buffer).await {
                Ok(n @ 1..) => pending.extend_from_slice(&buffer[..n]),
                _ => return,
            }
        };
        let request: Vec<u8> = pending.drain(..length).collect();
        let body = request.windows(4).position(|four| four == b"\r\n\r\n").map_or(&[][..], |end| &request[end + 4..]);
        let signed: SignedBy = header(&head, "authorization").and_then(protocol::key_of_authorization).unwrap_or_default();
        let action = form_urlencoded::parse(body).find(|(name, _)| name == "Action").map(|(_, action)| action.into_owned());
        let action = action.unwrap_or_default();
        let is_of_users = OF_USERS.contains(&action.as_str());
        if is_of_users {
            let now = server.users_now.fetch_add(1, Ordering::Relaxed) + 1;
            server.users_at_most.fetch_max(now, Ordering::Relaxed);
        }
        tokio::time::sleep(DELAY).await;
        if is_of_users {
            server.users_now.fetch_sub(1, Ordering::Relaxed);
        }
        // What is refused costs the server nothing.
        let answer = match refuses.contains(&action.as_str()) {
            true => Response {
                status: 403,
                body: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>".to_owned(),
            },
            false => protocol::answer(&mut account.lock().unwrap(), &signed, body),
        };
        let text = format!(
            "HTTP/1.1 {} X\r\ncontent-type: text/xml\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: {}\r\n\r\n{}",
            answer.status,
            answer.body.len(),
            answer.body
        );
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
}
