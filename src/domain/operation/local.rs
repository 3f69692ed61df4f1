//! What a run does on this machine between two calls: a key is proven, saved in a profile in place of another, and taken out of it
//! again. No secret is part of an operation: it lies in the vault, or in the file.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, KeyRef, Made, Nature, Old, SecretKind, WhenLost, key_file, quoted};
use crate::domain::name::UserName;
use crate::domain::password::PasswordPolicy;

/// A line at which a script waits for whoever runs it.
fn waits(words: &str) -> Vec<Cli> {
    vec![Cli::Shell(format!("read -r -p {} _", quoted(&format!("{words}, then press Enter. "))))]
}

/// Let a key answer three times: by itself, through the profile in which it was saved, or through a role that takes its
/// credentials from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProveAccessKey {
    pub user: UserName,
    pub key: KeyRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
}

/// The profile through which a key is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Through {
    /// It holds the key.
    Profile(String),
    /// It assumes a role with the key of the source profile.
    RoleOf { profile: String, source: String },
}

impl Described for ProveAccessKey {
    const PERMISSION: &'static str = "sts:GetCallerIdentity";
    const NATURE: Nature = Nature::Local;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        match &self.through {
            None => format!("Prove the new key of {}: three good answers", self.user),
            Some(Through::Profile(profile)) => format!("Prove the new key through the profile {profile}"),
            Some(Through::RoleOf { profile, source }) => {
                format!("Prove the profile {profile}, whose role is assumed with the key of {source}")
            }
        }
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::Nothing
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        match &self.through {
            // A script has it proven by the profile alone.
            None => vec![Cli::Shell(":".to_owned())],
            Some(Through::Profile(profile)) => {
                let (profile, file) = (quoted(profile), quoted(&key_file(self.user.as_str())));
                let held = format!("$(aws configure get aws_access_key_id --profile={profile})");
                vec![
                    Cli::Shell(format!("grep -q '\"AccessKeyId\": \"'\"{held}\"'\"' {file}")),
                    Cli::Shell(format!("aws sts get-caller-identity --profile={profile}")),
                ]
            }
            Some(Through::RoleOf { profile, .. }) => {
                vec![Cli::Shell(format!("aws sts get-caller-identity --profile={}", quoted(profile)))]
            }
        }
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}

/// Put a new key into a profile that holds another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveProfile {
    pub user: UserName,
    pub key: KeyRef,
    pub profile: String,
    /// The id of the key that the profile holds until then.
    pub replaces: String,
}

impl Described for SaveProfile {
    const PERMISSION: &'static str = "local:SaveProfile";
    const NATURE: Nature = Nature::Local;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Save the new key in the profile {}, in place of {}", self.profile, self.replaces)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        let KeyRef::Known(new) = &self.key else { return Inverse::Nothing };
        let (user, profile, key) = (self.user.clone(), self.profile.clone(), self.replaces.clone());
        Inverse::By(RestoreProfile { user, profile, key, replaces: new.clone() }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        waits(&format!("Put the key of {} into the profile {}", key_file(self.user.as_str()), self.profile))
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}

/// Put the key of before back into a profile, where the profile still holds the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreProfile {
    pub user: UserName,
    pub profile: String,
    /// The id of the key that comes back.
    pub key: String,
    /// The id of the key that the profile holds until then.
    pub replaces: String,
}

impl Described for RestoreProfile {
    const PERMISSION: &'static str = "local:RestoreProfile";
    const NATURE: Nature = Nature::Local;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Put the key {} back into the profile {}", self.key, self.profile)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        let (user, profile, key) = (self.user.clone(), self.profile.clone(), KeyRef::Known(self.replaces.clone()));
        Inverse::By(SaveProfile { user, key, profile, replaces: self.key.clone() }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        waits(&format!("Put the key {} back into the profile {}", self.key, self.profile))
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}
