//! Dry runs: the plan in other forms. Each is a view of the one plan that is run; none holds a secret, since none is made yet.

mod aws_cli;
mod cloudformation;
mod terraform;

use serde_json::json;

use super::operation::{Nature, Operation, SecretKind};
use super::password::PasswordPolicy;
use super::plan::Plan;

/// Where a plan would be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub account: String,
    pub region: String,
    /// What a password must meet.
    pub policy: PasswordPolicy,
    /// What AWS CLI commands need besides: profile and endpoint.
    pub options: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRunFormat {
    /// A line a call.
    Text,
    Json,
    /// A script of AWS CLI commands for bash.
    AwsCli,
    /// A CloudFormation template (YAML).
    CloudFormation,
    Terraform,
}

pub const FORMS: [DryRunFormat; 5] =
    [DryRunFormat::Text, DryRunFormat::Json, DryRunFormat::AwsCli, DryRunFormat::CloudFormation, DryRunFormat::Terraform];

/// The forms that can say a plan.
pub fn forms(plan: &Plan) -> impl Iterator<Item = DryRunFormat> {
    FORMS.into_iter().filter(|form| form.refusal(plan).is_none())
}

impl DryRunFormat {
    /// Its name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::AwsCli => "aws-cli",
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "Plain text",
            Self::Json => "JSON",
            Self::AwsCli => "A script for the AWS CLI",
            Self::CloudFormation => "CloudFormation",
            Self::Terraform => "Terraform",
        }
    }

    pub fn file_name(self, user: &str) -> String {
        let end = match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::AwsCli => "sh",
            Self::CloudFormation => "yaml",
            Self::Terraform => "tf",
        };
        format!("{user}.{end}")
    }

    /// Why this form can't say a plan. What it can't say of a plan besides is a comment in its text.
    pub fn refusal(self, plan: &Plan) -> Option<&'static str> {
        let operations = || plan.steps().iter().map(|step| &step.operation);
        let exists = plan.subjects().first().is_some_and(|subject| subject.existing.is_some());
        let brings_key = plan.yielding(SecretKind::Key).is_some();
        let is_local = operations().any(|operation| operation.nature() == Nature::Local);
        let stops = operations().any(sets_status) && !brings_key;
        match self {
            Self::CloudFormation if is_local => Some("CloudFormation can't say this: it saves no key on this machine."),
            Self::CloudFormation if stops => Some("CloudFormation can't say this: it stops no credential that it did not make."),
            Self::CloudFormation if exists && !brings_key => {
                Some("CloudFormation can't say this: it sets a password only with the user that it makes.")
            }
            Self::Terraform if is_local => Some("Terraform can't say this: it saves no key on this machine."),
            Self::Terraform if stops => Some("Terraform can't say this: it stops no credential that it did not make."),
            Self::Terraform if operations().any(changes_password) => {
                Some("Terraform can't say this: it changes no password that it did not make.")
            }
            Self::Text | Self::Json | Self::AwsCli | Self::CloudFormation | Self::Terraform => None,
        }
    }

    pub fn text(self, plan: &Plan, origin: &Origin) -> String {
        match self {
            Self::Text => text(plan, origin),
            Self::Json => as_json(plan, origin),
            Self::AwsCli => aws_cli::script(plan, origin),
            Self::CloudFormation => cloudformation::template(plan, origin),
            Self::Terraform => terraform::configuration(plan, origin),
        }
    }
}

/// Whether it changes or removes a password that is there already.
fn changes_password(operation: &Operation) -> bool {
    matches!(operation, Operation::UpdateLoginProfile(_) | Operation::DeleteLoginProfile(_))
}

/// Whether it lets a credential that is there work, or no longer.
fn sets_status(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::UpdateAccessKey(_)
            | Operation::UpdateSshPublicKey(_)
            | Operation::UpdateSigningCertificate(_)
            | Operation::UpdateServiceSpecificCredential(_)
    )
}

fn user_of(plan: &Plan) -> &str {
    plan.user().map_or("", |user| user.as_str())
}

/// What the plan is for, to be continued: "Creates the user bob".
fn purpose(plan: &Plan) -> String {
    let user = user_of(plan);
    let has = |is: fn(&Operation) -> bool| plan.steps().iter().any(|step| is(&step.operation));
    let exists = plan.subjects().first().is_some_and(|subject| subject.existing.is_some());
    match plan.yielding(SecretKind::Key) {
        _ if !exists => format!("Creates the user {user}"),
        Some(_) if has(|operation| operation.nature() == Nature::Local) => format!("Rotates an access key of the user {user}"),
        Some(_) => format!("Creates an access key for the user {user}"),
        None if has(sets_status) => format!("Stops credentials of the user {user}"),
        None => format!("Changes the console access of the user {user}"),
    }
}

/// What stands in the place of a permission where a step calls nobody.
pub const HERE: &str = "on this machine";

/// What a step calls: the permission that it needs.
pub fn called(operation: &Operation) -> &'static str {
    if operation.nature() == Nature::Local { HERE } else { operation.permission() }
}

fn text(plan: &Plan, origin: &Origin) -> String {
    let count = plan.steps().len();
    let mut lines = vec![format!(
        "{count} {} for the user {} in account {}; nothing was sent.",
        if count == 1 { "step" } else { "steps" },
        user_of(plan),
        origin.account
    )];
    let line = |(i, step): (usize, &super::step::Step)| format!("{:>3}. {} ({})", i + 1, step.words(), called(&step.operation));
    lines.extend(plan.steps().iter().enumerate().map(line));
    lines.join("\n") + "\n"
}

fn as_json(plan: &Plan, origin: &Origin) -> String {
    let steps = plan.steps().iter().map(|step| {
        json!({
            "step": step.id.0 + 1,
            "words": step.words(),
            "permission": called(&step.operation),
            "needs": step.needs.iter().map(|need| need.0 + 1).collect::<Vec<_>>(),
            "call": step.operation,
        })
    });
    let whole = json!({ "account": origin.account, "user": user_of(plan), "steps": steps.collect::<Vec<_>>() });
    format!("{whole:#}\n")
}
