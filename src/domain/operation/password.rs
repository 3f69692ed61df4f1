//! Console passwords; IAM calls them login profiles.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::name::UserName;
use crate::domain::password::PasswordPolicy;

/// The length of a password that another program makes, where the account asks for no longer one.
const PASSWORD_LENGTH: usize = 24;

/// The length of a password that another program makes.
pub fn password_length(policy: &PasswordPolicy) -> usize {
    policy.minimum.max(PASSWORD_LENGTH)
}

/// One character of each kind that a policy can ask for: a script's passwords begin with them.
const KINDS: &str = "Aa1-";

/// Where a script puts the password.
pub fn login_file(user: &str) -> String {
    format!("./{user}_loginProfile.json")
}

/// A script makes the password, and passes it in a file: arguments can be seen by all on the machine.
fn scripted(command: &str, user: &UserName, reset: bool, policy: &PasswordPolicy) -> Vec<Cli> {
    let (user, file) = (user.as_str(), quoted(&login_file(user.as_str())));
    let random = password_length(policy) - KINDS.len();
    vec![
        Cli::Shell(format!("password=\"{KINDS}$(LC_ALL=C tr -dc A-Za-z0-9 < /dev/urandom | head -c {random})\"")),
        Cli::Shell(format!(
            "printf '{{\"UserName\": \"%s\", \"Password\": \"%s\", \"PasswordResetRequired\": {reset}}}\\n' {} \"$password\" > {file}",
            quoted(user)
        )),
        Cli::Iam(format!("{command} --cli-input-json=file://{file}")),
    ]
}

/// Give the user a console password: what the vault holds for this step, else one is generated when the step runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateLoginProfile {
    pub user: UserName,
    /// A new password must be chosen at the first sign-in.
    pub reset: bool,
}

impl Described for CreateLoginProfile {
    const PERMISSION: &'static str = "iam:CreateLoginProfile";
    const NATURE: Nature = Nature::Adds;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = Some(SecretKind::Password);

    fn words(&self) -> String {
        let until = if self.reset { ", to be changed at the first sign-in" } else { "" };
        format!("Set a console password for {}{until}", self.user)
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

    fn inverse(&self, made: &Made, _: &Old, evidence: Evidence) -> Inverse {
        let created = if let Made::LoginProfile { created } = made { Some(*created) } else { None };
        Inverse::By(DeleteLoginProfile { user: self.user.clone(), created, evidence }.into())
    }

    fn cli(&self, policy: &PasswordPolicy) -> Vec<Cli> {
        scripted("create-login-profile", &self.user, self.reset, policy)
    }

    fn shown_by(&self) -> String {
        format!("get-login-profile --user-name={}", quoted(self.user.as_str()))
    }
}

/// Give the user another console password: what the vault holds for this step, else one is generated when the step runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateLoginProfile {
    pub user: UserName,
    /// A new password must be chosen at the next sign-in.
    pub reset: bool,
}

impl Described for UpdateLoginProfile {
    const PERMISSION: &'static str = "iam:UpdateLoginProfile";
    const NATURE: Nature = Nature::Sets;
    /// The vault holds the password that was sent.
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = Some(SecretKind::Password);

    fn words(&self) -> String {
        let until = if self.reset { ", to be changed at the next sign-in" } else { "" };
        format!("Replace the console password of {}{until}", self.user)
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
        Inverse::Never("IAM shows no password to anybody.")
    }

    fn cli(&self, policy: &PasswordPolicy) -> Vec<Cli> {
        scripted("update-login-profile", &self.user, self.reset, policy)
    }

    fn shown_by(&self) -> String {
        format!("get-login-profile --user-name={}", quoted(self.user.as_str()))
    }
}

/// Take the console password away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteLoginProfile {
    pub user: UserName,
    /// Since when it is there, in seconds since 1970, where only that one may go: a later one is somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeleteLoginProfile {
    const PERMISSION: &'static str = "iam:DeleteLoginProfile";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take the console password of {} away", self.user)
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

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::Never("IAM shows no password to anybody.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("delete-login-profile --user-name={}", quoted(self.user.as_str())))]
    }

    fn shown_by(&self) -> String {
        format!("get-login-profile --user-name={}", quoted(self.user.as_str()))
    }
}
