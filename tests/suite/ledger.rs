//! The ledger by itself: what is sent when, what is waited out, what stops a run.

use iamwalk::domain::access::UseCase;
use iamwalk::domain::answers::{Access, ConsoleWish, KeyWish, NewGroup, Permissions, PolicyChoice, UserDetails};
use iamwalk::domain::caller::Caller;
use iamwalk::domain::facts::{Facts, LookupResult, Question};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::ledger::{AT_ONCE, Ledger, RunStatus, StepState, UndoMove};
use iamwalk::domain::name::{GroupName, Path, UserName};
use iamwalk::domain::operation::{Made, Operation, SecretKind};
use iamwalk::domain::plan::Plan;
use iamwalk::domain::request::Request;
use iamwalk::domain::step_id::StepId;

fn request(policies: usize) -> Request {
    let policy = |i: usize| PolicyChoice { name: format!("P{i}"), arn: format!("arn:aws:iam::aws:policy/P{i}") };
    Request {
        user: UserDetails { name: UserName::new("bob").unwrap(), path: Path::root() },
        access: Access {
            key: Some(KeyWish { use_case: UseCase::Cli, description: Some("laptop".to_owned()) }),
            console: Some(ConsoleWish { own_password: None, reset: true }),
        },
        permissions: Permissions {
            new_group: Some(NewGroup { name: GroupName::new("Makers").unwrap(), policies: vec![policy(0)] }),
            attached: (1..=policies).map(policy).collect(),
            ..Permissions::default()
        },
        tags: Vec::new(),
    }
}

fn caller() -> Caller {
    Caller::new("111122223333", "arn:aws:iam::111122223333:user/admin").unwrap()
}

fn plan(policies: usize) -> Plan {
    Plan::of(&request(policies), &caller(), &Facts::default())
}

fn made(operation: &Operation) -> Made {
    match operation {
        Operation::CreateGroup(_) => Made::Group { id: "AGPA".to_owned() },
        Operation::CreateUser(_) => Made::User { id: "AIDA".to_owned(), arn: "arn".to_owned() },
        Operation::CreateLoginProfile(_) => Made::Password,
        Operation::CreateAccessKey(_) => Made::Key { id: "AKIA".to_owned(), possible_duplicate: false },
        _ => Made::Link,
    }
}

#[test]
fn the_key_is_the_last_step_that_may_stop_a_run() {
    let plan = plan(2);
    let key = plan.yielding(SecretKind::Key).unwrap();
    let step = plan.step(key).unwrap();
    assert_eq!(step.needs.len(), key.0, "it needs all before it");
    assert!(plan.steps()[key.0 + 1..].iter().all(|after| !after.stops));
    for step in plan.steps() {
        assert!(step.needs.iter().all(|need| *need < step.id), "{:?} comes before its needs", step.operation);
    }
}

#[test]
fn a_forced_reset_brings_its_policy_unless_the_account_allows_it_to_all() {
    let has = |plan: &Plan| plan.steps().iter().any(|step| step.operation.words() == "Attach IAMUserChangePassword to bob");
    assert!(has(&plan(0)));
    let allows = iamwalk::domain::password::PasswordPolicy { users_may_change: true, ..Default::default() };
    let mut facts = Facts::default();
    facts.learn(Question::PasswordPolicy, Ok(LookupResult::PasswordPolicy(allows)));
    assert!(!has(&Plan::of(&request(0), &caller(), &facts)));
}

#[test]
fn no_more_than_the_limit_is_under_way_and_throttling_halves_it() {
    let mut ledger = Ledger::new(plan(10));
    assert_eq!(ledger.dispatch().len(), 2, "user and group come first");
    let user = StepId(0);
    assert_eq!(ledger.settle(user, Ok(made(&ledger.plan().step(user).unwrap().operation.clone())), 0), None);
    let sent = ledger.dispatch();
    assert_eq!(sent.len(), AT_ONCE - 1, "the group is still under way");
    let throttled = Fault::of(FaultKind::Throttled);
    assert!(ledger.settle(sent[0].step, Err(throttled), 0).is_some(), "it is tried again after a pause");
    assert!(ledger.pause(sent[0].step).is_some());
    for dispatch in &sent[1..5] {
        ledger.settle(dispatch.step, Ok(Made::Link), 0);
    }
    assert_eq!(ledger.dispatch().len(), 1, "of four at once three are under way");
}

