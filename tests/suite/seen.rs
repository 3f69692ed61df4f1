//! Nothing is done blind: a key acts on what the person sees, and a text that comes as keys acts on nothing.

use std::thread;
use std::time::Duration;

use iamwalk::app::effect::Effect;
use iamwalk::app::event::Event;
use iamwalk::domain::facts::{LookupResult, Question};

use super::support::app::Talk;
use super::support::practice;
use super::support::terminal::Terminal;

const ENTER: &str = "\r";

/// Practice up to Permissions, for a user bob.
fn at_permissions(home: &tempfile::TempDir, size: (u16, u16)) -> Terminal {
    let mut terminal = Terminal::start(&["--practice"], home.path(), &[], size);
    terminal.at("(•) plain", ENTER);
    terminal.at("› User name", "bob");
    terminal.at("“bob” is free.", ENTER);
    terminal.at("› Use case", ENTER);
    terminal.at("(•) Command Line Interface (CLI)", ENTER);
    terminal.at("› [ ] I understand", " ");
    terminal.at("[x] I understand", ENTER);
    terminal.wait("› [ ] Auditors");
    terminal
}

/// The same up to Review.
fn at_review(home: &tempfile::TempDir) -> Terminal {
    let mut terminal = at_permissions(home, (100, 30));
    terminal.at("› [ ] Auditors", ENTER);
    terminal.at("› Key 1", ENTER);
    terminal.wait("[ Create user bob ]");
    terminal
}

/// What was pressed has had its time.
fn settle() {
    thread::sleep(Duration::from_millis(500));
}

#[test]
fn on_the_card_keys_do_nothing_and_ctrl_c_leaves() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_review(&home);
    terminal.resize(40, 10);
    terminal.wait("Too small");
    for key in [ENTER, " ", "y", ENTER, "d", "\x1b"] {
        terminal.keys(key);
        settle();
    }
    terminal.resize(100, 30);
    terminal.wait("[ Create user bob ]");
    assert!(!terminal.screen().contains("Access key ID"), "{}", terminal.screen());
    terminal.resize(40, 10);
    terminal.at("Too small", "\x03");
    assert_eq!(terminal.end(), 130);
}

#[test]
fn on_the_card_a_key_is_not_lost_by_one_press() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_review(&home);
    terminal.keys(ENTER);
    terminal.wait("✓ yes, as arn:aws:iam::111122223333:user/bob");
    terminal.resize(40, 10);
    terminal.at("A key is not saved.", "\x03");
    terminal.wait("once more");
    terminal.resize(100, 30);
    terminal.wait("Access key ID");
    // Back on the card it starts over once something else was pressed; and two presses delete the key.
    terminal.keys("\x1b[B");
    settle();
    terminal.resize(40, 10);
    terminal.wait("twice more");
    terminal.keys("\x03");
    terminal.at("once more", "\x03");
    // The user remains, and is reported.
    assert_eq!(terminal.end(), 3);
    assert!(terminal.screen().contains("deleted"), "{}", terminal.screen());
}

#[test]
fn a_text_that_comes_as_keys_presses_nothing_on_review_or_in_the_hand_over() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_review(&home);
    for text in ["ticket 4711: please create\r", "\r\r\r", "dwyes\r\r"] {
        terminal.keys(text);
        settle();
        assert!(terminal.screen().contains("[ Create user bob ]"), "{text:?}\n{}", terminal.screen());
    }
    terminal.keys(ENTER);
    terminal.wait("✓ yes, as arn:aws:iam::111122223333:user/bob");
    for text in ["secret: s\r", "sss", "d\r\r\r"] {
        terminal.keys(text);
        settle();
        assert!(!terminal.screen().contains("✓ Saved as profile"), "{text:?}\n{}", terminal.screen());
    }
    terminal.keys("s");
    terminal.wait("✓ Saved as profile “bob”");
}

#[test]
fn what_is_scrolled_away_is_not_pressed() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_review(&home);
    terminal.resize(80, 20);
    settle();
    terminal.wait("[ Create user bob ]");
    terminal.keys("\x1b[5~");
    terminal.keys("\x1b[5~");
    terminal.wait_gone("[ Create user bob ]");
    terminal.keys(ENTER);
    terminal.wait("[ Create user bob ]");
    settle();
    assert!(!terminal.screen().contains("Access key ID "), "{}", terminal.screen());
    terminal.keys(ENTER);
    terminal.wait("Secret access key");
}

