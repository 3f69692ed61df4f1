//! A bash script of AWS CLI commands. Values stand after `=` and in single quotes, lists and descriptions as JSON: a legal name
//! may begin with `-`, and the CLI would read a description `file://…` from the disk.

use serde_json::json;

use super::{Origin, PASSWORD_LENGTH, ascii_json, tags_json, user_of};
use crate::domain::plan::Plan;
use crate::domain::sanitise::{ascii, clean};
use crate::domain::step::Action;
use crate::domain::undo::quoted;

pub(super) fn script(plan: &Plan, origin: &Origin) -> String {
    let user = user_of(plan);
    let mut lines = vec![
        "#!/usr/bin/env bash".to_owned(),
        format!("# Creates the user {user} in account {}, as iamwalk planned it. Run it with: bash -eu", origin.account),
    ];
    lines.extend(
        plan.key_step().map(|_| format!("# The secret access key will lie in {}, which only you can read.", key_file(user))),
    );
    lines.extend(plan.password_step().map(|_| format!("# The console password will lie in {}, likewise.", login_file(user))));
    lines.extend(
        [
            "# It stops at the first failure and takes nothing back: what it made until then stays.",
            "set -euC",
            "umask 077",
            "export AWS_PAGER=''",
        ]
        .map(str::to_owned),
    );
    lines.push(format!("iam() {{ aws iam \"$@\" --region={}{}; }}", quoted(&origin.region), origin.options));
    for step in plan.steps() {
        lines.push(String::new());
        lines.push(format!("# {}", clean(&step.action.words())));
        lines.extend(commands(&step.action, origin));
    }
    lines.join("\n") + "\n"
}

fn key_file(user: &str) -> String {
    format!("./{user}_accessKeys.json")
}

fn login_file(user: &str) -> String {
    format!("./{user}_loginProfile.json")
}

fn commands(action: &Action, origin: &Origin) -> Vec<String> {
    let q = |text: &str| quoted(text);
    match action {
        Action::CreateGroup { group } => vec![format!("iam create-group --group-name={}", q(group.as_str()))],
        Action::AttachGroupPolicy { group, policy } => {
            vec![format!("iam attach-group-policy --group-name={} --policy-arn={}", q(group.as_str()), q(&policy.arn))]
        }
        Action::CreatePolicy { policy, description, document, tags } => {
            let mut rest = String::new();
            if !description.is_empty() {
                rest += &format!(" --cli-input-json={}", q(&ascii_json(&json!({ "Description": description }))));
            }
            if !tags.is_empty() {
                rest += &format!(" --tags={}", q(&ascii_json(&tags_json(tags))));
            }
            vec![
                format!(
                    "iam create-policy --policy-name={}{rest} --policy-document={}",
                    q(&policy.name),
                    q(&ascii(document.trim()))
                ),
                format!("iam wait policy-exists --policy-arn={}", q(&policy.arn)),
            ]
        }
        Action::CreatePolicyVersion { policy, document, .. } => vec![format!(
            "iam create-policy-version --policy-arn={} --set-as-default --policy-document={}",
            q(&policy.arn),
            q(&ascii(document.trim()))
        )],
        Action::CreateUser { user, path, tags, boundary } => {
            let mut rest = String::new();
            if !tags.is_empty() {
                rest += &format!(" --tags={}", q(&ascii_json(&tags_json(tags))));
            }
            if let Some(boundary) = boundary {
                rest += &format!(" --permissions-boundary={}", q(&boundary.arn));
            }
            let name = q(user.as_str());
            vec![
                format!("iam create-user --user-name={name} --path={}{rest}", q(path.as_str())),
                format!("iam wait user-exists --user-name={name}"),
            ]
        }
        Action::AddUserToGroup { user, group } => {
            vec![format!("iam add-user-to-group --user-name={} --group-name={}", q(user.as_str()), q(group.as_str()))]
        }
        Action::AttachUserPolicy { user, policy } => {
            vec![format!("iam attach-user-policy --user-name={} --policy-arn={}", q(user.as_str()), q(&policy.arn))]
        }
        Action::PutUserPolicy { user, name, document } => vec![format!(
            "iam put-user-policy --user-name={} --policy-name={} --policy-document={}",
            q(user.as_str()),
            q(name.as_str()),
            q(&ascii(document.trim()))
        )],
        Action::CreateLoginProfile { user, reset } => login(user.as_str(), *reset, origin.policy.minimum),
        Action::CreateAccessKey { user } => {
            let file = q(&key_file(user.as_str()));
            vec![format!("iam create-access-key --user-name={} --output=json > {file}", q(user.as_str()))]
        }
        Action::DescribeAccessKey { user, description, .. } => {
            let file = q(&key_file(user.as_str()));
            let tail = format!("\",\"Value\":{}}}]", ascii_json(&json!(description)));
            vec![
                format!("key_id=$(sed -n 's/.*\"AccessKeyId\": *\"\\([^\"]*\\)\".*/\\1/p' {file})"),
                format!("iam tag-user --user-name={} --tags='[{{\"Key\":\"'\"$key_id\"{}", q(user.as_str()), q(&tail)),
            ]
        }
    }
}

/// The password is made by the script, and passed in a file: arguments can be seen by all on the machine.
fn login(user: &str, reset: bool, minimum: usize) -> Vec<String> {
    let file = quoted(&login_file(user));
    let random = PASSWORD_LENGTH.max(minimum) - 4;
    // One character of each kind that a policy can ask for stands in front.
    vec![
        format!("password=\"Aa1-$(LC_ALL=C tr -dc A-Za-z0-9 < /dev/urandom | head -c {random})\""),
        format!(
            "printf '{{\"UserName\": \"%s\", \"Password\": \"%s\", \"PasswordResetRequired\": {reset}}}\\n' {} \"$password\" > {file}",
            quoted(user)
        ),
        format!("iam create-login-profile --cli-input-json=file://{file}"),
    ]
}
