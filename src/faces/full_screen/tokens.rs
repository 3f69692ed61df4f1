//! The tokens of a policy's JSON: what allows or denies too much stands out, what holds the rest together steps back.

use ratatui::style::Style;

use super::theme::Theme;

/// A line in pieces, each with its look. What is not JSON stays as it is.
pub(super) fn json(line: &str, theme: Theme) -> Vec<(String, Style)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (piece, style) = match rest.find('"') {
            Some(0) => {
                let string = &rest[..end_of_string(rest)];
                let is_key = rest[string.len()..].trim_start().starts_with(':');
                (string, if is_key { theme.heading() } else { theme.value(string) })
            }
            Some(before) => (&rest[..before], theme.dim()),
            None => (rest, theme.dim()),
        };
        pieces.push((piece.to_owned(), style));
        rest = &rest[piece.len()..];
    }
    pieces
}

/// Where the string ends that a text begins with, its quotes among it.
fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_line_is_lost_and_the_wildcard_stands_out() {
        let theme = Theme::new(true);
        for line in [r#"  "Action": "s3:*","#, r#""a\"b": "*""#, r#""open"#, "}", "", "no JSON: at all", r#""\\": 1"#] {
            let all: String = json(line, theme).into_iter().map(|(piece, _)| piece).collect();
            assert_eq!(all, line);
        }
        let pieces = json(r#""Resource": "*""#, theme);
        assert_eq!(pieces[2], (r#""*""#.to_owned(), theme.value(r#""*""#)));
        assert_ne!(theme.value(r#""*""#), theme.value(r#""s3:GetObject""#));
    }
}
