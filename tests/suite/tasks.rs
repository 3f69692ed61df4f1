//! Tasks by their pages: what can be done is chosen at the start, and rail, review and run follow from it.

use iamwalk::app::event::{Event, Key};

use super::support::app::{Talk, saved};
use super::support::practice;
use super::support::terminal::squeezed;

const ADD_KEY: &str = "Add an access key to a user";

fn shows(talk: &Talk, text: &str) {
    let screen = talk.screen(100, 30);
    assert!(screen.contains(text) || squeezed(&screen).contains(text), "no “{text}” in:\n{screen}");
}

/// On the list of users, for a key.
fn at_users(practice: &iamwalk::practice::Practice) -> Talk {
    let mut talk = Talk::practice();
    talk.settle(practice);
    talk.choose("What to do", ADD_KEY);
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(practice);
    talk
}

#[test]
fn a_key_is_added_by_pages() {
    let practice = practice();
    let mut talk = at_users(&practice);
    for word in ["✓ Walkthrough", "› User", "Access", "Review", "Add key", "Hand-over"] {
        shows(&talk, word);
    }
    assert!(!talk.screen(100, 30).contains("Permissions"), "a key changes no permission");
    // Nobody is chosen by pressing Enter on a list that nobody touched.
    talk.go_on();
    shows(&talk, "✗ Choose a user with Space.");
    talk.choose("User", "build-server");
    talk.go_on();
    talk.choose("Use case", "Application running outside AWS");
    talk.tick("I understand");
    talk.fill("Description tag value", "runner 7");
    talk.go_on_to("Review");
    talk.settle(&practice);
    // What is known of the user before the first call, and each call.
    shows(&talk, "· The user has a key already: AKIA");
    shows(&talk, "1. Create an access key for build-server");
    shows(&talk, "2. Describe the access key (a tag on the user)");
    talk.enter_on("Add a key to build-server");
    talk.settle(&practice);
    shows(&talk, "build-server has a new access key.");
    shows(&talk, "arn:aws:iam::111122223333:user/machines/build-server");
    practice.with_account(|account| {
        let user = account.user("build-server").unwrap();
        assert_eq!(user.keys.len(), 2);
        assert_eq!(user.tags.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["continuous integration", "runner 7"]);
    });
}

/// Whoever goes to another row is not carried on with the one that was chosen before.
#[test]
fn enter_takes_the_row_that_the_person_went_to() {
    let practice = practice();
    let mut talk = at_users(&practice);
    talk.choose("User", "amara");
    talk.press(&[Key::Down]);
    shows(&talk, "Enter choose build-server");
    talk.press(&[Key::Enter]);
    shows(&talk, "(•) build-server");
    shows(&talk, "Enter continue");
}

#[test]
fn a_user_with_two_keys_gives_one_up_and_one_in_use_only_by_its_id() {
    let practice = practice();
    let unused = practice.with_account(|account| account.create_access_key("build-server").unwrap().id.clone());
    let mut talk = at_users(&practice);
    talk.choose("User", "build-server");
    talk.settle(&practice);
    talk.go_on();
    shows(&talk, "› Key to give up");
    let used = practice.with_account(|account| account.user("build-server").unwrap().keys[0].id.clone());
    let words = |id: &str| talk_line(&talk, id);
    let (of_used, of_unused) = (words(&used), words(&unused));
    assert!(of_used.contains("412 days old, last used 3 days ago") && of_unused.contains("never used"), "{of_used}{of_unused}");
    // The one in use asks for its ID, and another word is none.
    talk.choose("Key to give up", &format!("{used} (active, 412 days old, last used 3 days ago)"));
    talk.fill("Its ID", "yes");
    talk.go_on();
    shows(&talk, "✗ Type the ID of");
    talk.fill("Its ID", &used);
    talk.go_on();
    talk.want_cli_key();
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, &format!("! Can't be undone: {used}"));
    shows(&talk, &format!("Deactivate the access key {used}"));
    shows(&talk, &format!("Delete the access key {used}"));
    talk.enter_on("Add a key to build-server");
    // What can't be undone is asked about once more.
    talk.answer("Go on anyway");
    talk.settle(&practice);
    let keys = practice.with_account(|account| account.user("build-server").unwrap().keys.clone());
    assert!(keys.iter().any(|key| key.id == unused && key.active) && keys.iter().all(|key| key.id != used));
    assert_eq!(keys.len(), 2);
}

/// The line of the screen that names this.
fn talk_line(talk: &Talk, words: &str) -> String {
    talk.screen(100, 30).lines().find(|line| line.contains(words)).unwrap_or_default().to_owned()
}

#[test]
fn a_taken_name_offers_a_key_for_its_user() {
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.settle(&practice);
    talk.fill("User name", "AMARA");
    talk.go_on();
    // As the account spells it; the harmless answer is the first.
    shows(&talk, "This account already has the user “amara”.");
    talk.go_on();
    shows(&talk, "› User name  AMARA");
    talk.go_on();
    talk.answer("Add an access key to it");
    talk.settle(&practice);
    shows(&talk, "› (•) amara");
    shows(&talk, "Add key");
    talk.go_on();
    shows(&talk, "What the new access key is for.");
    // And back to the start, where the task can be changed again.
    talk.back();
    talk.back();
    shows(&talk, ADD_KEY);
    talk.choose("What to do", "Create a user");
    talk.go_to("Walkthrough");
    talk.go_on();
    shows(&talk, "Up to 64 characters");
    shows(&talk, "Permissions");
}

