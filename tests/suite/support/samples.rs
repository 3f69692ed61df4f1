//! One sample of each operation, and plans of operations, for the tests of all layers.

use iamwalk::domain::answers::PolicyChoice;
use iamwalk::domain::name::{GroupName, Path, PolicyName, UserName};
use iamwalk::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreatePolicy,
    CreatePolicyVersion, CreateUser, DeleteAccessKey, DeleteGroup, DeleteLoginProfile, DeletePolicy, DeleteUser,
    DeleteUserPolicy, DescribeAccessKey, DetachGroupPolicy, DetachUserPolicy, Entity, Evidence, Inverse, KeyRef, KeyStatus, Kind,
    Made, Old, Operation, Owned, ProveAccessKey, PutUserPolicy, RemoveUserFromGroup, RestorePolicyVersion, RestoreProfile,
    SaveProfile, UntagUser, UpdateAccessKey, UpdateLoginProfile, UpdateServiceSpecificCredential, UpdateSigningCertificate,
    UpdateSshPublicKey,
};
use iamwalk::domain::plan::{Plan, Subject};
use iamwalk::domain::step::Step;
use iamwalk::domain::step_id::{StepId, SubjectId};
use iamwalk::domain::tag::Tag;

pub const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}"#;
const OTHER: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}"#;

/// What the samples work on, with the ids that a server has given so far.
#[derive(Clone, Debug)]
pub struct Names {
    pub account: String,
    pub user_id: String,
    pub group_id: String,
    pub policy_id: String,
    pub key: String,
    /// The key that a profile holds before.
    pub old_key: String,
    /// Of the user's other credentials.
    pub ssh_key: String,
    pub certificate: String,
    pub credential: String,
}

impl Names {
    pub fn of(account: &str) -> Self {
        let id = |text: &str| text.to_owned();
        Self {
            account: account.to_owned(),
            user_id: id("AIDA"),
            group_id: id("AGPA"),
            policy_id: id("ANPA"),
            key: id("AKIAEXAMPLE000000000"),
            old_key: id("AKIAEXAMPLE000000001"),
            ssh_key: id("APKAEXAMPLE000000000"),
            certificate: id("CERTIFICATE0EXAMPLE00000"),
            credential: id("ACCAEXAMPLE000000000"),
        }
    }

    /// Takes the id of what was made.
    pub fn learn(&mut self, made: &Made) {
        match made {
            Made::User { id, .. } => self.user_id.clone_from(id),
            Made::Group { id } => self.group_id.clone_from(id),
            Made::Policy { id } => self.policy_id.clone_from(id),
            Made::Key { id, .. } => self.key.clone_from(id),
            Made::Version { .. } | Made::Password | Made::LoginProfile { .. } | Made::Link | Made::Unproven { .. } => {}
        }
    }
}

pub fn bob() -> UserName {
    UserName::new("bob").unwrap()
}

fn makers() -> GroupName {
    GroupName::new("Makers").unwrap()
}

/// The evidence that a person's typed word gives.
pub fn evidence(entity: Entity, id: &str) -> Evidence {
    let name = match &entity {
        Entity::User(name) => name.to_string(),
        Entity::Group(name) => name.to_string(),
        Entity::Policy(arn) => arn.rsplit('/').next().unwrap().to_owned(),
    };
    Evidence::confirmed(Owned::new(entity, id), &name).unwrap()
}

/// What takes an operation back, whose target has this id.
pub fn inverse(operation: &Operation, made: &Made, id: &str) -> Operation {
    match operation.inverse(made, &Old::Nothing, evidence(operation.target(), id)) {
        Inverse::By(operation) => operation,
        other => panic!("{operation:?}: {other:?}"),
    }
}

