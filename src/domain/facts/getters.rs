//! What is known, by the kind of question: each getter says what type comes back.

use super::{
    Existence, Fact, Facts, GroupHoldings, KeyHolder, KeySight, LookupResult, OwnProfile, PolicySight, Question, Quotas,
    UserPermissions,
};
use crate::domain::caller::Caller;
use crate::domain::catalogue::ManagedPolicy;
use crate::domain::fault::Fault;
use crate::domain::password::PasswordPolicy;
use crate::domain::right::{Right, Verdict};
use crate::domain::users::{CredentialReport, ListedUser, OtherCredentials, Sources};

/// A getter for each kind of question. `None`: nobody asked.
impl Facts {
    /// The caller, where known.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref().and_then(Fact::known)
    }

    /// The person's own profiles.
    pub fn profiles(&self) -> &[OwnProfile] {
        match self.result(&Question::Profiles) {
            Some(LookupResult::Profiles(profiles)) => profiles,
            _ => &[],
        }
    }

    /// The account's alias, where it has one and it is known.
    pub fn alias(&self) -> Option<&str> {
        match self.result(&Question::Alias) {
            Some(LookupResult::Alias(alias)) => alias.as_deref(),
            _ => None,
        }
    }

    /// The account's password policy.
    pub fn password_policy(&self) -> Option<Fact<&PasswordPolicy>> {
        self.fact(&Question::PasswordPolicy, |result| match result {
            LookupResult::PasswordPolicy(policy) => Some(policy),
            _ => None,
        })
    }

    /// The quotas, AWS's defaults until the account's are known.
    pub fn quotas(&self) -> Quotas {
        match self.result(&Question::Quotas) {
            Some(LookupResult::Quotas(quotas)) => *quotas,
            _ => Quotas::default(),
        }
    }

    /// The users, as far as they have arrived.
    pub fn users(&self) -> &[ListedUser] {
        match self.result(&Question::Users) {
            Some(LookupResult::Users(users)) => users,
            _ => &[],
        }
    }

    /// IAM's credential report, where it is known.
    pub fn credential_report(&self) -> Option<&CredentialReport> {
        match self.result(&Question::CredentialReport) {
            Some(LookupResult::CredentialReport(report)) => Some(report),
            _ => None,
        }
    }

    /// Why a report on all users is not to be had: each user has to be asked about then.
    pub fn lacking_reports(&self) -> Vec<&Fault> {
        let reports = [Question::CredentialReport, Question::UserDetails];
        reports.iter().filter_map(|report| self.end(report)?.fault()).collect()
    }

    /// What is known of the users besides their list.
    pub fn user_sources(&self) -> Sources<'_> {
        let details = match self.result(&Question::UserDetails) {
            Some(LookupResult::UserDetails(details)) => details.as_slice(),
            _ => &[],
        };
        let held = match self.result(&Question::HeldKeys) {
            Some(LookupResult::HeldKeys(held)) => held.as_slice(),
            _ => &[],
        };
        let credentials = self.found.iter().filter_map(|(question, found)| match (question, &found.result) {
            (Question::CredentialsOf(user), Some(LookupResult::CredentialsOf(credentials))) => {
                Some((user.as_str(), &**credentials))
            }
            _ => None,
        });
        Sources { report: self.credential_report(), details, credentials: credentials.collect(), held }
    }

    /// What else a user can sign with.
    pub fn other_credentials(&self, user: &str) -> Option<Fact<&OtherCredentials>> {
        self.fact(&Question::OtherCredentials(user.to_owned()), |result| match result {
            LookupResult::OtherCredentials(all) => Some(all),
            _ => None,
        })
    }

    /// The users of whom nothing can be seen, each with the reason.
    pub fn hidden_users(&self) -> impl Iterator<Item = (&str, &Fault)> {
        self.found.iter().filter_map(|(question, found)| match question {
            Question::CredentialsOf(user) => Some((user.as_str(), found.end.fault()?)),
            _ => None,
        })
    }

    /// The names of the groups, as far as they have arrived.
    pub fn groups(&self) -> &[String] {
        match self.result(&Question::Groups) {
            Some(LookupResult::Groups(names)) => names,
            _ => &[],
        }
    }

    /// The managed policies that can be attached, as far as they have arrived.
    pub fn policies(&self) -> &[ManagedPolicy] {
        match self.result(&Question::Policies) {
            Some(LookupResult::Policies(policies)) => policies,
            _ => &[],
        }
    }

    /// Whether all has come to a question, or why not.
    pub fn end(&self, question: &Question) -> Option<&Fact<()>> {
        self.found.get(&question.key()).map(|found| &found.end)
    }

    /// Whether one user exists.
    pub fn user(&self, name: &str) -> Option<Fact<Existence>> {
        self.existence(&Question::User(name.to_owned()))
    }

    /// Whether one group exists.
    pub fn group(&self, name: &str) -> Option<Fact<Existence>> {
        self.existence(&Question::Group(name.to_owned()))
    }

    fn existence(&self, question: &Question) -> Option<Fact<Existence>> {
        self.fact(question, |result| match result {
            LookupResult::Existence(existence) => Some(*existence),
            _ => None,
        })
    }

    /// A user with its keys, or that there is none of this name.
    pub fn holder(&self, user: &str) -> Option<Fact<Option<&KeyHolder>>> {
        self.fact(&Question::Holder(user.to_owned()), |result| match result {
            LookupResult::Holder(holder) => Some(holder.as_deref()),
            _ => None,
        })
    }

    /// Whose an access key is, and where on this machine it is.
    pub fn key(&self, id: &str) -> Option<Fact<&KeySight>> {
        self.fact(&Question::Key(id.to_owned()), |result| match result {
            LookupResult::Key(sight) => Some(&**sight),
            _ => None,
        })
    }

    pub fn group_policies(&self, group: &str) -> Option<Fact<&GroupHoldings>> {
        self.fact(&Question::GroupPolicies(group.to_owned()), |result| match result {
            LookupResult::GroupPolicies(holdings) => Some(holdings),
            _ => None,
        })
    }

    /// What is there of a policy of the account's own.
    pub fn policy(&self, arn: &str) -> Option<Fact<&PolicySight>> {
        self.fact(&Question::Policy(arn.to_owned()), |result| match result {
            LookupResult::Policy(sight) => Some(sight),
            _ => None,
        })
    }

    pub fn permissions_of(&self, user: &str) -> Option<Fact<&UserPermissions>> {
        self.fact(&Question::PermissionsOf(user.to_owned()), |result| match result {
            LookupResult::PermissionsOf(permissions) => Some(&**permissions),
            _ => None,
        })
    }

    /// The text of a file of the person's.
    pub fn file(&self, path: &str) -> Option<Fact<&str>> {
        self.fact(&Question::File(path.to_owned()), |result| match result {
            LookupResult::File(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// A policy's document, laid out for reading.
    pub fn document(&self, arn: &str) -> Option<Fact<&str>> {
        self.fact(&Question::Document { arn: arn.to_owned(), version: String::new() }, |result| match result {
            LookupResult::Document(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// What the simulation said of these rights.
    pub fn verdicts(&self, rights: &[Right]) -> Option<Fact<&[Verdict]>> {
        self.fact(&Question::Rights(rights.to_vec()), |result| match result {
            LookupResult::Verdicts(verdicts) => Some(verdicts.as_slice()),
            _ => None,
        })
    }

    /// All that the simulation was asked for.
    pub fn rights(&self) -> impl Iterator<Item = &[Right]> {
        self.found.keys().filter_map(|question| match question {
            Question::Rights(rights) => Some(rights.as_slice()),
            _ => None,
        })
    }

    fn result(&self, question: &Question) -> Option<&LookupResult> {
        self.found.get(question)?.result.as_ref()
    }

    fn fact<'a, T>(&'a self, question: &Question, of: impl FnOnce(&'a LookupResult) -> Option<T>) -> Option<Fact<T>> {
        let found = self.found.get(question)?;
        found.end.map(|| found.result.as_ref().and_then(of))
    }
}
