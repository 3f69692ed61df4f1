//! The policy reader: what IAM refuses, as AWS's cases have it and as somebody else's code reproduces it.

use iamwalk::domain::policy::{Purpose, Reading, laid_out};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::Value;

use super::support::moto;

/// For a managed policy of an account of which nothing is known.
fn read(text: &str) -> Reading {
    iamwalk::domain::policy::read(text, &Purpose::default())
}

/// For a managed policy of an account of AWS's main partition.
fn read_in_aws(text: &str) -> Reading {
    iamwalk::domain::policy::read(text, &Purpose { partition: Some("aws"), ..Purpose::default() })
}

fn told(reading: &Reading) -> Vec<String> {
    reading.faults.iter().map(ToString::to_string).collect()
}

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
        let left = id == "resource-placeholder" || text.contains("123456789012");
        assert_eq!(left, !reading.placeholders.is_empty(), "{id}: {:?}", reading.placeholders);
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
        (
            "{\"Version\":\"2012-10-17\",\"Version\":\"2012-10-17\",\"Statement\":{}}",
            1,
            25,
            "appears twice: make one of the two. The other is on line 1, column 2.",
        ),
    ] {
        let reading = read(text);
        let told = told(&reading);
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
        .filter_map(|policy| read(policy.document).refusal().map(|fault| format!("{}: {fault}", policy.name)))
        .collect();
    assert!(all.len() > 1000 && refused.is_empty(), "{refused:#?}");
}

