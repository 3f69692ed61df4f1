//! Runs that fail: what the person sees, and what retry, undo and leaving come to.

use iamwalk::app::Phase;
use iamwalk::app::event::{Connected, Event, Signal};
use iamwalk::domain::caller::{Caller, Origins, Source};
use iamwalk::domain::moment::Moment;
use iamwalk::domain::operation::CreateUser;
use iamwalk::practice::faults::{Trouble, Troubled};

use super::support::app::Talk;
use super::support::practice;
use super::support::samples::plan;

/// A run with this trouble on the first call of `name`, brought to where it rests.
fn run_with(name: &'static str, trouble: Trouble) -> (Talk, iamwalk::practice::Practice, Troubled) {
    run_with_often(name, trouble, 1)
}

/// The same on the first so many calls.
fn run_with_often(name: &'static str, trouble: Trouble, times: usize) -> (Talk, iamwalk::practice::Practice, Troubled) {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    let troubled = Troubled::new(practice.clone(), move |action, earlier| (action == name && earlier < times).then_some(trouble));
    // The connection that makes the calls is the troubled one from here on.
    talk.reconnect(troubled.clone());
    talk.settle(&practice);
    (talk, practice, troubled)
}

fn keys_of(practice: &iamwalk::practice::Practice) -> usize {
    practice.with_account(|account| account.user("bob").map_or(0, |bob| bob.keys.len()))
}

const DENIED: Trouble = Trouble::Refused("AccessDenied", 403, "no identity-based policy allows the iam:AddUserToGroup action");

#[test]
fn a_refused_step_stops_the_run_and_retry_goes_on_from_there() {
    let (mut talk, practice, troubled) = run_with("AddUserToGroup", DENIED);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("✓ Create the user bob  done"), "{screen}");
    assert!(screen.contains("✗ Add bob to the group Auditors  failed"), "{screen}");
    assert!(screen.contains("· Create an access key for bob  waiting"), "{screen}");
    assert!(screen.contains("You lack the permission iam:AddUserToGroup on"), "{screen}");
    talk.enter_on("Retry");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)));
    assert_eq!(troubled.calls().iter().filter(|call| *call == "CreateUser").count(), 1, "retry does not start anew");
}

#[test]
fn undo_leaves_the_account_as_it_was() {
    let (mut talk, practice, _) = run_with("AddUserToGroup", DENIED);
    talk.undo(&practice);
    talk.settle(&practice);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("This run is undone."), "{screen}");
    assert!(practice.with_account(|account| account.user("bob").is_err()));
    talk.enter_on("Back to Review");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::Reviewing(_)), "back to the review, since nothing remains");
    talk.create();
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)));
}

#[test]
fn a_lost_key_is_looked_up_removed_and_made_anew() {
    for trouble in [Trouble::Lost, Trouble::Cut(350), Trouble::Cut(10)] {
        let (talk, practice, troubled) = run_with("CreateAccessKey", trouble);
        assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{trouble:?}");
        assert_eq!(troubled.calls().iter().filter(|call| *call == "CreateAccessKey").count(), 2);
        assert_eq!(keys_of(&practice), 1, "{trouble:?}: the shown key is the only one");
        let left = practice.with_account(|account| account.user("bob").unwrap().keys[0].id.clone());
        assert!(talk.screen(100, 30).contains(&left), "{trouble:?}: the lost key is gone");
    }
}

#[test]
fn an_answer_that_is_lost_again_and_again_ends_in_a_choice() {
    let (mut talk, practice, troubled) = run_with_often("CreateAccessKey", Trouble::Lost, 3);
    assert_eq!(troubled.calls().iter().filter(|call| *call == "CreateAccessKey").count(), 3);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("? Create an access key for bob  unclear: it may have happened"), "{screen}");
    assert_eq!(keys_of(&practice), 1, "the last lost call took effect");
    talk.enter_on("Retry");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)));
    assert_eq!(keys_of(&practice), 1);
}

