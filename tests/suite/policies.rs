//! The policy reader: what IAM refuses, as AWS's cases have it and as somebody else's code reproduces it.

use iamwalk::domain::policy::read;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::Value;

use super::support::moto;

#[test]
fn every_case_is_refused_as_iam_refuses_it() {
    let cases: Value = serde_json::from_str(include_str!("../policies/cases.json")).unwrap();
    for case in cases["cases"].as_array().unwrap() {
        let (id, text) = (case["id"].as_str().unwrap(), case["text"].as_str().unwrap());
        let reading = read(text);
        // moto does not know this one; AWS does.
        let expected =
            if id == "principal" { Some("Policy document should not specify a principal.") } else { case["aws"].as_str() };
        assert_eq!(reading.refusal().map(|fault| fault.iam.as_str()), expected, "{id}: {reading:?}");
        for fault in &reading.faults {
            assert!(fault.place.line >= 1 && fault.place.column >= 1 && !fault.words.is_empty(), "{id}: {fault}");
        }
        assert_eq!(id == "resource-placeholder", !reading.placeholders.is_empty(), "{id}: {:?}", reading.placeholders);
    }
}

#[test]
fn a_fault_is_told_at_its_place_in_words_that_help() {
    for (text, line, column, words) in [
        ("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [],\n}", 3, 18, "A comma too many before “}”"),
        ("{\n  “Version”: 1}", 2, 3, "straight double quotes"),
        ("{\"Statement\": [ ... ]}", 1, 17, "left in from a guide"),
        ("{\"a\": \"b\nc\"}", 1, 7, "not closed in its line"),
        ("{\"a\" 1}", 1, 6, "“:” is missing"),
        ("{\"a\": 1", 1, 8, "ends in the middle"),
        ("{} x", 1, 4, "has ended before this"),
        ("{\"é\": 01}", 1, 7, "no number"),
        ("\n\n", 3, 1, "the text is empty"),
        (
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
            1,
            38,
            "written “Effect”",
        ),
        ("{\"Version\":\"2012-10-17\",\"Version\":\"2012-10-17\",\"Statement\":{}}", 1, 25, "is there twice"),
    ] {
        let reading = read(text);
        let told: Vec<String> = reading.faults.iter().map(ToString::to_string).collect();
        let here = format!("line {line}, column {column}: ");
        assert!(told.iter().any(|fault| fault.starts_with(&here) && fault.contains(words)), "{text}: {told:?}");
    }
}

#[test]
fn what_a_guide_wants_replaced_is_found() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": [
        "arn:aws:s3:::<your-bucket>/*", "arn:aws:iam::$AWS_ACCOUNT_ID:role/x", "arn:aws:s3:::YOUR_BUCKET", "arn:aws:s3:::${aws:username}"
    ]}}"#;
    let found: Vec<String> = read(text).placeholders.into_iter().map(|one| one.text).collect();
    assert_eq!(found, ["<your-bucket>", "$AWS_ACCOUNT_ID", "YOUR_BUCKET"]);
}

#[test]
fn none_of_awss_own_policies_is_refused() {
    let all = iamwalk::practice::catalogue::aws_policies();
    let refused: Vec<String> = all
        .iter()
        .filter_map(|policy| read(policy.document.get()).refusal().map(|fault| format!("{}: {fault}", policy.name)))
        .collect();
    assert!(all.len() > 1000 && refused.is_empty(), "{refused:#?}");
}

/// Policies with one thing or another wrong in them.
fn documents() -> impl Strategy<Value = String> {
    // Mostly the first, which is good.
    let one = |values: &'static [&'static str]| prop_oneof![6 => Just(values[0]), 1 => prop::sample::select(values)];
    let action = one(&[
        "\"s3:GetObject\"",
        "\"*\"",
        "[\"s3:Get*\", \"ec2:*\"]",
        "[]",
        "\"s3\"",
        "\"s3:Get:x\"",
        "\"s$:x\"",
        "5",
        "[5]",
        "null",
        "{}",
    ]);
    let resource = one(&[
        "\"*\"",
        "\"arn:aws:s3:::b/*\"",
        "[\"arn:aws:s3:::b\"]",
        "[]",
        "\"bucket\"",
        "\"arn:amazon:s3:::b\"",
        "\"arn:aws\"",
        "\"arn:aws:s3\"",
        "\"arn:aws:iam:us-east-1:123456789012:user/x\"",
        "\"arn:aws:iam::123456789012:x\"",
        "\"arn:aws:iam::123456789012:user/*\"",
        "\"arn:aws:s3:us-east-1::b\"",
        "\"arn:aws-cn:ec2:cn-north-1:1:instance/i\"",
        "\"arn:aws:s3::b\"",
        "7",
    ]);
    let effect = one(&["\"Allow\"", "\"Deny\"", "\"Allow\"", "\"allow\"", "\"Perhaps\"", "1"]);
    let condition = one(&[
        "",
        "",
        "",
        ", \"Condition\": {}",
        ", \"Condition\": \"x\"",
        ", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}",
        ", \"Condition\": {\"ForAllValues:StringLikeIfExists\": {\"aws:x\": [\"y\"]}}",
        ", \"Condition\": {\"Strings\": {\"a\": \"b\"}}",
        ", \"Condition\": {\"Bool\": {\"aws:x\": true}}",
        ", \"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\": \"2026-13-01T00:00:00Z\"}}",
        ", \"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\": \"2026-12-01T00:00:00Z\"}}",
        ", \"Condition\": {\"DateLessThan\": {\"a\": \"soon\"}}",
    ]);
    let sid =
        one(&["", "", ", \"Sid\": \"a\"", ", \"Sid\": \"b\"", ", \"Sid\": 1", ", \"Other\": 1", ", \"NotAction\": \"s3:x\""]);
    let statement = (effect, action, resource, condition, sid).prop_map(|(effect, action, resource, condition, sid)| {
        format!("{{\"Effect\": {effect}, \"Action\": {action}, \"Resource\": {resource}{condition}{sid}}}")
    });
    let version = one(&[
        "\"Version\": \"2012-10-17\", ",
        "\"Version\": \"2012-10-17\", ",
        "\"Version\": \"2008-10-17\", ",
        "\"Version\": \"x\", ",
        "",
    ]);
    (version, prop::collection::vec(statement, 0..3), any::<bool>()).prop_map(|(version, statements, is_single)| {
        let statements = match (&statements[..], is_single) {
            ([one], true) => one.clone(),
            _ => format!("[{}]", statements.join(", ")),
        };
        format!("{{{version}\"Statement\": {statements}}}")
    })
}

