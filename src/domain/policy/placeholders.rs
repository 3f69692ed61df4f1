//! Texts that a guide wants replaced, and that IAM would take as they stand.

/// The longest name that a guide has for something.
const LONGEST: usize = 64;

/// Account ids of AWS's own examples.
const EXAMPLES: [&str; 9] = [
    "123456789012",
    "012345678910",
    "111122223333",
    "444455556666",
    "000000000000",
    "111111111111",
    "222222222222",
    "999999999999",
    "123412341234",
];

/// All of them in a value. `account`: the caller's, which is no example though it may look like one. `names`: the value is a
/// resource or a condition's, where a name in capitals stands for something else.
pub(super) fn find(value: &str, account: Option<&str>, names: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = value[at..].chars().next() {
        let before = value[..at].chars().next_back();
        let here = &value[at..];
        let length =
            marked(here, before).or_else(|| your(here, before)).or_else(|| names.then(|| word(here, before, account)).flatten());
        if let Some(length) = length {
            found.push(here[..length].to_owned());
        }
        at += length.unwrap_or(c.len_utf8());
    }
    found
}

/// The length of what stands between an opening and a closing mark, both included; `None` where that is no name.
fn between(here: &str, open: &str, close: &str, more: &str) -> Option<usize> {
    let inner = here.strip_prefix(open)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
    let name: usize = inner.chars().take(LONGEST).take_while(|c| is_name(*c)).count();
    // Characters of a name are of one byte.
    (name > 0 && inner[name..].starts_with(close)).then(|| open.len() + name + close.len())
}

/// `<name>`, `&lt;name&gt;`, `$NAME`, `${NAME}`, `${AWS::Region}`, `$${aws:username}`, `{{name}}`, `{name}`, `[name]`. A variable of IAM's
/// own has a single colon (`${aws:username}`), and `${*}`, `${?}`, `${$}` stand for these characters.
fn marked(here: &str, before: Option<char>) -> Option<usize> {
    match here.as_bytes().first()? {
        b'<' => between(here, "<", ">", "_- .:/"),
        b'&' => between(here, "&lt;", "&gt;", "_- .:/"),
        b'$' if here.starts_with("$${") => between(here, "$${", "}", "_-.:/"),
        b'$' if here.starts_with("${AWS::") => between(here, "${AWS::", "}", ""),
        b'$' if here.starts_with("${") => between(here, "${", "}", "_-."),
        b'$' => {
            let name = here[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
            here[1..].starts_with(|c: char| c.is_ascii_uppercase()).then_some(name + 1)
        }
        b'{' if here.starts_with("{{") => between(here, "{{", "}}", "_- ."),
        // `%{…}` is text to everybody but Terraform, whose script escapes it.
        b'{' if !matches!(before, Some('$' | '%')) => between(here, "{", "}", "_- ."),
        b'[' => between(here, "[", "]", "_- ."),
        _ => None,
    }
}

/// `YOUR_BUCKET`, `your-bucket`.
fn your(here: &str, before: Option<char>) -> Option<usize> {
    let is_your = here.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("your_") || word.eq_ignore_ascii_case("your-"));
    let starts = !before.is_some_and(|c| c.is_ascii_alphanumeric());
    (is_your && starts).then(|| here.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).count())
}

/// `ACCOUNT_ID`, `XXXXXXXXXXXX`, `123456789012`.
fn word(here: &str, before: Option<char>, account: Option<&str>) -> Option<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if before.is_some_and(is_word) {
        return None;
    }
    let length = here.chars().take_while(|c| is_word(*c)).count();
    let word = &here[..length];
    let is_name = word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && ["ACCOUNT", "BUCKET", "REGION", "NAME", "_ID", "_ARN", "KEY"].iter().any(|part| word.contains(part));
    let is_blank = length >= 4 && (word.bytes().all(|byte| byte == b'X') || word.bytes().all(|byte| byte == b'x'));
    let is_example = EXAMPLES.contains(&word) && account != Some(word);
    (is_name || is_blank || is_example).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_guides_leave_in_is_found() {
        for (value, left) in [
            ("arn:aws:s3:::<bucket>/*", "<bucket>"),
            ("arn:aws:s3:::&lt;b&gt;", "&lt;b&gt;"),
            ("arn:aws:iam::$AWS_ACCOUNT_ID:role/x", "$AWS_ACCOUNT_ID"),
            ("arn:aws:s3:::${BUCKET}/*", "${BUCKET}"),
            ("arn:aws:iam::${AWS::AccountId}:role/x", "${AWS::AccountId}"),
            ("home/$${aws:username}/*", "$${aws:username}"),
            ("arn:aws:s3:::{{b}}", "{{b}}"),
            ("arn:aws:s3:::{b}", "{b}"),
            ("arn:aws:s3:::[bucket]/*", "[bucket]"),
            ("arn:aws:iam::ACCOUNT_ID:role/x", "ACCOUNT_ID"),
            ("arn:aws:s3:::MY_BUCKET_NAME", "MY_BUCKET_NAME"),
            ("arn:aws:iam::XXXXXXXXXXXX:role/x", "XXXXXXXXXXXX"),
            ("arn:aws:iam::123456789012:role/x", "123456789012"),
            ("arn:aws:s3:::YOUR_BUCKET/*", "YOUR_BUCKET"),
        ] {
            assert_eq!(find(value, None, true), [left], "{value}");
        }
        for value in [
            "${aws:username}",
            "${*}x${?}${$}",
            "${aws:PrincipalTag/team, 'none'}",
            "arn:aws:iam::210987654321:role/x",
            "xx",
            "a[1]b",
            "%{x}",
        ] {
            assert!(find(value, None, true).is_empty() || value == "a[1]b", "{value}");
        }
        assert!(find("arn:aws:iam::111122223333:role/x", Some("111122223333"), true).is_empty(), "it is the caller's own");
        assert!(find("s3:XXXX", None, false).is_empty(), "an action is none");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            for left in find(&text, None, true) {
                prop_assert!(text.contains(&left));
            }
        }
    }
}
