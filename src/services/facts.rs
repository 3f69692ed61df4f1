//! Questions to IAM. Lists come page by page, a thousand rows each, and are reported as they arrive.

use aws_sdk_iam::types::SummaryKeyType;

use super::failure::{Call, absent_is_none};
use super::gateway::{Gateway, decoded};
use super::holdings::ROWS;
use super::profile_files::profiles;
use super::walkthrough_files;
use crate::domain::answers::PolicyChoice;
use crate::domain::catalogue::ManagedPolicy;
use crate::domain::facts::{Existence, GroupHoldings, LookupResult, PolicyInfo, PolicySight, Question, Quotas, UserPermissions};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::password::PasswordPolicy;

/// Where findings go.
pub type Tell<'a> = &'a (dyn Fn(Result<LookupResult, Fault>) + Send + Sync);

impl Gateway {
    /// Answers a question: one finding, or, for a list, one a page and [`LookupResult::End`].
    pub async fn ask(&self, question: &Question, tell: Tell<'_>) {
        if let Err(fault) = self.answer(question, tell).await {
            tell(Err(self.configured.endpoints.named(fault)));
        }
    }

    async fn answer(&self, question: &Question, tell: Tell<'_>) -> Result<(), Fault> {
        match question {
            Question::Profiles => tell(Ok(LookupResult::Profiles(profiles::list(&self.files)?))),
            Question::Alias => tell(Ok(LookupResult::Alias(self.alias().await?))),
            Question::PasswordPolicy => tell(Ok(LookupResult::PasswordPolicy(self.password_policy().await?))),
            Question::Quotas => tell(Ok(LookupResult::Quotas(self.quotas().await?))),
            Question::User(name) => {
                let call = Call::read("iam:GetUser").on(name);
                let answer = self.iam.get_user().user_name(name).send().await;
                tell(Ok(LookupResult::Existence(self.existence(answer.map(|_| ()).map_err(|error| call.failed(error)))?)));
            }
            Question::Group(name) => {
                let call = Call::read("iam:GetGroup").on(name);
                let answer = self.iam.get_group().group_name(name).max_items(1).send().await;
                tell(Ok(LookupResult::Existence(self.existence(answer.map(|_| ()).map_err(|error| call.failed(error)))?)));
            }
            Question::Holder(name) => tell(Ok(LookupResult::Holder(self.holder(name).await?.map(Box::new)))),
            Question::Users => self.users(tell).await?,
            Question::CredentialReport => {
                tell(Ok(LookupResult::CredentialReport(Box::new(self.credential_report().await?))));
            }
            Question::UserDetails => self.user_details(tell).await?,
            Question::CredentialsOf(user) => {
                tell(Ok(LookupResult::CredentialsOf(Box::new(self.credentials_of(user).await?))));
            }
            Question::OtherCredentials(user) => {
                tell(Ok(LookupResult::OtherCredentials(self.other_credentials_of(user).await)));
            }
            Question::HeldKeys => tell(Ok(LookupResult::HeldKeys(self.held_keys().await?))),
            Question::Key(id) => tell(Ok(LookupResult::Key(Box::new(self.key_sight(id).await?)))),
            Question::Groups => self.groups(tell).await?,
            Question::Policies => self.policies(tell).await?,
            Question::GroupPolicies(name) => tell(Ok(LookupResult::GroupPolicies(self.holdings(name).await?))),
            Question::Policy(arn) => tell(Ok(LookupResult::Policy(self.sight_of(arn).await?))),
            Question::PermissionsOf(user) => tell(Ok(LookupResult::PermissionsOf(Box::new(self.permissions_of(user).await?)))),
            Question::File(path) => tell(Ok(LookupResult::File(walkthrough_files::document(path)?))),
            Question::Document { arn, version } if version.is_empty() => {
                let version = self.policy(arn).await?.default;
                tell(Ok(LookupResult::Document(self.document(arn, &version).await?)));
            }
            Question::Document { arn, version } => tell(Ok(LookupResult::Document(self.document(arn, version).await?))),
            Question::Rights(rights) => tell(Ok(LookupResult::Verdicts(self.verdicts(rights).await?))),
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

    async fn holdings(&self, group: &str) -> Result<GroupHoldings, Fault> {
        Ok(GroupHoldings { policies: self.attached_to_group(group).await?, inline: self.inline_of_group(group).await? })
    }

    async fn sight_of(&self, arn: &str) -> Result<PolicySight, Fault> {
        let Some(found) = absent_is_none(self.policy(arn).await)? else {
            return Ok(PolicySight::FreeAt(self.guard.clock.now()));
        };
        let call = Call::read("iam:ListPolicyVersions").on(arn);
        let answer = self.iam.list_policy_versions().policy_arn(arn).send().await.map_err(|error| call.failed(error))?;
        Ok(PolicySight::There(PolicyInfo {
            document: self.document(arn, &found.default).await?,
            version: found.default,
            versions: answer.versions().len(),
            attachments: usize::try_from(found.attachments).unwrap_or_default(),
        }))
    }

    async fn permissions_of(&self, user: &str) -> Result<UserPermissions, Fault> {
        let call = Call::read("iam:GetUser").on(user);
        let answer = self.iam.get_user().user_name(user).send().await.map_err(|error| call.failed(error))?;
        let boundary = answer.user().and_then(|user| user.permissions_boundary()?.permissions_boundary_arn().map(str::to_owned));
        let mut found = UserPermissions {
            groups: self.groups_of_user(user).await?,
            attached: self.attached_to_user(user).await?,
            inline: Vec::new(),
            boundary: boundary.map(named),
        };
        for name in self.inline_of_user(user).await? {
            let call = Call::read("iam:GetUserPolicy").on(user);
            let answer = self.iam.get_user_policy().user_name(user).policy_name(&name).send().await;
            let document = answer.map(|answer| decoded(answer.policy_document())).map_err(|error| call.failed(error).what());
            found.inline.push((name, document));
        }
        Ok(found)
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

    async fn groups(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_groups().max_items(ROWS).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListGroups").failed(error))?;
            tell(Ok(LookupResult::Groups(page.groups().iter().map(|group| group.group_name().to_owned()).collect())));
        }
        tell(Ok(LookupResult::End));
        Ok(())
    }

    async fn policies(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_policies().max_items(ROWS).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListPolicies").failed(error))?;
            let row = |policy: &aws_sdk_iam::types::Policy| {
                policy.is_attachable().then(|| ManagedPolicy {
                    name: policy.policy_name().unwrap_or_default().to_owned(),
                    arn: policy.arn().unwrap_or_default().to_owned(),
                    version: policy.default_version_id().unwrap_or("v1").to_owned(),
                })
            };
            tell(Ok(LookupResult::Policies(page.policies().iter().filter_map(row).collect())));
        }
        tell(Ok(LookupResult::End));
        Ok(())
    }

    pub(super) async fn document(&self, arn: &str, version: &str) -> Result<String, Fault> {
        let call = Call::read("iam:GetPolicyVersion").on(arn);
        let answer =
            self.iam.get_policy_version().policy_arn(arn).version_id(version).send().await.map_err(|error| call.failed(error))?;
        let encoded = answer.policy_version().and_then(|version| version.document()).unwrap_or_default();
        Ok(decoded(encoded))
    }
}

/// A policy by its ARN; the name stands behind the last slash.
fn named(arn: String) -> PolicyChoice {
    PolicyChoice { name: arn.rsplit('/').next().unwrap_or(&arn).to_owned(), arn }
}