/// A walkthrough fills in the pages of whichever task it is followed for.
#[test]
fn a_walkthrough_guides_another_task() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.choose("What to do", ADD_KEY);
    talk.choose("Walkthrough", "admin-user");
    talk.go_on();
    talk.settle(&practice);
    // It names a user whom the account does not have.
    talk.go_on();
    shows(&talk, "✗ The account has no user admin-user. Choose another.");
    talk.choose("User", "amara");
    talk.go_on();
    shows(&talk, "Use case  Command Line Interface (CLI)");
}

#[test]
fn practice_goes_on_from_the_hand_over() {
    let practice = practice();
    let mut talk = Talk::handed_over(&practice);
    talk.settle(&practice);
    talk.act("Back to the first page");
    // A key that nobody has is asked about first, wherever the person goes.
    shows(&talk, "The secret access key was not saved");
    talk.answer("Delete the key, then go back");
    talk.settle(&practice);
    assert!(talk.left.is_none());
    shows(&talk, "› Walkthrough");
    // The account is the same, and looked up again: the user of before is there.
    talk.choose("What to do", ADD_KEY);
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(&practice);
    talk.choose("User", "bob");
    talk.go_on();
    talk.want_cli_key();
    talk.go_on_to("Review");
    talk.settle(&practice);
    talk.enter_on("Add a key to bob");
    talk.settle(&practice);
    shows(&talk, "bob has a new access key.");
    practice.with_account(|account| assert_eq!(account.user("bob").unwrap().keys.len(), 1, "the first was deleted"));
}

#[test]
fn the_card_leaves_the_program_although_the_way_back_was_chosen_before() {
    let practice = practice();
    let mut talk = Talk::handed_over(&practice);
    talk.act("Back to the first page");
    talk.answer("Stay");
    talk.tell(saved("bob"));
    talk.tell(Event::OnCard(Key::Ctrl('c')));
    assert!(talk.left.is_some(), "{}", talk.screen(100, 30));
}

/// From the list of users to a rotation, and what the pages refuse.
#[test]
fn a_key_is_rotated_by_pages() {
    let practice = practice();
    let mut talk = Talk::practice_with_profile();
    talk.settle(&practice);
    talk.choose("What to do", "Rotate an access key");
    for word in ["Rotation", "Review", "Rotate", "Hand-over"] {
        shows(&talk, word);
    }
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(&practice);
    // Nothing is to be rotated of who has no key.
    talk.choose("User", "amara");
    talk.go_on();
    talk.settle(&practice);
    talk.go_on();
    shows(&talk, "amara has no access key to replace.");
    talk.back();
    talk.choose("User", "build-server");
    talk.go_on();
    talk.settle(&practice);
    shows(&talk, "(•) Deactivate it now, delete it later");
    // What can't be had back is agreed to by the key's id.
    talk.choose("The old key", "Deactivate and delete it now");
    talk.go_on();
    talk.go_on();
    shows(&talk, "Type AKIAPRACTICEOLDKEY00 to agree");
    talk.fill("ID of the old key", "AKIAPRACTICEOLDKEY00");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Can't be undone: AKIAPRACTICEOLDKEY00 is deleted at the end.");
    talk.enter_on("Rotate the key of build-server");
    talk.answer("Go on anyway");
    talk.settle(&practice);
    shows(&talk, "build-server has a new access key in place of the old one.");
    let ids = practice
        .with_account(|account| account.user("build-server").unwrap().keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>());
    assert_eq!(talk.profiles(), [("work".to_owned(), Some(ids[0].clone()))]);
    assert_eq!(ids.len(), 1);
}

/// A key that something else has used since yesterday is left active, unless its id is typed.
#[test]
fn a_key_that_is_in_use_elsewhere_is_left_active() {
    let practice = practice();
    practice.with_account(|account| {
        let now = account.now;
        let server = account.users.get_mut("build-server").unwrap();
        server.keys[0].last_used = Some((now - 3600, "s3".to_owned(), "eu-central-1".to_owned()));
    });
    let mut talk = Talk::practice_with_profile();
    talk.settle(&practice);
    talk.choose("What to do", "Rotate an access key");
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(&practice);
    talk.choose("User", "build-server");
    talk.go_on();
    talk.settle(&practice);
    shows(&talk, "(•) Leave it active for now");
    shows(&talk, "It was used since yesterday, by s3");
    talk.choose("The old key", "Deactivate it now, delete it later");
    talk.go_on();
    talk.go_on();
    shows(&talk, "Type AKIAPRACTICEOLDKEY00 to agree");
    talk.choose("The old key", "Leave it active for now");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Later: Deactivate the access key AKIAPRACTICEOLDKEY00");
    talk.enter_on("Rotate the key of build-server");
    talk.settle(&practice);
    shows(&talk, "The old key AKIAPRACTICEOLDKEY00 still works.");
    practice.with_account(|account| assert!(account.user("build-server").unwrap().keys.iter().all(|key| key.active)));
}
