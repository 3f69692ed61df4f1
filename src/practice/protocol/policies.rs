//! The operations on managed policies, and the simulation.

use super::{Parameters, date, lower_first, page, part, tag_fields};
use crate::practice::account::Account;
use crate::practice::catalogue;
use crate::practice::entities::{PolicyVersion, User};
use crate::practice::policies::PolicyToMake;
use crate::practice::refusal::{ApiError, no_such, unknown_action, validation};
use crate::practice::xml::{around, element, members};

pub(super) fn perform(account: &mut Account, action: &str, form: &Parameters) -> Result<String, ApiError> {
    let name = |field: &str| form.required(field);
    let result = |inner: String| Ok(around(&format!("{action}Result"), &inner));
    match action {
        "ListPolicies" => result(page(form, "Policies", policies(account, form.get("Scope").unwrap_or("All")))?),
        "GetPolicy" => {
            let arn = name("PolicyArn")?;
            let mut fields = policy_fields(account, arn).ok_or_else(|| no_such("policy with ARN", arn))?;
            if let Some(own) = account.policies.get(arn) {
                fields += &element("Description", &own.description);
                fields += &members("Tags", own.tags.iter().map(tag_fields));
            }
            result(around("Policy", &fields))
        }
        "GetPolicyVersion" => {
            let (arn, version) = (name("PolicyArn")?, name("VersionId")?);
            let missing = || no_such("policy version", &format!("{version} of {arn}"));
            let (document, is_default, created) = version_of(account, arn, version).ok_or_else(missing)?;
            result(around(
                "PolicyVersion",
                &(element("Document", &encoded(&document)) + &version_fields(version, is_default, &created)),
            ))
        }
        "ListPolicyVersions" => {
            let arn = name("PolicyArn")?;
            let row = |id: &str, is_default: bool, created: &str| around("member", &version_fields(id, is_default, created));
            let rows = match (account.policies.get(arn), catalogue::aws_policy(arn)) {
                (Some(own), _) => {
                    let of = |one: &PolicyVersion| row(&one.id, one.id == own.default, &date(one.created));
                    own.versions.iter().rev().map(of).collect()
                }
                (None, Some(aws)) => vec![row(aws.version, true, &format!("{}T00:00:00Z", aws.updated))],
                (None, None) => return Err(no_such("policy with ARN", arn)),
            };
            result(page(form, "Versions", rows)?)
        }
        "CreatePolicy" => {
            let new = PolicyToMake {
                name: name("PolicyName")?,
                path: form.get("Path").unwrap_or("/"),
                description: form.get("Description").unwrap_or_default(),
                document: name("PolicyDocument")?,
                tags: form.tags(),
            };
            let arn = account.create_policy(new)?.arn.clone();
            result(around("Policy", &policy_fields(account, &arn).unwrap_or_default()))
        }
        "CreatePolicyVersion" => {
            let set_as_default = form.get("SetAsDefault") == Some("true");
            let made = account.create_policy_version(name("PolicyArn")?, name("PolicyDocument")?, set_as_default)?;
            result(around("PolicyVersion", &version_fields(&made.id, set_as_default, &date(made.created))))
        }
        "SetDefaultPolicyVersion" => {
            account.set_default_policy_version(name("PolicyArn")?, name("VersionId")?).map(|()| String::new())
        }
        "DeletePolicyVersion" => account.delete_policy_version(name("PolicyArn")?, name("VersionId")?).map(|()| String::new()),
        "ListEntitiesForPolicy" => result(entities(account, name("PolicyArn")?, form)?),
        "DeletePolicy" => account.delete_policy(name("PolicyArn")?).map(|()| String::new()),
        // Whoever has a key of the account may call everything, and the simulation says so.
        "SimulatePrincipalPolicy" => {
            name("PolicySourceArn")?;
            let resource = form.list("ResourceArns").into_iter().next().unwrap_or_else(|| "*".to_owned());
            let row = |action: &String| {
                let fields = element("EvalActionName", action)
                    + &element("EvalResourceName", &resource)
                    + &element("EvalDecision", "allowed")
                    + &members("MatchedStatements", [])
                    + &members("MissingContextValues", []);
                around("member", &fields)
            };
            let rows = form.list("ActionNames").iter().map(row).collect::<String>();
            result(around("EvaluationResults", &rows) + &element("IsTruncated", "false"))
        }
        "PutUserPolicy" => {
            let (user, document) = (name("UserName")?, name("PolicyDocument")?);
            account.put_user_policy(user, name("PolicyName")?, document).map(|()| String::new())
        }
        "GetUserPolicy" => {
            let (user, policy) = (account.user(name("UserName")?)?, name("PolicyName")?);
            let missing = || no_such("user policy with name", policy);
            let document = encoded(user.inline.get(policy).ok_or_else(missing)?);
            result(element("UserName", &user.name) + &element("PolicyName", policy) + &element("PolicyDocument", &document))
        }
        "DeleteUserPolicy" => account.delete_user_policy(name("UserName")?, name("PolicyName")?).map(|()| String::new()),
        "GetRole" => Err(no_such("role with name", name("RoleName")?)),
        other => Err(unknown_action(other)),
    }
}

