//! A CloudFormation template. What it can't say is a comment: changes of groups and policies that are there already, and the
//! description of a key, whose id is not known before.
//!
//! Values are JSON, which YAML takes as it is.

use serde_json::{Value, json};

use super::{Origin, purpose, user_of};
use crate::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateGroup, CreateLoginProfile, CreatePolicy, CreateUser, Operation,
    PutUserPolicy, SecretKind, ascii_json, password_length, tags_json,
};
use crate::domain::plan::Plan;
use crate::domain::policy::json::{self, Node, Value as Tree};
use crate::domain::sanitise::{ascii, clean};
use crate::domain::step::Step;

pub(super) fn template(plan: &Plan, origin: &Origin) -> String {
    let user = user_of(plan);
    let mut lines = vec![
        format!("# {} in account {}, as iamwalk planned it.", purpose(plan), origin.account),
        "# aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name … --template-file …".to_owned(),
    ];
    if plan.yielding(SecretKind::Key).is_some() || plan.yielding(SecretKind::Password).is_some() {
        lines.push(
            "# The secrets will lie in AWS Secrets Manager, for all to read who may call secretsmanager:GetSecretValue:"
                .to_owned(),
        );
    }
    lines.extend(plan.yielding(SecretKind::Key).map(|_| "#   AccessKeySecret: the key's id and its secret".to_owned()));
    lines.extend(plan.yielding(SecretKind::Password).map(|_| "#   ConsolePassword: the password".to_owned()));
    for step in plan.steps() {
        lines.extend(
            unsaid(step, plan).map(|words| format!("# Not in this template: {}. {words}", clean(&step.operation.words()))),
        );
    }
    lines.push("AWSTemplateFormatVersion: \"2010-09-09\"".to_owned());
    lines.push(format!(
        "Description: {}",
        json!(match plan.subjects().first().and_then(|subject| subject.existing.as_ref()) {
            None => format!("The IAM user {user}"),
            Some(_) => format!("An access key of the IAM user {user}"),
        })
    ));
    lines.push("Resources:".to_owned());
    for step in plan.steps() {
        resource(step, plan, origin, &mut lines);
    }
    lines.join("\n") + "\n"
}

/// The step that makes this group or policy in the template itself.
fn made(plan: &Plan, is: impl Fn(&Operation) -> bool) -> Option<&Step> {
    plan.steps().iter().find(|step| is(&step.operation))
}

fn made_group<'p>(plan: &'p Plan, name: &str) -> Option<&'p Step> {
    made(plan, |operation| matches!(operation, Operation::CreateGroup(CreateGroup { group }) if group.as_str() == name))
}

/// A policy as the template refers to it: one of its own by name, others by ARN.
fn reference(plan: &Plan, arn: &str) -> Value {
    match made(plan, |operation| matches!(operation, Operation::CreatePolicy(CreatePolicy { policy, .. }) if policy.arn == arn)) {
        Some(step) => json!({ "Ref": logical(step) }),
        None => json!(arn),
    }
}

/// Logical ids are of letters and digits.
fn logical(step: &Step) -> String {
    let kind = match step.operation {
        Operation::CreatePolicy(_) => "Policy",
        Operation::CreateGroup(_) => "Group",
        Operation::CreateAccessKey(_) => return "AccessKey".to_owned(),
        _ => return "User".to_owned(),
    };
    format!("{kind}{}", step.id.0 + 1)
}

