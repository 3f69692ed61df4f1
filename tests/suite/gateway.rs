//! The gateway over the practice account: what it sends, what it makes of answers, what it never sends twice.

use std::sync::Mutex;
use std::time::Duration;

use iamwalk::domain::answers::PolicyChoice;
use iamwalk::domain::call::{Lost, Perform, Reconciled};
use iamwalk::domain::caller::{CallerKind, Source};
use iamwalk::domain::facts::{Existence, GroupHoldings, LookupResult, Question};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::hand_over::Progress;
use iamwalk::domain::name::{GroupName, Path, UserName};
use iamwalk::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreateUser, Entity,
    Made, Operation,
};
use iamwalk::domain::password::PasswordPolicy;
use iamwalk::domain::secret::{Secret, SecretId, Vault};
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::tag::Tag;
use iamwalk::practice::faults::{Trouble, Troubled};
use iamwalk::services::connect::connect;
use iamwalk::services::gateway::Gateway;
use iamwalk::services::settings::Waits;

use super::support::samples::inverse;
use super::support::{block_on, practice, settings};

fn gateway_over(connector: impl aws_smithy_runtime_api::client::http::HttpConnector + 'static) -> Gateway {
    block_on(connect(&Source::Practice, &settings(connector), &Vault::default())).unwrap().gateway
}

fn user() -> UserName {
    UserName::new("bob").unwrap()
}

fn create_user() -> Operation {
    let tags = vec![Tag { key: "e-mail".to_owned(), value: "a+b=c & <d>".replace(['&', '<', '>'], "").trim().to_owned() }];
    Operation::CreateUser(CreateUser { user: user(), path: Path::new("/team/").unwrap(), tags, boundary: None })
}

fn perform(gateway: &Gateway, step: usize, operation: &Operation, vault: &Vault) -> Result<Made, Fault> {
    let perform = Perform { step: StepId(step), ..Perform::plain(operation.clone()) };
    block_on(gateway.perform(&perform, vault))
}

fn lost(free_at: Option<i64>) -> Lost {
    Lost { free_at, ..Lost::default() }
}

fn ask(gateway: &Gateway, question: &Question) -> Vec<Result<LookupResult, Fault>> {
    let answers = Mutex::new(Vec::new());
    block_on(gateway.ask(question, &|answer| answers.lock().unwrap().push(answer)));
    answers.into_inner().unwrap()
}

#[test]
fn the_caller_is_named() {
    let connection = block_on(connect(&Source::Practice, &settings(practice()), &Vault::default())).unwrap();
    assert_eq!(connection.caller.arn, "arn:aws:iam::111122223333:user/practice-admin");
    assert_eq!(connection.caller.kind, CallerKind::User);
}

#[test]
fn every_step_makes_what_it_says_and_undo_takes_it_back() {
    let practice = practice();
    let gateway = gateway_over(practice.clone());
    let vault = Vault::default();
    let before = practice.with_account(|account| (format!("{:?}", account.users), format!("{:?}", account.groups)));
    let group = GroupName::new("Makers").unwrap();
    let policy = |name: &str| PolicyChoice { name: name.to_owned(), arn: format!("arn:aws:iam::aws:policy/{name}") };
    let steps = [
        create_user(),
        Operation::CreateGroup(CreateGroup { group: group.clone() }),
        Operation::AttachGroupPolicy(AttachGroupPolicy { group: group.clone(), policy: policy("AdministratorAccess") }),
        Operation::AddUserToGroup(AddUserToGroup { user: user(), group }),
        Operation::AttachUserPolicy(AttachUserPolicy { user: user(), policy: policy("IAMUserChangePassword") }),
        Operation::CreateLoginProfile(CreateLoginProfile { user: user(), reset: true }),
        Operation::CreateAccessKey(CreateAccessKey { user: user() }),
    ];
    let made: Vec<Made> = steps.iter().enumerate().map(|(i, step)| perform(&gateway, i, step, &vault).unwrap()).collect();
    practice.with_account(|account| {
        let bob = account.user("bob").unwrap();
        assert_eq!((bob.path.as_str(), bob.tags[0].key.as_str()), ("/team/", "e-mail"));
        assert!(bob.attached.contains("arn:aws:iam::aws:policy/IAMUserChangePassword"));
        assert!(bob.login.as_ref().unwrap().reset);
        let key = &bob.keys[0];
        assert_eq!(made[6], Made::Key { id: key.id.clone(), possible_duplicate: false });
        assert_eq!(vault.get(SecretId::Of(StepId(6))).unwrap().expose(), key.secret.expose());
        let password = vault.get(SecretId::Of(StepId(5))).unwrap();
        assert_eq!(bob.login.as_ref().unwrap().password.expose(), password.expose());
        let makers = account.group("Makers").unwrap();
        assert!(makers.members.contains("bob") && makers.attached.contains("arn:aws:iam::aws:policy/AdministratorAccess"));
    });
    let made_of = made.clone();
    for (action, made) in steps.iter().zip(&made).rev() {
        let id = |made: &Made| match made {
            Made::User { id, .. } | Made::Group { id } => id.clone(),
            _ => panic!("{made:?}"),
        };
        let of = match action.target() {
            Entity::User(_) => id(&made_of[0]),
            _ => id(&made_of[1]),
        };
        block_on(gateway.undo(&inverse(action, made, &of), &[], &vault)).unwrap();
    }
    let after = practice.with_account(|account| (format!("{:?}", account.users), format!("{:?}", account.groups)));
    // The caller's own key was used meanwhile; nothing else differs.
    assert_eq!(before.1, after.1);
    assert!(!after.0.contains("\"bob\""));
}