/// A call that takes effect long after it was given up: what it made is found, and not taken for somebody else's.
#[test]
fn a_late_call_is_found_as_well() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    let late = practice.clone();
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| match (action, earlier) {
        ("CreateUser" | "CreateAccessKey", 0) => Some(Trouble::Hang),
        ("CreateUser", 1) => {
            late.with_account(|account| account.create_user("bob", "/", Vec::new()).map(drop)).unwrap();
            None
        }
        ("CreateAccessKey", 1) => {
            late.with_account(|account| account.create_access_key("bob").map(drop)).unwrap();
            None
        }
        _ => None,
    }));
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
    assert_eq!(keys_of(&practice), 1, "the late key is gone");
}

#[test]
fn undo_of_an_unclear_step_looks_first() {
    for name in ["CreateAccessKey", "CreateUser", "AddUserToGroup"] {
        for trouble in [Trouble::Lost, Trouble::Hang, Trouble::WebPage, Trouble::Cut(100)] {
            let (mut talk, practice, _) = run_with_often(name, trouble, 4);
            if name == "CreateUser" && matches!(trouble, Trouble::Lost | Trouble::Cut(_)) {
                // It took effect, and was found.
                assert!(matches!(talk.app.phase, Phase::HandingOver(_)));
                continue;
            }
            let screen = talk.screen(100, 30);
            assert!(screen.contains("unclear: it may have happened"), "{name} {trouble:?}\n{screen}");
            talk.undo(&practice);
            talk.settle(&practice);
            let screen = talk.screen(100, 30);
            assert!(practice.with_account(|account| account.user("bob").is_err()), "{name} {trouble:?}\n{screen}");
            assert!(screen.contains("undone"), "{name} {trouble:?}\n{screen}");
        }
    }
}

#[test]
fn somebody_elses_user_of_the_same_name_is_never_touched() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    // The call never arrives, and meanwhile another administrator makes a user of that name.
    let theirs = practice.clone();
    let troubled = Troubled::new(practice.clone(), move |action, earlier| {
        (action == "CreateUser" && earlier == 0).then(|| {
            theirs.with_account(|account| account.create_user("bob", "/theirs/", Vec::new()).map(drop)).unwrap();
            Trouble::Hang
        })
    });
    talk.reconnect(troubled);
    talk.settle(&practice);
    assert!(talk.screen(100, 30).contains("It exists already"), "{}", talk.screen(100, 30));
    let screen = talk.screen(100, 30);
    assert!(screen.contains("It exists already"), "{screen}");
    assert!(!screen.contains("aws iam delete-user"), "nobody is told to delete somebody else's user:\n{screen}");
    assert!(practice.with_account(|account| account.user("bob").is_ok_and(|bob| bob.path == "/theirs/")));
}

#[test]
fn throttling_and_lag_pass_by_themselves() {
    for (name, trouble) in [
        ("CreateUser", Trouble::Refused("Throttling", 400, "Rate exceeded")),
        ("CreateAccessKey", Trouble::Refused("NoSuchEntity", 404, "The user with name bob cannot be found.")),
        ("CreateAccessKey", Trouble::Refused("EntityTemporarilyUnmodifiable", 409, "x")),
    ] {
        let (talk, practice, _) = run_with(name, trouble);
        assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{name}:\n{}", talk.screen(100, 30));
        assert_eq!(keys_of(&practice), 1);
    }
}

#[test]
fn a_failed_description_only_leaves_a_note() {
    let practice = practice();
    let mut talk = Talk::making_a_described_key(&practice);
    let denied = Trouble::Refused("AccessDenied", 403, "not authorized to perform: iam:TagUser");
    talk.reconnect(Troubled::new(practice.clone(), move |action, _| (action == "TagUser").then_some(denied)));
    talk.settle(&practice);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("! Not done: Describe the access key"), "{screen}");
    assert!(screen.contains("Access key ID"), "{screen}");
}

