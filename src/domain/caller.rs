//! Who makes the calls: the identity that `sts:GetCallerIdentity` names, and where its credentials came from.

use super::arn::{Arn, Partition};

/// Where the caller's credentials are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The chain of the AWS SDKs: environment, `AWS_PROFILE` or `default`, web identity, container, instance.
    Chain,
    /// This profile of the person's own files, whatever keys stand in the environment (as `aws --profile` does).
    Profile(String),
    /// Keys pasted for this session; the secret parts lie in the vault and are written nowhere.
    Pasted { key_id: String },
    /// The practice account: nothing leaves the machine.
    Practice,
}

/// Where what makes a connection comes from, in words; empty where there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// `environment`, `profile work (IAM Identity Center)`.
    pub credentials: String,
    /// Who says an endpoint that is not AWS's: `AWS_ENDPOINT_URL`, `line 3 of ~/.aws/config`.
    pub endpoint: String,
    pub keys: SigningKeys,
}

/// The access keys by which calls are signed, as far as that is known: never a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningKeys {
    /// The one that signs the calls itself.
    pub own: Option<String>,
    /// Those by which the session was opened that signs them: of the profiles that it takes its role from.
    pub behind: Vec<String>,
}

impl SigningKeys {
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.own.iter().chain(&self.behind).map(String::as_str)
    }
}

/// What kind of identity calls; it decides what IAM lets it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKind {
    /// The account's root user: may do all, and should not.
    Root,
    User,
    /// A role session, those of IAM Identity Center among them.
    Role,
    /// A session of `GetFederationToken`: cannot call IAM at all.
    Federated,
    /// Anything else that AWS may name.
    Other,
}

/// The identity that signs our calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// The caller's ARN, as STS gives it.
    pub arn: String,
    /// The partition of that ARN.
    pub partition: Partition,
    /// Root, user, role, ….
    pub kind: CallerKind,
}

impl Caller {
    /// Reads what `GetCallerIdentity` answered; `None` when the ARN is none.
    pub fn new(account: &str, arn: &str) -> Option<Self> {
        let read = Arn::read(arn)?;
        let kind = match (read.service.as_str(), read.resource.as_str()) {
            ("iam", "root") => CallerKind::Root,
            ("iam", r) if r.starts_with("user/") => CallerKind::User,
            ("sts", r) if r.starts_with("assumed-role/") => CallerKind::Role,
            ("sts", r) if r.starts_with("federated-user/") => CallerKind::Federated,
            _ => CallerKind::Other,
        };
        Some(Self { account: account.to_owned(), arn: arn.to_owned(), partition: read.partition, kind })
    }

    /// Whether it is the user of this name, which IAM compares ignoring case.
    pub fn is_user(&self, name: &str) -> bool {
        self.kind == CallerKind::User && self.arn.rsplit('/').next().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// What the person should know of this identity before going on; `None` when there is nothing to say.
    pub fn warning(&self) -> Option<&'static str> {
        match self.kind {
            CallerKind::Root => Some(
                "You are the account's root user. Nothing can limit what root does, so AWS advises to use it for one thing: \
                 making an administrator. Choose the walkthrough “admin-user”, sign in as that user from then on, and delete root's access keys.",
            ),
            CallerKind::Federated => Some(
                "These are credentials of GetFederationToken, and IAM takes no call from them. Choose another profile below.",
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_read_from_the_arn() {
        let kind = |arn: &str| Caller::new("123456789012", arn).unwrap().kind;
        assert_eq!(kind("arn:aws:iam::123456789012:root"), CallerKind::Root);
        assert_eq!(kind("arn:aws-cn:iam::123456789012:user/team/a"), CallerKind::User);
        assert_eq!(kind("arn:aws:sts::123456789012:assumed-role/R/s"), CallerKind::Role);
        assert_eq!(kind("arn:aws:sts::123456789012:federated-user/x"), CallerKind::Federated);
        assert!(Caller::new("1", "not an arn").is_none());
    }
}
