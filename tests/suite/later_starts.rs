//! Later starts and ends in the middle, as conversations: what is offered, what is never done to others' things, what a signal
//! leaves.

use std::sync::Arc;

use iamwalk::app::Phase;
use iamwalk::app::creating::Course;
use iamwalk::app::effect::Effect;
use iamwalk::app::event::{Event, Signal, Wake};
use iamwalk::app::starting::Starting;
use iamwalk::app::tasks::create_user::TASK;
use iamwalk::domain::call::CallAnswer;
use iamwalk::domain::caller::Source;
use iamwalk::domain::journal::Run;
use iamwalk::domain::operation::Made;
use iamwalk::domain::record::Delivery;
use iamwalk::domain::record::End;
use iamwalk::domain::record::Record;
use iamwalk::domain::record::line;
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::walkthrough::Walkthrough;
use iamwalk::practice::Practice;
use iamwalk::practice::faults::{Trouble, Troubled};

use super::support::app::{Talk, saved};
use super::support::practice;

fn text(records: &[Record]) -> String {
    records.iter().map(|record| line(record).unwrap()).collect()
}

/// A run for bob (the group Auditors, a key) over this client, recorded, to where it rests.
fn recorded_run(practice: &Practice, script: impl Fn(&str, usize) -> Option<Trouble> + Send + Sync + 'static) -> Talk {
    let mut talk = Talk::creating(practice);
    // Practice is not recorded; here it is.
    let Phase::Creating(creating) = &talk.app.phase else { panic!("not creating") };
    let caller = "arn:aws:iam::111122223333:user/practice-admin";
    let beginning = iamwalk::domain::record::Beginning::of(creating.task.id, &creating.ledger, "111122223333", "aws", caller);
    talk.journal = vec![Record::Begun(iamwalk::domain::record::Beginning { run: "a-run".to_owned(), ..beginning })];
    talk.reconnect(Troubled::new(practice.clone(), script));
    talk.settle(practice);
    talk
}

/// The next start resumes the run of this journal.
fn next_start(journal: &[Record], practice: &Practice, course: Course) -> Talk {
    let run = Run::read(text(journal).as_bytes()).unwrap().unwrap();
    let mut talk = Talk::connected(practice.clone());
    talk.journal = journal.to_vec();
    talk.app.phase = Phase::LoadingRun(Box::new(Starting::new(&TASK, Arc::new(Walkthrough::plain()), None)));
    talk.tell(Event::Opened { course, answer: Ok(Box::new(run)) });
    talk
}

fn keys_of(practice: &Practice) -> Vec<String> {
    practice.with_account(|account| {
        account.user("bob").map_or_else(|_| vec![], |bob| bob.keys.iter().map(|key| key.id.clone()).collect())
    })
}

/// Somebody deleted the half-made user, and made another of the same name, with a key of theirs.
fn replace_bob(practice: &Practice) -> String {
    practice.with_account(|account| {
        account.users.remove("bob");
        account.groups.get_mut("auditors").unwrap().members.remove("bob");
        account.create_user("bob", "/", Vec::new()).unwrap();
        account.create_access_key("bob").unwrap().id.clone()
    })
}

#[test]
fn a_newer_user_of_the_same_name_is_neither_finished_nor_undone() {
    for course in [Course::Making, Course::Undoing] {
        let practice = practice();
        let talk = recorded_run(&practice, |action, _| (action == "CreateAccessKey").then_some(Trouble::Lost));
        let theirs = replace_bob(&practice);
        let mut talk = next_start(&talk.journal, &practice, course);
        talk.settle(&practice);
        let screen = talk.screen(120, 40);
        assert_eq!(keys_of(&practice), [theirs], "{course:?}\n{screen}");
        assert!(practice.with_account(|account| !account.groups["auditors"].members.contains("bob")), "{course:?}\n{screen}");
        if course == Course::Making {
            assert!(screen.contains("is not the one that this run made"), "{screen}");
        }
    }
}

