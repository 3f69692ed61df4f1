//! A Terraform configuration. What it can't say is a comment: a new version of a policy that already exists, and the
//! description of a key, whose id is not known before the user is made.

use super::{Origin, purpose, sets_status, user_of};
use crate::domain::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateGroup, CreateLoginProfile, CreatePolicy, CreateUser, Nature,
    Operation, PutUserPolicy, SecretKind, password_length,
};
use crate::domain::plan::Plan;
use crate::domain::sanitise::{ascii, clean};
use crate::domain::step::Step;
use crate::domain::tag::Tag;

pub(super) fn configuration(plan: &Plan, origin: &Origin) -> String {
    let mut lines = vec![format!("# {} in account {}, as iamwalk planned it.", purpose(plan), origin.account)];
    if plan.yielding(SecretKind::Key).is_some() || plan.yielding(SecretKind::Password).is_some() {
        lines.push(
            "# The secrets will lie in Terraform's state, in clear text: protect where that is kept. To read them:".to_owned(),
        );
    }
    lines.extend(plan.yielding(SecretKind::Key).map(|_| "#   terraform output -raw secret_access_key".to_owned()));
    lines.extend(plan.yielding(SecretKind::Password).map(|_| "#   terraform output -raw console_password".to_owned()));
    for step in plan.steps() {
        let why = match &step.operation {
            Operation::CreatePolicyVersion(_) => "The policy already exists: import it, and give it the new document.",
            Operation::DescribeAccessKey(_) => "It is a tag on the user whose key is the access key's id.",
            operation if operation.nature() == Nature::Removes => "A configuration says what there is to be, and not what goes.",
            operation if sets_status(operation) => "It already exists, and belongs to no configuration of this kind.",
            operation if operation.nature() == Nature::Local => "A configuration says nothing of this machine.",
            _ => continue,
        };
        lines.push(format!("# Not in this configuration: {}. {why}", clean(&step.operation.words())));
    }
    lines.push(String::new());
    lines.push("terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}".to_owned());
    lines.push(format!(
        "\nprovider \"aws\" {{\n  region              = {}\n  allowed_account_ids = [{}]\n}}",
        quoted(&origin.region),
        quoted(&origin.account)
    ));
    for step in plan.steps() {
        resource(step, plan, origin, &mut lines);
    }
    lines.join("\n") + "\n"
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    escaped(&out)
}

/// `${` and `%{` begin templates in Terraform, and are IAM's own in policies.
fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

fn document(text: &str) -> String {
    format!("<<EOT\n{}\nEOT", escaped(&ascii(text.trim())))
}

fn begin(lines: &mut Vec<String>, kind: &str, name: &str) {
    lines.push(format!("\nresource \"{kind}\" \"{name}\" {{"));
}

fn argument(lines: &mut Vec<String>, name: &str, value: &str) {
    lines.push(format!("  {name} = {value}"));
}

fn tags(lines: &mut Vec<String>, tags: &[Tag]) {
    if !tags.is_empty() {
        lines.push("  tags = {".to_owned());
        lines.extend(tags.iter().map(|tag| format!("    {} = {}", quoted(&tag.key), quoted(&tag.value))));
        lines.push("  }".to_owned());
    }
}

fn group_name(plan: &Plan, name: &str) -> String {
    let is_made = plan
        .steps()
        .iter()
        .any(|step| matches!(&step.operation, Operation::CreateGroup(CreateGroup { group }) if group.as_str() == name));
    if is_made { "aws_iam_group.group.name".to_owned() } else { quoted(name) }
}

fn policy_arn(plan: &Plan, arn: &str) -> String {
    let own = plan
        .steps()
        .iter()
        .find(|step| matches!(&step.operation, Operation::CreatePolicy(CreatePolicy { policy, .. }) if policy.arn == arn));
    own.map_or_else(|| quoted(arn), |step| format!("aws_iam_policy.policy_{}.arn", step.id.0 + 1))
}

