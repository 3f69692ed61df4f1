//! The console's six use cases of an access key, each with what AWS recommends instead.
//!
//! Source: the console's page "Access key best practices & alternatives", labels and texts to the letter.

/// Why the person wants a long-term key. The console does not store it; it decides which alternative is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseCase {
    /// The AWS CLI on the person's machine.
    Cli,
    /// Code on the person's machine.
    LocalCode,
    /// Code on EC2, ECS, Lambda, ….
    ComputeService,
    /// Somebody else's service.
    ThirdParty,
    /// Servers that are not AWS's.
    OutsideAws,
    Other,
}

impl UseCase {
    /// All six, in the console's order.
    pub const ALL: [Self; 6] =
        [Self::Cli, Self::LocalCode, Self::ComputeService, Self::ThirdParty, Self::OutsideAws, Self::Other];

    /// The console's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cli => "Command Line Interface (CLI)",
            Self::LocalCode => "Local code",
            Self::ComputeService => "Application running on an AWS compute service",
            Self::ThirdParty => "Third-party service",
            Self::OutsideAws => "Application running outside AWS",
            Self::Other => "Other",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::LocalCode => "local-code",
            Self::ComputeService => "compute-service",
            Self::ThirdParty => "third-party",
            Self::OutsideAws => "outside-aws",
            Self::Other => "other",
        }
    }

    /// The console's description below the label.
    pub fn description(self) -> &'static str {
        match self {
            Self::Cli => "You plan to use this access key to enable the AWS CLI to access your AWS account.",
            Self::LocalCode => {
                "You plan to use this access key to enable application code in a local development environment to access your AWS account."
            }
            Self::ComputeService => {
                "You plan to use this access key to enable application code running on an AWS compute service like Amazon EC2, Amazon ECS, or AWS Lambda to access your AWS account."
            }
            Self::ThirdParty => {
                "You plan to use this access key to enable access for a third-party application or service that monitors or manages your AWS resources."
            }
            Self::OutsideAws => {
                "You plan to use this access key to authenticate workloads running in your data center or other infrastructure outside of AWS that needs to access your AWS resources."
            }
            Self::Other => "Your use case is not listed here.",
        }
    }

    /// What AWS recommends instead of a key (for `Other`: how to keep one).
    pub fn alternative(self) -> &'static str {
        match self {
            Self::Cli => {
                "Use AWS CloudShell, a browser-based CLI, to run commands. Or use the AWS CLI V2 and enable authentication \
                 through a user in IAM Identity Center, or “aws login” (CLI 2.32 and later): both give keys that expire by themselves."
            }
            Self::LocalCode => {
                "Use an Integrated Development Environment (IDE) which supports the AWS Toolkit enabling authentication through IAM Identity Center."
            }
            Self::ComputeService => {
                "Assign an IAM role to compute resources like EC2 instances or Lambda functions to automatically supply temporary credentials to enable access."
            }
            Self::ThirdParty => {
                "As a best practice, use temporary security credentials (IAM roles) instead of creating long-term credentials \
                 like access keys, and don't create AWS account root user access keys."
            }
            Self::OutsideAws => {
                "Use IAM Roles Anywhere to generate temporary security credentials for non AWS workloads accessing AWS services."
            }
            Self::Other => {
                "Never keep the key in plain text, in code or in a code repository. Disable or delete it when it is no longer \
                 needed. Give it the least privilege. Rotate it regularly."
            }
        }
    }
}

/// The console's sentence to tick before a key is created.
pub const CONFIRMATION: &str = "I understand the above recommendation and want to proceed to create an access key.";
