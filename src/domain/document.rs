//! Policy documents: as the person reads them, and what a condition on MFA does to a first sign-in.

use serde_json::Value;

/// A policy document, laid out for reading: two blanks a level, the order of the source kept.
/// A text that is not JSON comes back as it is, so that the person still sees what the account holds.
pub fn pretty(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_else(|_| text.to_owned()),
        Err(_) => text.to_owned(),
    }
}

/// Whether two documents say the same, whatever their white space.
pub fn same_document(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}

/// Whether a statement denies `action` to whoever has not signed in with MFA: the pattern of the IAM User Guide's
/// `reference_policies_examples_aws_my-sec-creds-self-manage`, which leaves out `iam:ChangePassword` or does not.
pub fn denies_without_mfa(document: &str, action: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return false };
    each(document.get("Statement")).any(|statement| {
        let denies = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
        let names = |key: &str| each(statement.get(key)).filter_map(Value::as_str).any(|pattern| matches(pattern, action));
        let covers = if statement.get("NotAction").is_some() { !names("NotAction") } else { names("Action") };
        denies && covers && statement.get("Condition").is_some_and(asks_for_mfa)
    })
}

/// The items of a list, or the one value that stands for a list of one.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(items)) => items.iter(),
        Some(one) => std::slice::from_ref(one).iter(),
        None => [].iter(),
    }
}

/// `"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}`, and the same by `Bool` and `Null`.
fn asks_for_mfa(condition: &Value) -> bool {
    let Some(operators) = condition.as_object() else { return false };
    operators.iter().any(|(operator, keys)| {
        let absent = match operator.to_ascii_lowercase().as_str() {
            "bool" | "boolifexists" => "false",
            "null" => "true",
            _ => return false,
        };
        let is_mfa = |key: &str| {
            key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent") || key.eq_ignore_ascii_case("aws:MultiFactorAuthAge")
        };
        let says = |value: &Value| match value {
            Value::String(text) => text.eq_ignore_ascii_case(absent),
            Value::Bool(on) => *on == (absent == "true"),
            _ => false,
        };
        keys.as_object().is_some_and(|keys| keys.iter().any(|(key, value)| is_mfa(key) && each(Some(value)).any(says)))
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
    fn the_order_of_the_source_is_kept() {
        let shown = pretty(r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow"}]}"#);
        assert!(shown.find("Version") < shown.find("Statement"));
        assert!(shown.contains("\n  \"Statement\": ["));
        assert_eq!(pretty("not json"), "not json");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = pretty(&text);
            denies_without_mfa(&text, "iam:ChangePassword");
            prop_assert!(matches("*", &text) && matches(&text.replace(['*', '?'], ""), &text.replace(['*', '?'], "")));
        }
    }
}