/// Between two starts an administrator gave the user a key: it is not the one of the lost answer.
#[test]
fn a_key_that_somebody_made_later_is_left_alone() {
    let practice = practice();
    let talk = recorded_run(&practice, |action, _| (action == "CreateAccessKey").then_some(Trouble::Hang));
    assert!(keys_of(&practice).is_empty(), "the lost calls had no effect");
    let theirs = practice.with_account(|account| {
        let id = account.create_access_key("bob").unwrap().id.clone();
        account.users.get_mut("bob").unwrap().keys[0].created += 3600;
        id
    });
    let mut talk = next_start(&talk.journal, &practice, Course::Making);
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
    assert_eq!(keys_of(&practice).len(), 2);
    assert!(keys_of(&practice).contains(&theirs));
}

#[test]
fn what_can_not_be_proven_ours_is_named_and_not_called_nothing() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    let theirs = practice.clone();
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| {
        (action == "CreateUser" && earlier == 0).then(|| {
            theirs.with_account(|account| account.create_user("bob", "/theirs/", Vec::new()).map(drop)).unwrap();
            Trouble::Hang
        })
    }));
    talk.settle(&practice);
    let Phase::Creating(creating) = &talk.app.phase else { panic!("{}", talk.screen(100, 30)) };
    let remains = creating.ledger.remains();
    assert_eq!(remains.len(), 1);
    assert!(remains[0].doubt().contains("not proven to be of this run"), "{}", remains[0].doubt());
    assert_eq!(remains[0].command(""), "aws iam get-user --user-name=bob", "a command that only looks");
    assert!(!talk.journal.contains(&Record::Ended(End::Undone)));
}

/// A secret that nobody received can't be undone at first: finishing goes on from there, and does not turn into undo.
#[test]
fn finishing_is_tried_again_and_never_turns_into_undo() {
    let practice = practice();
    let talk = recorded_run(&practice, |_, _| None);
    let lost = keys_of(&practice);
    let denied = Trouble::Refused("AccessDenied", 403, "no");
    let mut talk = {
        let mut talk = next_start(&talk.journal, &practice, Course::Making);
        talk.reconnect(Troubled::new(practice.clone(), move |action, _| (action == "DeleteAccessKey").then_some(denied)));
        talk.settle(&practice);
        talk
    };
    let screen = talk.screen(120, 40);
    assert!(screen.contains("that nobody received is not deleted yet") && screen.contains("› Retry"), "{screen}");
    assert_eq!(keys_of(&practice), lost);
    talk.reconnect(practice.clone());
    talk.enter_on("Retry");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(120, 40));
    assert_eq!(keys_of(&practice).len(), 1);
    assert_ne!(keys_of(&practice), lost);
}

/// IAM does not show yet what was made a moment ago: undo looks again before it believes that it is gone.
#[test]
fn undo_does_not_take_a_lag_for_gone() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    let absent = Trouble::Refused("NoSuchEntity", 404, "The user with name bob cannot be found.");
    let denied = Trouble::Refused("AccessDenied", 403, "no");
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| match (action, earlier) {
        ("AddUserToGroup", _) => Some(denied),
        ("GetUser", 0 | 1) => Some(absent),
        _ => None,
    }));
    talk.settle(&practice);
    talk.undo(&practice);
    talk.settle(&practice);
    assert!(practice.with_account(|account| account.user("bob").is_err()), "{}", talk.screen(100, 30));
}

#[test]
fn a_terminal_that_goes_away_in_several_ways_is_one_hang_up() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    for _ in 0..3 {
        talk.tell(Event::Signal(Signal::HangUp));
    }
    assert!(talk.left.is_none(), "what is under way is still awaited");
    talk.settle(&practice);
    assert_eq!(talk.left.as_ref().unwrap().code, 129);
    // Impatience is something else.
    let mut talk = Talk::practice();
    talk.review(&practice, "ann");
    talk.create();
    talk.tell(Event::Signal(Signal::Interrupt));
    talk.tell(Event::Signal(Signal::Interrupt));
    assert!(talk.left.is_some());
}