#[test]
fn a_stop_lets_nothing_new_start() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    talk.back();
    assert!(talk.screen(100, 30).contains("Stop here?"));
    talk.answer("Stop");
    talk.settle(&practice);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("✓ Create the user bob  done"), "what was under way is awaited:\n{screen}");
    assert!(screen.contains("The run stopped"), "{screen}");
    assert_eq!(keys_of(&practice), 0);
}

#[test]
fn a_signal_ends_it_with_its_code_and_an_account_of_what_remains() {
    for (signal, code) in [(Signal::Terminate, 143), (Signal::HangUp, 129), (Signal::Interrupt, 130)] {
        let mut talk = Talk::practice();
        talk.tell(Event::Signal(signal));
        assert_eq!(talk.left.unwrap().code, code);
    }
}

/// What a call under way may still do is reported, and the commands go to where the run went.
#[test]
fn a_signal_in_the_middle_names_what_may_remain() {
    let practice = practice();
    let mut talk = Talk::open_at(Source::Profile("admin".to_owned()), "http://127.0.0.1:1");
    let caller = Caller::new("111122223333", "arn:aws:iam::111122223333:user/admin").unwrap();
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
    talk.open.clear();
    talk.reconnect(practice.clone());
    // Without lists there is no group to choose.
    talk.go_on_to_permissions("bob");
    talk.go_on_to("Review");
    talk.settle(&practice);
    talk.create();
    talk.tell(Event::Signal(Signal::Terminate));
    assert!(talk.left.is_none(), "what is under way is awaited");
    assert!(talk.screen(100, 30).contains("Ending: waiting for calls under way"), "{}", talk.screen(100, 30));
    talk.settle(&practice);
    let farewell = talk.left.unwrap();
    assert!(practice.with_account(|account| account.user("bob").is_ok_and(|bob| bob.keys.is_empty())), "nothing new started");
    assert_eq!(farewell.code, 143);
    let command = "  aws iam delete-user --user-name=bob --profile=admin --endpoint-url=http://127.0.0.1:1";
    assert!(farewell.lines.iter().any(|line| line == command), "{:?}", farewell.lines);
}

#[test]
fn undo_waits_while_iam_is_changing_the_thing() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    let busy = Trouble::Refused("EntityTemporarilyUnmodifiable", 409, "cannot be modified while login profile is being created");
    talk.reconnect(Troubled::new(practice.clone(), move |action, earlier| match action {
        "CreateAccessKey" => Some(DENIED),
        "DeleteUser" if earlier < 3 => Some(busy),
        _ => None,
    }));
    talk.settle(&practice);
    talk.undo(&practice);
    talk.settle(&practice);
    assert!(practice.with_account(|account| account.user("bob").is_err()), "{}", talk.screen(100, 30));
}

/// An idempotent write that may have happened stays so, whatever a later refusal says: undo undoes it too.
#[test]
fn what_may_have_happened_is_taken_back_even_after_a_refusal() {
    let practice = practice();
    let mut talk = Talk::creating(&practice);
    // Lost each time it is sent again, then refused.
    talk.reconnect(Troubled::new(practice.clone(), |action, earlier| match (action, earlier) {
        ("AddUserToGroup", 0..4) => Some(Trouble::Lost),
        ("AddUserToGroup", _) => Some(DENIED),
        _ => None,
    }));
    talk.settle(&practice);
    assert!(talk.screen(100, 30).contains("? Add bob to the group Auditors  unclear"));
    talk.enter_on("Retry");
    talk.settle(&practice);
    assert!(talk.screen(100, 30).contains("? Add bob to the group Auditors  unclear"));
    talk.undo(&practice);
    talk.settle(&practice);
    assert!(practice.with_account(|account| account.user("bob").is_err()), "{}", talk.screen(100, 30));
}

/// On the review of a run for bob, over a client with trouble.
fn review_with(script: impl Fn(&str, usize) -> Option<Trouble> + Send + Sync + 'static) -> (Talk, iamwalk::practice::Practice) {
    let practice = practice();
    let troubled = Troubled::new(practice.clone(), script);
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.reconnect(troubled);
    talk.review_from_here(&practice, "bob");
    (talk, practice)
}

