//! What a text is that is no JSON policy: people paste what a page, a shell or another tool made of it. Named by what it is, it can be
//! mended; that “a text has to stand in double quotes” would send them the wrong way.

/// What Markdown writes with a backslash before it.
pub(super) const MARKDOWN: &str = "*_#[](){}<>+-.!|~`$:&";

/// What a text as a whole is, with the byte where that shows.
pub(super) fn name(text: &str) -> Option<(usize, String)> {
    let start = text.len() - text.trim_start().len();
    let body = &text[start..];
    let first = body.lines().next().unwrap_or_default();
    let say = |at: usize, words: &str| Some((at, words.to_owned()));
    if text.starts_with('\u{feff}') {
        return say(0, "A byte order mark, which can't be seen, stands before the policy: save the text as UTF-8 without one.");
    }
    if first.starts_with("```") || first.starts_with("~~~") {
        return say(start, "These are the marks of a code block of Markdown: paste what stands between them.");
    }
    if let Some(at) = ["&quot;", "&#34;", "&#x22;"].iter().filter_map(|entity| text.find(entity)).min() {
        return say(
            at,
            "These are HTML's entities: “&quot;” stands for \". Copy the policy as the page shows it, or replace them.",
        );
    }
    if first.contains("<<") && !first.starts_with('{') {
        let words = "This is a shell's here-document: paste what stands between its first line and its last.";
        return say(start, words);
    }
    if ["$ ", "aws ", "cat ", "echo ", "curl ", "tee "].iter().any(|word| first.starts_with(word)) {
        return say(start, "This is a command for a shell: paste the policy alone, from “{” to “}”.");
    }
    if ["resource \"", "data \"", "policy = ", "policy=", "jsonencode("].iter().any(|word| first.starts_with(word)) {
        return say(start, "This is Terraform's language: IAM takes the JSON that comes of it.");
    }
    if first.starts_with("<?xml") || first.starts_with("<!") || first.starts_with("<html") {
        return say(start, "This is a page of a web site, and no policy.");
    }
    is_yaml(body).then(|| (start, "This is YAML: IAM takes JSON. Have it converted, or copy the page's JSON.".to_owned()))
}

/// `Version: '2012-10-17'`, `---`, `- Effect: Allow`.
fn is_yaml(body: &str) -> bool {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let key = line.strip_prefix("- ").unwrap_or(line).split_once(':');
    let is_key = key.is_some_and(|(key, rest)| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric()) && (rest.is_empty() || rest.starts_with(' '))
    });
    line == "---" || is_key
}

/// What a character is that looks like a blank, or like nothing, and is no blank to JSON.
pub(super) fn no_blank(c: char) -> Option<String> {
    let name = match c {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => "no-break blank",
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "character that can't be seen",
        c if c.is_whitespace() && !c.is_ascii() => "blank of another kind",
        '\u{b}' | '\u{c}' => "blank of another kind",
        _ => return None,
    };
    Some(format!(
        "A {name} (U+{:04X}) stands here, as web pages have them: replace it with an ordinary blank, or remove it.",
        c as u32
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_named() {
        for (text, word) in [
            ("\u{feff}{}", "byte order mark"),
            ("```json\n{}\n```", "code block"),
            ("{&quot;Version&quot;:1}", "HTML"),
            ("cat > p.json <<EOF\n{}\nEOF", "here-document"),
            ("tee p.json <<'EOF'\n{}\nEOF", "here-document"),
            ("$ aws iam create-policy --policy-document '{}'", "command"),
            ("resource \"aws_iam_policy\" \"p\" {", "Terraform"),
            ("Version: '2012-10-17'\nStatement:\n", "YAML"),
            ("---\nVersion: x", "YAML"),
            ("# note\n- Effect: Allow", "YAML"),
        ] {
            let found = name(text).unwrap_or_else(|| panic!("{text}"));
            assert!(found.1.contains(word), "{text}: {}", found.1);
        }
        for text in ["{}", "  {\"a\": 1}", "[]", "", "hello", "\"a: b\""] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
