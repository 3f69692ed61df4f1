//! The ledger exhaustively, on the account: every combination of done, failed, unclear-and-happened and unclear-and-not for every
//! step of plans of eight steps, then undo. The account is then the one before, and nothing that was there is gone or changed.

use std::collections::BTreeMap;

use iamwalk::domain::answers::PolicyChoice;
use iamwalk::domain::call::{Before, Call, CallAnswer, Reconciled};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::journal::Run;
use iamwalk::domain::ledger::{Ledger, RunStatus};
use iamwalk::domain::name::{GroupName, Path, UserName};
use iamwalk::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreatePolicy,
    CreatePolicyVersion, CreateUser, DescribeAccessKey, Entity, KeyRef, Made, Old, Operation, Owned, PutUserPolicy, SecretKind,
};
use iamwalk::domain::password::PasswordPolicy;
use iamwalk::domain::plan::Plan;
use iamwalk::domain::record::Beginning;
use iamwalk::domain::record::Record;
use iamwalk::domain::record::line;
use iamwalk::domain::secret::Secret;
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::usage::{Use, entities};
use iamwalk::practice::policies::PolicyToMake;
use iamwalk::practice::{Account, seeded};

use super::support::samples;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const LOGS: &str = "arn:aws:iam::111122223333:policy/ReadTeamLogs";
const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}"#;

/// Everything that is in an account, in words, without what a look at it changes.
fn everything(account: &Account) -> String {
    let users: Vec<_> = account
        .users
        .values()
        .map(|u| format!("{} {} {:?} {:?} {} {:?}", u.id, u.path, u.tags, u.attached, u.login.is_some(), keys(account, &u.name)))
        .collect();
    let groups: Vec<_> = account.groups.values().map(|g| format!("{} {:?} {:?}", g.id, g.members, g.attached)).collect();
    let policies: Vec<_> = account.policies.values().map(|p| format!("{} {} {:?}", p.id, p.default, p.versions)).collect();
    format!("{users:#?}\n{groups:#?}\n{policies:#?}")
}

fn keys(account: &Account, user: &str) -> Vec<String> {
    account.user(user).map(|user| user.keys.iter().map(|key| key.id.clone()).collect()).unwrap_or_default()
}

fn account() -> Account {
    let mut n = 0u8;
    let mut account = seeded(Box::new(move |bytes| {
        for byte in bytes {
            n = n.wrapping_mul(5).wrapping_add(17);
            *byte = n;
        }
    }));
    account.attach_group_policy("Auditors", ADMIN).unwrap();
    account
}

/// A plan of these operations, each after all before it that make what it changes.
fn plan(operations: Vec<Operation>) -> Plan {
    let needs = |place: usize| {
        let operation = &operations[place];
        let is_needed = |earlier: &usize| {
            let made = &operations[*earlier];
            let makes = made.makes_entity() && made.shares_entity(operation);
            let describes =
                matches!(operation, Operation::DescribeAccessKey(describe) if describe.key == KeyRef::MadeBy(StepId(*earlier)));
            makes || describes || operation.brings() == Some(SecretKind::Key)
        };
        (0..place).filter(is_needed).collect::<Vec<_>>()
    };
    let needs: Vec<Vec<usize>> = (0..operations.len()).map(needs).collect();
    samples::plan(operations.into_iter().zip(needs).collect())
}

fn user() -> UserName {
    UserName::new("bob").unwrap()
}

fn group(name: &str) -> GroupName {
    GroupName::new(name).unwrap()
}

fn policy(arn: &str) -> PolicyChoice {
    PolicyChoice { name: arn.rsplit('/').next().unwrap().to_owned(), arn: arn.to_owned() }
}

fn create_user() -> Operation {
    Operation::CreateUser(CreateUser { user: user(), path: Path::root(), tags: Vec::new(), boundary: None })
}

