//! Every page at 80x24, 100x30 and 140x45, as a person sees it. No snapshot holds a secret.

use iamwalk::app::dialog::{Around, Dialog};
use iamwalk::app::effect::Csv;
use iamwalk::app::event::{Connected, Event, Key};
use iamwalk::domain::caller::{Caller, Origins, Source};
use iamwalk::domain::facts::{LookupResult, OwnProfile, Question};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::hand_over::{Destination, SavePreview};
use iamwalk::domain::moment::Moment;
use iamwalk::domain::name::UserName;
use iamwalk::domain::profile_file::Changed;
use iamwalk::domain::record::TaskId;
use iamwalk::domain::secret::SecretId;
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::unsent::Unsent;
use iamwalk::faces::full_screen::{Theme, draw};
use iamwalk::practice::faults::{Trouble, Troubled};
use iamwalk::view::View;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::{TerminalOptions, Viewport};

use super::pictures::look_at;
use super::support::app::{Talk, saved};
use super::support::practice;
use super::users::at_users;

const SIZES: [(u16, u16); 3] = [(80, 24), (100, 30), (140, 45)];

fn keep(talk: &Talk, name: &str) {
    for (width, height) in SIZES {
        let screen = talk.screen(width, height);
        let lines: Vec<&str> = screen.lines().collect();
        // What must be seen on every page, whatever the size.
        for word in iamwalk::app::tasks::create_user::TASK.rail() {
            assert!(lines.iter().any(|line| line.get(..).is_some_and(|l| l.contains(word))), "{name}: no {word}\n{screen}");
        }
        assert!(lines[usize::from(height) - 1].contains("F1 help") || talk.app.dialog.is_some(), "{name}: no footer\n{screen}");
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen);
        words_have_no_colour(talk, (width, height));
        look_at(name, (width, height), &bytes_of(talk, (width, height)));
    }
}

/// What is sent to a terminal of this size.
fn bytes_of(talk: &Talk, (width, height): (u16, u16)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let mut terminal = ratatui::Terminal::with_options(CrosstermBackend::new(&mut bytes), TerminalOptions { viewport }).unwrap();
    terminal.draw(|frame| drop(draw(&View::of(&talk.app), Theme::new(true), frame))).unwrap();
    drop(terminal);
    bytes
}

/// Words are the default foreground, so that they can be read on every palette; colour stands on signs and on tokens of a policy
/// or a diff.
fn words_have_no_colour(talk: &Talk, (width, height): (u16, u16)) {
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| drop(draw(&View::of(&talk.app), Theme::new(true), frame))).unwrap();
    let cells = terminal.backend().buffer().content();
    for run in cells.chunk_by(|one, other| one.fg == other.fg) {
        let text: String = run.iter().map(|cell| cell.symbol()).collect();
        let is_allowed = match run[0].fg {
            Color::Reset => true,
            Color::Indexed(5 | 9 | 13) => {
                let is_sign = text.chars().all(|c| " ›✗!…●○◐◓◑◒?↑+-".contains(c));
                is_sign || [r#""*""#, r#""Deny""#].contains(&text.as_str())
            }
            _ => false,
        };
        assert!(is_allowed && run.iter().all(|cell| cell.bg == Color::Reset), "{text:?} is {:?}", run[0].fg);
    }
}

#[test]
fn every_page_of_the_lesson() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.choose("Walkthrough", "admin-user");
    keep(&talk, "walkthrough");
    talk.go_on();
    keep(&talk, "user");
    talk.go_on();
    talk.go_to("Use case");
    keep(&talk, "access");
    talk.tick("I understand");
    talk.go_on();
    talk.settle(&practice);
    keep(&talk, "permissions");
    talk.go_on();
    talk.fill("Key 1", "e-mail");
    keep(&talk, "tags");
    talk.fill("Value", "a@example.com");
    talk.go_on();
    talk.settle(&practice);
    keep(&talk, "review");
    talk.create();
    keep(&talk, "create");
    talk.settle(&practice);
    let masked = talk.screen(120, 40);
    practice.with_account(|account| {
        let user = account.user("admin-user").unwrap();
        assert!(!masked.contains(user.keys[0].secret.expose()));
        assert!(!masked.contains(user.login.as_ref().unwrap().password.expose()));
    });
    keep(&talk, "hand_over");
    let secrets = practice.with_account(|account| {
        let user = account.user("admin-user").unwrap();
        [user.keys[0].secret.clone(), user.login.as_ref().unwrap().password.clone()]
    });
    let snapshots = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/snapshots");
    for entry in std::fs::read_dir(snapshots).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        assert!(secrets.iter().all(|secret| !text.contains(secret.expose())), "{}", entry.path().display());
    }
    talk.tell(saved("admin-user"));
    keep(&talk, "hand_over_saved");
}