/// `ListEntitiesForPolicy`: who has a policy, and whom it bounds; a page goes through groups, users and roles (of which practice
/// has none) one after the other.
fn entities(account: &Account, arn: &str, form: &Parameters) -> Result<String, ApiError> {
    policy_fields(account, arn).ok_or_else(|| no_such("policy with ARN", arn))?;
    let one_of = |field: &str, values: &[&str]| match form.get(field) {
        Some(value) if !values.contains(&value) => {
            let field = lower_first(field);
            Err(validation(format!(
                "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                values.join(", ")
            )))
        }
        value => Ok(value),
    };
    let usage = one_of("PolicyUsageFilter", &["PermissionsPolicy", "PermissionsBoundary"])?;
    let kind = one_of("EntityFilter", &["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"])?;
    let prefix = form.get("PathPrefix").unwrap_or("/");
    let (attached, bounded) = (usage != Some("PermissionsBoundary"), usage != Some("PermissionsPolicy"));
    let wants = |one: &str| kind.is_none_or(|kind| kind == one);
    let row = |name: (&str, &str), id: (&str, &str)| around("member", &(element(name.0, name.1) + &element(id.0, id.1)));
    let groups = account.groups.values().filter(|group| wants("Group") && attached && group.attached.contains(arn));
    let groups = groups.filter(|group| group.path.starts_with(prefix));
    let groups = groups.map(|group| ("PolicyGroups", row(("GroupName", &group.name), ("GroupId", &group.id))));
    let uses = |user: &User| (attached && user.attached.contains(arn)) || (bounded && user.boundary.as_deref() == Some(arn));
    let users = account.users.values().filter(|user| wants("User") && uses(user) && user.path.starts_with(prefix));
    let users = users.map(|user| ("PolicyUsers", row(("UserName", &user.name), ("UserId", &user.id))));
    let (rows, tail) = part(form, groups.chain(users).collect())?;
    let list = |name: &str| {
        let own = rows.iter().filter(|(list, _)| *list == name).map(|(_, row)| row.as_str());
        format!("<{name}>{}</{name}>", own.collect::<String>())
    };
    Ok(["PolicyGroups", "PolicyUsers", "PolicyRoles"].map(list).concat() + &tail)
}

/// A document as IAM sends it.
pub(super) fn encoded(document: &str) -> String {
    percent_encoding::utf8_percent_encode(document, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The document of a version, whether it is in force, and its date.
fn version_of(account: &Account, arn: &str, version: &str) -> Option<(String, bool, String)> {
    if let Some(own) = account.policies.get(arn) {
        let found = own.version(version)?;
        return Some((found.document.clone(), own.default == found.id, date(found.created)));
    }
    let policy = catalogue::aws_policy(arn).filter(|policy| policy.version == version)?;
    Some((policy.document.to_owned(), true, format!("{}T00:00:00Z", policy.updated)))
}

fn version_fields(id: &str, is_default: bool, created: &str) -> String {
    element("VersionId", id)
        + &element("IsDefaultVersion", if is_default { "true" } else { "false" })
        + &element("CreateDate", created)
}

/// A policy as lists have it: without description and tags.
fn policy_fields(account: &Account, arn: &str) -> Option<String> {
    let attached = account.attachments(arn).to_string();
    let (name, id, version, created, updated) = match (account.policies.get(arn), catalogue::aws_policy(arn)) {
        (Some(own), _) => {
            let updated = own.version(&own.default).map_or(own.created, |version| version.created);
            (own.name.as_str(), own.id.as_str(), own.default.as_str(), date(own.created), date(updated))
        }
        (None, Some(aws)) => {
            let day = |day: &str| format!("{day}T00:00:00Z");
            (aws.name, "ANPAPRACTICE000000000", aws.version, day(aws.created), day(aws.updated))
        }
        (None, None) => return None,
    };
    let path = arn.split(":policy").nth(1).and_then(|rest| rest.strip_suffix(name)).unwrap_or("/");
    Some(
        element("PolicyName", name)
            + &element("PolicyId", id)
            + &element("Arn", arn)
            + &element("Path", path)
            + &element("DefaultVersionId", version)
            + &element("AttachmentCount", &attached)
            + &element("PermissionsBoundaryUsageCount", &account.bounded_by(arn).to_string())
            + &element("IsAttachable", "true")
            + &element("CreateDate", &created)
            + &element("UpdateDate", &updated),
    )
}

fn policies(account: &Account, scope: &str) -> Vec<String> {
    let own = account.policies.keys().map(String::as_str).filter(|_| scope != "AWS");
    let aws = catalogue::aws_policies().iter().map(|policy| &*policy.arn).filter(|_| scope != "Local");
    own.chain(aws).filter_map(|arn| policy_fields(account, arn)).map(|fields| around("member", &fields)).collect()
}
