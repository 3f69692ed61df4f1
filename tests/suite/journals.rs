//! Journals as real files: what a crash, a full disk, a second program or a newer iamwalk leaves of them, and the commands
//! that read them.

use std::fs;
use std::path::Path;
use std::process::Command;

use iamwalk::domain::caller::Caller;
use iamwalk::domain::journal::{Run, Unreadable};
use iamwalk::domain::ledger::{Ledger, StepState};
use iamwalk::domain::name::UserName;
use iamwalk::domain::operation::{CreateAccessKey, CreateLoginProfile, CreateUser, Made, Operation};
use iamwalk::domain::record::Beginning;
use iamwalk::domain::record::Delivery;
use iamwalk::domain::record::End;
use iamwalk::domain::record::Record;
use iamwalk::domain::record::line;
use iamwalk::domain::step_id::StepId;
use iamwalk::services::journal::Runs;
use proptest::prelude::*;

use super::support::block_on;
use super::support::samples::plan;
use super::support::terminal::Terminal;

fn beginning() -> Beginning {
    let user = UserName::new("bob").unwrap();
    let path = iamwalk::domain::name::Path::root();
    let create = Operation::CreateUser(CreateUser { user: user.clone(), path, tags: Vec::new(), boundary: None });
    let password = Operation::CreateLoginProfile(CreateLoginProfile { user: user.clone(), reset: true });
    let key = CreateAccessKey { user };
    let plan = plan(vec![(create, vec![]), (password, vec![0]), (key.into(), vec![0, 1])]);
    let ledger = Ledger::with_free_names(plan, |_| Some(1_700_000_000));
    Beginning::of(
        iamwalk::domain::record::TaskId::CreateUser,
        &ledger,
        "123456789012",
        "aws",
        "arn:aws:iam::123456789012:user/me",
    )
}

fn key() -> Made {
    Made::Key { id: "AKIAIOSFODNN7EXAMPLE".to_owned(), possible_duplicate: false }
}

/// A run from its beginning to its end.
fn whole() -> Vec<Record> {
    let saved = Delivery::Saved { profile: "bob".to_owned(), file: "~/.aws/credentials".to_owned() };
    vec![
        Record::Begun(Beginning { run: "20261122-063601-7f3a".to_owned(), ..beginning() }),
        Record::Sent(vec![StepId(0)]),
        Record::Failed { step: StepId(0), why: "No answer in time.".to_owned(), unclear: true },
        Record::Looking(StepId(0)),
        Record::Made(StepId(0), Made::User { id: "AIDA".to_owned(), arn: "arn:aws:iam::123456789012:user/bob".to_owned() }),
        Record::Sent(vec![StepId(1)]),
        Record::Made(StepId(1), Made::Password),
        Record::Sent(vec![StepId(2)]),
        Record::Made(StepId(2), key()),
        Record::Delivered(StepId(2), saved),
        Record::Delivered(StepId(1), Delivery::PasswordSeen),
        Record::Ended(End::Finished),
    ]
}

fn text(records: &[Record]) -> String {
    records.iter().map(|record| line(record).unwrap()).collect()
}

#[test]
fn a_journal_cut_at_each_byte_still_reads() {
    let whole = text(&whole());
    let mut known = 0;
    for at in 0..=whole.len() {
        let run = Run::read(&whole.as_bytes()[..at]).unwrap_or_else(|why| panic!("cut at {at}: {why}"));
        let Some(run) = run else {
            assert!(!whole[..at].contains('\n'), "only a first line that is not whole is nothing");
            continue;
        };
        // What is known of the run only grows.
        let records = whole[..at].matches('\n').count();
        assert!(records >= known);
        known = records;
        assert_eq!(run.is_over(), records >= 11, "cut at {at}");
        // Whatever was sent may be there, and is named.
        let sent = whole[..at].contains("\"sent\":[0]}\n");
        assert_eq!(run.ledger.remains().is_empty(), !sent, "cut at {at}");
    }
    assert_eq!(known, 12);
}

