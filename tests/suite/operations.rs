//! What every operation must be, driven by the one list of samples: on practice, on moto, in a plan, in every dry run, in the
//! journal, in README.

use std::collections::BTreeSet;

use iamwalk::domain::call::{Before, Perform};
use iamwalk::domain::caller::Source;
use iamwalk::domain::dry_run::{DryRunFormat, FORMS, Origin};
use iamwalk::domain::ledger::Ledger;
use iamwalk::domain::operation::{Entity, Inverse, Kind, Made, Nature, Old, Operation, WhenLost};
use iamwalk::domain::password::PasswordPolicy;
use iamwalk::domain::secret::{Secret, SecretId, Vault};
use iamwalk::domain::step_id::StepId;
use iamwalk::domain::users::OtherKind;
use iamwalk::practice::entities::OtherCredential;
use iamwalk::services::connect::connect;
use iamwalk::services::gateway::Gateway;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::settings::{Settings, Timeouts};

use super::support::place::KEYS;
use super::support::samples::{Names, evidence, plan, sample, samples};
use super::support::{block_on, moto, practice, settings};

fn all() -> Vec<Operation> {
    samples(&Names::of("111122223333"))
}

/// A life from the first to the last operation: before each that changes something it is read that this is not so yet, and after
/// it that it is.
///
/// `prepare` makes what no operation makes, and says whether the server can do this one.
fn lives(gateway: &Gateway, account: &str, prepare: impl Fn(Kind, &mut Names) -> bool) {
    let vault = Vault::default();
    let mut names = Names::of(account);
    let mut key = None;
    for (place, kind) in Kind::ALL.iter().enumerate() {
        if !prepare(*kind, &mut names) {
            continue;
        }
        if *kind == Kind::CreateAccessKey {
            key = Some(SecretId::Of(StepId(place)));
        }
        let operation = sample(*kind, &names);
        let nature = operation.nature();
        let before = block_on(gateway.read(&operation)).unwrap_or_else(|fault| panic!("{kind:?} is read: {fault}"));
        assert!(matches!(before, Before::Other { .. }), "{kind:?} was so already: {before:?}");
        if nature != Nature::Makes {
            let Before::Other { thing, .. } = before else { panic!("{kind:?}") };
            assert_eq!(thing.map(|thing| thing.entity), Some(operation.target()), "{kind:?} is of another thing");
        }
        let call = Perform { step: StepId(place), secret: key, ..Perform::plain(operation.clone()) };
        let made = block_on(gateway.perform(&call, &vault)).unwrap_or_else(|fault| panic!("{kind:?} is sent: {fault}"));
        names.learn(&made);
        assert_eq!(vault.get(SecretId::Of(StepId(place))).is_some(), operation.brings().is_some(), "{kind:?}");
        // IAM shows no password: whether it is the one that was set can't be seen.
        if matches!(nature, Nature::Links | Nature::Sets) && operation.brings().is_none() {
            let after = block_on(gateway.read(&operation)).unwrap();
            assert_eq!(after, Before::Same(Made::Link), "{kind:?} is not seen");
        }
    }
}

/// A folder for profile files.
fn profile() -> (tempfile::TempDir, ProfileFiles) {
    let folder = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(folder.path());
    (folder, files)
}

/// In them `work` holds the old key.
fn holds(files: &ProfileFiles, id: &str) {
    let secret = "o".repeat(40);
    std::fs::write(&files.credentials, format!("[work]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")).unwrap();
}

#[test]
fn each_lives_on_practice() {
    let practice = practice();
    let before = practice.with_account(|account| (account.users.len(), account.groups.len(), account.policies.len()));
    let (_folder, files) = profile();
    let settings = Settings { practice_files: files.clone(), ..settings(practice.clone()) };
    let connection = block_on(connect(&Source::Practice, &settings, &Vault::default())).unwrap();
    lives(&connection.gateway, "111122223333", |kind, names| {
        let other = |kind, id: &str| OtherCredential { kind, id: id.to_owned(), active: true, created: 0 };
        if kind == Kind::SaveProfile {
            names.old_key = practice.with_account(|account| account.create_access_key("bob").unwrap().id.clone());
            holds(&files, &names.old_key);
        }
        practice.with_account(|account| match (kind, account.users.get_mut("bob")) {
            (Kind::UpdateSshPublicKey, Some(bob)) => {
                let of = OtherKind::OfService("codecommit.amazonaws.com".to_owned());
                let of =
                    [(OtherKind::SshKey, &names.ssh_key), (OtherKind::Certificate, &names.certificate), (of, &names.credential)];
                bob.others = of.into_iter().map(|(kind, id)| other(kind, id)).collect();
            }
            (Kind::DeleteUser, Some(bob)) => {
                bob.others.clear();
                bob.keys.clear();
            }
            _ => {}
        });
        true
    });
    let after = practice.with_account(|account| (account.users.len(), account.groups.len(), account.policies.len()));
    assert_eq!(before, after, "the last of them take away what the first have made");
}

