//! Answers that were not sent: kept at every turn of a page, offered at the next start, gone with the first call; never a secret.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use iamwalk::app::Phase;
use iamwalk::domain::caller::Source;
use iamwalk::domain::unsent::Unsent;
use iamwalk::practice::Practice;
use iamwalk::services::unsent::UnsentFile;
use proptest::prelude::*;

use super::support::app::Talk;
use super::support::terminal::{Terminal, squeezed};
use super::support::{moto, practice};

fn shows(talk: &Talk, text: &str) {
    let screen = talk.screen(100, 40);
    assert!(screen.contains(text) || squeezed(&screen).contains(text), "no “{text}” in:\n{screen}");
}

/// The conversation with the practice account in the place of AWS.
fn started(practice: &Practice, kept: Option<Unsent>) -> Talk {
    let mut talk = Talk::open(Source::Chain);
    talk.kept = kept;
    talk.settle(practice);
    talk
}

/// From the first page to the review, with something on every page.
fn at_review(practice: &Practice) -> Talk {
    let mut talk = started(practice, None);
    talk.go_on();
    talk.fill("User name", "bob");
    talk.fill("Path", "/team/");
    talk.go_on();
    talk.choose("Use case", "Third-party service");
    talk.tick("I understand");
    talk.fill("Description tag value", "laptop");
    talk.go_on();
    talk.settle(practice);
    talk.tick_row("Add user to group", "Operators");
    talk.filter("Attach policies directly", "readonlyaccess");
    talk.tick_row("Attach policies directly", "AmazonS3ReadOnlyAccess");
    talk.go_on_to("Tags");
    talk.fill("Key 1", "cost");
    talk.fill("Value", "7");
    talk.fill("Key 2", "owner");
    talk.go_on_to("Review");
    talk.settle(practice);
    talk
}

fn review(talk: &Talk) -> Vec<Vec<String>> {
    let Phase::Reviewing(reviewing) = &talk.app.phase else { panic!("not on the review:\n{}", talk.screen(100, 40)) };
    reviewing.blocks(&talk.app.context).into_iter().map(|block| block.lines).collect()
}

#[test]
fn the_next_start_goes_on_where_the_person_left() {
    let practice = practice();
    let talk = at_review(&practice);
    let blocks = review(&talk);
    let mut next = started(&practice, talk.kept);
    shows(&next, "You filled in pages for the new user bob (walkthrough plain).");
    next.answer("Go on with them");
    next.settle(&practice);
    assert_eq!(review(&next), blocks, "everything is as it was answered");
    // With the first call there is nothing to offer any more.
    assert!(next.kept.is_some());
    next.create();
    next.settle(&practice);
    assert!(next.kept.is_none());
}

#[test]
fn a_start_in_the_middle_goes_on_at_the_open_page() {
    let practice = practice();
    let mut talk = started(&practice, None);
    talk.choose("Walkthrough", "admin-user");
    talk.go_on();
    talk.fill("User name", "carol");
    talk.go_on();
    talk.settle(&practice);
    let mut next = started(&practice, talk.kept.clone());
    next.answer("Go on with them");
    next.settle(&practice);
    shows(&next, "› Access");
    shows(&next, "Use case  Command Line Interface (CLI)");
    next.back();
    shows(&next, "› User name  carol");
    // Discarded, they are not offered again.
    let mut other = started(&practice, talk.kept);
    other.answer("Discard them");
    other.settle(&practice);
    assert!(other.kept.is_none());
    shows(&other, "› Walkthrough");
}

#[test]
fn no_secret_is_kept_and_none_of_practice() {
    let practice = practice();
    let mut talk = started(&practice, None);
    talk.go_on();
    talk.fill("User name", "bob");
    talk.go_on();
    talk.untick("Access key");
    talk.tick("Provide user access");
    talk.choose("Console password", "Custom password");
    talk.fill("Custom password", "Own-pass-word-1!");
    talk.go_on_to("Permissions");
    talk.settle(&practice);
    let kept = serde_json::to_string(talk.kept.as_ref().unwrap()).unwrap();
    assert!(kept.contains("bob") && !kept.contains("Own-pass-word-1!"), "{kept}");
    // The password is what the person is asked for again.
    let mut next = started(&practice, talk.kept);
    next.answer("Go on with them");
    next.settle(&practice);
    shows(&next, "› Access");
    let mut tried = Talk::practice();
    tried.review(&practice, "bob");
    assert!(tried.kept.is_none(), "practice is for trying");
}

fn kept(practice: &Practice) -> Unsent {
    at_review(practice).kept.unwrap()
}

#[test]
fn the_file_is_its_owners_and_lasts_seven_days() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("iamwalk/unsent.json");
    let (file, unsent) = (UnsentFile::at(&path), kept(&practice()));
    assert_eq!(file.read(), None);
    file.keep(&unsent);
    file.keep(&unsent);
    assert_eq!(file.read().as_ref(), Some(&unsent));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    let days = |days: u64| SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
    File::options().write(true).open(&path).unwrap().set_modified(days(6)).unwrap();
    assert_eq!(file.read().as_ref(), Some(&unsent));
    File::options().write(true).open(&path).unwrap().set_modified(days(8)).unwrap();
    assert_eq!(file.read(), None);
    assert!(!path.exists(), "what is too old is removed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stands in the file, nothing falls; and what can be read is put into the pages as if a person had typed it.
    #[test]
    fn any_file_is_answered(at in 0usize..4000, bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("unsent.json");
        let practice = practice();
        let mut text = serde_json::to_vec(&kept(&practice)).unwrap();
        let at = at.min(text.len());
        text.splice(at..(at + bytes.len()).min(text.len()), bytes);
        fs::write(&path, text).unwrap();
        if let Some(unsent) = UnsentFile::at(&path).read() {
            let mut talk = started(&practice, Some(unsent));
            if talk.app.dialog.is_some() {
                talk.answer("Go on with them");
                talk.settle(&practice);
            }
            let _ = talk.screen(100, 30);
        }
    }
}

/// The program is killed on a page: the next start offers what was answered.
#[test]
fn killed_on_a_page_nothing_is_lost() {
    let (server, home) = (moto::start(), tempfile::tempdir().unwrap());
    let environment = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];
    let start = || Terminal::start(&["--endpoint-url", &server.endpoint], home.path(), &environment, (100, 30));
    let mut terminal = start();
    terminal.wait("account 123456789012");
    terminal.at("(•) plain", "\r");
    terminal.at("› User name", "dora");
    terminal.at("“dora” is free.", "\r");
    terminal.wait("› Use case");
    drop(terminal);
    let mut terminal = start();
    terminal.wait("Answers that were not sent");
    terminal.at("› Go on with them", "\r");
    terminal.at("› Use case", "\x1b");
    terminal.wait("› User name  dora");
}
