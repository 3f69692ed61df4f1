//! The environment as a person set it: what is empty is unset, and no value is ever shown.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// The variables of a process, as they were at its start.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl fmt::Debug for Environment {
    // The values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Environment {
    pub fn of_process() -> Self {
        Self(std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect())
    }

    /// Those given, and no others.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// The value of a variable; `None` where it is not set or empty. Where a secret ends: with the caller.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)?.to_str().filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The variables whose values name this key.
    pub fn naming(&self, id: &str) -> Vec<&str> {
        let names = |value: &OsString| value.to_str().is_some_and(|value| value.contains(id));
        self.0.iter().filter(|(_, value)| names(value)).map(|(name, _)| name.as_str()).collect()
    }

    /// The first of these variables that is set, and its name.
    pub(super) fn first(&self, names: &[&'static str]) -> Option<(&'static str, String)> {
        names.iter().find_map(|name| Some((*name, self.get(name)?)))
    }

    /// Whether it names a server of one's own.
    pub fn names_a_server(&self) -> bool {
        self.first(&["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_IAM"]).is_some()
    }

    /// The profile that the environment names: `AWS_PROFILE`, or the older `AWS_DEFAULT_PROFILE`.
    pub(super) fn profile(&self) -> Option<String> {
        self.first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]).map(|(_, name)| name)
    }

    pub(super) fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from).or_else(dirs::home_dir)
    }

    /// A path as the AWS CLI reads it: `$NAME`, `${NAME}`, `~` and `~user` are filled in (Python's `expandvars`, then
    /// `expanduser`); what is not known stays as it is.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        let text = self.filled(text);
        let Some(rest) = text.strip_prefix('~') else { return PathBuf::from(text) };
        let (user, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let home = if user.is_empty() { self.home() } else { home_of(user) };
        match home {
            Some(home) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(text),
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            filled.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let (name, length) = match behind.strip_prefix('{') {
                Some(inner) => inner.find('}').map_or(("", 0), |end| (&inner[..end], end + 2)),
                None => {
                    let end = behind.find(|c| !is_of_name(c)).unwrap_or(behind.len());
                    (&behind[..end], end)
                }
            };
            match self.0.get(name).and_then(|value| value.to_str()) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(&rest[at..at + 1 + length]),
            }
            rest = &behind[length..];
        }
        filled + rest
    }
}

/// The home folder of a user of this machine (`passwd(5)`).
fn home_of(user: &str) -> Option<PathBuf> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(user))?;
    line.split(':').nth(5).filter(|home| !home.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_mean_what_they_mean_to_the_aws_cli() {
        let own = Environment::of([("HOME", "/home/bob"), ("D", "deep"), ("EMPTY", "")]);
        for (text, path) in [
            ("$HOME/x", "/home/bob/x"),
            ("${HOME}/x", "/home/bob/x"),
            ("~/x", "/home/bob/x"),
            ("~", "/home/bob/"),
            ("/a/$D/${D}er", "/a/deep/deeper"),
            ("/a/$NONE/${NONE}", "/a/$NONE/${NONE}"),
            ("/a/$", "/a/$"),
            ("/a/${D", "/a/${D"),
            ("~nobody-of-this-name/x", "~nobody-of-this-name/x"),
            ("/a/~/x", "/a/~/x"),
            ("/a$EMPTY/x", "/a/x"),
        ] {
            assert_eq!(own.path(text), PathBuf::from(path), "{text}");
        }
        if cfg!(unix) {
            let root = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
            let root = root.lines().find(|line| line.starts_with("root:")).and_then(|line| line.split(':').nth(5));
            if let Some(root) = root {
                assert_eq!(own.path("~root/x"), PathBuf::from(root).join("x"));
            }
        }
    }

    #[test]
    fn empty_is_unset_and_no_value_is_shown() {
        let own = Environment::of([("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", "old"), ("AWS_SECRET_ACCESS_KEY", "wJalr")]);
        assert_eq!(own.get("AWS_PROFILE"), None);
        assert_eq!(own.profile().as_deref(), Some("old"));
        assert!(!format!("{own:?}").contains("wJalr"));
    }

    proptest! {
        #[test]
        fn any_path_is_answered(text in any::<String>()) {
            let _ = Environment::of([("HOME", "/h")]).path(&text);
        }
    }
}
