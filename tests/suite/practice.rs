//! The practice account from outside: forms in, status and code out, as AWS answers (`reference/iam.md` A1 to A3).

use iamwalk::practice::protocol::{SignedBy, answer};
use iamwalk::practice::{Account, CALLER_KEY};
use proptest::prelude::*;

use super::support::steady_account;

fn signed() -> SignedBy {
    SignedBy { key: CALLER_KEY.to_owned(), region: "us-east-1".to_owned(), service: "iam".to_owned() }
}

/// `Ok` or IAM's code, with the whole answer.
fn call(account: &mut Account, form: &str) -> (String, String) {
    let answer = answer(account, &signed(), form.as_bytes());
    let code = match answer.body.split_once("<Code>") {
        Some((_, rest)) => rest.split("</Code>").next().unwrap().to_owned(),
        None => "Ok".to_owned(),
    };
    assert_eq!(answer.status == 200, code == "Ok", "{}", answer.body);
    (code, answer.body)
}

/// Each call in turn on one account, with the code it must give.
fn check(calls: &[(&str, &str)]) {
    let mut account = steady_account();
    for (form, expected) in calls {
        let (code, body) = call(&mut account, form);
        assert_eq!(&code, expected, "{form}\n{body}");
    }
}

#[test]
fn names_and_paths() {
    let long = format!("Action=CreateUser&UserName={}", "a".repeat(65));
    check(&[
        ("Action=CreateUser&UserName=bob", "Ok"),
        ("Action=CreateUser&UserName=BOB", "EntityAlreadyExists"),
        ("Action=GetUser&UserName=BoB", "Ok"),
        ("Action=CreateUser&UserName=a%20b", "ValidationError"),
        ("Action=CreateUser&UserName=", "ValidationError"),
        ("Action=CreateUser", "ValidationError"),
        (&long, "ValidationError"),
        ("Action=CreateUser&UserName=c&Path=team", "ValidationError"),
        ("Action=CreateUser&UserName=c&Path=/team/", "Ok"),
        ("Action=CreateGroup&GroupName=auditors", "EntityAlreadyExists"),
        ("Action=CreateGroup&GroupName=a%2Fb", "ValidationError"),
        ("Action=GetUser&UserName=nobody", "NoSuchEntity"),
        ("Action=DoSomething", "InvalidAction"),
    ]);
}

#[test]
fn tags() {
    let many: String = (1..=51).map(|i| format!("&Tags.member.{i}.Key=k{i}&Tags.member.{i}.Value=v")).collect();
    let fifty: String = (1..=50).map(|i| format!("&Tags.member.{i}.Key=k{i}&Tags.member.{i}.Value=v")).collect();
    check(&[
        (&format!("Action=CreateUser&UserName=many{many}"), "ValidationError"),
        (&format!("Action=CreateUser&UserName=fifty{fifty}"), "Ok"),
        ("Action=TagUser&UserName=fifty&Tags.member.1.Key=one&Tags.member.1.Value=x", "LimitExceeded"),
        ("Action=TagUser&UserName=fifty&Tags.member.1.Key=K1&Tags.member.1.Value=x", "Ok"),
        ("Action=TagUser&UserName=amara&Tags.member.1.Key=aws%3Ax&Tags.member.1.Value=x", "InvalidInput"),
        ("Action=TagUser&UserName=amara&Tags.member.1.Key=a%23&Tags.member.1.Value=x", "ValidationError"),
        (
            "Action=CreateUser&UserName=twice&Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.2.Key=A&Tags.member.2.Value=",
            "InvalidInput",
        ),
        ("Action=UntagUser&UserName=fifty&TagKeys.member.1=none", "Ok"),
    ]);
    // Those of policies: as many, and their keys differ by capitals.
    let policy = |name: &str, tags: &str| {
        let document = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D";
        format!("Action=CreatePolicy&PolicyName={name}&PolicyDocument={document}{tags}")
    };
    let pair = |one: &str, two: &str| {
        format!("&Tags.member.1.Key={one}&Tags.member.1.Value=v&Tags.member.2.Key={two}&Tags.member.2.Value=w")
    };
    check(&[
        (&policy("many", &many), "ValidationError"),
        (&policy("fifty", &fifty), "Ok"),
        (&policy("alike", &pair("team", "team")), "InvalidInput"),
        (&policy("capitals", &pair("team", "Team")), "Ok"),
    ]);
}