#[test]
fn an_own_password() {
    let practice = practice();
    let mut talk = Talk::at_own_password(&practice);
    talk.write("simple");
    keep(&talk, "access_own_password");
}

#[test]
fn without_credentials() {
    let mut talk = Talk::open(Source::Chain);
    let profile =
        |name: &str, holds: &str| OwnProfile { name: name.to_owned(), holds: holds.to_owned(), region: None, key: None };
    let profiles = vec![profile("default", "access key …WXYZ"), profile("work", "IAM Identity Center (SSO)")];
    talk.tell(Event::Learned { epoch: 1, question: Question::Profiles, answer: Ok(LookupResult::Profiles(profiles)) });
    keep(&talk, "connecting");
    let fault = Fault::of(FaultKind::NoCredentials).saying("no providers in chain provided credentials");
    talk.tell(Event::Connected { epoch: 1, answer: Err(fault) });
    talk.go_on();
    keep(&talk, "no_credentials");
}

#[test]
fn a_root_caller() {
    let mut talk = Talk::open(Source::Chain);
    let caller = Caller::new("123456789012", "arn:aws:iam::123456789012:root").unwrap();
    talk.tell(Event::Connected {
        epoch: 1,
        answer: Ok(Connected {
            caller,
            region: "us-east-1".to_owned(),
            clock: Moment(0),
            endpoint: None,
            origins: Origins::default(),
        }),
    });
    talk.go_to("Who makes the calls");
    keep(&talk, "root");
}

#[test]
fn a_stopped_run_and_its_undo() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    talk.reconnect(Troubled::new(practice.clone(), |action, _| (action == "CreateAccessKey").then_some(Trouble::Cut(350))));
    talk.settle(&practice);
    keep(&talk, "stopped");
    talk.undo(&practice);
    talk.settle(&practice);
    keep(&talk, "undone");
}

#[test]
fn dialogs() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.act("help");
    keep(&talk, "help");
    talk.back();
    talk.back();
    keep(&talk, "leave");
}

#[test]
fn a_policy_that_is_there_with_another_document() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.settle(&practice);
    talk.open_new_policy();
    talk.fill("Policy name", "readteamlogs");
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    talk.fill_by_paste("Document", document);
    talk.settle(&practice);
    keep(&talk, "policy");
}

#[test]
fn every_size_is_survived() {
    let practice = practice();
    let mut talk = Talk::at_review(&practice);
    for width in [1, 5, 10, 59, 60, 61, 80, 200] {
        for height in [1, 5, 17, 18, 24, 60] {
            let screen = talk.screen(width, height);
            if width >= 20 && height >= 5 && (width < 60 || height < 18) {
                assert!(screen.contains("Too small"), "{width}x{height}:\n{screen}");
            }
        }
    }
    talk.create();
    talk.settle(&practice);
    talk.screen(60, 18);
}

#[test]
fn colours_are_never_alone() {
    // Without colours the same cells are drawn: every sign is there.
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.fill("User name", "my user");
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| drop(draw(&View::of(&talk.app), Theme::new(false), frame))).unwrap();
    let buffer = terminal.backend().buffer();
    assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let text: String = buffer.content().iter().map(|cell| cell.symbol()).collect();
    assert!(text.contains("✗ Not allowed") && text.contains("› User name"));
}

#[test]
fn the_last_entry_is_in_sight_however_long_the_plan_and_the_rest_can_be_scrolled_to() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.tick_rows("Attach policies directly", 9);
    talk.go_on_to("Review");
    talk.settle(&practice);
    for (width, height) in [(60, 18), (80, 24)] {
        assert!(talk.screen(width, height).contains("› [ Create user bob ]"), "{}", talk.screen(width, height));
    }
    assert!(!talk.screen(60, 18).contains(" 1. Create the user bob"));
    talk.press(&[Key::PageUp, Key::PageUp]);
    assert!(talk.screen(60, 18).contains(" 1. Create the user bob"), "{}", talk.screen(60, 18));
    talk.highlight("Tags");
    assert!(talk.screen(80, 24).contains("› Tags"), "{}", talk.screen(80, 24));
}

