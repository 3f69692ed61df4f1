//! Tasks by their pages: what can be done is chosen at the start, and rail, review and run follow from it.

use iamwalk::app::Phase;
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
    shows(&talk, "✗ Choose with Space who gets the key.");
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

#[test]
fn a_user_with_two_keys_is_refused_on_the_review() {
    let practice = practice();
    practice.with_account(|account| drop(account.create_access_key("build-server").unwrap().clone()));
    let mut talk = at_users(&practice);
    talk.choose("User", "build-server");
    talk.go_on();
    talk.want_cli_key();
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "✗ build-server has 2 access keys, IAM's limit");
    talk.enter_on("Add a key to build-server");
    talk.settle(&practice);
    shows(&talk, "this has to be changed first");
    assert!(matches!(talk.app.phase, Phase::Reviewing(_)));
    // Enter opens the page of what is wrong.
    talk.go_on();
    shows(&talk, "› (•) build-server");
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