/// Why a step can't be said.
fn unsaid(step: &Step, plan: &Plan) -> Option<&'static str> {
    match &step.operation {
        Operation::CreatePolicyVersion(_) => Some("The policy already exists, and belongs to no stack of this template."),
        Operation::AttachGroupPolicy(AttachGroupPolicy { group, .. }) if made_group(plan, group.as_str()).is_none() => {
            Some("The group already exists, and belongs to no stack of this template.")
        }
        Operation::UpdateAccessKey(_)
        | Operation::UpdateSshPublicKey(_)
        | Operation::UpdateSigningCertificate(_)
        | Operation::UpdateServiceSpecificCredential(_) => Some("It already exists, and belongs to no stack of this template."),
        Operation::ProveAccessKey(_) | Operation::SaveProfile(_) | Operation::RestoreProfile(_) => {
            Some("A template says nothing of this machine.")
        }
        Operation::DescribeAccessKey(_) => Some("It is a tag on the user whose key is the access key's id."),
        Operation::CreatePolicy(CreatePolicy { tags, .. }) if !tags.is_empty() => {
            Some("All but its tags: the resource has none.")
        }
        Operation::CreateGroup(_)
        | Operation::AttachGroupPolicy(_)
        | Operation::CreatePolicy(_)
        | Operation::CreateUser(_)
        | Operation::AddUserToGroup(_)
        | Operation::AttachUserPolicy(_)
        | Operation::PutUserPolicy(_)
        | Operation::CreateLoginProfile(_)
        | Operation::CreateAccessKey(_) => None,
        Operation::DeleteGroup(_)
        | Operation::RemoveUserFromGroup(_)
        | Operation::DeletePolicy(_)
        | Operation::RestorePolicyVersion(_)
        | Operation::DetachGroupPolicy(_)
        | Operation::DetachUserPolicy(_)
        | Operation::DeleteUser(_)
        | Operation::DeleteUserPolicy(_)
        | Operation::DeleteLoginProfile(_)
        | Operation::UpdateLoginProfile(_)
        | Operation::DeleteAccessKey(_)
        | Operation::UntagUser(_) => Some("A template says what there is to be, and not what goes."),
    }
}

fn property(lines: &mut Vec<String>, name: &str, value: &Value) {
    lines.push(format!("      {name}: {}", ascii_json(value)));
}

/// A document as CloudFormation takes it, laid out: an empty Sid, which IAM takes for none, goes.
fn read(text: &str) -> String {
    match json::read(text) {
        Ok(mut document) => {
            without_empty_sids(&mut document);
            document.laid_out()
        }
        Err(_) => text.to_owned(),
    }
}

fn without_empty_sids(document: &mut Node) {
    let Tree::Object(elements) = &mut document.value else { return };
    for (_, statement) in elements.iter_mut().filter(|(key, _)| key.text() == Some("Statement")) {
        let statements = match &mut statement.value {
            Tree::List(statements) => statements.as_mut_slice(),
            _ => std::slice::from_mut(statement),
        };
        for statement in statements {
            if let Tree::Object(entries) = &mut statement.value {
                entries.retain(|(key, value)| !(key.text() == Some("Sid") && value.text() == Some("")));
            }
        }
    }
}

/// A document over several lines, to be read.
fn document(lines: &mut Vec<String>, name: &str, text: &str) {
    let pretty = ascii(&read(text)).lines().map(|line| format!("        {line}")).collect::<Vec<_>>().join("\n");
    lines.push(format!("      {name}:\n{pretty}"));
}

fn begin(lines: &mut Vec<String>, id: &str, kind: &str) {
    lines.push(format!("  {id}:"));
    lines.push(format!("    Type: AWS::{kind}"));
    lines.push("    Properties:".to_owned());
}