#[test]
fn a_later_start_goes_on_behind_a_torn_line() {
    let records = whole();
    let mut journal = text(&records[..6]);
    journal.truncate(journal.len() - 5);
    journal.push('\n');
    journal.push_str(&text(&[Record::Resumed("2026-11-22T07:00:00Z".to_owned()), Record::Sent(vec![StepId(1)])]));
    let run = Run::read(journal.as_bytes()).unwrap().unwrap();
    assert!(matches!(run.ledger.state(StepId(1)), Some(StepState::Unclear(_))));
    // A line that is none, in the middle, is no crash's.
    let damaged = text(&records[..3]) + "{\"made\":1}\n" + &text(&records[3..]);
    assert_eq!(Run::read(damaged.as_bytes()).unwrap_err(), Unreadable::Damaged(4));
}

/// What an earlier start sent and nobody answered stays unclear, whatever a later one did to it.
#[test]
fn what_was_never_answered_stays_unclear_over_later_starts() {
    let resumed = || Record::Resumed("2026-11-22T07:00:00Z".to_owned());
    let read = |records: &[Record]| Run::read(text(records).as_bytes()).unwrap().unwrap();
    let begun = &whole()[..5];
    let sent = [begun, &[Record::Sent(vec![StepId(1)]), resumed()]].concat();
    // A second start could not take it back; it is still there to be undone by a third.
    let failed = Record::UndoFailed { step: StepId(1), why: "denied".to_owned() };
    let mut run = read(&[&sent[..], &[Record::Undoing(StepId(1)), failed]].concat());
    run.ledger.retry_undo();
    assert!(run.ledger.next_undo().is_some_and(|next| !matches!(next, iamwalk::domain::ledger::UndoMove::Call(StepId(0), ..))));
    // A second start sent it again, and was refused.
    let refused = Record::Failed { step: StepId(1), why: "denied".to_owned(), unclear: false };
    let run = read(&[&sent[..], &[Record::Sent(vec![StepId(1)]), refused]].concat());
    assert!(matches!(run.ledger.state(StepId(1)), Some(StepState::Unclear(_))));
    // A key created again is not the one that was undone.
    let mut again = whole()[..9].to_vec();
    again.extend([resumed(), Record::Undoing(StepId(2)), Record::Undone(StepId(2)), Record::Sent(vec![StepId(2)])]);
    let run = read(&again);
    let named: Vec<_> = run.ledger.remains().iter().map(|remainder| remainder.command("")).collect();
    assert_eq!(named[0], "aws iam list-access-keys --user-name=bob", "{named:?}");
}

#[test]
fn a_newer_format_is_left_alone() {
    let newer = "{\"begun\":{\"iamwalk\":3,\"steps\":\"of another kind\"}}\n{\"whatever\":true}\n";
    let why = Run::read(newer.as_bytes()).unwrap_err();
    assert_eq!(why, Unreadable::Newer(3));
    assert!(why.to_string().contains("Update iamwalk"), "{why}");
    assert_eq!(Run::read(b"not a journal\n").unwrap_err(), Unreadable::Damaged(1));
}

#[test]
fn what_nobody_received_is_made_anew() {
    let records = whole();
    let lost = |records: &[Record]| Run::read(text(records).as_bytes()).unwrap().unwrap().lost_secrets();
    assert_eq!(lost(&records[..9]), [StepId(1), StepId(2)], "neither");
    assert_eq!(lost(&records[..10]), [StepId(1)], "the password");
    assert_eq!(lost(&records[..11]), []);
    // Shown is not saved: the person is asked whether to keep it.
    let mut shown = records[..9].to_vec();
    shown.push(Record::Delivered(StepId(2), Delivery::KeyShown));
    let mut run = Run::read(text(&shown).as_bytes()).unwrap().unwrap();
    assert_eq!(run.open_key(), Some(("AKIAIOSFODNN7EXAMPLE", true)));
    run.keep_key();
    assert_eq!(run.lost_secrets(), [StepId(1)], "the password alone");
    // A key that was undone was handed over in vain.
    let mut again = records[..11].to_vec();
    again.extend([Record::Undoing(StepId(2)), Record::Undone(StepId(2))]);
    assert_eq!(lost(&again), [StepId(2)]);
    assert!(!Run::read(text(&again).as_bytes()).unwrap().unwrap().is_over());
}

