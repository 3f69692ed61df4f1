//! The gateway against a real server that others wrote, so that practice can't drift from what the world implements.

use std::sync::Mutex;
use std::time::Duration;

use iamwalk::domain::answers::PolicyChoice;
use iamwalk::domain::call::{Lost, Perform, Reconciled};
use iamwalk::domain::caller::Source;
use iamwalk::domain::facts::{Existence, GroupHoldings, LookupResult, Question};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::name::{GroupName, Path, UserName};
use iamwalk::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreateUser,
    DescribeAccessKey, Entity, KeyRef, Made, Operation,
};
use iamwalk::domain::password::PasswordPolicy;
use iamwalk::domain::secret::{Secret, SecretId, Vault};
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::tag::Tag;
use iamwalk::services::connect::{Connection, connect};
use iamwalk::services::settings::Settings;
use iamwalk::services::settings::Waits;

use super::support::samples::inverse;
use super::support::{block_on, moto, practice, settings};

fn connection(endpoint: &str) -> Result<Connection, Fault> {
    let vault = Vault::default();
    vault.put(SecretId::CallerKey, Secret::new("testing".to_owned()));
    let base = settings(practice());
    let patience = iamwalk::services::settings::Timeouts {
        attempt: Duration::from_secs(20),
        call: Duration::from_secs(40),
        ..base.patience
    };
    let settings = Settings { endpoint: Some(endpoint.to_owned()), region: Some("us-east-1".to_owned()), patience, ..base };
    block_on(connect(&Source::Pasted { key_id: "AKIATESTING000000000".to_owned() }, &settings, &vault))
}

