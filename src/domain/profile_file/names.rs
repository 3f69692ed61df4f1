//! Which profile a header means, to each family of readers.

use super::FileKind;

/// What the other SDKs take for white space.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// To botocore: in the credentials file the raw name as it stands; in the config file what `shlex` makes of
/// `profile NAME` (botocore `configloader.build_profile_map`).
pub(super) fn to_botocore(kind: FileKind, raw: &str) -> Option<String> {
    match kind {
        FileKind::Credentials => Some(raw.to_owned()),
        FileKind::Config if raw == "default" => Some(raw.to_owned()),
        FileKind::Config if raw.starts_with("profile") => match &words(raw)?[..] {
            [_, name] => Some(name.clone()),
            _ => None,
        },
        FileKind::Config => None,
    }
}

/// To the other SDKs: cut at `#` and `;`, trimmed, with or without `profile` as the file asks for it, and only of their
/// characters (`aws-runtime` `parse.rs`, `normalize.rs`). `line`: the whole line of the header.
pub(super) fn to_sdks(kind: FileKind, line: &str) -> Option<&str> {
    let name = header_of_sdks(line)?;
    let name = match (name.split_once(BLANKS), kind) {
        (Some(("profile", name)), FileKind::Config) => name.trim(),
        (None, FileKind::Config) if name == "default" => name,
        (None, FileKind::Credentials) => name,
        _ => return None,
    };
    let is_character = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    (!name.is_empty() && name.chars().all(is_character)).then_some(name)
}

/// Whether a header of the config file says `profile default`, which the other SDKs prefer to `default`.
pub(super) fn is_prefixed_default(kind: FileKind, line: &str) -> bool {
    kind == FileKind::Config
        && header_of_sdks(line).is_some_and(|name| name != "default")
        && to_sdks(kind, line) == Some("default")
}

/// What the other SDKs take for the inside of a header; `None` where they give up the whole file.
pub(super) fn header_of_sdks(line: &str) -> Option<&str> {
    let cut = line.find(['#', ';']).map_or(line, |at| &line[..at]);
    Some(cut.trim_end_matches(BLANKS).strip_prefix('[')?.strip_suffix(']')?.trim_matches(BLANKS))
}

/// Where a comment begins behind a value, to the other SDKs: `#` or `;` after white space.
pub(super) fn comment_of_sdks(text: &str) -> Option<usize> {
    let mut before = '=';
    let comment = text.char_indices().find(|(_, c)| {
        let begins = matches!(c, '#' | ';') && before.is_whitespace();
        before = *c;
        begins
    });
    comment.map(|(at, _)| at)
}

/// The words of a text as Python's `shlex.split` has them; `None` where a quote is not closed.
pub fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        quote if quote == c => break,
                        '\\' if c == '"' => match chars.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_each_reads_them() {
        for (kind, line, botocore, sdks) in [
            (FileKind::Credentials, "[work]", Some("work"), Some("work")),
            (FileKind::Credentials, "[ work ]", Some(" work "), Some("work")),
            (FileKind::Credentials, "[work] # see [wiki]", Some("work] # see [wiki"), Some("work")),
            (FileKind::Credentials, "[profile work]", Some("profile work"), None),
            (FileKind::Credentials, "[w ork]", Some("w ork"), None),
            (FileKind::Config, "[default]", Some("default"), Some("default")),
            (FileKind::Config, "[profile\twork]", Some("work"), Some("work")),
            (FileKind::Config, "[profile  work]", Some("work"), Some("work")),
            (FileKind::Config, "[ profile work ]", None, Some("work")),
            (FileKind::Config, "[profile \"work\"]", Some("work"), None),
            (FileKind::Config, "[profile 'my work']", Some("my work"), None),
            (FileKind::Config, "[profile my work]", None, None),
            (FileKind::Config, "[profilework]", None, None),
            (FileKind::Config, "[work]", None, None),
            (FileKind::Config, "[sso-session work]", None, None),
            (FileKind::Config, "[profile \"work]", None, None),
        ] {
            let raw = line.strip_prefix('[').unwrap();
            let raw = &raw[..raw.rfind(']').unwrap()];
            assert_eq!(to_botocore(kind, raw).as_deref(), botocore, "{line}");
            assert_eq!(to_sdks(kind, line), sdks, "{line}");
        }
    }
}