#[test]
fn only_its_own_account_and_endpoint_go_on_with_it() {
    let run = Run::read(text(&whole()).as_bytes()).unwrap().unwrap();
    assert_eq!(run.refuses("123456789012", None), None);
    let other = run.refuses("999999999999", None).unwrap();
    assert!(other.contains("Choose a profile of account 123456789012"), "{other}");
    let elsewhere = run.refuses("123456789012", Some("http://127.0.0.1:5000")).unwrap();
    assert!(elsewhere.contains("made at AWS itself") && elsewhere.contains("http://127.0.0.1:5000"), "{elsewhere}");
    assert!(Caller::new("123456789012", &run.beginning.caller).is_some());
}

proptest! {
    /// Whatever stands in a journal is answered, and nothing of it is taken for a call of ours that was not.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..2000) {
        let _ = Run::read(&bytes).map_err(|why| why.to_string());
        let mut journal = text(&whole()).into_bytes();
        let at = at.min(journal.len());
        journal.splice(at..at, bytes);
        let _ = Run::read(&journal).map(|run| run.map(|run| run.lines().len()));
    }
}

/// A folder of journals with one in it.
fn recorded(folder: &Path, records: &[Record]) -> String {
    let runs = Runs::within(folder);
    let journal = runs.begin(beginning()).unwrap();
    block_on(journal.write(records.to_vec(), true)).unwrap();
    runs.current().unwrap()
}

#[test]
fn a_file_that_only_its_owner_reads_and_only_one_program_works_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("iamwalk/runs");
    let runs = Runs::within(&folder);
    let journal = runs.begin(beginning()).unwrap();
    assert!(!folder.exists(), "nothing is made before there is something to write");
    block_on(journal.write(vec![Record::Sent(vec![StepId(0)])], true)).unwrap();
    let id = runs.current().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(format!("{id}.jsonl")))), (0o700, 0o600));
    }
    // While this program works on it no other does; looking is allowed.
    let other = Runs::within(&folder);
    assert!(other.open(&id).unwrap_err().what().contains("Another iamwalk works on this run"), "locked");
    assert!(other.list().unwrap()[0].is_busy);
    assert_eq!(other.read(&id).unwrap().user(), "bob");
    drop(journal);
    let (run, journal) = other.open(&id).unwrap();
    assert!(matches!(run.ledger.state(StepId(0)), Some(StepState::Unclear(_))));
    block_on(journal.write(vec![Record::Ended(End::Undone)], true)).unwrap();
    assert_eq!(other.read(&id).unwrap().state(), "undone");
    let text = fs::read_to_string(folder.join(format!("{id}.jsonl"))).unwrap();
    assert_eq!(text.lines().count(), 4, "appended, with the later start's own line:\n{text}");
    for bad in ["", "../x", "nope", "a/b"] {
        assert!(other.open(bad).unwrap_err().what().contains("There is no run"), "{bad}");
    }
}

/// Practice's journals are kept and read as files are, and no file is made for them.
#[test]
fn practice_keeps_its_journals_in_memory() {
    let runs = Runs::in_memory();
    let journal = runs.begin(beginning()).unwrap();
    let id = runs.current().unwrap();
    assert!(runs.open(&id).unwrap_err().what().contains("Another iamwalk works on this run"), "one works on it");
    block_on(journal.write(vec![Record::Sent(vec![StepId(0)])], true)).unwrap();
    let listed = runs.list().unwrap();
    assert_eq!(listed.iter().map(|one| (one.id.as_str(), one.is_busy)).collect::<Vec<_>>(), [(id.as_str(), true)]);
    assert_eq!(runs.read(&id).unwrap().user(), "bob");
    drop(journal);
    let (run, journal) = runs.clone().open(&id).unwrap();
    assert!(matches!(run.ledger.state(StepId(0)), Some(StepState::Unclear(_))));
    block_on(journal.write(vec![Record::Ended(End::Undone)], true)).unwrap();
    assert_eq!(runs.read(&id).unwrap().state(), "undone");
    assert_eq!(runs.earlier(&id).unwrap(), None);
    assert!(Runs::in_memory().list().unwrap().is_empty(), "another practice knows nothing of it");
    for bad in ["", "nope"] {
        assert!(runs.open(bad).unwrap_err().what().contains("There is no run"), "{bad}");
    }
}