/// With a new group, with what was there before, and with what was so already.
fn plans() -> Vec<Plan> {
    let makers = "arn:aws:iam::111122223333:policy/Makers";
    let create_policy = Operation::CreatePolicy(CreatePolicy {
        policy: policy(makers),
        description: String::new(),
        document: DOCUMENT.to_owned(),
        tags: Vec::new(),
    });
    let describe = |key| {
        Operation::DescribeAccessKey(DescribeAccessKey {
            user: user(),
            key: KeyRef::MadeBy(StepId(key)),
            description: "laptop".to_owned(),
        })
    };
    vec![
        plan(vec![
            create_user(),
            Operation::CreateGroup(CreateGroup { group: group("Makers") }),
            Operation::AttachGroupPolicy(AttachGroupPolicy { group: group("Makers"), policy: policy(ADMIN) }),
            Operation::AddUserToGroup(AddUserToGroup { user: user(), group: group("Makers") }),
            Operation::AttachUserPolicy(AttachUserPolicy { user: user(), policy: policy(ADMIN) }),
            Operation::CreateLoginProfile(CreateLoginProfile { user: user(), reset: true }),
            Operation::CreateAccessKey(CreateAccessKey { user: user() }),
            describe(6),
        ]),
        plan(vec![
            create_user(),
            create_policy,
            Operation::CreatePolicyVersion(CreatePolicyVersion {
                policy: policy(LOGS),
                document: DOCUMENT.to_owned(),
                before: "v1".to_owned(),
            }),
            // Auditors has this one, and not the other.
            Operation::AttachGroupPolicy(AttachGroupPolicy { group: group("Auditors"), policy: policy(ADMIN) }),
            Operation::AttachGroupPolicy(AttachGroupPolicy { group: group("Auditors"), policy: policy(LOGS) }),
            Operation::AddUserToGroup(AddUserToGroup { user: user(), group: group("Auditors") }),
            Operation::CreateAccessKey(CreateAccessKey { user: user() }),
            describe(6),
        ]),
    ]
}

/// What the gateway would do, on the account itself.
fn perform(account: &mut Account, call: &Call) -> Made {
    let Call::Perform(perform) = call else { panic!("not a step: {call:?}") };
    match &perform.operation {
        Operation::CreateUser(CreateUser { user, .. }) => {
            let made = account.create_user(user.as_str(), "/", Vec::new()).unwrap();
            Made::User { id: made.id.clone(), arn: String::new() }
        }
        Operation::CreateGroup(CreateGroup { group }) => {
            Made::Group { id: account.create_group(group.as_str(), "/").unwrap().id.clone() }
        }
        Operation::CreatePolicy(CreatePolicy { policy, document, .. }) => {
            let new = PolicyToMake { name: &policy.name, path: "/", description: "", document, tags: Vec::new() };
            Made::Policy { id: account.create_policy(new).unwrap().id.clone() }
        }
        Operation::CreatePolicyVersion(CreatePolicyVersion { policy, document, before }) => {
            assert_eq!(account.policies[&policy.arn].default, *before);
            Made::Version { version: account.create_policy_version(&policy.arn, document, true).unwrap().id }
        }
        Operation::AttachGroupPolicy(AttachGroupPolicy { group, policy }) => {
            account.attach_group_policy(group.as_str(), &policy.arn).unwrap();
            Made::Link
        }
        Operation::AddUserToGroup(AddUserToGroup { user, group }) => {
            account.add_user_to_group(user.as_str(), group.as_str()).unwrap();
            Made::Link
        }
        Operation::AttachUserPolicy(AttachUserPolicy { user, policy }) => {
            account.attach_user_policy(user.as_str(), &policy.arn).unwrap();
            Made::Link
        }
        Operation::PutUserPolicy(PutUserPolicy { user, name, document }) => {
            account.put_user_policy(user.as_str(), name.as_str(), document).unwrap();
            Made::Link
        }
        Operation::CreateLoginProfile(CreateLoginProfile { user, .. }) => {
            account.create_login_profile(user.as_str(), Secret::new("Wjh37!skhdK_as".to_owned()), true).unwrap();
            Made::Password
        }
        Operation::CreateAccessKey(CreateAccessKey { user }) => {
            let id = account.create_access_key(user.as_str()).unwrap().id.clone();
            Made::Key { id, possible_duplicate: false }
        }
        Operation::DescribeAccessKey(DescribeAccessKey { user, key, description }) => {
            let key = key.known().expect("the key that is described").to_owned();
            let tag = iamwalk::domain::tag::Tag { key, value: description.clone() };
            account.tag_user(user.as_str(), vec![tag]).unwrap();
            Made::Link
        }
        other => panic!("no plan here has {other:?}"),
    }
}