/// The user, by its resource where the configuration makes it.
fn user_name(plan: &Plan) -> String {
    let is_made = plan.steps().iter().any(|step| matches!(step.operation, Operation::CreateUser(_)));
    if is_made { "aws_iam_user.user.name".to_owned() } else { quoted(user_of(plan)) }
}

fn resource(step: &Step, plan: &Plan, origin: &Origin, lines: &mut Vec<String>) {
    let number = step.id.0 + 1;
    match &step.operation {
        Operation::CreatePolicy(CreatePolicy { policy, description, document: text, tags: policy_tags }) => {
            begin(lines, "aws_iam_policy", &format!("policy_{number}"));
            argument(lines, "name", &quoted(&policy.name));
            if !description.is_empty() {
                argument(lines, "description", &quoted(description));
            }
            tags(lines, policy_tags);
            argument(lines, "policy", &document(text));
        }
        Operation::CreateGroup(CreateGroup { group }) => {
            begin(lines, "aws_iam_group", "group");
            argument(lines, "name", &quoted(group.as_str()));
        }
        Operation::AttachGroupPolicy(AttachGroupPolicy { group, policy }) => {
            begin(lines, "aws_iam_group_policy_attachment", &format!("attachment_{number}"));
            argument(lines, "group", &group_name(plan, group.as_str()));
            argument(lines, "policy_arn", &policy_arn(plan, &policy.arn));
        }
        Operation::CreateUser(CreateUser { user, path, tags: user_tags, boundary }) => {
            begin(lines, "aws_iam_user", "user");
            argument(lines, "name", &quoted(user.as_str()));
            argument(lines, "path", &quoted(path.as_str()));
            if let Some(boundary) = boundary {
                argument(lines, "permissions_boundary", &policy_arn(plan, &boundary.arn));
            }
            tags(lines, user_tags);
        }
        Operation::AddUserToGroup(AddUserToGroup { group, .. }) => {
            begin(lines, "aws_iam_user_group_membership", &format!("membership_{number}"));
            argument(lines, "user", &user_name(plan));
            argument(lines, "groups", &format!("[{}]", group_name(plan, group.as_str())));
        }
        Operation::AttachUserPolicy(AttachUserPolicy { policy, .. }) => {
            begin(lines, "aws_iam_user_policy_attachment", &format!("attachment_{number}"));
            argument(lines, "user", &user_name(plan));
            argument(lines, "policy_arn", &policy_arn(plan, &policy.arn));
        }
        Operation::PutUserPolicy(PutUserPolicy { name, document: text, .. }) => {
            begin(lines, "aws_iam_user_policy", &format!("inline_{number}"));
            argument(lines, "name", &quoted(name.as_str()));
            argument(lines, "user", &user_name(plan));
            argument(lines, "policy", &document(text));
        }
        Operation::CreateLoginProfile(CreateLoginProfile { reset, .. }) => {
            begin(lines, "aws_iam_user_login_profile", "login");
            argument(lines, "user", &user_name(plan));
            argument(lines, "password_reset_required", &reset.to_string());
            argument(lines, "password_length", &password_length(&origin.policy).to_string());
            lines.push("}".to_owned());
            output(lines, "console_password", "aws_iam_user_login_profile.login.password");
        }
        Operation::CreateAccessKey(_) => {
            begin(lines, "aws_iam_access_key", "key");
            argument(lines, "user", &user_name(plan));
            lines.push("}".to_owned());
            lines.push("\noutput \"access_key_id\" {\n  value = aws_iam_access_key.key.id\n}".to_owned());
            output(lines, "secret_access_key", "aws_iam_access_key.key.secret");
        }
        Operation::CreatePolicyVersion(_) | Operation::DescribeAccessKey(_) => return,
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
        | Operation::UntagUser(_) => return,
    }
    lines.push("}".to_owned());
}

/// A secret output; its closing brace is the caller's.
fn output(lines: &mut Vec<String>, name: &str, value: &str) {
    lines.push(format!("\noutput \"{name}\" {{\n  value     = {value}\n  sensitive = true"));
}