#[test]
fn what_our_own_create_has_not_reached_is_tried_again_and_nothing_else() {
    let mut ledger = Ledger::new(plan(1));
    let not_found = || Err(Fault::of(FaultKind::NotFound));
    ledger.dispatch();
    assert_eq!(ledger.settle(StepId(1), not_found(), 0), None, "nothing was created before it");
    assert_eq!(ledger.status(), RunStatus::Running, "the user is still under way");
    ledger.settle(StepId(0), Ok(Made::User { id: String::new(), arn: String::new() }), 0);
    assert_eq!(ledger.status(), RunStatus::Stopped);

    let mut ledger = Ledger::new(plan(1));
    ledger.dispatch();
    ledger.settle(StepId(0), Ok(made(&ledger.plan().steps()[0].operation.clone())), 0);
    let attach = ledger.dispatch()[0].step;
    let mut pauses = Vec::new();
    while let Some(pause) = ledger.settle(attach, not_found(), 0) {
        assert!(ledger.dispatch().iter().all(|dispatch| dispatch.step != attach), "not before the pause is over");
        pauses.push(pause.as_millis());
        ledger.resume(attach);
        assert!(ledger.dispatch().iter().any(|dispatch| dispatch.step == attach));
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 4000], "bounded");
    assert!(matches!(ledger.state(attach), Some(StepState::Failed(_))));
}

#[test]
fn a_busy_thing_is_changed_by_one_call_at_a_time_from_then_on() {
    let mut ledger = Ledger::new(plan(4));
    ledger.dispatch();
    for id in [StepId(0), StepId(1)] {
        let answer = made(&ledger.plan().step(id).unwrap().operation.clone());
        ledger.settle(id, Ok(answer), 0);
    }
    let sent = ledger.dispatch();
    assert!(sent.len() > 4, "all at once");
    let busy = sent.last().unwrap().step;
    assert!(ledger.settle(busy, Err(Fault::of(FaultKind::Busy)), 0).is_some());
    ledger.resume(busy);
    assert!(ledger.dispatch().is_empty(), "others are still under way");
    for dispatch in &sent[..sent.len() - 1] {
        ledger.settle(dispatch.step, Ok(Made::Link), 0);
    }
    // Both change the user.
    let next: Vec<StepId> = ledger.dispatch().iter().map(|dispatch| dispatch.step).collect();
    assert_eq!(next.len(), 1, "{next:?}");
    ledger.settle(next[0], Ok(Made::Link), 0);
    assert_eq!(ledger.dispatch().iter().map(|dispatch| dispatch.step).collect::<Vec<_>>(), [busy]);
}

#[test]
fn a_stop_during_a_wait_lets_nothing_new_start() {
    let mut ledger = Ledger::new(plan(0));
    ledger.dispatch();
    assert!(ledger.settle(StepId(0), Err(Fault::of(FaultKind::Throttled)), 0).is_some());
    ledger.settle(StepId(1), Ok(Made::Group { id: "AGPA".to_owned() }), 0);
    ledger.stop();
    assert_eq!(ledger.status(), RunStatus::Stopped);
    ledger.resume(StepId(0));
    assert!(ledger.dispatch().is_empty());
}

#[test]
fn what_can_not_be_taken_back_is_named_with_its_command() {
    let mut ledger = Ledger::new(plan(0));
    for dispatch in ledger.dispatch() {
        let answer = made(&ledger.plan().step(dispatch.step).unwrap().operation.clone());
        ledger.settle(dispatch.step, Ok(answer), 0);
    }
    ledger.stop();
    let Some(UndoMove::Survey(step, thing)) = ledger.next_undo() else { panic!("first it looks who uses the group") };
    ledger.surveyed(step, &thing, Ok(Vec::new()), 0);
    let Some(UndoMove::Call(group, ..)) = ledger.next_undo() else { panic!("nothing to undo") };
    assert_eq!(ledger.undone(group, Err(Fault::of(FaultKind::Denied)), 0), None);
    let Some(UndoMove::Call(user, ..)) = ledger.next_undo() else { panic!("undo goes on after an error") };
    ledger.undone(user, Ok(()), 0);
    let commands: Vec<_> = ledger.remains().into_iter().map(|remainder| remainder.command("")).collect();
    assert_eq!(commands, ["aws iam delete-group --group-name=Makers"]);
}
