//! What the practice account begins with: the person's own administrator, and a few things to look at.

use super::account::{Account, Entropy};
use super::entities::{AccessKey, OtherCredential};
use super::policies::PolicyToMake;
use super::refusal::ApiError;
use crate::domain::secret::Secret;
use crate::domain::tag::Tag;
use crate::domain::users::OtherKind;

/// The access key id that signs the person's own calls in practice.
pub const CALLER_KEY: &str = "AKIAPRACTICECALLER00";

/// An old key of a user of practice, and the profile in which the files of practice hold it: something to rotate and to look for.
pub const OLD_KEY: (&str, &str, &str) = ("work", "AKIAPRACTICEOLDKEY00", "Practice/Only+Practice/Only+Practice/Onl");

/// In seconds. The furniture is older than the first call by so many of them.
const DAY: i64 = 86_400;

const ACCOUNT: &str = "111122223333";
const READ_LOGS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"ReadTeamLogs","Effect":"Allow","Action":["logs:GetLogEvents","logs:DescribeLogStreams"],"Resource":"arn:aws:logs:*:111122223333:log-group:team/*"}]}"#;

const OWN_NOTES: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::notes/${aws:username}/*"}]}"#;

/// The account with which practice starts. A new key is refused once before it works, as on AWS a new key needs seconds.
pub fn seeded(entropy: Entropy) -> Account {
    let mut account = Account::new(ACCOUNT, entropy);
    account.alias = Some("practice-account".to_owned());
    // The names and ARNs here are legal and free, so no call can be refused; a test walks through all of it.
    let _ = furnish(&mut account);
    account.key_lag = 1;
    account
}

fn furnish(account: &mut Account) -> Result<(), ApiError> {
    account.create_user("practice-admin", "/", Vec::new())?;
    account.attach_user_policy("practice-admin", "arn:aws:iam::aws:policy/AdministratorAccess")?;
    if let Some(admin) = account.users.get_mut("practice-admin") {
        admin.keys.push(AccessKey {
            id: CALLER_KEY.to_owned(),
            secret: Secret::new("practice".to_owned()),
            active: true,
            created: -30 * DAY,
            unknown_for: 0,
            last_used: None,
        });
    }
    account.create_group("Auditors", "/")?;
    account.attach_group_policy("Auditors", "arn:aws:iam::aws:policy/SecurityAudit")?;
    account.create_group("Operators", "/")?;
    account.attach_group_policy("Operators", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")?;
    account.attach_group_policy("Operators", "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess")?;
    let tag = |key: &str, value: &str| Tag { key: key.to_owned(), value: value.to_owned() };
    account.create_user("amara", "/", vec![tag("team", "platform")])?;
    account.add_user_to_group("amara", "Operators")?;
    account.create_user("build-server", "/machines/", vec![tag("purpose", "continuous integration")])?;
    account.create_access_key("build-server")?;
    // What an account of some years has: an old key that is used, and a console without MFA.
    if let Some(server) = account.users.get_mut("build-server") {
        server.created = -500 * DAY;
        for key in &mut server.keys {
            (key.id, key.secret) = (OLD_KEY.1.to_owned(), Secret::new(OLD_KEY.2.to_owned()));
            (key.created, key.unknown_for) = (-412 * DAY, 0);
            key.last_used = Some((-3 * DAY, "s3".to_owned(), "eu-central-1".to_owned()));
        }
    }
    account.create_login_profile("amara", Secret::new("Practice-Only-1".to_owned()), false)?;
    if let Some(amara) = account.users.get_mut("amara") {
        (amara.created, amara.signed_in) = (-200 * DAY, Some(-20 * DAY));
        let other = |kind, id: &str, days: i64| OtherCredential { kind, id: id.to_owned(), active: true, created: -days * DAY };
        amara.others = vec![
            other(OtherKind::SshKey, "APKAPRACTICEOFAMARA0", 190),
            other(OtherKind::OfService("codecommit.amazonaws.com".to_owned()), "ACCAPRACTICEOFAMARA0", 150),
        ];
    }
    if let Some(admin) = account.users.get_mut("practice-admin") {
        admin.created = -700 * DAY;
        admin.mfa.insert(format!("arn:aws:iam::{ACCOUNT}:mfa/practice-admin"), -600 * DAY);
    }
    account.put_user_policy("amara", "OwnNotes", OWN_NOTES)?;
    account.bound_user("amara", "arn:aws:iam::aws:policy/PowerUserAccess")?;
    let logs = PolicyToMake { name: "ReadTeamLogs", path: "/", description: "", document: READ_LOGS, tags: Vec::new() };
    account.create_policy(logs)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_furnished_whole() {
        let account = seeded(Box::new(|bytes| bytes.fill(7)));
        assert_eq!(account.users.keys().collect::<Vec<_>>(), ["amara", "build-server", "practice-admin"]);
        assert_eq!(account.groups.len(), 2);
        assert!(account.policies.contains_key("arn:aws:iam::111122223333:policy/ReadTeamLogs"));
    }
}