const REFUSED: &str = "<EvaluationResults><member><EvalActionName>iam:CreateUser</EvalActionName>\
    <EvalResourceName>x</EvalResourceName><EvalDecision>implicitDeny</EvalDecision>\
    <MatchedStatements/><MissingContextValues/></member></EvaluationResults><IsTruncated>false</IsTruncated>";

#[test]
fn what_the_caller_may_not_do_is_said_before_the_first_call() {
    let (mut talk, practice) =
        review_with(|action, _| (action == "SimulatePrincipalPolicy").then_some(Trouble::Answered(REFUSED)));
    let screen = talk.screen(120, 40);
    assert!(screen.contains("! By IAM's simulation you may not call iam:CreateUser on"), "{screen}");
    assert!(screen.contains("policy allows it"), "{screen}");
    talk.create();
    assert!(talk.screen(120, 40).contains("Go on anyway?"), "{}", talk.screen(120, 40));
    talk.enter_on("Stay");
    assert!(matches!(talk.app.phase, Phase::Reviewing(_)), "the harmless answer is the first");
    assert!(practice.with_account(|account| account.user("bob").is_err()));
    talk.create();
    talk.answer("Go on anyway");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "the person decides");
}

#[test]
fn what_could_not_be_checked_is_no_no() {
    // A condition whose value the simulation was not told, and no permission to simulate at all.
    const UNKNOWN: &str = "<EvaluationResults><member><EvalActionName>iam:CreateUser</EvalActionName>\
        <EvalResourceName>x</EvalResourceName><EvalDecision>implicitDeny</EvalDecision>\
        <MatchedStatements/><MissingContextValues><member>aws:MultiFactorAuthPresent</member></MissingContextValues>\
        </member></EvaluationResults><IsTruncated>false</IsTruncated>";
    for (trouble, words) in
        [(Trouble::Answered(UNKNOWN), ""), (DENIED, "It could not be checked whether you may make these calls")]
    {
        let (mut talk, practice) = review_with(move |action, _| (action == "SimulatePrincipalPolicy").then_some(trouble));
        let screen = talk.screen(120, 40);
        assert!(screen.contains(words) && !screen.contains("you may not call"), "{screen}");
        talk.create();
        talk.settle(&practice);
        assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(120, 40));
    }
}

#[test]
fn a_reset_that_mfa_makes_impossible_is_warned_of() {
    const FORCE_MFA: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"iam:ListMFADevices","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}"#;
    let practice = practice();
    practice.with_account(|account| {
        let new = iamwalk::practice::policies::PolicyToMake {
            name: "Force_MFA",
            path: "/",
            description: "",
            document: FORCE_MFA,
            tags: Vec::new(),
        };
        let arn = account.create_policy(new).unwrap().arn.clone();
        account.attach_group_policy("Auditors", &arn).unwrap();
    });
    let mut talk = Talk::at_access(&practice);
    // No key; console access with the reset, as the page proposes it.
    talk.untick("Access key");
    talk.tick("Provide user access");
    talk.go_on();
    talk.settle(&practice);
    talk.tick_row("Add user to group", "Auditors");
    talk.go_on_to("Review");
    talk.settle(&practice);
    let screen = talk.screen(120, 45);
    assert!(screen.contains("! The policy Force_MFA denies everything without MFA"), "{screen}");
    talk.create();
    assert!(talk.screen(120, 45).contains("Go on anyway?"), "{}", talk.screen(120, 45));
}

const EXPIRED: Trouble = Trouble::Refused("ExpiredToken", 403, "The security token included in the request is expired");