/// How it is before something is changed that was there.
fn read(account: &Account, operation: &Operation) -> Before {
    match operation {
        Operation::AttachGroupPolicy(AttachGroupPolicy { group, policy }) => {
            let found = account.group(group.as_str()).unwrap();
            let thing = Owned::new(operation.target(), found.id.clone());
            let users = entities(&uses(account, &thing));
            match found.attached.contains(&policy.arn) {
                true => Before::Same(Made::Link),
                false => Before::Other { thing: Some(thing), users, old: Old::Nothing },
            }
        }
        Operation::CreatePolicyVersion(CreatePolicyVersion { policy, before, .. }) => {
            let found = &account.policies[&policy.arn];
            assert_eq!(found.default, *before);
            let thing = Owned::new(operation.target(), found.id.clone());
            let users = entities(&uses(account, &thing));
            Before::Other { thing: Some(thing), users, old: Old::Nothing }
        }
        other => panic!("{other:?} changes nothing that was there"),
    }
}

/// Who uses a thing, as `services::usage` lists it.
fn uses(account: &Account, thing: &Owned) -> Vec<Use> {
    let user = |user: &iamwalk::practice::entities::User| Use::entity("user", &user.name, &user.id);
    match &thing.entity {
        Entity::Group(name) => {
            let group = account.group(name.as_str()).unwrap();
            let members = group.members.iter().map(|member| user(&account.users[member]));
            members.chain(group.attached.iter().map(|arn| Use::part(arn, arn.clone()))).collect()
        }
        Entity::Policy(arn) => {
            let users = account.users.values().filter(|user| user.attached.contains(arn) || user.boundary.as_ref() == Some(arn));
            let groups = account.groups.values().filter(|group| group.attached.contains(arn));
            let groups = groups.map(|group| Use::entity("group", &group.name, &group.id));
            users.map(user).chain(groups).collect()
        }
        Entity::User(_) => Vec::new(),
    }
}

fn look(account: &mut Account, action: &Operation) -> Reconciled {
    let made = match action {
        Operation::CreateUser(CreateUser { user, .. }) => {
            account.user(user.as_str()).ok().map(|user| Made::User { id: user.id.clone(), arn: String::new() })
        }
        Operation::CreateGroup(CreateGroup { group }) => {
            account.group(group.as_str()).ok().map(|group| Made::Group { id: group.id.clone() })
        }
        Operation::CreatePolicy(CreatePolicy { policy, .. }) => {
            account.policies.get(&policy.arn).map(|policy| Made::Policy { id: policy.id.clone() })
        }
        Operation::CreatePolicyVersion(CreatePolicyVersion { policy, before, .. }) => {
            let found = &account.policies[&policy.arn];
            (found.default != *before).then(|| Made::Version { version: found.default.clone() })
        }
        Operation::CreateLoginProfile(CreateLoginProfile { user, .. }) => {
            account.user(user.as_str()).ok().and_then(|user| user.login.as_ref()).map(|_| Made::Password)
        }
        Operation::CreateAccessKey(CreateAccessKey { user }) => {
            let lost = keys(account, user.as_str());
            return match &lost[..] {
                [] => Reconciled::Nothing,
                [lost] => {
                    account.delete_access_key(user.as_str(), lost).unwrap();
                    Reconciled::Removed
                }
                more => panic!("{more:?}"),
            };
        }
        other => panic!("no create: {other:?}"),
    };
    made.map_or(Reconciled::Nothing, Reconciled::Ours)
}

