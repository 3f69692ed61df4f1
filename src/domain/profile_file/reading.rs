//! All profiles of both files as the AWS CLI reads them (botocore `configloader.py`, `session.full_config`): the config file's, with
//! those of the credentials file over them. Each value knows where it stands.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use super::grammar::{self, Line, LineRole};
use super::{EditRefused, FileKind, headers, names};

/// A value, and where it stands.
#[derive(Clone)]
struct Held {
    value: Zeroizing<String>,
    kind: FileKind,
    line: usize,
}

/// A profile: its keys in lower case. Values may be secrets, and `Debug` shows none.
#[derive(Clone, Default)]
pub struct Profile {
    values: BTreeMap<String, Held>,
    of_sdks: bool,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values.keys()).finish()
    }
}

impl Profile {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|held| held.value.as_str())
    }

    /// The file and the line, from 1, on which a key stands.
    pub fn place(&self, key: &str) -> Option<(FileKind, usize)> {
        self.values.get(key).map(|held| (held.kind, held.line))
    }

    /// Whether a header of it means the same profile to the other SDKs.
    pub fn is_of_sdks(&self) -> bool {
        self.of_sdks
    }

    /// What keeps the AWS CLI from using the access key that stands in the profile (botocore `credentials.py`: roles, web
    /// identities and IAM Identity Center come before it).
    pub fn shadow(&self) -> Option<&'static str> {
        BEFORE_KEYS.into_iter().find(|key| self.values.contains_key(*key))
    }
}

/// Keys of a profile that the AWS CLI follows before an access key.
pub(super) const BEFORE_KEYS: [&str; 4] = ["role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name"];

#[derive(Clone, Debug, Default)]
pub struct Profiles {
    profiles: BTreeMap<String, Profile>,
    sessions: BTreeMap<String, Profile>,
    services: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads both files.
    ///
    /// # Errors
    /// In which of them, and what makes the AWS CLI give it up.
    pub fn read(config: &str, credentials: &str) -> Result<Self, (FileKind, EditRefused)> {
        let mut all = Self::default();
        all.take(FileKind::Config, config).map_err(|why| (FileKind::Config, why))?;
        all.take(FileKind::Credentials, credentials).map_err(|why| (FileKind::Credentials, why))?;
        Ok(all)
    }

    fn take(&mut self, kind: FileKind, text: &str) -> Result<(), EditRefused> {
        let lines = grammar::lines(text)?;
        let inherited = values(&lines, kind, |line| of_defaults(&lines, line));
        for (header, raw, line) in headers(&lines).filter(|(_, raw, _)| *raw != grammar::DEFAULTS) {
            let own = values(&lines, kind, |line| matches!(&line.role, LineRole::Key(key) if key.section == header));
            let mut section = Profile { values: inherited.clone(), of_sdks: false };
            section.values.extend(own);
            let of = |word: &str| raw.strip_prefix(word).filter(|_| kind == FileKind::Config).map(|name| name.trim().to_owned());
            if let Some(name) = of("sso-session ") {
                self.sessions.insert(name, section);
            } else if let Some(name) = of("services ") {
                self.services.insert(name, section);
            } else if let Some(name) = names::to_botocore(kind, raw) {
                section.of_sdks = names::to_sdks(kind, line) == Some(name.as_str());
                // Of several in one file the last counts; the credentials file's values go over the config file's.
                match kind {
                    FileKind::Config => drop(self.profiles.insert(name, section)),
                    FileKind::Credentials => {
                        let profile = self.profiles.entry(name).or_default();
                        profile.values.extend(section.values);
                        profile.of_sdks |= section.of_sdks;
                    }
                }
            }
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.profiles.iter().map(|(name, profile)| (name.as_str(), profile))
    }

    /// A section `[sso-session NAME]`.
    pub fn session(&self, name: &str) -> Option<&Profile> {
        self.sessions.get(name)
    }

    /// The value of a key of a service in the section `[services NAME]` that a profile names, and the line of that service.
    pub fn of_service(&self, profile: &str, service: &str, key: &str) -> Option<(String, (FileKind, usize))> {
        let section = self.services.get(self.get(profile)?.get("services")?)?;
        let block = section.values.get(service)?;
        let mut entries = block.value.lines().filter_map(|line| line.split_once('='));
        entries.find(|(name, _)| name.trim() == key).map(|(_, value)| (value.trim().to_owned(), (block.kind, block.line)))
    }
}

fn of_defaults(lines: &[Line<'_>], line: &Line<'_>) -> bool {
    let LineRole::Key(key) = &line.role else { return false };
    matches!(&lines[key.section].role, LineRole::Header { name } if name == grammar::DEFAULTS)
}

fn values(lines: &[Line<'_>], kind: FileKind, wanted: impl Fn(&Line<'_>) -> bool) -> BTreeMap<String, Held> {
    let keys = lines.iter().enumerate().filter(|(_, line)| wanted(line)).filter_map(|(index, line)| match &line.role {
        LineRole::Key(key) => {
            let held = Held { value: grammar::value(lines, index), kind, line: index + 1 };
            Some((key.name.clone(), held))
        }
        _ => None,
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[default]\nregion = eu-central-1\n[profile 'my work']\nrole_arn = arn:aws:iam::1:role/r\n\
        source_profile = default\n[sso-session s]\nsso_region = us-east-1\n[profile x]\nservices = mine\n[services mine]\niam =\n  \
        endpoint_url = http://127.0.0.1:1\n";
    const CREDENTIALS: &str =
        "[DEFAULT]\noutput = json\n[default]\naws_access_key_id = AKIA\n  # a note\naws_secret_access_key : s=\n";

    #[test]
    fn profiles_are_read_as_the_aws_cli_reads_them() {
        let all = Profiles::read(CONFIG, CREDENTIALS).unwrap();
        let default = all.get("default").unwrap();
        assert_eq!((default.get("region"), default.get("output")), (Some("eu-central-1"), Some("json")));
        // An indented comment is none of the value's lines, and “:” is as good as “=”.
        assert_eq!((default.get("aws_access_key_id"), default.get("aws_secret_access_key")), (Some("AKIA"), Some("s=")));
        assert_eq!(default.place("aws_secret_access_key"), Some((FileKind::Credentials, 6)));
        assert_eq!(all.get("my work").unwrap().shadow(), Some("role_arn"));
        assert_eq!(all.session("s").unwrap().get("sso_region"), Some("us-east-1"));
        assert_eq!(all.of_service("x", "iam", "endpoint_url"), Some(("http://127.0.0.1:1".to_owned(), (FileKind::Config, 11))));
        assert_eq!(all.of_service("x", "sts", "endpoint_url"), None);
        assert!(Profiles::read("[a]\n[a]\n", "").is_err());
        let shown = format!("{all:?}");
        assert!(!shown.contains("AKIA") && shown.contains("aws_access_key_id"), "{shown}");
    }
}