/// Every question that may stand in front of a page, and what help says of one.
#[test]
fn every_question() {
    let practice = practice();
    let destination = Destination { profile: "work".to_owned(), region: "eu-central-1".to_owned(), output: None };
    let profile = OwnProfile { name: "work".to_owned(), holds: "access key …WXYZ".to_owned(), region: None, key: None };
    let around = Around { profiles: vec![profile], partition: "aws".to_owned(), own_server: false };
    let csv = || Csv::Key { id: "AKIAEXAMPLE000000000".to_owned(), secret: SecretId::Of(StepId(0)) };
    let changed = |text: &str| (Changed::Old(text.to_owned()), Changed::New("region = eu-central-1".to_owned()));
    let (old, new) = changed("region = us-east-1");
    let preview = SavePreview {
        destination: destination.clone(),
        files: vec![("~/.aws/config".to_owned(), vec![Changed::Header("[profile work]".to_owned()), old, new])],
        replaces: true,
        asks: Vec::new(),
        notes: vec!["AWS_PROFILE is set: name the profile where you use it.".to_owned()],
        open_to_others: vec!["~/.aws/credentials".to_owned()],
        in_place: Vec::new(),
    };
    let unsent = Unsent {
        task: TaskId::CreateUser,
        walkthrough: "admin-user".to_owned(),
        user: "bob".to_owned(),
        page: None,
        fields: Vec::new(),
    };
    let words = |text: &str| vec![text.to_owned()];
    let questions = [
        ("taken", Dialog::taken(&UserName::new("bob").unwrap())),
        ("unsent", Dialog::unsent(unsent)),
        ("stop", Dialog::stop()),
        ("undo", Dialog::undo(vec!["Undo, in this order:".to_owned(), "  1. Delete the user bob".to_owned()])),
        ("create_anyway", Dialog::create_anyway(words("The user may do everything, and sign in without MFA."))),
        ("mfa", Dialog::mfa("arn:aws:iam::123456789012:mfa/phone")),
        ("paste", Dialog::paste()),
        ("clear_text", Dialog::clear_text("http://iam.example.com")),
        ("save_as", Dialog::save_as(destination, around, "~/.aws/credentials")),
        ("consent", Dialog::consent(preview)),
        ("write_to", Dialog::write_to(&[(csv(), "bob_accessKeys.csv".to_owned())], 0, "~")),
        ("overwrite", Dialog::overwrite(csv(), "~/bob_accessKeys.csv".to_owned())),
        ("copy", Dialog::copy(["The secret access key", "The access key ID"].into_iter())),
        ("reveal", Dialog::reveal()),
        ("remove_policy", Dialog::remove_policy("ReadTeamLogs (managed)")),
        ("dry_run", Dialog::dry_run(vec!["A script for the AWS CLI", "Terraform"], vec![])),
        ("listing", Dialog::listing("bob.sh".to_owned(), "aws iam create-user --user-name=bob\n".repeat(3))),
        (
            "unsaved",
            Dialog::unsaved("The secret access key was not saved", words("It can't be seen again."), (true, true, false)),
        ),
    ];
    let mut talk = Talk::practice();
    talk.settle(&practice);
    for (name, question) in questions {
        talk.app.dialog = Some(question);
        keep(&talk, &format!("question_{name}"));
        // A question about a run is over where none is under way.
        if name == "stop" {
            continue;
        }
        // Its size stays while the person goes through its fields.
        let size = |talk: &Talk| {
            let screen = talk.screen(100, 30);
            let frame = |corner: char| screen.lines().position(|line| line.contains(corner));
            (frame('┌'), frame('└'))
        };
        let before = size(&talk);
        let fields = talk.app.dialog.as_ref().map_or(0, |open| open.form.fields.len());
        for _ in 1..fields {
            talk.press(&[Key::Tab]);
            assert_eq!(size(&talk), before, "{name}:\n{}", talk.screen(100, 30));
        }
        // Help stands in front of it, and it stands there again.
        let title = talk.app.dialog.as_ref().unwrap().title.clone();
        talk.press(&[Key::F(1)]);
        let help = talk.screen(100, 30);
        assert!(help.contains("Closing it answers nothing.") && help.contains("Close"), "{name}:\n{help}");
        talk.back();
        assert_eq!(talk.app.dialog.as_ref().map(|open| open.title.clone()), Some(title), "{name}");
    }
}