#[test]
fn alt_sequences_are_not_typed() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["--practice"], home.path(), &[], (100, 30));
    terminal.at("(•) plain", ENTER);
    terminal.at("› User name", "bob");
    terminal.wait("“bob” is free.");
    for sequence in ["\x1bb", "\x1bf", "\x1bd"] {
        terminal.keys(sequence);
        settle();
    }
    assert!(terminal.screen().contains("“bob” is free."), "{}", terminal.screen());
}

#[test]
fn enter_ticks_only_the_policy_that_it_names() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_permissions(&home, (120, 34));
    terminal.keys("\t");
    for _ in 0..6 {
        settle();
        if terminal.screen().contains("› Policies") || terminal.screen().contains("› Attach policies") {
            break;
        }
        terminal.keys("\t");
    }
    terminal.keys("ec2 full");
    terminal.at("Filter: ec2 full", ENTER);
    settle();
    // The filter has ended, and nothing is ticked.
    terminal.keys(ENTER);
    terminal.wait("✗ Nothing is ticked");
    assert!(!terminal.screen().contains("[x] "), "{}", terminal.screen());
    terminal.keys("\x1b[B");
    settle();
    terminal.keys("\x1b[A");
    settle();
    terminal.wait(" Enter tick ");
    let screen = terminal.screen();
    let named = screen.split(" Enter tick ").last().unwrap().split_whitespace().next().unwrap().to_owned();
    terminal.keys(ENTER);
    terminal.wait(&format!("[x] {}", named.split('…').next().unwrap()));
    assert_eq!(terminal.screen().matches("[x] ").count(), 1, "{}", terminal.screen());
}

#[test]
fn the_practice_folder_goes_unless_something_was_saved_in_it() {
    let scratches = |home: &tempfile::TempDir| {
        let entries = std::fs::read_dir(home.path()).unwrap().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("iamwalk-practice")).count()
    };
    for (saves, left) in [(false, 0), (true, 1)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = at_review(&home);
        assert_eq!(scratches(&home), 1, "it begins with a profile");
        terminal.keys(ENTER);
        terminal.wait("✓ yes, as arn:aws:iam::111122223333:user/bob");
        if saves {
            terminal.keys("s");
            terminal.wait("✓ Saved as profile “bob”");
            // The saved profile is proven again.
            settle();
            terminal.at("✓ yes, as arn:aws:iam::111122223333:user/bob", "d");
        } else {
            terminal.keys("\x1b");
            terminal.at("› Stay", "\x1b[B");
            terminal.at("› Save the key as a profile, then leave", "\x1b[B");
            terminal.at("› Delete the key, then leave", ENTER);
        }
        terminal.end();
        assert_eq!(scratches(&home), left, "{}", terminal.screen());
        assert_eq!(terminal.screen().contains("The files of practice are in"), saves, "{}", terminal.screen());
    }
}

#[test]
fn lists_are_fetched_again_where_one_looks_at_them() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_permissions(&home, (100, 30));
    for _ in 0..3 {
        terminal.keys("\x1b[15~");
        settle();
    }
    terminal.wait("› [ ] Auditors");
    assert_eq!(terminal.screen().matches("[ ] Auditors").count(), 1, "{}", terminal.screen());
}

#[test]
fn keys_that_come_at_once_close_and_remove_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_review(&home);
    terminal.keys("\x1b[3~\x1b[3~\x1b[3~");
    terminal.keys("\x1b[B\x1b[B\x1b[B\x1b[A\x1b[A\x1b[A");
    settle();
    terminal.wait("[ Create user bob ]");
}

#[test]
fn a_list_that_is_still_arriving_is_not_fetched_a_second_time() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.settle(&practice);
    talk.fetch_again();
    // The first page is here; the rest of it, and the second F5's, are not.
    let epoch = talk.app.context.sign_in.epoch;
    let page = LookupResult::Groups(vec!["Auditors".to_owned()]);
    talk.tell(Event::Learned { epoch, question: Question::Groups, answer: Ok(page) });
    talk.open.retain(|effect| !matches!(effect, Effect::Lookup { question: Question::Groups, .. }));
    talk.fetch_again();
    assert!(!talk.open.iter().any(|effect| matches!(effect, Effect::Lookup { question: Question::Groups, .. })));
    talk.tell(Event::Learned { epoch, question: Question::Groups, answer: Ok(LookupResult::End) });
    assert_eq!(talk.screen(100, 30).matches("[ ] Auditors").count(), 1, "{}", talk.screen(100, 30));
    // Once it is whole, F5 fetches it again.
    talk.fetch_again();
    assert!(talk.open.iter().any(|effect| matches!(effect, Effect::Lookup { question: Question::Groups, .. })));
}
