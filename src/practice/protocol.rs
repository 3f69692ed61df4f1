//! The query protocol over the account: a form with an `Action` comes in, XML goes out.

mod policies;
mod users;

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::account::Account;
use super::entities::{Group, User};
use super::refusal::{ApiError, no_such, validation};
use super::xml::{around, element, escaped, members};
use crate::domain::key_id;
use crate::domain::name::is_name_character;
use crate::domain::secret::Secret;
use crate::domain::tag::Tag;

/// The id that every practice answer bears.
pub const REQUEST_ID: &str = "practice-0000-0000";

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    /// The XML. It holds the secret in the answer to `CreateAccessKey`.
    pub body: String,
}

struct Parameters(BTreeMap<String, String>);

impl Parameters {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn required(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.get(name).filter(|value| !value.is_empty()).ok_or_else(|| {
            validation(format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_first(name)
            ))
        })?;
        let is_name = matches!(name, "UserName" | "GroupName" | "PolicyName");
        if is_name && !value.chars().all(is_name_character) {
            return Err(validation(format!(
                "The specified value for {} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
                lower_first(name)
            )));
        }
        Ok(value)
    }

    /// The user that is named, else the caller.
    fn user<'a>(&'a self, caller: &'a str) -> Result<&'a str, ApiError> {
        if self.get("UserName").is_some() { self.required("UserName") } else { Ok(caller) }
    }

    fn list(&self, name: &str) -> Vec<String> {
        (1..).map_while(|i| self.get(&format!("{name}.member.{i}")).map(str::to_owned)).collect()
    }

    fn tags(&self) -> Vec<Tag> {
        (1..)
            .map_while(|i| {
                let key = self.get(&format!("Tags.member.{i}.Key"))?;
                let value = self.get(&format!("Tags.member.{i}.Value")).unwrap_or_default();
                Some(Tag { key: key.to_owned(), value: value.to_owned() })
            })
            .collect()
    }
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default()
}

