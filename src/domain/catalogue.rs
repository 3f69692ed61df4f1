//! The managed policies that an account offers, and finding one by typing.

/// Where a managed policy comes from; the console's "Filter by Type".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    Aws,
    /// Kept by AWS, for a job function.
    JobFunction,
    /// The account's own.
    Customer,
}

impl PolicyKind {
    /// The console's word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Aws => "AWS managed",
            Self::JobFunction => "AWS managed - job function",
            Self::Customer => "Customer managed",
        }
    }

    /// The kind that an ARN speaks of.
    pub fn of_arn(arn: &str) -> Self {
        if !arn.contains(":iam::aws:policy/") {
            Self::Customer
        } else if arn.contains(":policy/job-function/") {
            Self::JobFunction
        } else {
            Self::Aws
        }
    }
}

/// One row of the list of managed policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// The name: unique in the account for its kind.
    pub name: String,
    /// What calls use; its path is part of it, so it is taken from the list and never built from the name.
    pub arn: String,
    /// The default version: `v3`.
    pub version: String,
}

impl ManagedPolicy {
    pub fn kind(&self) -> PolicyKind {
        PolicyKind::of_arn(&self.arn)
    }

    /// Whether a user or group can be given it: those for service-linked roles and for AssumeRoot can't be attached
    /// (`PolicyNotAttachable`), though the list holds them.
    pub fn is_attachable(&self) -> bool {
        is_attachable(&self.arn)
    }
}

pub fn is_attachable(arn: &str) -> bool {
    !arn.contains(":iam::aws:policy/aws-service-role/") && !arn.contains(":iam::aws:policy/root-task/")
}

/// What was typed into a filter: words in any order, each anywhere in the text, ignoring case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(Vec<String>);

impl Filter {
    /// Splits what was typed at blanks.
    pub fn new(typed: &str) -> Self {
        Self(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether every word stands in `lowercase`, a text that is in lower case already.
    pub fn finds(&self, lowercase: &str) -> bool {
        self.0.iter().all(|word| lowercase.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order() {
        let finds = |typed: &str| Filter::new(typed).finds("amazonec2fullaccess");
        assert!(finds(""));
        assert!(finds("full EC2"));
        assert!(finds("  ec2  "));
        assert!(!finds("ec2 read"));
    }

    #[test]
    fn kinds_and_attachability_follow_the_arn() {
        let policy = |arn: &str| ManagedPolicy { name: String::new(), arn: arn.to_owned(), version: "v1".to_owned() };
        assert_eq!(policy("arn:aws:iam::aws:policy/AdministratorAccess").kind(), PolicyKind::Aws);
        assert_eq!(policy("arn:aws-cn:iam::aws:policy/job-function/Billing").kind(), PolicyKind::JobFunction);
        assert_eq!(policy("arn:aws:iam::123456789012:policy/team/Own").kind(), PolicyKind::Customer);
        assert!(policy("arn:aws:iam::aws:policy/service-role/AWSLambdaRole").is_attachable());
        assert!(!policy("arn:aws:iam::aws:policy/aws-service-role/X").is_attachable());
        assert!(!policy("arn:aws:iam::aws:policy/root-task/X").is_attachable());
        assert!(policy("arn:aws:iam::123456789012:policy/aws-service-role/Own").is_attachable());
    }
}