/// Runs the program with this state folder; what it printed, and its exit code.
fn command(home: &Path, arguments: &[&str]) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_iamwalk"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("XDG_STATE_HOME", home)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (text, output.status.code().unwrap())
}

#[test]
fn the_commands_tell_what_was_made() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(command(home.path(), &["runs"]).0.lines().count(), 1);
    let id = recorded(&home.path().join("iamwalk/runs"), &whole()[1..9]);
    let (runs, code) = command(home.path(), &["runs"]);
    assert!(runs.contains(&id) && runs.contains("unfinished") && runs.contains("bob"), "{runs}");
    assert_eq!(code, 0);
    let (shown, _) = command(home.path(), &["runs", "show", &id]);
    for words in [
        "✓ Create an access key for bob: done",
        "Nobody received the key's secret.",
        "Nobody received the password.",
        "  aws iam delete-access-key --user-name=bob --access-key-id=AKIAIOSFODNN7EXAMPLE\n",
        "  # made by: Create the user bob\n  aws iam delete-user --user-name=bob\n",
    ] {
        assert!(shown.contains(words), "no “{words}” in:\n{shown}");
    }
    let (asked, code) = command(home.path(), &["undo", &id]);
    assert!(asked.contains("add “--yes” to agree") && code == 2, "{code}: {asked}");
    // Nobody calls: nothing is sent, and it stays as it is.
    let (refused, code) = command(home.path(), &["undo", &id, "--yes"]);
    assert!(refused.contains("No usable AWS credentials") && code == 2, "{code}: {refused}");
    assert!(command(home.path(), &["runs"]).0.contains("unfinished"));
    // A newer journal is named, and left alone.
    let newer = home.path().join("iamwalk/runs/20270101-000000-0000.jsonl");
    fs::write(&newer, "{\"begun\":{\"iamwalk\":9}}\n").unwrap();
    assert!(command(home.path(), &["runs"]).0.contains("A newer iamwalk wrote it"));
    let (refused, code) = command(home.path(), &["undo", "20270101-000000-0000", "--yes"]);
    assert!(refused.contains("Update iamwalk") && code == 2, "{refused}");
    assert_eq!(fs::read_to_string(newer).unwrap(), "{\"begun\":{\"iamwalk\":9}}\n");
}

/// Where the intent can't be written nothing is sent.
#[test]
fn without_a_place_for_the_record_nothing_is_sent() {
    use super::support::moto;
    use super::support::proxy::{self, Fate};
    let server = moto::start();
    let proxy = proxy::start(&server.endpoint, |_, _| Fate::Pass);
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    fs::write(&state, "a file, not a folder").unwrap();
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("XDG_STATE_HOME", state.to_str().unwrap()),
    ];
    let mut terminal =
        Terminal::start(&["--endpoint-url", &proxy.endpoint, "--user", "bob"], home.path(), &environment, (100, 30));
    // Said at the start already: earlier runs can't be looked for there.
    terminal.at("The records of runs", "\r");
    terminal.wait("account 123456789012");
    terminal.at("(•) plain", "\r");
    terminal.at("“bob” is free.", "\r");
    terminal.at("› Use case", "\x1b[A");
    terminal.at("› [x] Access key", " ");
    terminal.at("› [ ] Access key", "\x1b[B");
    terminal.keys(" ");
    terminal.at("[x] Provide user access", "\r");
    terminal.at("› Add user to group", "\r");
    terminal.at("› Key 1", "\r");
    terminal.at("[ Create user bob ]", "\r");
    terminal.wait("Nothing was sent.");
    assert!(terminal.screen().contains("can't be written"), "{}", terminal.screen());
    assert!(!proxy.calls().iter().any(|call| call.starts_with("Create")), "{:?}", proxy.calls());
    // Once there is a place, it goes on.
    fs::remove_file(&state).unwrap();
    terminal.at("› Retry", "\r");
    terminal.wait("Hand-over");
    terminal.wait("The user bob is created.");
    assert!(proxy.calls().iter().any(|call| call == "CreateUser"));
}