#[test]
fn an_expired_session_asks_for_new_credentials_and_goes_on() {
    let (mut talk, practice, _) = run_with_often("AddUserToGroup", EXPIRED, usize::MAX);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("The session's credentials have expired."), "{screen}");
    assert!(screen.contains("› Go on: I have signed in again"), "{screen}");
    talk.enter_on("Go on: I have signed in again");
    // Somebody of another account does not go on.
    let other = Caller::new("999999999999", "arn:aws:iam::999999999999:user/other").unwrap();
    let epoch = talk.app.context.sign_in.epoch;
    let answer = |caller| {
        Ok(Connected { caller, region: "us-east-1".to_owned(), clock: Moment(0), endpoint: None, origins: Origins::default() })
    };
    talk.open.clear();
    talk.tell(Event::Connected { epoch, answer: answer(other) });
    assert!(talk.screen(100, 30).contains("this run is in account"), "{}", talk.screen(100, 30));
    assert!(!talk.screen(100, 30).contains("Undo"), "nothing is done in another account");
    talk.open.clear();
    talk.enter_on("Go on: I have signed in again");
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
    assert_eq!(keys_of(&practice), 1);
}

#[test]
fn new_keys_can_be_pasted_when_the_old_ones_expired() {
    let (mut talk, _, _) = run_with_often("AddUserToGroup", EXPIRED, usize::MAX);
    talk.answer("Paste new keys");
    assert!(talk.screen(100, 30).contains("Keys for this session"), "{}", talk.screen(100, 30));
    // Closed, it is as before.
    talk.back();
    assert!(talk.screen(100, 30).contains("› Paste new keys"), "{}", talk.screen(100, 30));
}

/// The run that this journal tells of, as a later start finds it.
fn found(journal: &[iamwalk::domain::record::Record]) -> iamwalk::domain::journal::Run {
    let text: String = journal.iter().map(|record| iamwalk::domain::record::line(record).unwrap()).collect();
    iamwalk::domain::journal::Run::read(text.as_bytes()).unwrap().unwrap()
}

#[test]
fn an_earlier_run_is_offered_on_the_first_page_and_only_to_its_own_account() {
    let mut talk = Talk::open(Source::Profile("admin".to_owned()));
    let caller = Caller::new("111122223333", "arn:aws:iam::111122223333:user/admin").unwrap();
    let ledger = iamwalk::domain::ledger::Ledger::new(iamwalk::domain::plan::Plan::restored(Vec::new(), Vec::new()).unwrap());
    let of = |account: &str| {
        let beginning = iamwalk::domain::record::Beginning::of(
            iamwalk::domain::record::TaskId::CreateUser,
            &ledger,
            account,
            "aws",
            "arn:aws:iam::1:user/x",
        );
        let beginning = iamwalk::domain::record::Beginning { run: format!("run-of-{account}"), ..beginning };
        let user = iamwalk::domain::name::UserName::new("bob").unwrap();
        let path = iamwalk::domain::name::Path::root();
        let create = CreateUser { user, path, tags: Vec::new(), boundary: None };
        let plan = plan(vec![(create.into(), vec![])]);
        let (id, steps) = (iamwalk::domain::step_id::StepId(0), plan.steps().to_vec());
        let subjects = plan.subjects().to_vec();
        let beginning = iamwalk::domain::record::Beginning { subjects, steps, free_at: vec![None], ..beginning };
        found(&[iamwalk::domain::record::Record::Begun(beginning), iamwalk::domain::record::Record::Sent(vec![id])])
    };
    talk.tell(Event::Unfinished(vec![of("111122223333"), of("999999999999")]));
    assert!(talk.app.dialog.is_none(), "not before it is known who calls");
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
    let screen = talk.screen(100, 30);
    assert!(screen.contains("for the user bob in account 111122223333") && screen.contains("Finish it"), "{screen}");
    talk.enter_on("Later");
    let screen = talk.screen(100, 30);
    assert!(screen.contains("Choose a profile of account 999999999999"), "the next one:\n{screen}");
    assert!(!screen.contains("Finish it") && screen.contains("Forget it"), "{screen}");
    talk.open.clear();
    talk.answer("Show it");
    assert!(talk.screen(100, 30).contains("? Create the user bob: unclear"), "{}", talk.screen(100, 30));
    talk.enter_on("Back");
    talk.answer("Forget it");
    assert_eq!(talk.open, [iamwalk::app::effect::Effect::Forget("run-of-999999999999".to_owned())]);
    assert!(talk.app.dialog.is_none());
}
