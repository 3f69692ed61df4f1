//! Every write of a full plan meets every fault, and the person answers with every choice. Whatever happens: either everything
//! reviewed exists and the shown key is the only new one, or nothing of the run remains, or what remains is reported exactly.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpConnector;
use iamwalk::app::Phase;
use iamwalk::app::creating::{Course, RunChoice};
use iamwalk::app::event::Event;
use iamwalk::app::starting::Starting;
use iamwalk::app::tasks::create_user::TASK;
use iamwalk::domain::answers::PolicyChoice;
use iamwalk::domain::journal::Run;
use iamwalk::domain::ledger::Ledger;
use iamwalk::domain::name::{GroupName, Path, PolicyName, UserName};
use iamwalk::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreatePolicy,
    CreatePolicyVersion, CreateUser, DescribeAccessKey, KeyRef, Operation, PutUserPolicy,
};
use iamwalk::domain::plan::Plan;
use iamwalk::domain::record::Beginning;
use iamwalk::domain::record::Record;
use iamwalk::domain::record::line;
use iamwalk::domain::secret::SecretId;
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::tag::Tag;
use iamwalk::domain::walkthrough::Walkthrough;
use iamwalk::practice::faults::{Trouble, Troubled};
use iamwalk::practice::{Account, Practice};

use super::support::app::Talk;
use super::support::practice;
use super::support::samples::plan;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const LOGS: &str = "arn:aws:iam::111122223333:policy/ReadTeamLogs";
const MAKERS: &str = "arn:aws:iam::111122223333:policy/Makers";
const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}"#;

/// The writes of the plan, each once.
pub(super) const WRITES: [&str; 11] = [
    "CreateUser",
    "CreateGroup",
    "CreatePolicy",
    "CreatePolicyVersion",
    "AttachGroupPolicy",
    "AddUserToGroup",
    "AttachUserPolicy",
    "PutUserPolicy",
    "CreateLoginProfile",
    "CreateAccessKey",
    "TagUser",
];

const THROTTLED: Trouble = Trouble::Refused("Throttling", 400, "Rate exceeded");
const DENIED: Trouble = Trouble::Refused("AccessDenied", 403, "no identity-based policy allows it");
const FAILED: Trouble = Trouble::Refused("ServiceFailure", 500, "internal");

/// The faults, with how often each strikes.
pub(super) const FAULTS: [(Trouble, usize); 12] = [
    (THROTTLED, 3),
    (FAILED, 2),
    (DENIED, usize::MAX),
    (Trouble::Lost, 1),
    (Trouble::Lost, usize::MAX),
    (Trouble::NoConnection, usize::MAX),
    (Trouble::Cut(60), 1),
    (Trouble::Cut(60), usize::MAX),
    (Trouble::WebPage, 1),
    (Trouble::WebPage, usize::MAX),
    (Trouble::Hang, 1),
    (Trouble::Hang, usize::MAX),
];

pub(super) const CHOICES: [RunChoice; 3] = [RunChoice::Retry, RunChoice::Undo, RunChoice::Leave];