/// The format, as it was settled: this file is never changed, and read for ever.
#[test]
fn the_settled_format_stays_readable() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journals/format-2.jsonl");
    let run = Run::read(&fs::read(file).unwrap()).unwrap().unwrap();
    assert_eq!((run.state(), run.user()), ("undone, some kept", "bob"));
    let lines = run.lines().join("\n");
    for line in [
        "↶ Create the user bob in /team/ with 1 tag, bounded by PowerUserAccess: undone",
        "= Create the group Makers: stays, used by the user amara",
        "✓ Attach SecurityAudit to the group Auditors: was so already",
        "↶ Give bob the inline policy own: undone",
        "A later iamwalk wrote down “weather” here.",
    ] {
        assert!(lines.contains(line), "no “{line}” in:\n{lines}");
    }
    assert_eq!(run.ledger.kept().len(), 1);
    assert_eq!(run.refuses("111122223333", Some("http://127.0.0.1:5000")), None, "what is about no step stops nothing");
    // Whatever is written from here on is written so that this file could have been.
    let text = fs::read_to_string(file).unwrap();
    for record in text.lines().filter(|line| !line.contains("weather")) {
        let read: Record = serde_json::from_str(record).unwrap();
        let again: serde_json::Value = serde_json::from_str(&line(&read).unwrap()).unwrap();
        let mut kept: serde_json::Value = serde_json::from_str(record).unwrap();
        // A field of a later format, which this one passes over.
        if let Some(begun) = kept.get_mut("begun").and_then(serde_json::Value::as_object_mut) {
            begun.remove("climate");
        }
        assert_eq!(again, kept);
    }
}

#[test]
fn a_record_of_a_later_kind_stops_only_what_it_is_about() {
    let read = |record: &str| Run::read((text(&whole()[..9]) + record + "\n").as_bytes()).unwrap().unwrap();
    let refused = |run: &Run| run.refuses("123456789012", None).unwrap_or_default();
    let run = read(r#"{"weather":"fine"}"#);
    assert!(run.lines().iter().any(|line| line.contains("“weather”")), "it is listed");
    assert_eq!(refused(&run), "");
    for about in [r#"{"weather":{"step":1}}"#, r#"{"weather":[1,"fine"]}"#, r#"{"weather":1}"#] {
        assert!(refused(&read(about)).contains("Update iamwalk"), "{about}");
    }
    assert_eq!(refused(&read(r#"{"weather":77}"#)), "", "no step of this run");
}

/// Nothing of before the first release is gone with or lost.
#[test]
fn a_journal_of_before_the_first_release_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".local/state/iamwalk/runs");
    fs::create_dir_all(&folder).unwrap();
    let earlier = "{\"begun\":{\"iamwalk\":1,\"run\":\"20261122-063601-7f3a\",\"steps\":[]}}\n{\"made\":[0,{\"Group\":{}}]}\n";
    fs::write(folder.join("20261122-063601-7f3a.jsonl"), earlier).unwrap();
    let iamwalk = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iamwalk"));
        let done = command.env_clear().env("HOME", home.path()).args(arguments).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
    };
    let (code, list) = iamwalk(&["runs"]);
    assert!(code == Some(0) && list.contains("before the format was settled"), "{list}");
    let (code, shown) = iamwalk(&["runs", "show", "20261122-063601-7f3a"]);
    assert!(code == Some(0) && shown.contains(r#"{"made":[0,{"Group":{}}]}"#), "{shown}");
    let (code, undone) = iamwalk(&["undo", "20261122-063601-7f3a", "--yes"]);
    assert!(code == Some(2) && undone.contains("before the format was settled"), "{undone}");
}
