//! The ledger by itself: what is sent when, what stops a run, what undo takes back; over every outcome of every step.

use iamwalk::domain::access::UseCase;
use iamwalk::domain::answers::{Access, ConsoleWish, KeyWish, NewGroup, Permissions, PolicyChoice, UserDetails};
use iamwalk::domain::arn::Partition;
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::ledger::{AT_ONCE, Ledger, Standing, StepState, UndoMove};
use iamwalk::domain::name::{GroupName, Path, UserName};
use iamwalk::domain::plan::Plan;
use iamwalk::domain::request::Request;
use iamwalk::domain::step::{Action, Made, StepId};
use iamwalk::domain::undo::Undo;

fn request(policies: usize) -> Request {
    let policy = |i: usize| PolicyChoice { name: format!("P{i}"), arn: format!("arn:aws:iam::aws:policy/P{i}") };
    Request {
        user: UserDetails { name: UserName::new("bob").unwrap(), path: Path::root() },
        access: Access {
            key: Some(KeyWish { use_case: UseCase::Cli, description: Some("laptop".to_owned()) }),
            console: Some(ConsoleWish { own_password: None, reset: true }),
        },
        permissions: Permissions {
            groups: Vec::new(),
            new_group: Some(NewGroup { name: GroupName::new("Makers").unwrap(), policies: vec![policy(0)] }),
            attached: (1..=policies).map(policy).collect(),
        },
        tags: Vec::new(),
    }
}

fn plan(policies: usize) -> Plan {
    Plan::of(&request(policies), &Partition::new("aws"), None)
}

fn made(action: &Action) -> Made {
    match action {
        Action::CreateGroup { .. } => Made::Group { id: "AGPA".to_owned() },
        Action::CreateUser { .. } => Made::User { id: "AIDA".to_owned(), arn: "arn".to_owned() },
        Action::CreateLoginProfile { .. } => Made::Password,
        Action::CreateAccessKey { .. } => Made::Key { id: "AKIA".to_owned() },
        _ => Made::Link,
    }
}

fn fault(unclear: bool) -> Fault {
    Fault { unclear, ..Fault::of(if unclear { FaultKind::Timeout } else { FaultKind::Denied }) }
}

#[test]
fn the_key_is_the_last_step_that_may_stop_a_run() {
    let plan = plan(2);
    let key = plan.key_step().unwrap();
    let step = plan.step(key).unwrap();
    assert_eq!(step.needs.len(), key.0, "it needs all before it");
    assert!(plan.steps()[key.0 + 1..].iter().all(|after| !after.stops));
    for step in plan.steps() {
        assert!(step.needs.iter().all(|need| *need < step.id), "{:?} comes before its needs", step.action);
    }
}

#[test]
fn a_forced_reset_brings_its_policy_unless_the_account_allows_it_to_all() {
    let has = |plan: &Plan| plan.steps().iter().any(|step| step.action.words() == "Attach IAMUserChangePassword to bob");
    assert!(has(&plan(0)));
    let allows = iamwalk::domain::password::PasswordPolicy { users_may_change: true, ..Default::default() };
    assert!(!has(&Plan::of(&request(0), &Partition::new("aws"), Some(&allows))));
}

#[test]
fn no_more_than_the_limit_is_under_way_and_throttling_halves_it() {
    let mut ledger = Ledger::new(plan(10));
    assert_eq!(ledger.dispatch().len(), 2, "user and group come first");
    let user = StepId(0);
    assert_eq!(ledger.settle(user, Ok(made(&ledger.plan().step(user).unwrap().action.clone()))), None);
    let sent = ledger.dispatch();
    assert_eq!(sent.len(), AT_ONCE - 1, "the group is still under way");
    let throttled = Fault::of(FaultKind::Throttled);
    assert!(ledger.settle(sent[0].step, Err(throttled)).is_some(), "it is tried again after a pause");
    assert!(ledger.is_pausing(sent[0].step));
    for dispatch in &sent[1..5] {
        ledger.settle(dispatch.step, Ok(Made::Link));
    }
    assert_eq!(ledger.dispatch().len(), 1, "of four at once three are under way");
}