fn full_plan() -> Plan {
    let user = UserName::new("bob").unwrap();
    let (makers, auditors) = (GroupName::new("Makers").unwrap(), GroupName::new("Auditors").unwrap());
    let policy = |arn: &str| PolicyChoice { name: arn.rsplit('/').next().unwrap().to_owned(), arn: arn.to_owned() };
    let tags = vec![Tag { key: "team".to_owned(), value: "web".to_owned() }];
    let document = DOCUMENT.to_owned();
    let steps: Vec<(Operation, Vec<usize>)> = vec![
        (
            Operation::CreateUser(CreateUser {
                user: user.clone(),
                path: Path::new("/team/").unwrap(),
                tags: tags.clone(),
                boundary: Some(policy(ADMIN)),
            }),
            vec![],
        ),
        (Operation::CreateGroup(CreateGroup { group: makers.clone() }), vec![]),
        (
            Operation::CreatePolicy(CreatePolicy {
                policy: policy(MAKERS),
                description: "theirs".to_owned(),
                document: document.clone(),
                tags,
            }),
            vec![],
        ),
        (Operation::CreatePolicyVersion(CreatePolicyVersion { policy: policy(LOGS), document, before: "v1".to_owned() }), vec![]),
        (Operation::AttachGroupPolicy(AttachGroupPolicy { group: makers.clone(), policy: policy(MAKERS) }), vec![1, 2]),
        // A group that was there: it has SecurityAudit already, and Administrator not yet.
        (
            Operation::AttachGroupPolicy(AttachGroupPolicy {
                group: auditors.clone(),
                policy: policy("arn:aws:iam::aws:policy/SecurityAudit"),
            }),
            vec![],
        ),
        (Operation::AttachGroupPolicy(AttachGroupPolicy { group: auditors.clone(), policy: policy(ADMIN) }), vec![]),
        (Operation::AddUserToGroup(AddUserToGroup { user: user.clone(), group: makers }), vec![0, 1]),
        (Operation::AddUserToGroup(AddUserToGroup { user: user.clone(), group: auditors }), vec![0]),
        (Operation::AttachUserPolicy(AttachUserPolicy { user: user.clone(), policy: policy(MAKERS) }), vec![0, 2]),
        (
            Operation::PutUserPolicy(PutUserPolicy {
                user: user.clone(),
                name: PolicyName::new("own").unwrap(),
                document: DOCUMENT.to_owned(),
            }),
            vec![0],
        ),
        (Operation::CreateLoginProfile(CreateLoginProfile { user: user.clone(), reset: true }), vec![0]),
        (Operation::CreateAccessKey(CreateAccessKey { user: user.clone() }), (0..12).collect()),
        (
            Operation::DescribeAccessKey(DescribeAccessKey {
                user,
                key: KeyRef::MadeBy(StepId(12)),
                description: "laptop".to_owned(),
            }),
            vec![12],
        ),
    ];
    plan(steps)
}

pub(super) fn everything(practice: &Practice) -> String {
    practice.with_account(|account: &mut Account| {
        let users: Vec<_> = account
            .users
            .values()
            .filter(|user| user.name != "practice-admin")
            .map(|u| {
                let keys: Vec<_> = u.keys.iter().map(|key| &key.id).collect();
                format!(
                    "{} {} {:?} {:?} {:?} {:?} {} {keys:?}",
                    u.id,
                    u.path,
                    u.tags,
                    u.attached,
                    u.inline,
                    u.boundary,
                    u.login.is_some()
                )
            })
            .collect();
        let groups: Vec<_> = account.groups.values().map(|g| format!("{} {:?} {:?}", g.id, g.members, g.attached)).collect();
        let policies: Vec<_> = account.policies.values().map(|p| format!("{} {} {:?}", p.id, p.default, p.versions)).collect();
        format!("{users:#?}\n{groups:#?}\n{policies:#?}")
    })
}

pub(super) fn text(records: &[Record]) -> String {
    records.iter().map(|record| line(record).unwrap()).collect()
}

