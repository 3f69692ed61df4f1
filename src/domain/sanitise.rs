//! The one sanitiser: what files, IAM and the person supplied passes here before it is drawn or printed. A name must not be
//! able to move the cursor, turn the line around, or hide.

/// Replaces control, bidirectional, zero-width and other invisible characters by `�`.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if is_visible(c) { c } else { '\u{fffd}' }).collect()
}

/// JSON in ASCII alone: it survives every locale on its way, and steers no terminal. What is not ASCII stands in texts only.
pub fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_invisible_gets_through() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\u{200b}d\n"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(clean("Größe 日本 ✓"), "Größe 日本 ✓");
    }

    proptest! {
        #[test]
        fn no_text_can_steer_the_terminal(text in any::<String>()) {
            prop_assert!(!clean(&text).chars().any(char::is_control));
        }
    }
}