#[test]
fn what_our_own_create_has_not_reached_is_tried_again_and_nothing_else() {
    let mut ledger = Ledger::new(plan(1));
    let not_found = || Err(Fault::of(FaultKind::NotFound));
    ledger.dispatch();
    assert_eq!(ledger.settle(StepId(1), not_found()), None, "nothing was created before it");
    assert_eq!(ledger.standing(), Standing::Running, "the user is still under way");
    ledger.settle(StepId(0), Ok(Made::User { id: String::new(), arn: String::new() }));
    assert_eq!(ledger.standing(), Standing::Stopped);

    let mut ledger = Ledger::new(plan(1));
    ledger.dispatch();
    ledger.settle(StepId(0), Ok(made(&ledger.plan().steps()[0].action.clone())));
    let attach = ledger.dispatch()[0].step;
    let mut pauses = Vec::new();
    while let Some(pause) = ledger.settle(attach, not_found()) {
        assert!(ledger.dispatch().iter().all(|dispatch| dispatch.step != attach), "not before the pause is over");
        pauses.push(pause.as_millis());
        ledger.resume(attach);
        assert!(ledger.dispatch().iter().any(|dispatch| dispatch.step == attach));
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 4000], "bounded");
    assert!(matches!(ledger.state(attach), Some(StepState::Failed(_))));
}

/// Every combination of done, failed, unclear-and-happened, unclear-and-not for the steps of a plan, each followed by undo:
/// nothing that was made remains, and nothing is taken back that was not made.
#[test]
fn undo_leaves_nothing_and_takes_nothing_else() {
    let plan = plan(1);
    let n = plan.steps().len();
    assert!(n >= 8);
    let mut runs = 0;
    for combination in 0..4usize.pow(8) {
        let outcome = |i: usize| (combination >> (2 * i.min(7))) & 3;
        let mut ledger = Ledger::new(plan.clone());
        let mut there = vec![false; n];
        loop {
            let sent = ledger.dispatch();
            if sent.is_empty() {
                break;
            }
            for dispatch in sent {
                let i = dispatch.step.0;
                let (happened, answer) = match outcome(i) {
                    0 => (true, Ok(made(&plan.steps()[i].action))),
                    1 => (false, Err(fault(false))),
                    2 => (true, Err(fault(true))),
                    _ => (false, Err(fault(true))),
                };
                there[i] = happened;
                assert_eq!(ledger.settle(dispatch.step, answer), None);
            }
        }
        assert_ne!(ledger.standing(), Standing::Running);
        let mut order = Vec::new();
        while let Some(next) = ledger.next_undo() {
            match next {
                UndoMove::Look(step) => {
                    let action = &plan.steps()[step.0].action;
                    // A lost key is deleted by the look itself.
                    let found = there[step.0] && !matches!(action, Action::CreateAccessKey { .. });
                    there[step.0] = found;
                    ledger.looked(step, Ok(found.then(|| made(action))));
                }
                UndoMove::Call(step, undo) => {
                    let action = &plan.steps()[step.0].action;
                    assert_eq!(Some(&undo), Undo::of(action, &made(action), Some("AKIA")).as_ref());
                    there[step.0] = false;
                    order.push(step);
                    ledger.undone(step, Ok(()));
                }
            }
        }
        assert!(there.iter().all(|there| !there), "{combination}: {there:?}");
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "in reverse");
        assert!(ledger.remains().is_empty());
        runs += 1;
    }
    assert_eq!(runs, 65_536);
}

#[test]
fn what_can_not_be_taken_back_is_named_with_its_command() {
    let mut ledger = Ledger::new(plan(0));
    for dispatch in ledger.dispatch() {
        let answer = made(&ledger.plan().step(dispatch.step).unwrap().action.clone());
        ledger.settle(dispatch.step, Ok(answer));
    }
    ledger.stop();
    let Some(UndoMove::Call(group, _)) = ledger.next_undo() else { panic!("nothing to undo") };
    ledger.undone(group, Err(fault(false)));
    let Some(UndoMove::Call(user, _)) = ledger.next_undo() else { panic!("undo goes on after an error") };
    ledger.undone(user, Ok(()));
    let commands: Vec<_> = ledger.remains().into_iter().map(|remainder| remainder.command).collect();
    assert_eq!(commands, ["aws iam delete-group --group-name=Makers"]);
}