#[test]
fn a_signal_during_undo_ends_with_the_call_under_way() {
    let practice = practice();
    let talk = recorded_run(&practice, |_, _| None);
    let mut talk = next_start(&talk.journal, &practice, Course::Undoing);
    talk.settle(&practice);
    talk.answer("Undo all this");
    talk.tell(Event::Signal(Signal::Terminate));
    assert!(talk.left.is_none());
    let step = StepId(2);
    talk.tell(Event::Answered { step, sent: None, answer: CallAnswer::Undone(Ok(())) });
    assert_eq!(talk.left.as_ref().expect("at once, not after the time limit").code, 143);
}

#[test]
fn what_another_program_has_ended_meanwhile_is_not_gone_on_with() {
    let practice = practice();
    let talk = recorded_run(&practice, |_, _| None);
    let mut journal = talk.journal.clone();
    journal.push(Record::Ended(End::Undone));
    let mut talk = next_start(&journal, &practice, Course::Making);
    assert!(matches!(talk.app.phase, Phase::Starting(_)));
    let screen = talk.screen(100, 30);
    assert!(screen.contains("has ended this run in the meantime"), "{screen}");
    talk.enter_on("Close");
    assert!(talk.app.dialog.is_none());
}

/// While the person is asked whether to stop, nothing new starts.
#[test]
fn the_question_whether_to_stop_holds_the_run() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    talk.back();
    assert!(talk.screen(100, 30).contains("Stop here?"));
    talk.settle(&practice);
    assert!(practice.with_account(|account| account.user("bob").is_ok()), "what was under way is through");
    assert!(keys_of(&practice).is_empty() && talk.screen(100, 30).contains("Stop here?"), "{}", talk.screen(100, 30));
    talk.enter_on("Go on");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "“Go on” goes on");
}

/// The key is handed over while the description, which may be left out, is still tried.
#[test]
fn the_secret_does_not_wait_for_the_description() {
    let practice = practice();
    let mut talk = Talk::making_a_described_key(&practice);
    let busy = Trouble::Refused("ConcurrentModification", 409, "x");
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| (action == "TagUser" && earlier < 3).then_some(busy)));
    for _ in 0..50 {
        let waits = |effect: &Effect| matches!(effect, Effect::WakeIn(_, Wake::Resume(_)));
        if matches!(talk.app.phase, Phase::HandingOver(_)) && talk.open.iter().any(waits) {
            // It is handed over while the description waits; who leaves now is reported.
            let screen = talk.screen(100, 40);
            assert!(screen.contains("… Not done yet: Describe the access key"), "{screen}");
            assert!(screen.contains("IAM is changing it just now, trying again in"), "{screen}");
            talk.tell(saved("bob"));
            talk.act("Done");
            let screen = talk.screen(100, 40);
            assert!(screen.contains("The key's description is not set yet"), "{screen}");
            talk.enter_on("Stay");
            talk.settle(&practice);
            let bob = practice.with_account(|account| account.user("bob").unwrap().clone());
            assert!(bob.tags.iter().any(|tag| tag.key == bob.keys[0].id && tag.value == "laptop"));
            assert!(!talk.screen(100, 40).contains("Not done yet"));
            return;
        }
        talk.step(&practice);
    }
    panic!("{}", talk.screen(100, 30));
}

