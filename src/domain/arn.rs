//! Amazon resource names, partitions and account ids, as far as the wizard reads them.

use std::fmt;

/// The partitions that there are (botocore `partitions.json`).
pub const PARTITIONS: [&str; 8] = ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

/// A partition of AWS: `aws`, `aws-cn`, `aws-us-gov`, or another that AWS names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition(String);

impl Partition {
    /// The partition of this id, as it stands in an ARN.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// The id: `aws-cn`.
    pub fn id(&self) -> &str {
        &self.0
    }

    /// The ARN of an AWS managed policy without a path, in this partition.
    pub fn managed_policy(&self, name: &str) -> String {
        self.iam("aws", &format!("policy/{name}"))
    }

    /// The ARN of a thing of IAM's in this account: `user/team/bob`, `group/Makers`, `policy/Logs`.
    pub fn iam(&self, account: &str, resource: &str) -> String {
        format!("arn:{}:iam::{account}:{resource}", self.0)
    }

    /// Where a user of this account signs in to the console; `account` is the id or the alias.
    /// `None` for partitions whose address no AWS page names.
    pub fn sign_in_url(&self, account: &str) -> Option<String> {
        let host = match self.0.as_str() {
            "aws" => "signin.aws.amazon.com",
            "aws-cn" => "signin.amazonaws.cn",
            "aws-us-gov" => "signin.amazonaws-us-gov.com",
            _ => return None,
        };
        Some(format!("https://{account}.{host}/console"))
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fields of an ARN: `arn:partition:service:region:account:resource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    pub partition: Partition,
    /// `iam`, `sts`, ….
    pub service: String,
    /// Twelve digits, `aws`, or empty.
    pub account: String,
    /// All after the fifth colon: `user/team/name`.
    pub resource: String,
}

impl Arn {
    /// Reads an ARN; `None` when the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        let partition = parts.next().filter(|p| !p.is_empty())?;
        let service = parts.next().filter(|s| !s.is_empty())?;
        let _region = parts.next()?;
        let account = parts.next()?;
        let resource = parts.next().filter(|r| !r.is_empty())?;
        Some(Self {
            partition: Partition::new(partition),
            service: service.to_owned(),
            account: account.to_owned(),
            resource: resource.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sign_in_addresses_of_the_partitions() {
        let url = |id: &str| Partition::new(id).sign_in_url("123456789012");
        assert_eq!(url("aws").unwrap(), "https://123456789012.signin.aws.amazon.com/console");
        assert_eq!(url("aws-cn").unwrap(), "https://123456789012.signin.amazonaws.cn/console");
        assert_eq!(url("aws-us-gov").unwrap(), "https://123456789012.signin.amazonaws-us-gov.com/console");
        assert_eq!(url("aws-iso"), None);
    }

    #[test]
    fn a_managed_policy_stays_in_its_partition() {
        assert_eq!(
            Partition::new("aws-cn").managed_policy("IAMUserChangePassword"),
            "arn:aws-cn:iam::aws:policy/IAMUserChangePassword"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_an_arn_or_not(text in any::<String>()) {
            if let Some(arn) = Arn::read(&text) {
                prop_assert!(text.starts_with("arn:") && text.ends_with(&arn.resource));
            }
        }
    }
}