#[test]
fn quotas() {
    let mut account = steady_account();
    for i in 0..11 {
        let expected = if i < 10 { "Ok" } else { "LimitExceeded" };
        assert_eq!(call(&mut account, &format!("Action=CreateGroup&GroupName=g{i}")).0, "Ok");
        let join = format!("Action=AddUserToGroup&UserName=build-server&GroupName=g{i}");
        assert_eq!(call(&mut account, &join).0, expected);
    }
    let names = [
        "ReadOnlyAccess",
        "SecurityAudit",
        "AmazonS3FullAccess",
        "AmazonSQSFullAccess",
        "AmazonSNSFullAccess",
        "IAMFullAccess",
        "PowerUserAccess",
        "AmazonEC2FullAccess",
        "AmazonRDSFullAccess",
        "AmazonVPCFullAccess",
        "AWSLambda_FullAccess",
    ];
    for (i, name) in names.iter().enumerate() {
        let expected = if i < 10 { "Ok" } else { "LimitExceeded" };
        let attach = format!("Action=AttachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/{name}");
        assert_eq!(call(&mut account, &attach).0, expected, "{name}");
        assert_eq!(call(&mut account, &attach).0, expected, "attaching twice is no error");
    }
    for expected in ["Ok", "Ok", "LimitExceeded"] {
        assert_eq!(call(&mut account, "Action=CreateAccessKey&UserName=amara").0, expected);
    }
    // An inactive key still counts.
    let id = account.user("amara").unwrap().keys[0].id.clone();
    let deactivate = format!("Action=UpdateAccessKey&UserName=amara&AccessKeyId={id}&Status=");
    assert_eq!(call(&mut account, &format!("{deactivate}Inactive")).0, "Ok");
    assert_eq!(call(&mut account, &format!("{deactivate}Asleep")).0, "ValidationError");
    assert_eq!(call(&mut account, "Action=CreateAccessKey&UserName=amara").0, "LimitExceeded");
}

#[test]
fn policies() {
    check(&[
        ("Action=AttachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/NoSuchPolicy", "NoSuchEntity"),
        // The path is part of the ARN.
        ("Action=AttachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/Billing", "NoSuchEntity"),
        ("Action=AttachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/job-function/Billing", "Ok"),
        (
            "Action=AttachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy",
            "PolicyNotAttachable",
        ),
        ("Action=DetachUserPolicy&UserName=amara&PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess", "NoSuchEntity"),
        ("Action=GetPolicyVersion&PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess&VersionId=v1", "Ok"),
        ("Action=GetPolicyVersion&PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess&VersionId=v9", "NoSuchEntity"),
    ]);
}

#[test]
fn passwords() {
    check(&[
        ("Action=GetLoginProfile&UserName=build-server", "NoSuchEntity"),
        ("Action=CreateLoginProfile&UserName=build-server&Password=simple", "PasswordPolicyViolation"),
        ("Action=CreateLoginProfile&UserName=build-server&Password=Not-simple-1", "Ok"),
        ("Action=CreateLoginProfile&UserName=build-server&Password=Not-simple-1", "EntityAlreadyExists"),
        ("Action=UpdateLoginProfile&UserName=build-server&Password=simple", "PasswordPolicyViolation"),
        ("Action=UpdateLoginProfile&UserName=build-server&Password=Not-simple-2&PasswordResetRequired=true", "Ok"),
        ("Action=UpdateLoginProfile&UserName=practice-admin&Password=Not-simple-2", "NoSuchEntity"),
        ("Action=DeleteLoginProfile&UserName=build-server", "Ok"),
        ("Action=DeleteLoginProfile&UserName=build-server", "NoSuchEntity"),
        ("Action=GetAccountPasswordPolicy", "NoSuchEntity"),
    ]);
}

