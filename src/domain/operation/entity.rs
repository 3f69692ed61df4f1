//! The things of an account that operations make and change.

use serde::{Deserialize, Serialize};

use crate::domain::caller::Caller;
use crate::domain::name::{GroupName, Path, UserName};

/// A user, group or managed policy, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entity {
    User(UserName),
    Group(GroupName),
    /// A policy, by its ARN.
    Policy(String),
}

impl Entity {
    pub fn words(&self) -> String {
        match self {
            Self::User(name) => format!("The user {name}"),
            Self::Group(name) => format!("The group {name}"),
            Self::Policy(arn) => format!("The policy {arn}"),
        }
    }

    /// Its ARN in this caller's account; `path` is a user's.
    pub fn arn(&self, caller: &Caller, path: Option<&Path>) -> String {
        let (kind, path, name) = match self {
            Self::User(name) => ("user", path.map_or("/", Path::as_str), name.as_str()),
            Self::Group(name) => ("group", "/", name.as_str()),
            Self::Policy(arn) => return arn.clone(),
        };
        caller.partition.iam(&caller.account, &format!("{kind}{path}{name}"))
    }
}

/// A thing with the unique id that IAM gave it: a newer thing of the same name has another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owned {
    pub entity: Entity,
    /// `AIDA…`, `AGPA…`, `ANPA…`.
    pub id: String,
}

impl Owned {
    /// A thing and its id.
    pub fn new(entity: Entity, id: impl Into<String>) -> Self {
        Self { entity, id: id.into() }
    }

    pub fn words(&self) -> String {
        self.entity.words()
    }
}