#[test]
fn a_key_for_a_user_that_exists() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.choose("What to do", "Add an access key to a user");
    talk.go_on();
    talk.settle(&practice);
    keep_but(&talk, "existing_user", &[]);
}

#[test]
fn the_users_and_one_of_them() {
    let practice = practice();
    let mut talk = at_users(&practice);
    keep_but(&talk, "users", &["credential report of"]);
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    keep_but(&talk, "user_page", &["Created", "last sign-in"]);
}

#[test]
fn a_key_that_is_given_up_and_a_password_that_is_taken_away() {
    let practice = practice();
    practice.with_account(|account| drop(account.create_access_key("build-server").unwrap().clone()));
    let mut talk = at_users(&practice);
    talk.press(&[Key::Down, Key::Enter]);
    talk.settle(&practice);
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    talk.go_on();
    keep_but(&talk, "give_up", &[]);
    let mut talk = at_users(&practice);
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    talk.press(&[Key::Down, Key::Down, Key::Enter]);
    talk.settle(&practice);
    talk.go_on();
    talk.choose("Console access", "Take console access away");
    talk.fill("The user's name", "amara");
    keep_but(&talk, "console_access", &[]);
    talk.go_on();
    talk.settle(&practice);
    keep_but(&talk, "console_access_review", &[]);
}

/// A key is rotated: whose it is, what is asked, every step, the end.
#[test]
fn a_rotation() {
    let practice = practice();
    let mut talk = Talk::practice_with_profile();
    talk.settle(&practice);
    talk.choose("What to do", "Rotate an access key");
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(&practice);
    talk.choose("User", "build-server");
    talk.go_on();
    talk.settle(&practice);
    keep_but(&talk, "rotation", &[]);
    talk.go_on_to("Review");
    talk.settle(&practice);
    keep_but(&talk, "rotation_review", &[]);
    talk.enter_on("Rotate the key of build-server");
    talk.settle(&practice);
    keep_but(&talk, "rotation_done", &["AKIA"]);
}

#[test]
fn a_revocation() {
    let practice = practice();
    let mut talk = Talk::practice_with_profile();
    talk.settle(&practice);
    talk.choose("What to do", "Revoke a user's access");
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(&practice);
    talk.choose("User", "amara");
    talk.go_on();
    talk.settle(&practice);
    talk.fill("The user's name", "amara");
    keep_but(&talk, "revocation", &[]);
    talk.go_on_to("Review");
    talk.settle(&practice);
    keep_but(&talk, "revocation_review", &[]);
    talk.enter_on("Revoke the access of amara");
    talk.answer("Go on anyway");
    talk.settle(&practice);
    keep_but(&talk, "revocation_done", &[]);
}

#[test]
fn a_key_that_was_found() {
    let practice = practice();
    let mut talk = Talk::practice_with_profile();
    talk.settle(&practice);
    talk.choose("What to do", "Deactivate a key that was found in the open");
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.fill("Access key ID", iamwalk::practice::OLD_KEY.1);
    talk.settle(&practice);
    keep_but(&talk, "found_key", &[]);
    talk.go_on_to("Review");
    talk.settle(&practice);
    keep_but(&talk, "found_key_review", &[]);
}

/// The page at every size, without the lines that a clock changes.
fn keep_but(talk: &Talk, name: &str, clocked: &[&str]) {
    for (width, height) in SIZES {
        let screen = talk.screen(width, height);
        let lines = screen.lines().filter(|line| !clocked.iter().any(|words| line.contains(words)));
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), lines.collect::<Vec<_>>().join("\n"));
        words_have_no_colour(talk, (width, height));
        look_at(name, (width, height), &bytes_of(talk, (width, height)));
    }
}

/// What Review has found is counted at its button, where the blocks are scrolled out of sight.
#[test]
fn findings_are_seen_with_the_button() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.settle(&practice);
    talk.tick_rows("Attach policies directly", 9);
    talk.fill("Create group", "Auditors");
    talk.go_on_to("Review");
    talk.settle(&practice);
    let screen = talk.screen(80, 24);
    assert!(screen.contains("› [ Create user bob ]") && screen.contains("▲") && screen.contains("↑ 1 warning"), "{screen}");
}