/// Deletes as IAM does, "not there" being as good as done; what is not the run's own any more is left alone.
fn undo(account: &mut Account, undo: &Operation, owned: &[Owned]) {
    let is_still = |thing: &Owned| match &thing.entity {
        Entity::User(name) => account.user(name.as_str()).is_ok_and(|user| user.id == thing.id),
        Entity::Group(name) => account.group(name.as_str()).is_ok_and(|group| group.id == thing.id),
        Entity::Policy(arn) => account.policies.get(arn).is_some_and(|policy| policy.id == thing.id),
    };
    assert_eq!(undo.evidence().unwrap().things(), owned, "{undo:?}: what is compared is what proves it ours");
    if !owned.iter().all(is_still) {
        return;
    }
    let answer = match undo {
        Operation::DeleteUser(delete) => account.delete_user(delete.user.as_str()),
        Operation::DeleteGroup(delete) => account.delete_group(delete.group.as_str()),
        Operation::DeletePolicy(delete) => account.delete_policy(&delete.policy.arn),
        Operation::RestorePolicyVersion(restore) => {
            account.set_default_policy_version(&restore.policy.arn, &restore.before).unwrap();
            account.delete_policy_version(&restore.policy.arn, &restore.ours)
        }
        Operation::DetachGroupPolicy(detach) => account.detach_group_policy(detach.group.as_str(), &detach.policy.arn),
        Operation::DetachUserPolicy(detach) => account.detach_user_policy(detach.user.as_str(), &detach.policy.arn),
        Operation::RemoveUserFromGroup(remove) => account.remove_user_from_group(remove.user.as_str(), remove.group.as_str()),
        Operation::DeleteUserPolicy(delete) => account.delete_user_policy(delete.user.as_str(), delete.name.as_str()),
        Operation::DeleteLoginProfile(delete) => account.delete_login_profile(delete.user.as_str()),
        Operation::DeleteAccessKey(delete) => account.delete_access_key(delete.user.as_str(), &delete.key),
        Operation::UntagUser(untag) => account.untag_user(untag.user.as_str(), std::slice::from_ref(&untag.key)),
        other => panic!("{other:?} takes nothing back"),
    };
    if let Err(refusal) = answer {
        assert_eq!(refusal.code, "NoSuchEntity", "{undo:?}: {}", refusal.message);
    }
}

/// What happens to a step each time it is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Done,
    Refused,
    LostAfter,
    LostBefore,
}

const FATES: [Fate; 4] = [Fate::Done, Fate::Refused, Fate::LostAfter, Fate::LostBefore];

/// A run of this plan in which each step meets its fate, to where it rests; or, with `limit`, to where the program is killed: that
/// many records are on the disk, the calls whose intents are among them were sent, and nothing else.
fn run(plan: &Plan, fate: impl Fn(usize) -> Fate, account: &mut Account, limit: usize) -> (Ledger, Vec<Record>) {
    let mut ledger = Ledger::new(plan.clone());
    let mut journal =
        vec![Record::Begun(Beginning::of(iamwalk::domain::record::TaskId::CreateUser, &ledger, "111122223333", "aws", "arn"))];
    loop {
        let ready = ledger.dispatch();
        let policy = PasswordPolicy::default();
        let calls: Vec<Call> = ready.into_iter().map(|dispatch| ledger.call(dispatch, &policy).unwrap()).collect();
        let intents = Call::intents(&calls, None);
        if calls.is_empty() || journal.len() + intents.len() > limit {
            return (ledger, journal);
        }
        journal.extend(intents);
        let mut killed = false;
        for call in calls {
            let answer = meet(&call, fate(call.step().0), account);
            let known: Vec<Record> = answer.records(call.step());
            killed |= journal.len() + known.len() > limit;
            if !killed {
                journal.extend(known);
            }
            let pause = match answer {
                CallAnswer::Reconciled(answer) => ledger.reconciled(call.step(), answer, 0),
                CallAnswer::Performed(answer) => ledger.settle(call.step(), answer, 0),
                CallAnswer::Read(answer) => ledger.read(call.step(), answer, 0),
                CallAnswer::Undone(_) | CallAnswer::Surveyed { .. } => panic!("nothing is undone here"),
            };
            if pause.is_some() {
                ledger.resume(call.step());
            }
        }
        if killed {
            return (ledger, journal);
        }
    }
}