/// Inputs of trials: what IAM would refuse is refused at its place, with what helps; what it takes is taken.
#[test]
fn what_guides_and_pages_made_of_a_policy_is_named() {
    macro_rules! trial {
        ($name:literal) => {
            include_str!(concat!("../policies/trials/", $name))
        };
    }
    for (text, line, column, words) in [
        (trial!("p03-nbsp-indent.json"), 2, 1, "no-break blank (U+00A0)"),
        (trial!("p06-cyrillic-tag-value.json"), 1, 154, "U+0421"),
        (trial!("p13-leading-space-arn.json"), 1, 91, "A blank stands before or behind “arn:aws:s3:::acme-reports/*”"),
        (trial!("p18-vendorless-condition-key.json"), 1, 124, "“SourceVpc” lacks its service"),
        (trial!("p22-cn-arns-in-aws.json"), 1, 91, "is of the partition aws-cn, and the account is of aws: write “arn:aws:…”"),
        (trial!("p23-version-2008.json"), 1, 12, "Write \"Version\": \"2012-10-17\""),
        (trial!("p26-heredoc.json"), 1, 1, "here-document"),
        (trial!("p28-markdown-escaped.json"), 1, 69, "Markdown's way to write “*”: remove the “\\”"),
        (trial!("p29-html-entities.json"), 1, 2, "HTML's entities"),
        (trial!("p30-yaml.json"), 1, 1, "YAML"),
        (trial!("p79-dup-operator-with-variable.json"), 9, 7, "The operator “StringEquals” appears twice"),
        (trial!("p81-leading-blanks.json"), 1, 1, "Blanks stand before the “{”"),
        // Siblings.
        ("\u{feff}{}", 1, 1, "byte order mark"),
        ("```json\n{}\n```\n", 1, 1, "code block of Markdown"),
        ("{\u{200b}\"Version\": 1}", 1, 2, "can't be seen (U+200B)"),
        ("{\"Version\":\u{3000}1}", 1, 12, "blank of another kind (U+3000)"),
        ("{\"Version\": \"a\\_b\"}", 1, 15, "Markdown's way to write “_”"),
        ("{\"Version\": \"a\\qb\"}", 1, 15, "JSON knows no such escape: remove the “\\”"),
        ("data \"aws_iam_policy_document\" \"x\" {}", 1, 1, "Terraform"),
    ] {
        let told = told(&read_in_aws(text));
        let here = format!("line {line}, column {column}: ");
        assert!(told.iter().any(|fault| fault.starts_with(&here) && fault.contains(words)), "{text}: {told:#?}");
    }
    // Of a user's own the older language will do, and none at all.
    let inline = Purpose { inline: true, partition: Some("aws"), ..Purpose::default() };
    let own = |text: &str| iamwalk::domain::policy::read(text, &inline).faults;
    assert!(own(trial!("p23-version-2008.json")).is_empty());
    assert!(own(r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#).is_empty());
    assert!(!own(r#"{"Version":"2012","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#).is_empty());
}

#[test]
fn what_stands_twice_is_refused_with_both_places() {
    let with = |condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{condition}}}}}"#
        )
    };
    for (condition, words) in [
        (r#"{"StringEquals":{"aws:a":"1"},"StringEquals":{"aws:b":"2"}}"#, "The operator “StringEquals” appears twice"),
        (r#"{"StringEquals":{"aws:a":"1","aws:a":"2"}}"#, "The condition key “aws:a” appears twice"),
        (r#"{"StringEquals":{"aws:SourceIp":"1","AWS:sourceip":"2"}}"#, "“AWS:sourceip” appears twice (capitals don't count)"),
        (r#"{"ForAnyValue:StringLike":{"aws:a":"1"},"ForAnyValue:StringLike":{"aws:a":"2"}}"#, "“ForAnyValue:StringLike”"),
    ] {
        let told = told(&read(&with(condition)));
        let both = told.iter().any(|fault| fault.contains(words) && fault.contains("The other is on line 1, column "));
        assert!(both, "{condition}: {told:#?}");
    }
    // Other operators with the same key are something else.
    assert!(read(&with(r#"{"StringLike":{"aws:a":"1"},"ForAnyValue:StringLike":{"aws:a":"1"}}"#)).faults.is_empty());
    for twice in [
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"},"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    ] {
        assert!(told(&read(twice)).iter().any(|fault| fault.contains("appears twice")), "{twice}");
    }
}

#[test]
fn the_partition_of_a_document_is_the_accounts() {
    let resources = |list: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":{list}}}]}}"#)
    };
    let (aws, cn) = (r#""arn:aws:s3:::a""#, r#""arn:aws-cn:s3:::b""#);
    let is_taken = |text: &str, partition| {
        iamwalk::domain::policy::read(text, &Purpose { partition, ..Purpose::default() }).refusal().is_none()
    };
    assert!(is_taken(&resources(cn), Some("aws-cn")) && is_taken(&resources(aws), Some("aws")));
    assert!(!is_taken(&resources(cn), Some("aws")) && !is_taken(&resources(aws), Some("aws-us-gov")));
    // Without an account it may be of any, but of one.
    assert!(is_taken(&resources(cn), None) && is_taken(&resources(r#"["*","arn:*:s3:::c"]"#), None));
    let mixed = read(&resources(&format!("[{aws},{cn}]")));
    assert!(told(&mixed)[0].contains("another resource of aws: one account has one. The other is on line 1"), "{mixed:?}");
}

/// AWS's own policies hold next to nothing that looks as if it were left in.
#[test]
fn what_is_meant_is_not_taken_for_a_placeholder() {
    let all = iamwalk::practice::catalogue::aws_policies();
    let noted: Vec<String> = all
        .iter()
        .flat_map(|policy| read(policy.document).placeholders.into_iter().map(|left| format!("{}: {}", policy.name, left.text)))
        .collect();
    assert!(noted.len() <= 10, "{noted:#?}");
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
            let syntax = |fault: &iamwalk::domain::policy::PolicyFault| fault.iam == "Syntax errors in policy.";
            prop_assert!(reading.refusal().is_some_and(|fault| fault.is_validation() || syntax(fault)));
        }
    }

    /// Laying out loses nothing and changes nothing, whatever appears twice.
    #[test]
    fn what_is_laid_out_says_the_same(text in documents()) {
        let shown = laid_out(&text);
        prop_assert!(iamwalk::domain::document::same_document(&text, &shown), "{shown}");
        prop_assert_eq!(told(&read(&shown)).len(), told(&read(&text)).len());
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
