//! The credential report as IAM sends it: a table with a head, a user a line (IAM User Guide, "Get credential reports").

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{moment, status};
use crate::domain::moment::Moment;
use crate::domain::users::{CredentialReport, KeyUse, ReportedUser, UserKey};

/// What the report calls the root user.
const ROOT: &str = "<root_account>";

/// The report. `None` where it has no head that says what is in it; a line that is not as the head says tells nothing.
pub(super) fn read(text: &str, made: Moment) -> Option<CredentialReport> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split(',').collect();
    if head.first() != Some(&"user") || head.get(1) != Some(&"arn") {
        return None;
    }
    let mut report = CredentialReport { made, users: Default::default(), root: None };
    for line in lines {
        let Some((name, fields)) = parts(line, head.len()) else { continue };
        let field = |name: &str| head.iter().position(|one| *one == name).and_then(|at| fields.get(at - 2)).copied();
        let user = ReportedUser {
            // The root user has a password that is not told of.
            has_password: field("password_enabled") != Some("false"),
            has_mfa: field("mfa_active") == Some("true"),
            keys: ["access_key_1", "access_key_2"].iter().filter_map(|key| self::key(key, &field)).collect(),
        };
        match name {
            ROOT => report.root = Some(user),
            name => drop(report.users.insert(name.to_owned(), user)),
        }
    }
    Some(report)
}

/// The name, and the fields behind the ARN. A name may hold commas, and so may the ARN, which ends in it; nothing else does.
fn parts(line: &str, columns: usize) -> Option<(&str, Vec<&str>)> {
    let behind = columns.checked_sub(2)?;
    let mut fields: Vec<&str> = line.rsplitn(behind + 1, ',').collect();
    let named = fields.pop().filter(|_| fields.len() == behind)?;
    fields.reverse();
    let (name, _) = named.split_once(",arn:").or_else(|| named.split_once(",\"arn:"))?;
    Some((name.trim_matches('"'), fields))
}

fn key<'a>(name: &str, field: &impl Fn(&str) -> Option<&'a str>) -> Option<UserKey> {
    let of = |what: &str| field(&format!("{name}_{what}"));
    // Without a key there is no day on which it was made.
    let created = of("last_rotated").and_then(date)?;
    let used = match of("last_used_date") {
        Some("N/A") => KeyUse::Never,
        Some(text) => date(text).map_or(KeyUse::Unknown, KeyUse::At),
        None => KeyUse::Unknown,
    };
    Some(UserKey { id: None, status: status(of("active") == Some("true")), created: Some(created), used })
}

fn date(text: &str) -> Option<Moment> {
    DateTime::from_str(text, Format::DateTimeWithOffset).ok().map(|at| moment(&at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::KeyStatus;

    const HEAD: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
        password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
        access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
        access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
        cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

    /// AWS's own example, with names that hold what names may hold.
    #[test]
    fn each_line_is_read_by_the_head() {
        let rest = "2026-01-02T03:04:05+00:00,true,no_information,2026-01-02T03:04:05+00:00,N/A,false,true,\
            2026-01-03T00:00:00+00:00,N/A,N/A,N/A,false,2025-01-03T00:00:00+00:00,2026-02-01T10:00:00+00:00,us-east-1,s3,\
            false,N/A,false,N/A";
        let root = "<root_account>,arn:aws:iam::123456789012:root,2020-01-02T03:04:05+00:00,not_supported,\
            2026-01-02T03:04:05+00:00,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,\
            false,N/A,false,N/A";
        let names = ["bob", "a,b", "-a+=,.@_", "\"quoted,\""];
        let line = |name: &&str| format!("{name},arn:aws:iam::123456789012:user/{},{rest}", name.trim_matches('"'));
        let text = [HEAD.to_owned(), root.to_owned()].into_iter().chain(names.iter().map(line)).collect::<Vec<_>>().join("\n");
        let report = read(&format!("{text}\nhalf,arn:aws:iam::1"), Moment(7)).unwrap();
        assert_eq!(report.users.keys().collect::<Vec<_>>(), ["-a+=,.@_", "a,b", "bob", "quoted,"]);
        let bob = &report.users["bob"];
        assert_eq!((bob.has_password, bob.has_mfa, bob.keys.len()), (true, false, 2));
        assert_eq!((bob.keys[0].status, bob.keys[0].used), (KeyStatus::Active, KeyUse::Never));
        assert_eq!(bob.keys[1].status, KeyStatus::Inactive);
        assert_eq!(bob.keys[1].used, KeyUse::At(Moment(1_769_940_000)));
        assert_eq!(report.root.map(|root| (root.has_mfa, root.keys.len())), Some((true, 0)));
        assert_eq!(report.made, Moment(7));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,400}") {
            let _ = read(&text, Moment(0));
            let _ = read(&format!("{HEAD}\n{text}"), Moment(0));
        }
    }
}