#[test]
fn each_lives_on_moto() {
    let server = moto::start();
    let vault = Vault::default();
    vault.put(SecretId::CallerKey, Secret::new("testing".to_owned()));
    let base = settings(practice());
    let patience =
        Timeouts { attempt: std::time::Duration::from_secs(20), call: std::time::Duration::from_secs(40), ..base.patience };
    let (_folder, files) = profile();
    let region = Some("us-east-1".to_owned());
    let settings = Settings { endpoint: Some(server.endpoint.clone()), region, patience, files: files.clone(), ..base };
    let source = Source::Pasted { key_id: "AKIATESTING000000000".to_owned() };
    lives(&block_on(connect(&source, &settings, &vault)).unwrap().gateway, "123456789012", |kind, names| {
        let at = [("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", server.endpoint.as_str())];
        let made = |call: &str| {
            let code = format!("import boto3; iam = boto3.client('iam')\nprint(iam.{call})");
            moto::script(&code, &[KEYS[0], KEYS[1], at[0], at[1]]).trim().to_owned()
        };
        match kind {
            Kind::SaveProfile => {
                names.old_key = made("create_access_key(UserName='bob')['AccessKey']['AccessKeyId']");
                holds(&files, &names.old_key);
            }
            Kind::UpdateSshPublicKey => {
                let call =
                    "upload_ssh_public_key(UserName='bob', SSHPublicKeyBody='ssh-rsa x')['SSHPublicKey']['SSHPublicKeyId']";
                names.ssh_key = made(call);
            }
            _ => {}
        }
        // Nobody had asked moto for the others.
        !matches!(kind, Kind::UpdateServiceSpecificCredential | Kind::UpdateSigningCertificate)
    });
}

#[test]
fn each_says_itself_apart_and_whole() {
    let words: BTreeSet<String> = all().iter().map(Operation::words).collect();
    assert_eq!(words.len(), Kind::ALL.len(), "two say the same: {words:?}");
    for operation in all() {
        let kind = operation.kind();
        let removes = operation.nature() == Nature::Removes;
        assert_eq!(operation.evidence().is_some(), removes, "{kind:?}: what removes has evidence, and nothing else");
        let adds = matches!(operation.nature(), Nature::Makes | Nature::Adds);
        assert_eq!(operation.when_lost() == WhenLost::ReconcileFirst, adds, "{kind:?}: what is sent twice makes two");
        assert_eq!(operation.rights().is_empty(), operation.nature() == Nature::Local, "{kind:?}");
        // The journal has it whole.
        let text = serde_json::to_string(&operation).unwrap();
        assert_eq!(serde_json::from_str::<Operation>(&text).unwrap(), operation);
    }
}

#[test]
fn the_aws_cli_has_each_by_its_name() {
    for operation in all().into_iter().filter(|operation| operation.nature() != Nature::Local) {
        let command = operation.command(" --profile=x");
        let call = operation.permission().trim_start_matches("iam:");
        let mut kebab = String::new();
        let letters: Vec<char> = call.chars().collect();
        for (at, c) in letters.iter().enumerate() {
            // “SSH” is one word.
            let begins = |next: Option<&char>| next.is_some_and(|next| next.is_lowercase());
            if at > 0 && c.is_uppercase() && (letters[at - 1].is_lowercase() || begins(letters.get(at + 1))) {
                kebab.push('-');
            }
            kebab.extend(c.to_lowercase());
        }
        assert!(command.starts_with(&format!("aws iam {kebab} --")), "{command}");
        assert!(command.ends_with("--profile=x") || command.contains(" > "), "{command}");
        let reconciliations = operation.shown_by();
        assert!(
            reconciliations.starts_with("get-") || reconciliations.starts_with("list-"),
            "{reconciliations} changes something"
        );
    }
}

/// What takes an operation back: for what makes, adds, links or sets there is something, and it is of the same thing.
#[test]
fn each_has_an_inverse_or_a_reason() {
    let makes = |operation: &Operation| match operation.kind() {
        Kind::CreatePolicyVersion => Made::Version { version: "v2".to_owned() },
        Kind::CreateAccessKey => Made::Key { id: "AKIAEXAMPLE000000000".to_owned(), possible_duplicate: false },
        _ => Made::Link,
    };
    for operation in all() {
        let old = match operation.kind() {
            Kind::UpdateAccessKey
            | Kind::UpdateSshPublicKey
            | Kind::UpdateSigningCertificate
            | Kind::UpdateServiceSpecificCredential => Old::Status(iamwalk::domain::operation::KeyStatus::Active),
            Kind::DeleteUserPolicy | Kind::UntagUser => Old::Text("what stood there".to_owned()),
            _ => Old::Nothing,
        };
        let proof = evidence(operation.target(), "ID");
        match operation.inverse(&makes(&operation), &old, proof) {
            Inverse::By(back) => {
                assert_eq!(back.target(), operation.target(), "{operation:?}");
                assert!(back != operation);
            }
            Inverse::Never(why) => {
                // A password of before is shown to nobody, and so can't be set again.
                let is_final = operation.nature() == Nature::Removes || operation.kind() == Kind::UpdateLoginProfile;
                assert!(is_final, "{operation:?} can't be taken back");
                assert!(why.ends_with('.'));
            }
            Inverse::Nothing => assert_eq!(operation.kind(), Kind::ProveAccessKey),
            Inverse::Unknown => panic!("{operation:?}"),
        }
    }
}