fn resource(step: &Step, plan: &Plan, origin: &Origin, lines: &mut Vec<String>) {
    match &step.operation {
        Operation::CreatePolicy(CreatePolicy { policy, description, document: text, .. }) => {
            begin(lines, &logical(step), "IAM::ManagedPolicy");
            property(lines, "ManagedPolicyName", &json!(policy.name));
            if !description.is_empty() {
                property(lines, "Description", &json!(description));
            }
            document(lines, "PolicyDocument", text);
        }
        Operation::CreateGroup(CreateGroup { group }) => {
            begin(lines, &logical(step), "IAM::Group");
            property(lines, "GroupName", &json!(group));
            let attached = plan.steps().iter().filter_map(|other| match &other.operation {
                Operation::AttachGroupPolicy(AttachGroupPolicy { group: of, policy }) if of == group => {
                    Some(reference(plan, &policy.arn))
                }
                _ => None,
            });
            let attached: Value = attached.collect();
            if attached != json!([]) {
                property(lines, "ManagedPolicyArns", &attached);
            }
        }
        Operation::CreateUser(CreateUser { user, path, tags, boundary }) => {
            begin(lines, "User", "IAM::User");
            property(lines, "UserName", &json!(user));
            property(lines, "Path", &json!(path));
            if !tags.is_empty() {
                property(lines, "Tags", &tags_json(tags));
            }
            if let Some(boundary) = boundary {
                property(lines, "PermissionsBoundary", &reference(plan, &boundary.arn));
            }
            of_user(plan, lines);
        }
        Operation::CreateLoginProfile(_) => {
            begin(lines, "ConsolePassword", "SecretsManager::Secret");
            property(lines, "Description", &json!(format!("Console password of the IAM user {}", user_of(plan))));
            property(
                lines,
                "GenerateSecretString",
                &json!({ "PasswordLength": password_length(&origin.policy), "ExcludeCharacters": "\"\\'`/@:;,.<>?~ " }),
            );
        }
        Operation::CreateAccessKey(_) => {
            begin(lines, "AccessKey", "IAM::AccessKey");
            let is_made = made(plan, |operation| matches!(operation, Operation::CreateUser(_))).is_some();
            let user = if is_made { json!({ "Ref": "User" }) } else { json!(user_of(plan)) };
            property(lines, "UserName", &user);
            begin(lines, "AccessKeySecret", "SecretsManager::Secret");
            property(lines, "Description", &json!(format!("Access key of the IAM user {}", user_of(plan))));
            let text = "{\"AccessKeyId\":\"${AccessKey}\",\"SecretAccessKey\":\"${AccessKey.SecretAccessKey}\"}";
            property(lines, "SecretString", &json!({ "Fn::Sub": text }));
        }
        Operation::AttachGroupPolicy(_)
        | Operation::CreatePolicyVersion(_)
        | Operation::AddUserToGroup(_)
        | Operation::AttachUserPolicy(_)
        | Operation::PutUserPolicy(_)
        | Operation::DescribeAccessKey(_) => {}
        Operation::DeleteGroup(_)
        | Operation::RemoveUserFromGroup(_)
        | Operation::DeletePolicy(_)
        | Operation::RestorePolicyVersion(_)
        | Operation::DetachGroupPolicy(_)
        | Operation::DetachUserPolicy(_)
        | Operation::DeleteUser(_)
        | Operation::DeleteUserPolicy(_)
        | Operation::DeleteLoginProfile(_)
        | Operation::UpdateAccessKey(_)
        | Operation::UpdateSshPublicKey(_)
        | Operation::UpdateSigningCertificate(_)
        | Operation::UpdateServiceSpecificCredential(_)
        | Operation::ProveAccessKey(_)
        | Operation::SaveProfile(_)
        | Operation::RestoreProfile(_)
        | Operation::UpdateLoginProfile(_)
        | Operation::DeleteAccessKey(_)
        | Operation::UntagUser(_) => {}
    }
}

/// What belongs to the user is among its properties.
fn of_user(plan: &Plan, lines: &mut Vec<String>) {
    let (mut groups, mut attached, mut inline) = (Vec::new(), Vec::new(), Vec::new());
    for step in plan.steps() {
        match &step.operation {
            Operation::AddUserToGroup(AddUserToGroup { group, .. }) => groups.push(match made_group(plan, group.as_str()) {
                Some(made) => json!({ "Ref": logical(made) }),
                None => json!(group),
            }),
            Operation::AttachUserPolicy(AttachUserPolicy { policy, .. }) => attached.push(reference(plan, &policy.arn)),
            Operation::PutUserPolicy(PutUserPolicy { name, document, .. }) => {
                inline.push((name, read(document)));
            }
            Operation::CreateLoginProfile(CreateLoginProfile { reset, .. }) => {
                let password = json!({ "Fn::Sub": "{{resolve:secretsmanager:${ConsolePassword}:SecretString}}" });
                property(lines, "LoginProfile", &json!({ "Password": password, "PasswordResetRequired": reset }));
            }
            _ => {}
        }
    }
    for (name, values) in [("Groups", groups), ("ManagedPolicyArns", attached)] {
        if !values.is_empty() {
            property(lines, name, &Value::Array(values));
        }
    }
    if !inline.is_empty() {
        lines.push("      Policies:".to_owned());
    }
    for (name, text) in inline {
        lines.push(format!("        - PolicyName: {}", ascii_json(&json!(name))));
        let text = ascii(&text).lines().map(|line| format!("            {line}")).collect::<Vec<_>>().join("\n");
        lines.push(format!("          PolicyDocument:\n{text}"));
    }
}