#[test]
fn lists_come_page_by_page_and_whole() {
    let gateway = gateway_over(practice());
    let pages = ask(&gateway, &Question::Policies);
    let sizes: Vec<usize> = pages
        .iter()
        .map(|page| match page {
            Ok(LookupResult::Policies(rows)) => rows.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(sizes, [1000, 569, 0]);
    assert_eq!(pages.last(), Some(&Ok(LookupResult::End)));
    let users = ask(&gateway, &Question::Users);
    let Ok(LookupResult::Users(users)) = &users[0] else { panic!("{users:?}") };
    let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["amara", "build-server", "practice-admin"]);
    let groups = ask(&gateway, &Question::GroupPolicies("Operators".to_owned()));
    let policy =
        |name: &str, path: &str| PolicyChoice { name: name.to_owned(), arn: format!("arn:aws:iam::aws:policy/{path}{name}") };
    let policies = vec![policy("AmazonEC2ReadOnlyAccess", ""), policy("ViewOnlyAccess", "job-function/")];
    assert_eq!(groups, [Ok(LookupResult::GroupPolicies(GroupHoldings { policies, inline: Vec::new() }))]);
}

#[test]
fn documents_are_decoded_to_the_letter() {
    let gateway = gateway_over(practice());
    let question =
        Question::Document { arn: "arn:aws:iam::111122223333:policy/ReadTeamLogs".to_owned(), version: "v1".to_owned() };
    let Ok(LookupResult::Document(text)) = ask(&gateway, &question).remove(0) else { panic!("no document") };
    assert!(text.starts_with(r#"{"Version":"2012-10-17""#) && text.contains("log-group:team/*"), "{text}");
}

#[test]
fn facts_of_the_account() {
    let gateway = gateway_over(practice());
    assert_eq!(ask(&gateway, &Question::PasswordPolicy), [Ok(LookupResult::PasswordPolicy(PasswordPolicy::default()))]);
    assert_eq!(ask(&gateway, &Question::Alias), [Ok(LookupResult::Alias(Some("practice-account".to_owned())))]);
    assert!(
        matches!(ask(&gateway, &Question::Quotas)[..], [Ok(LookupResult::Quotas(quotas))] if quotas.users == 3 && quotas.groups == 2)
    );
    assert_eq!(ask(&gateway, &Question::User("AMARA".to_owned())), [Ok(LookupResult::Existence(Existence::Taken))]);
    let free = ask(&gateway, &Question::User("bob".to_owned()));
    assert!(matches!(free[..], [Ok(LookupResult::Existence(Existence::FreeAt(at)))] if at > 1_700_000_000), "{free:?}");
}

/// The table of `reference/sdk.md`: whatever becomes of the answer to a create, it is sent once, and is known to be unclear.
#[test]
fn no_create_is_ever_sent_twice() {
    let troubles = [Trouble::Lost, Trouble::Cut(0), Trouble::Cut(40), Trouble::Cut(330), Trouble::Hang, Trouble::WebPage];
    for trouble in troubles {
        for name in ["CreateAccessKey", "CreateUser", "CreateGroup", "CreateLoginProfile"] {
            let practice = practice();
            practice.with_account(|account| account.create_user("eve", "/", Vec::new()).map(drop)).unwrap();
            let troubled = Troubled::new(practice.clone(), move |action, _| (action == name).then_some(trouble));
            let gateway = gateway_over(troubled.clone());
            let eve = UserName::new("eve").unwrap();
            let action = match name {
                "CreateAccessKey" => Operation::CreateAccessKey(CreateAccessKey { user: eve }),
                "CreateUser" => create_user(),
                "CreateGroup" => Operation::CreateGroup(CreateGroup { group: GroupName::new("g").unwrap() }),
                _ => Operation::CreateLoginProfile(CreateLoginProfile { user: eve, reset: false }),
            };
            let fault = perform(&gateway, 0, &action, &Vault::default()).unwrap_err();
            assert!(fault.unclear, "{name} {trouble:?}: {fault}");
            let sent = troubled.calls().iter().filter(|call| *call == name).count();
            assert_eq!(sent, 1, "{name} {trouble:?}");
        }
    }
}

/// Wherever the answer to CreateAccessKey is cut, no half secret is taken for one.
#[test]
fn half_a_secret_is_no_secret() {
    let whole = {
        let practice = practice();
        let gateway = gateway_over(practice.clone());
        perform(&gateway, 0, &create_user(), &Vault::default()).unwrap();
        perform(&gateway, 1, &Operation::CreateAccessKey(CreateAccessKey { user: user() }), &Vault::default()).unwrap();
        620
    };
    for cut in (0..whole).step_by(3) {
        let practice = practice();
        let troubled =
            Troubled::new(practice.clone(), move |action, _| (action == "CreateAccessKey").then_some(Trouble::Cut(cut)));
        let gateway = gateway_over(troubled);
        let vault = Vault::default();
        perform(&gateway, 0, &create_user(), &vault).unwrap();
        let answer = perform(&gateway, 1, &Operation::CreateAccessKey(CreateAccessKey { user: user() }), &vault);
        let secret = practice.with_account(|account| account.user("bob").unwrap().keys[0].secret.clone());
        match answer {
            Ok(_) => assert_eq!(vault.get(SecretId::Of(StepId(1))).unwrap().expose(), secret.expose(), "cut at {cut}"),
            Err(fault) => {
                assert!(fault.unclear && vault.get(SecretId::Of(StepId(1))).is_none(), "cut at {cut}: {fault}");
                let part = &secret.expose()[..10];
                assert!(!format!("{fault} {fault:?}").contains(part), "cut at {cut}: the fault holds a part of the secret");
            }
        }
    }
}

#[test]
fn an_idempotent_write_is_sent_again() {
    let troubled =
        Troubled::new(practice(), |action, earlier| (action == "AttachUserPolicy" && earlier == 0).then_some(Trouble::Lost));
    let gateway = gateway_over(troubled.clone());
    let policy = PolicyChoice { name: "x".to_owned(), arn: "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned() };
    let amara = UserName::new("amara").unwrap();
    let attach = Operation::AttachUserPolicy(AttachUserPolicy { user: amara, policy });
    // Once a call: what is safe to send again the ledger sends again.
    assert!(perform(&gateway, 0, &attach, &Vault::default()).unwrap_err().unclear);
    perform(&gateway, 0, &attach, &Vault::default()).unwrap();
    assert_eq!(troubled.calls().iter().filter(|call| *call == "AttachUserPolicy").count(), 2);
}

#[test]
fn faults_say_which_permission_on_what() {
    let denied =
        Trouble::Refused("AccessDenied", 403, "User: x is not authorized to perform: iam:CreateUser with an explicit deny");
    let gateway = gateway_over(Troubled::new(practice(), move |action, _| (action == "CreateUser").then_some(denied)));
    let fault = perform(&gateway, 0, &create_user(), &Vault::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied);
    assert_eq!(fault.permission, Some("iam:CreateUser"));
    assert_eq!(fault.resource.as_deref(), Some("arn:aws:iam::111122223333:user/team/bob"));
    assert!(fault.to_string().contains("with an explicit deny") && !fault.unclear);
}

#[test]
fn each_code_has_its_kind() {
    let cases = [
        ("ExpiredToken", 403, "x", FaultKind::Expired),
        ("InvalidClientTokenId", 403, "x", FaultKind::UnknownKey),
        ("SignatureDoesNotMatch", 403, "The request signature we calculated does not match", FaultKind::WrongSecret),
        ("SignatureDoesNotMatch", 403, "Signature expired: 20200101 is now earlier than", FaultKind::WrongClock),
        ("LimitExceeded", 409, "Cannot exceed quota", FaultKind::Quota),
        ("EntityTemporarilyUnmodifiable", 409, "x", FaultKind::Busy),
        ("Throttling", 400, "Rate exceeded", FaultKind::Throttled),
        ("ServiceFailure", 500, "x", FaultKind::ServerError),
        ("SomethingNew", 400, "x", FaultKind::Other("SomethingNew".to_owned())),
    ];
    for (code, status, message, kind) in cases {
        let trouble = Trouble::Refused(code, status, message);
        let gateway = gateway_over(Troubled::new(practice(), move |action, _| (action == "CreateUser").then_some(trouble)));
        let fault = perform(&gateway, 0, &create_user(), &Vault::default()).unwrap_err();
        assert_eq!((fault.kind, fault.unclear), (kind, status >= 500), "{code}");
    }
}

#[test]
fn a_look_finds_what_is_ours_and_touches_nothing_else() {
    let practice = practice();
    let gateway = gateway_over(practice.clone());
    let Ok(LookupResult::Existence(Existence::FreeAt(free_at))) = ask(&gateway, &Question::User("bob".to_owned())).remove(0)
    else {
        panic!("bob is there")
    };
    assert_eq!(block_on(gateway.reconcile(&create_user(), &lost(Some(free_at)))), Ok(Reconciled::Nothing));
    perform(&gateway, 0, &create_user(), &Vault::default()).unwrap();
    assert!(matches!(block_on(gateway.reconcile(&create_user(), &lost(Some(free_at)))), Ok(Reconciled::Ours(Made::User { .. }))));
    // Not seen free before: not proven. Made earlier than that: not ours. Something is attached to it: not ours.
    for free_at in [None, Some(free_at + 3600)] {
        assert_eq!(block_on(gateway.reconcile(&create_user(), &lost(free_at))).unwrap_err().kind, FaultKind::Exists);
    }
    practice.with_account(|account| account.create_access_key("bob").map(drop)).unwrap();
    assert_eq!(block_on(gateway.reconcile(&create_user(), &lost(Some(free_at)))).unwrap_err().kind, FaultKind::Exists);
    // The single key of a lost answer is useless to everybody; two can't be told apart.
    let key = Operation::CreateAccessKey(CreateAccessKey { user: user() });
    practice.with_account(|account| account.create_access_key("bob").map(drop)).unwrap();
    assert_eq!(block_on(gateway.reconcile(&key, &lost(None))).unwrap_err().kind, FaultKind::Exists);
    practice.with_account(|account| account.users.get_mut("bob").unwrap().keys.truncate(1));
    assert_eq!(block_on(gateway.reconcile(&key, &lost(None))), Ok(Reconciled::Removed));
    assert_eq!(block_on(gateway.reconcile(&key, &lost(None))), Ok(Reconciled::Nothing));
    assert!(practice.with_account(|account| account.user("bob").unwrap().keys.is_empty()));
}

#[test]
fn a_key_is_proven_by_three_good_answers_in_a_row() {
    let practice = practice();
    practice.with_account(|account| account.key_lag = 2);
    // Good, then bad again from elsewhere: the count starts again.
    let refused = Trouble::Refused("InvalidClientTokenId", 403, "The security token included in the request is invalid.");
    let troubled = Troubled::new(practice.clone(), move |action, earlier| {
        (action == "GetCallerIdentity" && earlier == 4).then_some(refused)
    });
    let gateway = gateway_over(troubled);
    let vault = Vault::default();
    perform(&gateway, 0, &create_user(), &vault).unwrap();
    let Ok(Made::Key { id, .. }) = perform(&gateway, 1, &Operation::CreateAccessKey(CreateAccessKey { user: user() }), &vault)
    else {
        panic!("no key")
    };
    let secret = vault.get(SecretId::Of(StepId(1))).unwrap();
    let told = Mutex::new(Vec::new());
    let waits = Waits { every: Duration::ZERO, at_most: Duration::from_secs(20) };
    let tell = |progress: Progress| told.lock().unwrap().push(progress.good);
    let arn = block_on(gateway.verify(&id, &secret, "bob", waits, &tell)).unwrap();
    assert_eq!(arn, "arn:aws:iam::111122223333:user/team/bob");
    assert_eq!(told.into_inner().unwrap(), [0, 0, 1, 0, 1, 2, 3]);
    // Somebody else's key proves nothing.
    let other = block_on(gateway.verify(&id, &secret, "amara", waits, &|_| {})).unwrap_err();
    assert!(other.what().contains("not the user just made"), "{other}");
    let unknown = Waits { at_most: Duration::ZERO, ..waits };
    let fault =
        block_on(gateway.verify("AKIAUNKNOWN000000000", &Secret::new("x".repeat(40)), "bob", unknown, &|_| {})).unwrap_err();
    assert_eq!(fault.kind, FaultKind::UnknownKey);
}