/// Somebody else's code for IAM's rules refuses what ours refuses, with the same message.
#[test]
fn moto_refuses_the_same() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<String> = (0..2000).map(|_| documents().new_tree(&mut runner).unwrap().current()).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policies.json");
    std::fs::write(&file, serde_json::to_string(&texts).unwrap()).unwrap();
    let code = "import json, os\n\
        from moto.iam.policy_validation import IAMPolicyDocumentValidator as V\n\
        from moto.iam.exceptions import MalformedPolicyDocument as M\n\
        out = []\n\
        for text in json.load(open(os.environ['POLICIES'])):\n\
        \x20 try: V(text).validate(); out.append(None)\n\
        \x20 except M as e: out.append(e.message)\n\
        print(json.dumps(out))";
    let theirs: Vec<Option<String>> = serde_json::from_str(&moto::script(code, &[("POLICIES", file.to_str().unwrap())])).unwrap();
    let (mut refused, mut taken) = (0, 0);
    for (text, theirs) in texts.iter().zip(theirs) {
        let reading = read(text);
        let ours = reading.refusal().map(|fault| fault.iam.clone());
        assert_eq!(ours.is_some(), theirs.is_some(), "{text}\n{ours:?}\n{theirs:?}");
        refused += usize::from(ours.is_some());
        taken += usize::from(ours.is_none());
        // Of several faults moto may name another than the first; it names one that we tell as well.
        if let Some(theirs) = theirs {
            assert!(reading.faults.iter().any(|fault| fault.iam == theirs), "{text}\n{theirs}\n{:?}", reading.faults);
        }
    }
    assert!(refused > 200 && taken > 50, "{refused} refused, {taken} taken");
}

proptest! {
    /// No text makes the reader panic, and each fault lies in the text.
    #[test]
    fn any_text_is_read(text in "(\\PC|[\\{\\}\\[\\]\",:\\\\u0-9\n ]){0,60}") {
        let reading = read(&text);
        for fault in &reading.faults {
            prop_assert!(fault.place.line <= text.split('\n').count());
        }
        // What JSON's own parser refuses is refused here.
        if serde_json::from_str::<Value>(&text).is_err() {
            prop_assert!(reading.refusal().is_some_and(|fault| fault.iam == "Syntax errors in policy."));
        }
    }

    /// A document with a piece torn out, or put in.
    #[test]
    fn a_damaged_document_is_read(text in documents(), at in 0usize..200, length in 0usize..20, put in "[\\PC\"\\\\]{0,3}") {
        let clamp = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (from, to) = (clamp(at), clamp(at + length));
        let damaged = format!("{}{put}{}", &text[..from], &text[to..]);
        let reading = read(&damaged);
        if serde_json::from_str::<Value>(&damaged).is_err() {
            prop_assert!(reading.refusal().is_some(), "{damaged}");
        }
    }
}

/// A text as long as IAM's API takes is read in one go, whatever is in it; how long that takes is said, not asserted.
#[test]
fn long_texts_are_read() {
    const LONG: usize = 130_000;
    let statements = "{\"Effect\":\"x\",\"Action\":\"s3\",\"Resource\":\"b\",\"Sid\":\"a b\"},".repeat(LONG / 60);
    for (name, text) in [
        ("open", "[".repeat(LONG)),
        ("less than", format!("[\"{}\"]", "<".repeat(LONG))),
        ("dollars", format!("[\"{}\"]", "$A".repeat(LONG / 2))),
        ("faults", format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.trim_end_matches(','))),
        ("keys", format!("{{{}}}", "\"Sid\":1,".repeat(LONG / 8).trim_end_matches(','))),
        ("numbers", format!("[{}1]", "1,".repeat(LONG / 2))),
        ("escapes", format!("[\"{}\"]", "\\u00e9".repeat(LONG / 6))),
    ] {
        let start = std::time::Instant::now();
        let reading = read(&text);
        println!("{name}: {} faults, {} placeholders, {:?}", reading.faults.len(), reading.placeholders.len(), start.elapsed());
        assert!(!reading.faults.is_empty(), "{name}");
    }
}