/// Each thing that is attached to a user or group makes its deletion fail, and the last one gone lets it through.
#[test]
fn nothing_is_deleted_that_something_hangs_on() {
    let mut account = steady_account();
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for form in [
        "Action=CreateUser&UserName=bob",
        "Action=CreateGroup&GroupName=g",
        "Action=AddUserToGroup&UserName=bob&GroupName=g",
        &format!("Action=AttachUserPolicy&UserName=bob&PolicyArn={arn}"),
        &format!("Action=AttachGroupPolicy&GroupName=g&PolicyArn={arn}"),
        "Action=CreateAccessKey&UserName=bob",
        "Action=CreateLoginProfile&UserName=bob&Password=Not-simple-1",
    ] {
        assert_eq!(call(&mut account, form).0, "Ok", "{form}");
    }
    let key = account.user("bob").unwrap().keys[0].id.clone();
    for (delete, removal) in [
        ("Action=DeleteUser&UserName=bob", "Action=RemoveUserFromGroup&UserName=bob&GroupName=g".to_owned()),
        ("Action=DeleteUser&UserName=bob", format!("Action=DetachUserPolicy&UserName=bob&PolicyArn={arn}")),
        ("Action=DeleteUser&UserName=bob", format!("Action=DeleteAccessKey&UserName=bob&AccessKeyId={key}")),
        ("Action=DeleteUser&UserName=bob", "Action=DeleteLoginProfile&UserName=bob".to_owned()),
        ("Action=DeleteGroup&GroupName=g", format!("Action=DetachGroupPolicy&GroupName=g&PolicyArn={arn}")),
    ] {
        let (code, body) = call(&mut account, delete);
        assert_eq!(code, "DeleteConflict", "{removal}");
        assert!(body.contains("Cannot delete entity, must "), "{body}");
        assert_eq!(call(&mut account, &removal).0, "Ok", "{removal}");
    }
    assert_eq!(call(&mut account, "Action=DeleteUser&UserName=bob").0, "Ok");
    assert_eq!(call(&mut account, "Action=DeleteGroup&GroupName=g").0, "Ok");
    assert_eq!(call(&mut account, "Action=DeleteUser&UserName=bob").0, "NoSuchEntity");
}

#[test]
fn keys_know_their_last_use_and_strangers_are_refused() {
    let mut account = steady_account();
    let (_, body) = call(&mut account, "Action=CreateAccessKey&UserName=amara");
    let id = account.user("amara").unwrap().keys[0].id.clone();
    assert!(id.starts_with("AKIA") && id.len() == 20 && body.contains(&id));
    let unused = call(&mut account, &format!("Action=GetAccessKeyLastUsed&AccessKeyId={id}")).1;
    assert!(unused.contains("<ServiceName>N/A</ServiceName>"), "{unused}");
    let as_amara = SignedBy { key: id.clone(), region: "eu-west-1".to_owned(), service: "sts".to_owned() };
    let who = answer(&mut account, &as_amara, b"Action=GetCallerIdentity").body;
    assert!(who.contains("<Arn>arn:aws:iam::111122223333:user/amara</Arn>"), "{who}");
    let used = call(&mut account, &format!("Action=GetAccessKeyLastUsed&AccessKeyId={id}")).1;
    assert!(used.contains("<ServiceName>sts</ServiceName><Region>eu-west-1</Region>"), "{used}");
    account.update_access_key("amara", &id, "Inactive").unwrap();
    let refused = answer(&mut account, &as_amara, b"Action=GetCallerIdentity");
    assert!(refused.status == 403 && refused.body.contains("InvalidClientTokenId"));
}

#[test]
fn lists_are_paged_by_marker() {
    let mut account = steady_account();
    let (_, first) = call(&mut account, "Action=ListUsers&MaxItems=2");
    assert!(first.contains("<IsTruncated>true</IsTruncated><Marker>2</Marker>"), "{first}");
    let (_, last) = call(&mut account, "Action=ListUsers&MaxItems=2&Marker=2");
    assert!(last.contains("practice-admin") && last.contains("<IsTruncated>false</IsTruncated>"), "{last}");
    assert_eq!(call(&mut account, "Action=ListUsers&MaxItems=1001").0, "ValidationError");
    assert_eq!(call(&mut account, "Action=ListUsers&MaxItems=0").0, "ValidationError");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No form, however wrong, is left without a whole answer.
    #[test]
    fn any_form_is_answered(body in prop::collection::vec(any::<u8>(), 0..200), action in "(Create|Get|List|Delete)(User|Group|AccessKey|Policies)", value in any::<String>()) {
        let mut account = steady_account();
        let _ = answer(&mut account, &signed(), &body);
        let encoded: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", &action).append_pair("UserName", &value).append_pair("GroupName", &value).append_pair("Marker", &value).finish();
        let answer = answer(&mut account, &signed(), encoded.as_bytes());
        prop_assert!(answer.body.ends_with("Response>"));
    }
}