fn meet(call: &Call, fate: Fate, account: &mut Account) -> CallAnswer {
    match call {
        Call::Reconcile { operation, .. } => return CallAnswer::Reconciled(Ok(look(account, operation))),
        Call::Read { operation, .. } => return CallAnswer::Read(Ok(read(account, operation))),
        _ => {}
    }
    let lost = || Err(Fault { unclear: true, ..Fault::of(FaultKind::Timeout) });
    CallAnswer::Performed(match fate {
        Fate::Done => Ok(perform(account, call)),
        Fate::Refused => Err(Fault::of(FaultKind::Denied)),
        Fate::LostBefore => lost(),
        Fate::LostAfter => {
            perform(account, call);
            lost()
        }
    })
}

/// Takes everything back.
fn undo_all(ledger: &mut Ledger, account: &mut Account) {
    ledger.retry_undo();
    let mut order = Vec::new();
    while let Some(next) = ledger.next_undo() {
        match ledger.undo_call(next, false).unwrap() {
            Call::Survey { step, thing } => {
                let seen = uses(account, &thing);
                assert_eq!(ledger.surveyed(step, &thing, Ok(seen), 0), None);
            }
            Call::Reconcile { step, operation, .. } => {
                let seen = look(account, &operation);
                ledger.reconciled(step, Ok(seen), 0);
            }
            Call::Undo { step, operation, owned, .. } => {
                undo(account, &operation, &owned);
                order.push(step);
                assert_eq!(ledger.undone(step, Ok(()), 0), None);
            }
            other => panic!("undo makes nothing: {other:?}"),
        }
    }
    assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "in reverse: {order:?}");
    assert!(ledger.remains().is_empty());
}

#[test]
fn undo_gives_the_account_back_as_it_was() {
    let before = everything(&account());
    let mut standings = BTreeMap::new();
    let mut runs = 0;
    for plan in plans() {
        let n = plan.steps().len() as u32;
        assert_eq!(n, 8);
        for combination in 0..4usize.pow(n) {
            let mut account = account();
            let (mut ledger, _) = run(&plan, |step| FATES[(combination >> (2 * step)) & 3], &mut account, usize::MAX);
            assert_ne!(ledger.status(), RunStatus::Running, "{combination}");
            *standings.entry(format!("{:?}", ledger.status())).or_insert(0) += 1;
            undo_all(&mut ledger, &mut account);
            assert_eq!(everything(&account), before, "{combination}");
            runs += 1;
        }
    }
    assert_eq!(runs, 2 * 65_536);
    assert!(standings.len() == 2, "some are complete, most are not: {standings:?}");
}

/// Killed after any record: what is on the disk is enough to take all of it back.
#[test]
fn a_journal_that_ends_anywhere_is_enough_to_undo() {
    let before = everything(&account());
    let mut runs = 0;
    for plan in plans() {
        for combination in (0..4usize.pow(8)).step_by(101) {
            for limit in 2.. {
                let mut account = account();
                let (_, journal) = run(&plan, |step| FATES[(combination >> (2 * step)) & 3], &mut account, limit);
                let text: String = journal.iter().map(|record| line(record).unwrap()).collect();
                let mut ledger = Run::read(text.as_bytes()).unwrap().unwrap().ledger;
                undo_all(&mut ledger, &mut account);
                assert_eq!(everything(&account), before, "{combination}, killed after {limit} records");
                runs += 1;
                if journal.len() < limit {
                    break;
                }
            }
        }
    }
    assert!(runs > 5000, "{runs}");
}