#[test]
fn every_call_of_the_gateway() {
    let server = moto::start();
    let Connection { gateway, caller, .. } = connection(&server.endpoint).unwrap();
    assert_eq!(caller.account, "123456789012");
    let ask = |question: Question| {
        let answers = Mutex::new(Vec::new());
        block_on(gateway.ask(&question, &|answer| answers.lock().unwrap().push(answer)));
        answers.into_inner().unwrap()
    };
    let vault = Vault::default();
    let perform = |step: usize, operation: &Operation| {
        block_on(gateway.perform(&Perform { step: StepId(step), ..Perform::plain(operation.clone()) }, &vault))
    };

    // Facts of an empty account, and the real list of policies, page by page.
    assert_eq!(ask(Question::Alias), [Ok(LookupResult::Alias(None))]);
    assert_eq!(ask(Question::PasswordPolicy), [Ok(LookupResult::PasswordPolicy(PasswordPolicy::default()))]);
    assert!(matches!(ask(Question::Quotas)[..], [Ok(LookupResult::Quotas(_))]));
    assert_eq!(ask(Question::Users), [Ok(LookupResult::Users(vec![])), Ok(LookupResult::End)]);
    let policies: Vec<_> = ask(Question::Policies)
        .into_iter()
        .flat_map(|page| match page {
            Ok(LookupResult::Policies(rows)) => rows,
            _ => Vec::new(),
        })
        .collect();
    assert!(policies.len() > 1000, "{}", policies.len());
    let admin = policies.iter().find(|policy| policy.name == "AdministratorAccess").unwrap();
    let document = ask(Question::Document { arn: admin.arn.clone(), version: admin.version.clone() });
    assert!(matches!(&document[..], [Ok(LookupResult::Document(text))] if text.contains("\"Action\"")), "{document:?}");
    let user = UserName::new("bob").unwrap();
    let Ok(LookupResult::Existence(Existence::FreeAt(free_at))) = ask(Question::User("bob".to_owned())).remove(0) else {
        panic!()
    };

    // Every step, and what a look at it finds.
    let group = GroupName::new("Makers").unwrap();
    let policy = PolicyChoice { name: admin.name.clone(), arn: admin.arn.clone() };
    let policy_of_group = policy.clone();
    let tags = vec![Tag { key: "e-mail".to_owned(), value: "bob@example.com".to_owned() }];
    let create_user =
        Operation::CreateUser(CreateUser { user: user.clone(), path: Path::new("/team/").unwrap(), tags, boundary: None });
    let create_group = Operation::CreateGroup(CreateGroup { group: group.clone() });
    let mut made = vec![(create_user.clone(), perform(0, &create_user).unwrap())];
    assert!(matches!(
        block_on(gateway.reconcile(&create_user, &Lost { free_at: Some(free_at - 1), ..Lost::default() })),
        Ok(Reconciled::Ours(Made::User { .. }))
    ));
    made.push((create_group.clone(), perform(1, &create_group).unwrap()));
    assert!(matches!(
        block_on(gateway.reconcile(&create_group, &Lost { free_at: Some(free_at - 1), ..Lost::default() })),
        Ok(Reconciled::Ours(Made::Group { .. }))
    ));
    for (i, action) in [
        Operation::AttachGroupPolicy(AttachGroupPolicy { group: group.clone(), policy: policy.clone() }),
        Operation::AddUserToGroup(AddUserToGroup { user: user.clone(), group: group.clone() }),
        Operation::AttachUserPolicy(AttachUserPolicy { user: user.clone(), policy }),
        Operation::CreateLoginProfile(CreateLoginProfile { user: user.clone(), reset: true }),
        Operation::CreateAccessKey(CreateAccessKey { user: user.clone() }),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = perform(i + 2, &action).unwrap();
        made.push((action, answer));
    }
    let Made::Key { id, .. } = made[6].1.clone() else { panic!("no key") };
    let describe = Operation::DescribeAccessKey(DescribeAccessKey {
        user: user.clone(),
        key: KeyRef::Known(id.clone()),
        description: "laptop".to_owned(),
    });
    made.push((describe.clone(), perform(7, &describe).unwrap()));
    assert!(matches!(
        block_on(gateway.reconcile(&made[5].0.clone(), &Lost { free_at: None, ..Lost::default() })),
        Ok(Reconciled::Ours(Made::LoginProfile { .. }))
    ));
    assert_eq!(
        ask(Question::GroupPolicies("Makers".to_owned())),
        [Ok(LookupResult::GroupPolicies(GroupHoldings { policies: vec![policy_of_group], inline: Vec::new() }))]
    );
    let exists = perform(0, &create_user).unwrap_err();
    assert_eq!((exists.kind, exists.unclear), (FaultKind::Exists, false));

    // The key is proven as the new user.
    let secret = vault.get(SecretId::Of(StepId(6))).unwrap();
    let waits = Waits { every: Duration::ZERO, at_most: Duration::from_secs(5) };
    let arn = block_on(gateway.verify(&id, &secret, "bob", waits, &|_| {})).unwrap();
    assert_eq!(arn, "arn:aws:iam::123456789012:user/team/bob");

    // And all of it back.
    let (Made::User { id: user_id, .. }, Made::Group { id: group_id }) = (&made[0].1, &made[1].1) else { panic!("{made:?}") };
    for (operation, made) in made.iter().rev() {
        let id = if matches!(operation.target(), Entity::User(_)) { user_id } else { group_id };
        block_on(gateway.undo(&inverse(operation, made, id), &[], &vault)).unwrap();
    }
    assert_eq!(ask(Question::Users), [Ok(LookupResult::Users(vec![])), Ok(LookupResult::End)]);
    assert_eq!(ask(Question::Groups), [Ok(LookupResult::Groups(vec![])), Ok(LookupResult::End)]);
    assert_eq!(
        block_on(gateway.reconcile(&create_user, &Lost { free_at: Some(free_at), ..Lost::default() })),
        Ok(Reconciled::Nothing)
    );
    // What is gone is not found; the ledger takes that for gone.
    let gone = block_on(gateway.undo(&inverse(&create_user, &made[0].1, user_id), &[], &vault)).unwrap_err();
    assert_eq!(gone.kind, FaultKind::NotFound);
}

/// Endpoints that are none: a screen's worth of words each, never a hang.
#[test]
fn endpoints_that_are_no_iam() {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    let serve = |answer: &'static [u8]| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().take(8).flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer);
            }
        });
        address
    };
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 26\r\nconnection: close\r\n\r\n<html><p>Sign in</p></html>";
    assert_eq!(connection(&serve(page)).unwrap_err().kind, FaultKind::NotAws);
    let missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnot found";
    assert_eq!(connection(&serve(missing)).unwrap_err().kind, FaultKind::NotAws);
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let fault = connection(&closed).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NoConnection);
    assert!(fault.to_string().contains("Check the network"), "{fault}");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings { endpoint: Some(format!("http://{}", silent.local_addr().unwrap())), ..settings(practice()) };
    let vault = Vault::default();
    vault.put(SecretId::CallerKey, Secret::new("testing".to_owned()));
    let source = Source::Pasted { key_id: "AKIATESTING000000000".to_owned() };
    assert_eq!(block_on(connect(&source, &settings, &vault)).unwrap_err().kind, FaultKind::Timeout);
}