/// A run of the full plan over this client, from the first call to where it rests.
pub(super) fn run_over(client: &(impl HttpConnector + Clone + 'static)) -> Talk {
    let mut talk = Talk::connected(client.clone());
    let ledger = Ledger::with_free_names(full_plan(), |operation| operation.makes_entity().then_some(1));
    let beginning = Beginning::of(
        iamwalk::domain::record::TaskId::CreateUser,
        &ledger,
        "111122223333",
        "aws",
        "arn:aws:iam::111122223333:user/practice-admin",
    );
    talk.journal.push(Record::Begun(beginning));
    go_on(&mut talk, client, Course::Making);
    talk
}

/// Resumes the run that the journal tells of.
fn go_on(talk: &mut Talk, client: &(impl HttpConnector + Clone + 'static), course: Course) {
    let run = Run::read(text(&talk.journal).as_bytes()).unwrap().unwrap();
    talk.app.phase = Phase::LoadingRun(Box::new(Starting::new(&TASK, Arc::new(Walkthrough::plain()), None)));
    talk.tell(Event::Opened { course, answer: Ok(Box::new(run)) });
    agree(talk, client);
}

/// Settles; undo shows what goes before it begins, and is agreed to.
fn agree(talk: &mut Talk, client: &(impl HttpConnector + Clone + 'static)) {
    talk.settle_over(client.clone());
    if talk.app.dialog.is_some() {
        talk.answer("Undo all this");
        talk.settle_over(client.clone());
    }
}

pub(super) fn choose(talk: &mut Talk, choice: RunChoice, client: &(impl HttpConnector + Clone + 'static)) {
    talk.answer(choice.words());
    agree(talk, client);
}

/// Everything that was reviewed exists, and the key that is shown is the user's only one.
fn assert_whole(talk: &Talk, practice: &Practice, case: &str) {
    let Phase::HandingOver(handing_over) = &talk.app.phase else { panic!("{case}\n{}", talk.screen(120, 50)) };
    let (id, handle) = handing_over.key_made().expect("a key");
    let secret = talk.vault.get(handle).expect("its secret");
    practice.with_account(|account| {
        let bob = account.user("bob").unwrap();
        let keys: Vec<_> = bob.keys.iter().map(|key| (key.id.as_str(), key.secret.expose())).collect();
        assert_eq!(keys, [(id, secret.expose())], "{case}");
        let password = talk.vault.get(SecretId::Of(StepId(11))).expect("the password");
        assert_eq!(bob.login.as_ref().unwrap().password.expose(), password.expose(), "{case}");
        assert_eq!((bob.attached.len(), bob.path.as_str()), (1, "/team/"), "{case}");
        assert!(account.groups["makers"].members.contains("bob") && account.groups["auditors"].members.contains("bob"), "{case}");
        assert!(
            account.groups["makers"].attached.contains(MAKERS) && account.groups["auditors"].attached.contains(ADMIN),
            "{case}"
        );
        assert_eq!(account.policies[LOGS].default, "v2", "{case}");
        let described = bob.tags.iter().any(|tag| tag.key == id && tag.value == "laptop");
        assert!(described || !handing_over.notes().is_empty(), "{case}: a description that failed is noted");
    });
}

/// One case: these calls meet this fault until the person chooses.
fn case(strikes: impl Fn(&str, usize) -> Option<Trouble> + Send + Sync + 'static, choice: RunChoice, name: &str) -> &'static str {
    let practice = practice();
    let before = everything(&practice);
    let calm = Troubled::new(practice.clone(), |_, _| None);
    let client = Troubled::new(practice.clone(), strikes);
    let mut talk = run_over(&client);
    if matches!(talk.app.phase, Phase::HandingOver(_)) {
        assert_whole(&talk, &practice, name);
        // And from here back to nothing, as “iamwalk undo” would.
        go_on(&mut talk, &calm, Course::Undoing);
        assert_eq!(everything(&practice), before, "{name}, then undone");
        return "passed by itself";
    }
    talk.reconnect(calm.clone());
    choose(&mut talk, choice, &calm);
    match choice {
        RunChoice::Retry => {
            assert_whole(&talk, &practice, name);
            "retried"
        }
        RunChoice::Undo => {
            assert_eq!(everything(&practice), before, "{name}");
            let Phase::Creating(creating) = &talk.app.phase else { panic!("{name}\n{:?}\n{}", talk.left, talk.screen(120, 50)) };
            assert!(creating.ledger.remains().is_empty(), "{name}\n{}", talk.screen(120, 50));
            "undone"
        }
        _ => {
            let farewell = talk.left.as_ref().expect("left");
            let is_clean = everything(&practice) == before;
            assert!(is_clean || farewell.code == 1, "{name}: {farewell:?}");
            // The next start finishes it, and another takes all of it back.
            for course in [Course::Making, Course::Undoing] {
                let journal = std::mem::take(&mut talk.journal);
                talk = Talk::connected(calm.clone());
                talk.journal = journal;
                go_on(&mut talk, &calm, course);
                match course {
                    Course::Making => assert_whole(&talk, &practice, &format!("{name}, finished later")),
                    Course::Undoing => assert_eq!(everything(&practice), before, "{name}, undone later"),
                }
            }
            "kept, finished, undone"
        }
    }
}

#[test]
fn every_write_meets_every_fault_and_every_choice() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for write in WRITES {
        for (trouble, times) in FAULTS {
            for choice in CHOICES {
                let name = format!("{write} {trouble:?} x {times}, {choice:?}");
                let strikes = move |action: &str, earlier: usize| (action == write && earlier < times).then_some(trouble);
                *counts.entry(case(strikes, choice, &name)).or_default() += 1;
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(counts.values().sum::<usize>(), 11 * 12 * 3);
    assert_eq!(counts.len(), 4, "{counts:?}");
}

/// Two writes meet a fault each: every so many-eth of all pairs.
fn pairs(every: usize) -> usize {
    let faults = FAULTS.len();
    let all = WRITES.len() * WRITES.len() * faults * faults * CHOICES.len();
    let mut cases = 0;
    for n in (0..all).step_by(every) {
        let (choice, rest) = (CHOICES[n % CHOICES.len()], n / CHOICES.len());
        let (one, rest) = (FAULTS[rest % faults], rest / faults);
        let (other, rest) = (FAULTS[rest % faults], rest / faults);
        let (first, second) = (WRITES[rest % WRITES.len()], WRITES[rest / WRITES.len()]);
        let name = format!("{first} {one:?} and {second} {other:?}, {choice:?}");
        let strikes = move |action: &str, earlier: usize| {
            let hit = |write: &str, (trouble, times): (Trouble, usize)| (action == write && earlier < times).then_some(trouble);
            hit(first, one).or(hit(second, other))
        };
        case(strikes, choice, &name);
        cases += 1;
    }
    cases
}

#[test]
fn two_faults_at_once() {
    assert_eq!(pairs(199), 263);
}

/// `cargo test -- --ignored`: minutes, in place of seconds.
#[test]
#[ignore = "the whole of it takes minutes"]
fn two_faults_at_once_whole() {
    println!("{} pairs", pairs(7));
}

/// The calls of undo, and the looks at lost creates, meet faults too: then it goes on where it was left.
#[test]
fn undo_meets_every_fault() {
    let calls = [
        "GetUser",
        "GetGroup",
        "GetPolicy",
        "ListAccessKeys",
        "DeleteUser",
        "DeleteGroup",
        "DeletePolicy",
        "DeleteUserPolicy",
        "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
        "DetachGroupPolicy",
        "RemoveUserFromGroup",
        "DetachUserPolicy",
        "DeleteLoginProfile",
        "DeleteAccessKey",
        "UntagUser",
    ];
    let mut by_itself = 0;
    for call in calls {
        for (trouble, times) in FAULTS {
            let name = format!("{call} {trouble:?} x {times}");
            let practice = practice();
            let before = everything(&practice);
            let calm = Troubled::new(practice.clone(), |_, _| None);
            // The key's answer is lost each time, so that undo has to look as well.
            let lost = |action: &str, _| (action == "CreateAccessKey").then_some(Trouble::Lost);
            let mut talk = run_over(&Troubled::new(practice.clone(), lost));
            let client =
                Troubled::new(practice.clone(), move |action, earlier| (action == call && earlier < times).then_some(trouble));
            talk.reconnect(client.clone());
            choose(&mut talk, RunChoice::Undo, &client);
            let Phase::Creating(creating) = &talk.app.phase else { panic!("{name}") };
            if creating.ledger.remains().is_empty() {
                by_itself += 1;
            } else {
                let screen = talk.screen(120, 60);
                assert!(screen.contains("Not everything could be undone") && screen.contains("aws iam "), "{name}\n{screen}");
                talk.reconnect(calm.clone());
                choose(&mut talk, RunChoice::Undo, &calm);
            }
            assert_eq!(everything(&practice), before, "{name}");
        }
    }
    assert!(by_itself > 80, "{by_itself} of 180 pass by themselves");
}

/// What others use by now stays, which the screen says and asks about before anything is undone.
#[test]
fn what_stays_is_asked_about_before_the_rest_is_taken_back() {
    let practice = practice();
    let calm = Troubled::new(practice.clone(), |_, _| None);
    let client = Troubled::new(practice.clone(), |action, _| (action == "CreateAccessKey").then_some(DENIED));
    let mut talk = run_over(&client);
    practice.with_account(|account| account.add_user_to_group("amara", "Makers").unwrap());
    let joined = everything(&practice);
    talk.reconnect(calm.clone());
    talk.answer(RunChoice::Undo.words());
    talk.settle_over(calm.clone());
    let screen = talk.screen(120, 50);
    assert!(screen.contains("This stays, since others use it:") && screen.contains("the user amara"), "{screen}");
    assert!(!screen.contains("used by the user bob"), "the run's own user is no other\n{screen}");
    // The harmless answer is first, and nothing was undone yet.
    talk.enter_on("Not now");
    talk.settle_over(calm.clone());
    assert_eq!(everything(&practice), joined);
    choose(&mut talk, RunChoice::Undo, &calm);
    practice.with_account(|account| {
        assert!(account.user("bob").is_err(), "the user is gone");
        assert!(account.groups["makers"].members.contains("amara") && account.groups["makers"].attached.contains(MAKERS));
        assert!(!account.groups["auditors"].attached.contains(ADMIN), "what nobody else got is taken back");
    });
    let screen = talk.screen(120, 60);
    assert!(screen.contains("stays") && screen.contains("amara"), "{screen}");
}