#[test]
fn a_key_that_was_shown_is_kept_unless_the_person_wants_a_new_one() {
    let practice = practice();
    let mut talk = recorded_run(&practice, |_, _| None);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)));
    talk.journal.push(Record::Delivered(StepId(2), Delivery::KeyShown));
    let shown = keys_of(&practice);
    let mut run = Run::read(text(&talk.journal).as_bytes()).unwrap().unwrap();
    let dialog = iamwalk::app::dialog::Dialog::unfinished(run.clone(), None);
    assert!(dialog.words.iter().any(|words| words.contains(&shown[0])), "the key is named: {:?}", dialog.words);
    assert!(dialog.choices.contains(&"Finish it, and keep the key"), "{:?}", dialog.choices);
    // Kept: nothing is deleted, and there is nothing left to hand over.
    run.keep_key();
    assert!(run.is_over());
    assert_eq!(keys_of(&practice), shown);
    // Made again.
    let mut talk = next_start(&talk.journal, &practice, Course::Making);
    talk.settle(&practice);
    assert_ne!(keys_of(&practice), shown);
    assert_eq!(keys_of(&practice).len(), 1);
    assert!(matches!(&talk.journal[..], [.., Record::Made(_, Made::Key { .. })]), "{:?}", talk.journal.last());
}

/// The same journal as if all of it had happened an hour ago.
fn an_hour_ago(journal: &[Record]) -> Vec<Record> {
    let older = |record: &Record| match record {
        Record::Clock(seconds) => Record::Clock(seconds - 3600),
        other => other.clone(),
    };
    journal.iter().map(older).collect()
}

#[test]
fn a_key_lost_in_a_later_start_is_found_by_that_starts_own_clock() {
    let practice = practice();
    let talk = recorded_run(&practice, |_, _| None);
    let first = keys_of(&practice);
    let mut talk = next_start(&an_hour_ago(&talk.journal), &practice, Course::Making);
    talk.reconnect(Troubled::new(practice.clone(), |action, earlier| {
        (action == "CreateAccessKey" && earlier == 0).then_some(Trouble::Lost)
    }));
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
    assert_eq!(keys_of(&practice).len(), 1, "the first, which nobody received, and the lost one are gone");
    assert_ne!(keys_of(&practice), first);
}

/// Nothing was lost before: a key that is there when this start's own call is lost is somebody else's.
#[test]
fn a_key_made_by_hand_between_two_starts_survives_a_lost_call_of_the_later_one() {
    let practice = practice();
    let talk =
        recorded_run(&practice, |action, _| (action == "AddUserToGroup").then_some(Trouble::Refused("AccessDenied", 403, "no")));
    let theirs = practice.with_account(|account| {
        let id = account.create_access_key("bob").unwrap().id.clone();
        account.users.get_mut("bob").unwrap().keys[0].created -= 3600;
        id
    });
    let mut talk = next_start(&an_hour_ago(&talk.journal), &practice, Course::Making);
    talk.reconnect(Troubled::new(practice.clone(), |action, earlier| {
        (action == "CreateAccessKey" && earlier == 0).then_some(Trouble::Hang)
    }));
    talk.settle(&practice);
    assert!(keys_of(&practice).contains(&theirs), "{}", talk.screen(100, 30));
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
}

#[test]
fn an_undo_that_was_killed_at_its_first_call_is_still_to_be_done() {
    let practice = practice();
    let talk = recorded_run(&practice, |_, _| None);
    let key = StepId(2);
    let mut journal = talk.journal.clone();
    let saved = Delivery::Saved { profile: "bob".to_owned(), file: "credentials".to_owned() };
    journal.extend([Record::Delivered(key, saved), Record::Ended(End::Finished), Record::Undoing(key)]);
    let run = Run::read(text(&journal).as_bytes()).unwrap().unwrap();
    assert!(!run.is_over() && run.is_half_undone(), "{}", run.state());
    let mut talk = next_start(&journal, &practice, Course::Undoing);
    talk.settle(&practice);
    talk.answer("Undo all this");
    talk.settle(&practice);
    assert!(practice.with_account(|account| account.user("bob").is_err()), "{}", talk.screen(100, 30));
}

#[test]
fn a_question_whether_to_stop_that_is_overtaken_holds_nothing_back() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    talk.back();
    assert!(talk.screen(100, 30).contains("Stop here?"));
    let denied = Trouble::Refused("AccessDenied", 403, "no");
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| {
        (action == "CreateUser" && earlier == 0).then_some(denied)
    }));
    talk.settle(&practice);
    assert!(talk.app.dialog.is_none(), "the run has stopped by itself");
    talk.reconnect(practice.clone());
    talk.enter_on("Retry");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
}

