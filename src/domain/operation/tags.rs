//! Tags on users: IAM keeps the description of a key as one.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::KeyRef;
use super::{
    Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, ascii_json, key_file, quoted, tags_json,
};
use crate::domain::name::UserName;
use crate::domain::password::PasswordPolicy;
use crate::domain::tag::Tag;

/// Describe an access key: a tag on the user, its key the access key id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeAccessKey {
    pub user: UserName,
    pub key: KeyRef,
    pub description: String,
}

impl Described for DescribeAccessKey {
    const PERMISSION: &'static str = "iam:TagUser";
    const NATURE: Nature = Nature::Sets;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        "Describe the access key (a tag on the user)".to_owned()
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

    fn inverse(&self, _: &Made, old: &Old, evidence: Evidence) -> Inverse {
        let KeyRef::Known(key) = &self.key else { return Inverse::Unknown };
        let (user, key) = (self.user.clone(), key.clone());
        match old {
            Old::Text(description) => {
                Inverse::By(Self { user, key: KeyRef::Known(key), description: description.clone() }.into())
            }
            Old::Nothing | Old::Status(_) | Old::Keys(_) => Inverse::By(UntagUser { user, key, evidence }.into()),
        }
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        let user = quoted(self.user.as_str());
        match &self.key {
            KeyRef::Known(key) => {
                let tags = tags_json(&[Tag { key: key.clone(), value: self.description.clone() }]);
                vec![Cli::Iam(format!("tag-user --user-name={user} --tags={}", quoted(&ascii_json(&tags))))]
            }
            // Its id stands in the file that the script has written.
            KeyRef::MadeBy(_) => {
                let file = quoted(&key_file(self.user.as_str()));
                let tail = quoted(&format!("\",\"Value\":{}}}]", ascii_json(&json!(self.description))));
                vec![
                    Cli::Shell(format!("key_id=$(sed -n 's/.*\"AccessKeyId\": *\"\\([^\"]*\\)\".*/\\1/p' {file})")),
                    Cli::Iam(format!("tag-user --user-name={user} --tags='[{{\"Key\":\"'\"$key_id\"{tail}")),
                ]
            }
        }
    }

    fn shown_by(&self) -> String {
        format!("list-user-tags --user-name={}", quoted(self.user.as_str()))
    }
}

/// Take a key's description off the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UntagUser {
    pub user: UserName,
    /// The tag's key: the access key id.
    pub key: String,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for UntagUser {
    const PERMISSION: &'static str = "iam:UntagUser";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take the tag {} off {}", self.key, self.user)
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
        Some(&self.evidence)
    }

    fn inverse(&self, _: &Made, old: &Old, _: Evidence) -> Inverse {
        match old {
            Old::Text(description) => Inverse::By(
                DescribeAccessKey {
                    user: self.user.clone(),
                    key: KeyRef::Known(self.key.clone()),
                    description: description.clone(),
                }
                .into(),
            ),
            Old::Nothing | Old::Status(_) | Old::Keys(_) => Inverse::Never("Its value was not read before."),
        }
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("untag-user --user-name={} --tag-keys={}", quoted(self.user.as_str()), quoted(&self.key)))]
    }

    fn shown_by(&self) -> String {
        format!("list-user-tags --user-name={}", quoted(self.user.as_str()))
    }
}
