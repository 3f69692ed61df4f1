//! The account's users as reports: the credential report, and the authorization details.

use super::policies::encoded;
use super::{Parameters, attached_xml, date, page, tag_fields};
use crate::domain::users::OtherKind;
use crate::practice::account::Account;
use crate::practice::entities::{AccessKey, OtherCredential, User};
use crate::practice::refusal::{ApiError, no_report};
use crate::practice::xml::{around, element, escaped, members};

/// How long a credential report is the newest, in seconds (IAM User Guide, "Get credential reports").
const REPORT_LASTS: i64 = 4 * 3600;

const HEAD: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,\
    mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
    access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,\
    access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,\
    cert_2_last_rotated";

/// `None`: it is no action of these.
pub(super) fn perform(account: &mut Account, action: &str, form: &Parameters) -> Option<Result<String, ApiError>> {
    let result = |inner: String| Ok(around(&format!("{action}Result"), &inner));
    Some(match action {
        "GenerateCredentialReport" => result(generate(account)),
        "GetCredentialReport" => match &account.report {
            Some((made, text)) => result(
                element("Content", &aws_smithy_types::base64::encode(text))
                    + &element("ReportFormat", "text/csv")
                    + &element("GeneratedTime", &date(*made)),
            ),
            None => Err(no_report()),
        },
        "ListSSHPublicKeys" => others(account, form, |kind| *kind == OtherKind::SshKey)
            .and_then(|rows| page(form, "SSHPublicKeys", rows))
            .and_then(result),
        "ListSigningCertificates" => others(account, form, |kind| *kind == OtherKind::Certificate)
            .and_then(|rows| page(form, "Certificates", rows))
            .and_then(result),
        "ListServiceSpecificCredentials" => others(account, form, |kind| matches!(kind, OtherKind::OfService(_)))
            .and_then(|rows| page(form, "ServiceSpecificCredentials", rows))
            .and_then(result),
        "UpdateSSHPublicKey" => set_status(account, form, "SSHPublicKeyId"),
        "UpdateSigningCertificate" => set_status(account, form, "CertificateId"),
        "UpdateServiceSpecificCredential" => set_status(account, form, "ServiceSpecificCredentialId"),
        "GetAccountAuthorizationDetails" => {
            let wanted = form.list("Filter");
            let of_users = wanted.is_empty() || wanted.iter().any(|kind| kind == "User");
            // Practice lists users; what the console shows of groups and policies it asks for one by one.
            let users = account.users.values().filter(|_| of_users).map(|user| around("member", &details(account, user)));
            let rows = users.collect();
            page(form, "UserDetailList", rows).and_then(result)
        }
        _ => return None,
    })
}

/// A report is made while it is asked for, and is there when it is asked for again.
fn generate(account: &mut Account) -> String {
    let is_new = account.report.as_ref().is_some_and(|(made, _)| account.now - made < REPORT_LASTS);
    if is_new {
        return element("State", "COMPLETE");
    }
    let mut text = HEAD.to_owned();
    text.push_str(&format!(
        "\n<root_account>,arn:aws:iam::{}:root,{},not_supported,no_information,not_supported,not_supported,true{},false,N/A,false,N/A",
        account.id,
        offset(account.now),
        [NO_KEY, NO_KEY].concat()
    ));
    for user in account.users.values() {
        text.push('\n');
        text.push_str(&line(account, user));
    }
    account.report = Some((account.now, text));
    element("State", "STARTED") + &element("Description", "No report exists. Starting a new report generation task")
}

const NO_KEY: &str = ",false,N/A,N/A,N/A,N/A";

/// The report's dates name their offset.
fn offset(seconds: i64) -> String {
    date(seconds).replace('Z', "+00:00")
}

fn line(account: &Account, user: &User) -> String {
    let password = match &user.login {
        Some(login) => {
            let signed_in = user.signed_in.map_or_else(|| "no_information".to_owned(), offset);
            format!("true,{signed_in},{},N/A", offset(login.created))
        }
        None => "false,N/A,N/A,N/A".to_owned(),
    };
    let key = |key: Option<&AccessKey>| {
        let Some(key) = key else { return NO_KEY.to_owned() };
        let (used, region, service) = match &key.last_used {
            Some((at, service, region)) => (offset(*at), region.as_str(), service.as_str()),
            None => ("N/A".to_owned(), "N/A", "N/A"),
        };
        format!(",{},{},{used},{region},{service}", key.active, offset(key.created))
    };
    format!(
        "{},{},{},{password},{}{}{},false,N/A,false,N/A",
        user.name,
        account.arn("user", &user.path, &user.name),
        offset(user.created),
        !user.mfa.is_empty(),
        key(user.keys.first()),
        key(user.keys.get(1))
    )
}

/// The other credentials of a user, as lists of their kind have them.
fn others(account: &Account, form: &Parameters, is_wanted: fn(&OtherKind) -> bool) -> Result<Vec<String>, ApiError> {
    let user = account.user(form.required("UserName")?)?;
    let row = |other: &OtherCredential| {
        let status = element("Status", if other.active { "Active" } else { "Inactive" });
        let fields = match &other.kind {
            OtherKind::SshKey => element("SSHPublicKeyId", &other.id) + &element("UploadDate", &date(other.created)),
            OtherKind::Certificate => {
                element("CertificateId", &other.id)
                    + &element("CertificateBody", "")
                    + &element("UploadDate", &date(other.created))
            }
            OtherKind::OfService(service) => {
                element("ServiceSpecificCredentialId", &other.id)
                    + &element("ServiceName", service)
                    + &element("ServiceUserName", &format!("{}-at-{}", user.name, account.id))
                    + &element("CreateDate", &date(other.created))
            }
        };
        around("member", &(element("UserName", &user.name) + &status + &fields))
    };
    Ok(user.others.iter().filter(|other| is_wanted(&other.kind)).map(row).collect())
}

fn set_status(account: &mut Account, form: &Parameters, id: &str) -> Result<String, ApiError> {
    account.update_other_credential(form.required("UserName")?, form.required(id)?, form.required("Status")?)?;
    Ok(String::new())
}

fn details(account: &Account, user: &User) -> String {
    let key = user.name.to_ascii_lowercase();
    let groups = account.groups.values().filter(|group| group.members.contains(&key)).map(|group| escaped(&group.name));
    let inline = user.inline.iter();
    let inline = inline.map(|(name, text)| element("PolicyName", name) + &element("PolicyDocument", &encoded(text)));
    let mut fields = element("Path", &user.path)
        + &element("UserName", &user.name)
        + &element("UserId", &user.id)
        + &element("Arn", &account.arn("user", &user.path, &user.name))
        + &element("CreateDate", &date(user.created))
        + &members("UserPolicyList", inline)
        + &members("GroupList", groups)
        + &around("AttachedManagedPolicies", &user.attached.iter().map(|arn| attached_xml(arn)).collect::<String>());
    if let Some(boundary) = &user.boundary {
        let kind = element("PermissionsBoundaryType", "Policy");
        fields += &around("PermissionsBoundary", &(kind + &element("PermissionsBoundaryArn", boundary)));
    }
    fields + &members("Tags", user.tags.iter().map(tag_fields))
}