/// A rotation that left the old key for later, as its journal tells it; it is due.
fn rotated(practice: &Practice) -> (Talk, Run) {
    let mut talk = Talk::with_profile(Source::Chain);
    talk.settle(practice);
    talk.choose("What to do", "Rotate an access key");
    talk.go_to("Walkthrough");
    talk.go_on();
    talk.settle(practice);
    talk.choose("User", "build-server");
    talk.go_on();
    talk.settle(practice);
    talk.go_on_to("Review");
    talk.settle(practice);
    talk.enter_on("Rotate the key of build-server");
    talk.settle(practice);
    talk.press(&[iamwalk::app::event::Key::Char('d')]);
    talk.settle(practice);
    assert!(!talk.journal.contains(&Record::Ended(End::Finished)), "it is not over");
    let journal = talk.journal.clone();
    let due = journal.iter().map(|record| match record {
        Record::Begun(own) => {
            let week = own.due.unwrap() - practice.with_account(|account| account.now);
            assert!((6 * 86_400..=7 * 86_400).contains(&week), "{week}");
            Record::Begun(iamwalk::domain::record::Beginning { run: "a-run".to_owned(), due: Some(1), ..own.clone() })
        }
        other => other.clone(),
    });
    let journal: Vec<Record> = due.collect();
    let run = Run::read(text(&journal).as_bytes()).unwrap().unwrap();
    talk.journal = journal;
    (talk, run)
}

/// The start page reminds of an old key that is due, says whether it was used since, and deletes it.
#[test]
fn an_old_key_that_is_due_is_reminded_of() {
    let practice = practice();
    let (old, run) = rotated(&practice);
    let mut talk = Talk::open(Source::Chain);
    talk.settle(&practice);
    talk.tell(Event::Unfinished(vec![run.clone()]));
    talk.settle(&practice);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("An old key is due") && screen.contains("AKIAPRACTICEOLDKEY00 is deactivated"), "{screen}");
    assert!(screen.contains("It was used since"), "by the date that was put in: {screen}");
    assert!(!screen.contains("Delete the old key now"), "what is in use is deleted only by its id: {screen}");
    // By the true date it was not used since.
    let Record::Begun(own) = old.journal[0].clone() else { panic!() };
    let soon = practice.with_account(|account| account.now) - 1;
    let begun = Record::Begun(iamwalk::domain::record::Beginning { due: Some(soon + 2), ..own });
    let journal: Vec<Record> = std::iter::once(begun).chain(old.journal.iter().skip(1).cloned()).collect();
    let run = Run::read(text(&journal).as_bytes()).unwrap().unwrap();
    let mut talk = Talk::open(Source::Chain);
    talk.settle(&practice);
    practice.with_account(|account| {
        let key = &mut account.users.get_mut("build-server").unwrap().keys[0];
        key.last_used = Some((soon - 20 * 86_400, "s3".to_owned(), "eu-central-1".to_owned()));
    });
    talk.app.context.sign_in.clock = iamwalk::domain::moment::Moment(soon + 60);
    talk.tell(Event::Unfinished(vec![run.clone()]));
    talk.settle(&practice);
    assert!(talk.screen(100, 30).contains("It was not used since"), "{}", talk.screen(100, 30));
    // Practice keeps no records: the run is opened here.
    talk.answer("Delete the old key now");
    talk.open.clear();
    talk.tell(Event::Opened { course: Course::Making, answer: Ok(Box::new(run)) });
    talk.settle(&practice);
    let keys = practice.with_account(|account| account.user("build-server").unwrap().keys.clone());
    assert!(keys.len() == 1 && keys[0].active, "{}", talk.screen(100, 30));
    assert!(talk.screen(100, 30).contains("AKIAPRACTICEOLDKEY00 is deleted"), "{}", talk.screen(100, 30));
}
