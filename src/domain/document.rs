//! Policy documents as the person reads them.

use serde_json::Value;

/// A policy document, laid out for reading: two blanks a level, the order of the source kept.
/// A text that is not JSON comes back as it is, so that the person still sees what the account holds.
pub fn pretty(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_else(|_| text.to_owned()),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        }
    }
}
