//! Questions to IAM. Lists come page by page, a thousand rows each, and are told as they arrive.

use aws_sdk_iam::types::SummaryKeyType;

use super::failure::Call;
use super::gateway::Gateway;
use super::profiles;
use crate::domain::catalogue::ManagedPolicy;
use crate::domain::facts::{Existence, Finding, Question, Quotas};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::password::PasswordPolicy;

/// The most rows that IAM gives at once.
const PAGE: i32 = 1000;

/// Where findings go.
pub type Tell<'a> = &'a (dyn Fn(Result<Finding, Fault>) + Send + Sync);

impl Gateway {
    /// Answers a question: one finding, or, for a list, one a page and [`Finding::End`].
    pub async fn ask(&self, question: &Question, tell: Tell<'_>) {
        if let Err(fault) = self.answer(question, tell).await {
            tell(Err(fault));
        }
    }

    async fn answer(&self, question: &Question, tell: Tell<'_>) -> Result<(), Fault> {
        match question {
            Question::Profiles => tell(Ok(Finding::Profiles(profiles::own().await?))),
            Question::Alias => tell(Ok(Finding::Alias(self.alias().await?))),
            Question::PasswordPolicy => tell(Ok(Finding::PasswordPolicy(self.password_policy().await?))),
            Question::Quotas => tell(Ok(Finding::Quotas(self.quotas().await?))),
            Question::User(name) => {
                let call = Call::read("iam:GetUser").on(name);
                let answer = self.iam.get_user().user_name(name).send().await;
                tell(Ok(Finding::Existence(self.existence(answer.map(|_| ()).map_err(|error| call.failed(error)))?)));
            }
            Question::Group(name) => {
                let call = Call::read("iam:GetGroup").on(name);
                let answer = self.iam.get_group().group_name(name).max_items(1).send().await;
                tell(Ok(Finding::Existence(self.existence(answer.map(|_| ()).map_err(|error| call.failed(error)))?)));
            }
            Question::Users => self.users(tell).await?,
            Question::Groups => self.groups(tell).await?,
            Question::Policies => self.policies(tell).await?,
            Question::GroupPolicies(name) => tell(Ok(Finding::GroupPolicies(self.attached_to_group(name).await?))),
            Question::Document { arn, version } if version.is_empty() => {
                let version = self.policy(arn).await?.default;
                tell(Ok(Finding::Document(self.document(arn, &version).await?)));
            }
            Question::Document { arn, version } => tell(Ok(Finding::Document(self.document(arn, version).await?))),
            Question::Rights(rights) => tell(Ok(Finding::Verdicts(self.verdicts(rights).await?))),
        }
        Ok(())
    }

    fn existence(&self, answer: Result<(), Fault>) -> Result<Existence, Fault> {
        match answer {
            Ok(()) => Ok(Existence::Taken),
            Err(fault) if fault.kind == FaultKind::NotFound => Ok(Existence::FreeAt(self.guard.clock.now())),
            Err(fault) => Err(fault),
        }
    }

    async fn alias(&self) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:ListAccountAliases");
        let answer = self.iam.list_account_aliases().send().await.map_err(|error| call.failed(error))?;
        Ok(answer.account_aliases().first().cloned())
    }

    async fn password_policy(&self) -> Result<PasswordPolicy, Fault> {
        let call = Call::read("iam:GetAccountPasswordPolicy");
        let answer = match self.iam.get_account_password_policy().send().await.map_err(|error| call.failed(error)) {
            Ok(answer) => answer,
            // No policy of its own is no failure: AWS's default is in force.
            Err(fault) if fault.kind == FaultKind::NotFound => return Ok(PasswordPolicy::default()),
            Err(fault) => return Err(fault),
        };
        Ok(answer.password_policy().map_or_else(PasswordPolicy::default, |policy| PasswordPolicy {
            minimum: policy.minimum_password_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(6),
            symbols: policy.require_symbols(),
            numbers: policy.require_numbers(),
            uppercase: policy.require_uppercase_characters(),
            lowercase: policy.require_lowercase_characters(),
            three_kinds: false,
            users_may_change: policy.allow_users_to_change_password(),
        }))
    }

    async fn quotas(&self) -> Result<Quotas, Fault> {
        let call = Call::read("iam:GetAccountSummary");
        let answer = self.iam.get_account_summary().send().await.map_err(|error| call.failed(error))?;
        let default = Quotas::default();
        let value = |key: SummaryKeyType, default: usize| {
            answer.summary_map().and_then(|map| map.get(&key)).and_then(|n| usize::try_from(*n).ok()).unwrap_or(default)
        };
        Ok(Quotas {
            policies_per_user: value(SummaryKeyType::AttachedPoliciesPerUserQuota, default.policies_per_user),
            policies_per_group: value(SummaryKeyType::AttachedPoliciesPerGroupQuota, default.policies_per_group),
            groups_per_user: value(SummaryKeyType::GroupsPerUserQuota, default.groups_per_user),
            users: value(SummaryKeyType::Users, default.users),
            users_limit: value(SummaryKeyType::UsersQuota, default.users_limit),
            groups: value(SummaryKeyType::Groups, default.groups),
            groups_limit: value(SummaryKeyType::GroupsQuota, default.groups_limit),
        })
    }

    async fn users(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_users().max_items(PAGE).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListUsers").failed(error))?;
            tell(Ok(Finding::Users(page.users().iter().map(|user| user.user_name().to_owned()).collect())));
        }
        tell(Ok(Finding::End));
        Ok(())
    }

    async fn groups(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_groups().max_items(PAGE).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListGroups").failed(error))?;
            tell(Ok(Finding::Groups(page.groups().iter().map(|group| group.group_name().to_owned()).collect())));
        }
        tell(Ok(Finding::End));
        Ok(())
    }

    async fn policies(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_policies().max_items(PAGE).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListPolicies").failed(error))?;
            let row = |policy: &aws_sdk_iam::types::Policy| {
                policy.is_attachable().then(|| ManagedPolicy {
                    name: policy.policy_name().unwrap_or_default().to_owned(),
                    arn: policy.arn().unwrap_or_default().to_owned(),
                    version: policy.default_version_id().unwrap_or("v1").to_owned(),
                })
            };
            tell(Ok(Finding::Policies(page.policies().iter().filter_map(row).collect())));
        }
        tell(Ok(Finding::End));
        Ok(())
    }

    pub(super) async fn document(&self, arn: &str, version: &str) -> Result<String, Fault> {
        let call = Call::read("iam:GetPolicyVersion").on(arn);
        let answer =
            self.iam.get_policy_version().policy_arn(arn).version_id(version).send().await.map_err(|error| call.failed(error))?;
        let encoded = answer.policy_version().and_then(|version| version.document()).unwrap_or_default();
        // IAM sends it percent-encoded (RFC 3986, so a plus stays a plus), and the SDK leaves that to us.
        Ok(percent_encoding::percent_decode_str(encoded).decode_utf8_lossy().into_owned())
    }
}