/// What stood there before is what undo puts back, and not nothing.
#[test]
fn what_was_there_before_comes_back() {
    let names = Names::of("111122223333");
    let back = |kind: Kind, old: Old| {
        let operation = sample(kind, &names);
        let proof = evidence(operation.target(), "AIDA");
        match operation.inverse(&Made::Link, &old, proof) {
            Inverse::By(back) => back,
            other => panic!("{other:?}"),
        }
    };
    let Operation::PutUserPolicy(put) = back(Kind::PutUserPolicy, Old::Text("old".to_owned())) else { panic!() };
    assert_eq!(put.document, "old");
    let Operation::DescribeAccessKey(put) = back(Kind::DescribeAccessKey, Old::Text("old".to_owned())) else { panic!() };
    assert_eq!(put.description, "old");
    let active = iamwalk::domain::operation::KeyStatus::Active;
    let Operation::UpdateAccessKey(put) = back(Kind::UpdateAccessKey, Old::Status(active)) else { panic!() };
    assert_eq!(put.status, active);
    let Operation::PutUserPolicy(put) = back(Kind::DeleteUserPolicy, Old::Text("old".to_owned())) else { panic!() };
    assert_eq!(put.document, "old");
}

#[test]
fn each_dry_run_has_each_or_says_that_it_can_not() {
    let origin = Origin {
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        policy: PasswordPolicy::default(),
        options: String::new(),
    };
    for operation in all() {
        let words = operation.words();
        let plan = plan(vec![(operation.clone(), vec![])]);
        for form in FORMS {
            let text = form.text(&plan, &origin);
            let is_said = match form {
                _ if operation.nature() == Nature::Local => text.contains(&words),
                DryRunFormat::Text | DryRunFormat::Json => text.contains(&words) && text.contains(operation.permission()),
                DryRunFormat::AwsCli => text.contains(&format!("# {words}")) && text.contains("\niam "),
                // Attachments and the like are properties of what they are on, which this plan does not make.
                DryRunFormat::CloudFormation | DryRunFormat::Terraform if operation.nature() == Nature::Removes => {
                    text.contains(&format!(": {words}. "))
                }
                DryRunFormat::CloudFormation | DryRunFormat::Terraform => {
                    text.contains("Resources:") || text.contains("provider \"aws\"")
                }
            };
            assert!(is_said, "{:?} as {}:\n{text}", operation.kind(), form.word());
        }
    }
}

#[test]
fn readme_names_each_permission() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table: String = readme.lines().filter(|line| line.starts_with('|')).collect();
    for operation in all() {
        for right in operation.rights() {
            assert!(table.contains(&format!("`{right}`")), "README's table of permissions lacks {right}");
        }
    }
}

/// What a run of removals has removed is not left in the account.
#[test]
fn what_was_removed_does_not_remain() {
    let names = Names::of("111122223333");
    let of = |kind: Kind| (sample(kind, &names), vec![]);
    let kinds = [Kind::DeleteLoginProfile, Kind::DetachUserPolicy, Kind::PutUserPolicy];
    let mut ledger = Ledger::new(plan(kinds.map(of).to_vec()));
    for step in 0..kinds.len() {
        ledger.dispatch();
        ledger.settle(StepId(step), Ok(Made::Link), 0);
    }
    let remains: Vec<String> = ledger.remains().iter().map(|one| one.words()).collect();
    assert_eq!(remains, ["Give bob the inline policy own"]);
}

/// The ARN on which a permission is simulated and refused is built in one place, with a user's path.
#[test]
fn an_arn_has_the_path_of_its_user() {
    let caller = iamwalk::domain::caller::Caller::new("111122223333", "arn:aws-cn:iam::111122223333:user/me").unwrap();
    let path = iamwalk::domain::name::Path::new("/team/").unwrap();
    let user = Entity::User(super::support::samples::bob());
    assert_eq!(user.arn(&caller, Some(&path)), "arn:aws-cn:iam::111122223333:user/team/bob");
    assert_eq!(user.arn(&caller, None), "arn:aws-cn:iam::111122223333:user/bob");
}