/// The sample of a kind: no kind can be forgotten here.
pub fn sample(kind: Kind, of: &Names) -> Operation {
    let (user, group) = (bob(), makers());
    let own = PolicyChoice { name: "Logs".to_owned(), arn: format!("arn:aws:iam::{}:policy/Logs", of.account) };
    let policy = own.clone();
    let admin =
        PolicyChoice { name: "AdministratorAccess".to_owned(), arn: "arn:aws:iam::aws:policy/AdministratorAccess".to_owned() };
    let name = PolicyName::new("own").unwrap();
    let tags = vec![Tag { key: "team".to_owned(), value: "web".to_owned() }];
    let key = of.key.clone();
    let on_user = || evidence(Entity::User(bob()), &of.user_id);
    let on_group = || evidence(Entity::Group(makers()), &of.group_id);
    let on_policy = || evidence(Entity::Policy(own.arn.clone()), &of.policy_id);
    match kind {
        Kind::CreateGroup => CreateGroup { group }.into(),
        Kind::CreatePolicy => {
            CreatePolicy { policy, description: "theirs".to_owned(), document: DOCUMENT.to_owned(), tags }.into()
        }
        Kind::CreatePolicyVersion => CreatePolicyVersion { policy, document: OTHER.to_owned(), before: "v1".to_owned() }.into(),
        Kind::CreateUser => CreateUser { user, path: Path::new("/team/").unwrap(), tags, boundary: Some(policy) }.into(),
        Kind::AttachGroupPolicy => AttachGroupPolicy { group, policy: admin }.into(),
        Kind::AddUserToGroup => AddUserToGroup { user, group }.into(),
        Kind::AttachUserPolicy => AttachUserPolicy { user, policy: admin }.into(),
        Kind::PutUserPolicy => PutUserPolicy { user, name, document: DOCUMENT.to_owned() }.into(),
        Kind::CreateLoginProfile => CreateLoginProfile { user, reset: true }.into(),
        Kind::UpdateLoginProfile => UpdateLoginProfile { user, reset: false }.into(),
        Kind::CreateAccessKey => CreateAccessKey { user }.into(),
        Kind::UpdateAccessKey => UpdateAccessKey { user, key, status: KeyStatus::Inactive }.into(),
        Kind::UpdateSshPublicKey => UpdateSshPublicKey { user, id: of.ssh_key.clone(), status: KeyStatus::Inactive }.into(),
        Kind::UpdateSigningCertificate => {
            UpdateSigningCertificate { user, id: of.certificate.clone(), status: KeyStatus::Inactive }.into()
        }
        Kind::UpdateServiceSpecificCredential => {
            UpdateServiceSpecificCredential { user, id: of.credential.clone(), status: KeyStatus::Inactive }.into()
        }
        Kind::ProveAccessKey => ProveAccessKey { user, key: KeyRef::Known(key), through: None }.into(),
        Kind::SaveProfile => {
            SaveProfile { user, key: KeyRef::Known(key), profile: "work".to_owned(), replaces: of.old_key.clone() }.into()
        }
        Kind::RestoreProfile => {
            RestoreProfile { user, profile: "work".to_owned(), key: of.old_key.clone(), replaces: key }.into()
        }
        Kind::DescribeAccessKey => {
            DescribeAccessKey { user, key: KeyRef::Known(key), description: "a laptop: 1 + 1 = 2".to_owned() }.into()
        }
        Kind::UntagUser => UntagUser { user, key, evidence: on_user() }.into(),
        Kind::DeleteAccessKey => DeleteAccessKey { user, key, evidence: on_user() }.into(),
        Kind::DeleteLoginProfile => DeleteLoginProfile { user, created: None, evidence: on_user() }.into(),
        Kind::DeleteUserPolicy => DeleteUserPolicy { user, name, evidence: on_user() }.into(),
        Kind::DetachUserPolicy => DetachUserPolicy { user, policy: admin, evidence: on_user() }.into(),
        Kind::RemoveUserFromGroup => RemoveUserFromGroup { user, group, evidence: on_user() }.into(),
        Kind::DetachGroupPolicy => DetachGroupPolicy { group, policy: admin, evidence: on_group() }.into(),
        Kind::DeleteUser => DeleteUser { user, evidence: on_user() }.into(),
        Kind::RestorePolicyVersion => {
            RestorePolicyVersion { policy, ours: "v2".to_owned(), before: "v1".to_owned(), evidence: on_policy() }.into()
        }
        Kind::DeletePolicy => DeletePolicy { policy, evidence: on_policy() }.into(),
        Kind::DeleteGroup => DeleteGroup { group, evidence: on_group() }.into(),
    }
}

/// One of each, each after what it needs to be there.
pub fn samples(of: &Names) -> Vec<Operation> {
    Kind::ALL.iter().map(|kind| sample(*kind, of)).collect()
}

/// A plan of these operations, each with the places of those that it needs; whoever they are about is its subject.
pub fn plan(operations: Vec<(Operation, Vec<usize>)>) -> Plan {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut steps = Vec::new();
    for (operation, needs) in operations {
        let subject = operation.user().map(|user| {
            let known = subjects.iter().position(|subject| subject.user == user);
            SubjectId(known.unwrap_or_else(|| {
                subjects.push(Subject { user, existing: None });
                subjects.len() - 1
            }))
        });
        let stops = !matches!(operation, Operation::DescribeAccessKey(_));
        steps.push(Step {
            id: StepId(steps.len()),
            operation,
            subject,
            needs: needs.into_iter().map(StepId).collect(),
            stops,
            later: false,
        });
    }
    Plan::restored(subjects, steps).unwrap()
}