/// The access key id, the service and the region of a signature's `Authorization` header.
pub fn key_of_authorization(header: &str) -> Option<SignedBy> {
    let scope = header.split("Credential=").nth(1)?.split(',').next()?;
    let mut parts = scope.split('/');
    let key = parts.next()?.to_owned();
    let region = parts.nth(1)?.to_owned();
    let service = parts.next()?.to_owned();
    Some(SignedBy { key, region, service })
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedBy {
    /// The access key id.
    pub key: String,
    pub region: String,
    /// `iam` or `sts`.
    pub service: String,
}

pub fn answer(account: &mut Account, signed_by: &SignedBy, body: &[u8]) -> Response {
    let form = Parameters(form_urlencoded::parse(body).into_owned().collect());
    let action = form.get("Action").unwrap_or_default().to_owned();
    let namespace = if signed_by.service == "sts" { STS_NAMESPACE } else { NAMESPACE };
    match perform(account, signed_by, &action, &form) {
        Ok(result) => Response {
            status: 200,
            body: format!(
                "<{action}Response xmlns=\"{namespace}\">{result}<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></{action}Response>"
            ),
        },
        Err(refusal) => Response {
            status: refusal.status,
            body: format!(
                "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
                refusal.code,
                escaped(&refusal.message)
            ),
        },
    }
}

fn perform(account: &mut Account, signed_by: &SignedBy, action: &str, form: &Parameters) -> Result<String, ApiError> {
    let caller = account.authenticate(&signed_by.key, &signed_by.service, &signed_by.region)?;
    let result = |inner: String| Ok(around(&format!("{action}Result"), &inner));
    let name = |field| form.required(field);
    match action {
        "GetCallerIdentity" => {
            let user = account.user(&caller)?;
            result(
                element("Arn", &account.arn("user", &user.path, &user.name))
                    + &element("UserId", &user.id)
                    + &element("Account", &account.id),
            )
        }
        // Of any key, whoever has it.
        "GetAccessKeyInfo" => {
            let id = name("AccessKeyId")?;
            let is_own = account.users.values().any(|user| user.keys.iter().any(|key| key.id == id));
            let other = key_id::account(id).filter(|_| !is_own);
            result(element("Account", &other.unwrap_or_else(|| account.id.clone())))
        }
        "CreateUser" => {
            let path = form.get("Path").unwrap_or("/");
            let user = name("UserName")?;
            if let Some(boundary) = form.get("PermissionsBoundary") {
                account.attachable(boundary)?;
            }
            account.create_user(user, path, form.tags())?;
            if let Some(boundary) = form.get("PermissionsBoundary") {
                account.bound_user(user, boundary)?;
            }
            result(user_xml(account, account.user(user)?, true))
        }
        "GetUser" => {
            let user = account.user(form.user(&caller)?)?;
            result(user_xml(account, user, true))
        }
        "ListUsers" => {
            let rows = account.users.values().map(|user| around("member", &user_fields(account, user, false))).collect();
            result(page(form, "Users", rows)?)
        }
        "DeleteUser" => account.delete_user(name("UserName")?).map(|()| String::new()),
        "CreateGroup" => {
            let made = account.create_group(name("GroupName")?, form.get("Path").unwrap_or("/"))?.clone();
            result(around("Group", &group_fields(account, &made)))
        }
        "GetGroup" => {
            let group = account.group(name("GroupName")?)?;
            let users = group.members.iter().filter_map(|member| account.users.get(member));
            let rows = users.map(|user| around("member", &user_fields(account, user, false))).collect();
            result(around("Group", &group_fields(account, group)) + &page(form, "Users", rows)?)
        }
        "ListGroups" => {
            let rows = account.groups.values().map(|group| around("member", &group_fields(account, group))).collect();
            result(page(form, "Groups", rows)?)
        }
        "DeleteGroup" => account.delete_group(name("GroupName")?).map(|()| String::new()),
        "AddUserToGroup" => account.add_user_to_group(name("UserName")?, name("GroupName")?).map(|()| String::new()),
        "RemoveUserFromGroup" => account.remove_user_from_group(name("UserName")?, name("GroupName")?).map(|()| String::new()),
        "ListGroupsForUser" => {
            let key = account.user(name("UserName")?)?.name.to_ascii_lowercase();
            let groups = account.groups.values().filter(|group| group.members.contains(&key));
            let rows = groups.map(|group| around("member", &group_fields(account, group))).collect();
            result(page(form, "Groups", rows)?)
        }
        "AttachUserPolicy" => account.attach_user_policy(name("UserName")?, name("PolicyArn")?).map(|()| String::new()),
        "DetachUserPolicy" => account.detach_user_policy(name("UserName")?, name("PolicyArn")?).map(|()| String::new()),
        "AttachGroupPolicy" => account.attach_group_policy(name("GroupName")?, name("PolicyArn")?).map(|()| String::new()),
        "DetachGroupPolicy" => account.detach_group_policy(name("GroupName")?, name("PolicyArn")?).map(|()| String::new()),
        "ListAttachedUserPolicies" => {
            let rows = account.user(name("UserName")?)?.attached.iter().map(|arn| attached_xml(arn)).collect();
            result(page(form, "AttachedPolicies", rows)?)
        }
        "ListAttachedGroupPolicies" => {
            let rows = account.group(name("GroupName")?)?.attached.iter().map(|arn| attached_xml(arn)).collect();
            result(page(form, "AttachedPolicies", rows)?)
        }
        "ListUserPolicies" => {
            let rows = account.user(name("UserName")?)?.inline.keys().map(|name| element("member", name)).collect();
            result(page(form, "PolicyNames", rows)?)
        }
        // Practice makes no policies of groups' own, so none has any.
        "ListGroupPolicies" => {
            account.group(name("GroupName")?)?;
            result(page(form, "PolicyNames", Vec::new())?)
        }
        "CreateLoginProfile" => {
            let reset = form.get("PasswordResetRequired") == Some("true");
            let password = Secret::new(name("Password")?.to_owned());
            let created = account.create_login_profile(name("UserName")?, password, reset)?.created;
            result(login_xml(&account.user(name("UserName")?)?.name, created, reset))
        }
        "GetLoginProfile" => {
            let user = account.user(name("UserName")?)?;
            let login = user.login.as_ref().ok_or_else(|| no_such("login profile for user", &user.name))?;
            result(login_xml(&user.name, login.created, login.reset))
        }
        "UpdateLoginProfile" => {
            let password = form.get("Password").map(|password| Secret::new(password.to_owned()));
            let reset = form.get("PasswordResetRequired").map(|reset| reset == "true");
            account.update_login_profile(name("UserName")?, password, reset).map(|()| String::new())
        }
        "DeleteLoginProfile" => account.delete_login_profile(name("UserName")?).map(|()| String::new()),
        "CreateAccessKey" => {
            let user = form.user(&caller)?.to_owned();
            let key = account.create_access_key(&user)?.clone();
            let owner = &account.user(&user)?.name;
            result(around(
                "AccessKey",
                &(element("UserName", owner)
                    + &element("AccessKeyId", &key.id)
                    + &element("Status", "Active")
                    + &element("SecretAccessKey", key.secret.expose())
                    + &element("CreateDate", &date(key.created))),
            ))
        }
        "ListAccessKeys" => {
            let user = account.user(form.user(&caller)?)?;
            let rows = user
                .keys
                .iter()
                .map(|key| {
                    around(
                        "member",
                        &(element("UserName", &user.name)
                            + &element("AccessKeyId", &key.id)
                            + &element("Status", if key.active { "Active" } else { "Inactive" })
                            + &element("CreateDate", &date(key.created))),
                    )
                })
                .collect();
            result(page(form, "AccessKeyMetadata", rows)?)
        }
        "GetAccessKeyLastUsed" => {
            let id = name("AccessKeyId")?;
            let (user, key) = account
                .users
                .values()
                .find_map(|user| user.keys.iter().find(|key| key.id == id).map(|key| (user, key)))
                .ok_or_else(|| no_such("Access Key with id", id))?;
            let (when, service, region) = match &key.last_used {
                Some((when, service, region)) => (element("LastUsedDate", &date(*when)), service.as_str(), region.as_str()),
                None => (String::new(), "N/A", "N/A"),
            };
            let used = around("AccessKeyLastUsed", &(when + &element("ServiceName", service) + &element("Region", region)));
            result(element("UserName", &user.name) + &used)
        }
        "UpdateAccessKey" => {
            let user = form.user(&caller)?.to_owned();
            account.update_access_key(&user, name("AccessKeyId")?, name("Status")?).map(|()| String::new())
        }
        "DeleteAccessKey" => {
            let user = form.user(&caller)?.to_owned();
            account.delete_access_key(&user, name("AccessKeyId")?).map(|()| String::new())
        }
        "ListMFADevices" => {
            let user = account.user(form.user(&caller)?)?;
            let device = |(serial, since): (&String, &i64)| {
                around(
                    "member",
                    &(element("UserName", &user.name) + &element("SerialNumber", serial) + &element("EnableDate", &date(*since))),
                )
            };
            result(page(form, "MFADevices", user.mfa.iter().map(device).collect())?)
        }
        "TagUser" => account.tag_user(name("UserName")?, form.tags()).map(|()| String::new()),
        "UntagUser" => account.untag_user(name("UserName")?, &form.list("TagKeys")).map(|()| String::new()),
        "ListUserTags" => {
            let rows = account.user(name("UserName")?)?.tags.iter().map(|tag| around("member", &tag_fields(tag))).collect();
            result(page(form, "Tags", rows)?)
        }
        "GetAccountSummary" => result(summary(account)),
        "GetAccountPasswordPolicy" => {
            let policy =
                account.password_policy.as_ref().ok_or_else(|| no_such("Password Policy with domain name", &account.id))?;
            let flag = |name: &str, on: bool| element(name, if on { "true" } else { "false" });
            result(around(
                "PasswordPolicy",
                &(element("MinimumPasswordLength", &policy.minimum.to_string())
                    + &flag("RequireSymbols", policy.symbols)
                    + &flag("RequireNumbers", policy.numbers)
                    + &flag("RequireUppercaseCharacters", policy.uppercase)
                    + &flag("RequireLowercaseCharacters", policy.lowercase)
                    + &flag("AllowUsersToChangePassword", policy.users_may_change)
                    + &flag("ExpirePasswords", false)),
            ))
        }
        "ListAccountAliases" => {
            let rows = account.alias.iter().map(|alias| element("member", alias)).collect();
            result(page(form, "AccountAliases", rows)?)
        }
        other => match users::perform(account, other, form) {
            Some(answer) => answer,
            None => policies::perform(account, other, form),
        },
    }
}

fn date(seconds: i64) -> String {
    DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default()
}

fn page(form: &Parameters, name: &str, rows: Vec<String>) -> Result<String, ApiError> {
    let (rows, tail) = part(form, rows)?;
    Ok(format!("<{name}>{}</{name}>", rows.concat()) + &tail)
}

/// `MaxItems` rows (100 unless given) from `Marker` on, and what is said of those that follow.
fn part<T>(form: &Parameters, rows: Vec<T>) -> Result<(Vec<T>, String), ApiError> {
    let number = |field: &str, default: usize| match form.get(field) {
        None => Ok(default),
        Some(text) => text.parse::<usize>().map_err(|_| validation(format!("Invalid {}: {text}", lower_first(field)))),
    };
    let size = number("MaxItems", 100)?;
    if !(1..=1000).contains(&size) {
        return Err(validation("Value at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000"));
    }
    let start = number("Marker", 0)?.min(rows.len());
    let end = start.saturating_add(size).min(rows.len());
    let mut tail = element("IsTruncated", if end < rows.len() { "true" } else { "false" });
    if end < rows.len() {
        tail += &element("Marker", &end.to_string());
    }
    Ok((rows.into_iter().take(end).skip(start).collect(), tail))
}

fn tag_fields(tag: &Tag) -> String {
    element("Key", &tag.key) + &element("Value", &tag.value)
}

fn user_fields(account: &Account, user: &User, with_tags: bool) -> String {
    let mut fields = element("Path", &user.path)
        + &element("UserName", &user.name)
        + &element("UserId", &user.id)
        + &element("Arn", &account.arn("user", &user.path, &user.name))
        + &element("CreateDate", &date(user.created));
    if let Some(signed_in) = user.signed_in {
        fields += &element("PasswordLastUsed", &date(signed_in));
    }
    if with_tags && !user.tags.is_empty() {
        fields += &members("Tags", user.tags.iter().map(tag_fields));
    }
    if let Some(boundary) = user.boundary.as_ref().filter(|_| with_tags) {
        let kind = element("PermissionsBoundaryType", "PermissionsBoundaryPolicy");
        fields += &around("PermissionsBoundary", &(kind + &element("PermissionsBoundaryArn", boundary)));
    }
    fields
}

fn user_xml(account: &Account, user: &User, with_tags: bool) -> String {
    around("User", &user_fields(account, user, with_tags))
}

fn group_fields(account: &Account, group: &Group) -> String {
    element("Path", &group.path)
        + &element("GroupName", &group.name)
        + &element("GroupId", &group.id)
        + &element("Arn", &account.arn("group", &group.path, &group.name))
        + &element("CreateDate", &date(group.created))
}

fn login_xml(user: &str, created: i64, reset: bool) -> String {
    around(
        "LoginProfile",
        &(element("UserName", user)
            + &element("CreateDate", &date(created))
            + &element("PasswordResetRequired", if reset { "true" } else { "false" })),
    )
}

fn attached_xml(arn: &str) -> String {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    around("member", &(element("PolicyName", name) + &element("PolicyArn", arn)))
}

fn summary(account: &Account) -> String {
    use super::access_keys::KEYS_LIMIT;
    use super::account::{GROUPS_LIMIT, GROUPS_PER_USER, POLICIES_PER_ENTITY, USERS_LIMIT};
    let entry = |(key, value): (&str, usize)| around("entry", &(element("key", key) + &element("value", &value.to_string())));
    let entries = [
        ("Users", account.users.len()),
        ("UsersQuota", USERS_LIMIT),
        ("Groups", account.groups.len()),
        ("GroupsQuota", GROUPS_LIMIT),
        ("Policies", account.policies.len()),
        ("PoliciesQuota", 1500),
        ("GroupsPerUserQuota", GROUPS_PER_USER),
        ("AttachedPoliciesPerUserQuota", POLICIES_PER_ENTITY),
        ("AttachedPoliciesPerGroupQuota", POLICIES_PER_ENTITY),
        ("AccessKeysPerUserQuota", KEYS_LIMIT),
        ("VersionsPerPolicyQuota", 5),
        ("PolicySizeQuota", 6144),
        ("UserPolicySizeQuota", 2048),
        ("GroupPolicySizeQuota", 5120),
        ("AccountMFAEnabled", 1),
        ("AccountAccessKeysPresent", 0),
    ];
    around("SummaryMap", &entries.map(entry).concat())
}
