//! Policy documents: whether two say the same, and what a condition on MFA does to a first sign-in.

use super::policy::json::{Node, Value, read};

/// Whether two documents say the same, whatever their white space and the order of their elements.
pub fn same_document(one: &str, other: &str) -> bool {
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one.in_order() == other.in_order())
}

/// Whether a statement denies `action` to whoever has not signed in with MFA: the pattern of the IAM User Guide's
/// `reference_policies_examples_aws_my-sec-creds-self-manage`, which leaves out `iam:ChangePassword` or does not.
pub fn denies_without_mfa(document: &str, action: &str) -> bool {
    let Ok(document) = read(document) else { return false };
    document.get("Statement").map_or(&[][..], Node::items).iter().any(|statement| {
        let denies = statement.get("Effect").and_then(Node::text) == Some("Deny");
        let patterns = |key: &str| statement.get(key).map_or(&[][..], Node::items).iter().filter_map(Node::text);
        let names = |key: &str| patterns(key).any(|pattern| matches(pattern, action));
        let covers = if statement.get("NotAction").is_some() { !names("NotAction") } else { names("Action") };
        denies && covers && statement.get("Condition").is_some_and(asks_for_mfa)
    })
}

/// `"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}`, and the same by `Bool` and `Null`.
fn asks_for_mfa(condition: &Node) -> bool {
    condition.entries().iter().any(|(operator, keys)| {
        let absent = match operator.text().unwrap_or_default().to_ascii_lowercase().as_str() {
            "bool" | "boolifexists" => "false",
            "null" => "true",
            _ => return false,
        };
        let is_mfa = |key: &str| {
            key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent") || key.eq_ignore_ascii_case("aws:MultiFactorAuthAge")
        };
        let says = |value: &Node| match &value.value {
            Value::Text(text) => text.eq_ignore_ascii_case(absent),
            Value::Bool(on) => *on == (absent == "true"),
            _ => false,
        };
        keys.entries().iter().any(|(key, value)| key.text().is_some_and(is_mfa) && value.items().iter().any(says))
    })
}

/// IAM's wildcards: `*` for any text, `?` for one character; actions are compared ignoring case.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase().into_bytes(), text.to_ascii_lowercase().into_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stands, and up to where it has eaten.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    (p, t) = (at + 1, eaten + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::laid_out;
    use proptest::prelude::*;

    #[test]
    fn a_policy_that_locks_out_whoever_has_no_mfa_yet() {
        let policy = |scope: &str, condition: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny",{scope},"Resource":"*","Condition":{condition}}}]}}"#
            )
        };
        let no_mfa = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#;
        for (scope, condition, locks) in [
            (r#""NotAction":["iam:ListMFADevices","sts:GetSessionToken"]"#, no_mfa, true),
            (r#""NotAction":["iam:ChangePassword","sts:GetSessionToken"]"#, no_mfa, false),
            (r#""NotAction":"iam:Change*""#, no_mfa, false),
            (r#""Action":"*""#, no_mfa, true),
            (r#""Action":["s3:*","IAM:changepass?ord"]"#, r#"{"Bool":{"aws:multifactorauthpresent":[false]}}"#, true),
            (r#""Action":"*""#, r#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#, true),
            (r#""Action":"s3:*""#, no_mfa, false),
            (r#""Action":"*""#, r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#, false),
            (r#""Action":"*""#, r#"{"Bool":{"aws:SecureTransport":"false"}}"#, false),
        ] {
            assert_eq!(denies_without_mfa(&policy(scope, condition), "iam:ChangePassword"), locks, "{scope} {condition}");
        }
        assert!(!denies_without_mfa("not json", "iam:ChangePassword"));
    }

    #[test]
    fn nothing_that_stands_twice_is_lost() {
        let twice = r#"{"Condition":{"StringEquals":{"a:b":"1"},"StringEquals":{"a:c":"2"}},"n":[1.50,true,null,{},[]]}"#;
        let shown = laid_out(twice);
        assert!(shown.contains("\"a:b\": \"1\"") && shown.contains("\"a:c\": \"2\"") && shown.contains("1.50"), "{shown}");
        assert!(same_document(twice, &shown));
        assert!(!same_document(twice, r#"{"Condition":{"StringEquals":{"a:c":"2"}},"n":[1.50,true,null,{},[]]}"#));
        assert!(same_document(r#"{"a":1,"b":[2,3]}"#, r#"{"b":[2,3],"a":1}"#));
        assert!(!same_document(r#"{"b":[2,3]}"#, r#"{"b":[3,2]}"#));
        assert_eq!(laid_out("not json"), "not json");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = laid_out(&text);
            denies_without_mfa(&text, "iam:ChangePassword");
            prop_assert!(matches("*", &text) && matches(&text.replace(['*', '?'], ""), &text.replace(['*', '?'], "")));
        }
    }
}
